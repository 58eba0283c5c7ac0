"""The functions of the city in expressions: regions and people. Importing a module registers what it holds."""
