"""The one place that makes database engines; correctness under several writers depends on what is set here.

SQLite: WAL, synchronous=FULL, and BEGIN IMMEDIATE for every writing transaction. With the driver's default handling
concurrent read-then-write transactions lose updates without an error; with these settings none is lost.
PostgreSQL: READ COMMITTED with explicit row locks and a revision that is checked in the update.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = "zhili_read_only"
BUSY_TIMEOUT_MS = 15_000
POSTGRESQL_POOL = 8


def make_engine(url: str | URL, *, pool_size: int = POSTGRESQL_POOL) -> Engine:
    """Make an engine for `sqlite:///path` or `postgresql://…`; nothing is connected yet.

    Raises ValueError for any other database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=4,
            pool_timeout=10,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 3, "options": "-c timezone=UTC"},
        )
    message = f"unsupported database {parsed.get_backend_name()}: use sqlite or postgresql"
    raise ValueError(message)


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver must not begin transactions on its own account: it would begin deferred ones.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
