"""Use cases of the engine: one noun per module, one transaction per function.

Every function takes a unit of work first and commits it on its last line, unless its docstring says that it only
reads or that it works inside another command.
"""

import engine.deadlines  # noqa: F401 - whatever a service compiles may call the functions on working time
