"""Databases for tests: made, copied and dropped in milliseconds, on SQLite files or on a PostgreSQL cluster."""

import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import make_url

from tests.postgres_cluster import OWNER, execute


class Databases(Protocol):
    """A place where databases can be made."""

    kind: str

    def create(self) -> str:
        """Make an empty database and return its address."""
        ...

    def clone(self, url: str) -> str:
        """Copy a database that nobody is connected to and return the copy's address."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        ...


class SqliteDatabases:
    """Files in one directory."""

    kind = "sqlite"

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = itertools.count(1)

    def create(self) -> str:
        return f"sqlite:///{self._directory / f'{next(self._numbers)}.db'}"

    def clone(self, url: str) -> str:
        copy = self.create()
        source, target = (sqlite3.connect(_file(address)) for address in (url, copy))
        # The backup interface, not a file copy: pages may still stand in the write-ahead log.
        source.backup(target)
        target.close()
        source.close()
        return copy

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{_file(url)}{ending}").unlink(missing_ok=True)


class PostgresDatabases:
    """Databases of one cluster; `prefix` keeps the workers of a run apart."""

    kind = "postgresql"

    def __init__(self, directory: str, prefix: str) -> None:
        self._directory = directory
        self._prefix = prefix
        self._numbers = itertools.count(1)

    def create(self) -> str:
        return self._create("CREATE DATABASE {}")

    def clone(self, url: str) -> str:
        return self._create("CREATE DATABASE {} TEMPLATE {}", _name(url))

    def drop(self, url: str) -> None:
        execute(self._directory, "DROP DATABASE IF EXISTS {} WITH (FORCE)", _name(url))

    def _create(self, statement: str, *names: str) -> str:
        database = f"{self._prefix}_{next(self._numbers)}"
        execute(self._directory, statement, database, *names)
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self._directory}"


def once(databases: Databases) -> Callable[[], str]:
    """Return a function that gives a migrated database's address, migrating only when first asked."""
    made: list[str] = []

    def template() -> str:
        if not made:
            # Imported late: the tests of the pure parts start without the database layer.
            from engine.persistence import migrate  # noqa: PLC0415

            url = databases.create()
            migrate.upgrade(url)
            made.append(url)
        return made[0]

    return template


def _file(url: str) -> str:
    return str(make_url(url).database)


def _name(url: str) -> str:
    return str(make_url(url).database)
