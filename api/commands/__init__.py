"""The command line `zhili`: one module per noun; each parses, calls one use case, and shows what came of it."""
