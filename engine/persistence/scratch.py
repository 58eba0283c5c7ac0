"""Databases that nobody will miss: copied from a prepared file, written without waiting for the disk."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from engine.persistence.engine import make_engine


def hasty_engine(file: Path) -> Engine:
    """Make an engine for a file that may be lost when the machine fails."""
    engine = make_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", _hurry)
    return engine


@contextmanager
def scratch_copy(template: Path, file: Path) -> Iterator[Engine]:
    """Copy a database that nobody is connected to, open the copy for a block, and remove it."""
    shutil.copyfile(template, file)
    engine = hasty_engine(file)
    try:
        yield engine
    finally:
        engine.dispose()
        for ending in ("", "-wal", "-shm", "-journal"):
            file.with_name(file.name + ending).unlink(missing_ok=True)


def _hurry(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
