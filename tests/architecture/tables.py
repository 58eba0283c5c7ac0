"""The tables that the code declares."""

import importlib
import pkgutil

from engine.persistence.base import Base


def tables_of_the_code() -> set[str]:
    """Import every module that may declare a table and return the names of all of them."""
    for name in ("engine.persistence", "registers"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    return set(Base.metadata.tables)
