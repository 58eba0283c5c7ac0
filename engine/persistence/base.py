"""What every table of the product shares: one metadata, the column types, and the base of registers."""

from datetime import UTC, datetime
from typing import Any, cast

import orjson
from sqlalchemy import Connection, DateTime, Dialect, MetaData, Table, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from engine.clock import Clock


class Base(DeclarativeBase):
    """Base of all table classes; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(row: type[Base]) -> Table:
    """Return the table of a row class, for statements."""
    return cast("Table", row.__table__)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused, because nobody knows when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC; SQLite keeps no zone, so it gets plain UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive instant {value}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def document(value: object) -> str:
    """Return a value as the text of a document; raises TypeError for what no document can hold."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


class Document(TypeDecorator[Any]):
    """A JSON value in a text column: opaque to the database, unchanged on the way back."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401  any JSON value
        """Serialise; None is stored as NULL."""
        del dialect
        return None if value is None else document(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401  any JSON value
        """Read back."""
        del dialect
        return None if value is None else orjson.loads(value)


class Register:
    """Base of every register: opened on the transaction of the command that uses it."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        """Work on `connection`; never commit, never open another."""
        self.connection = connection
        self.clock = clock
