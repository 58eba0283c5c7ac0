"""Statements that both databases understand, but that SQLAlchemy spells once per database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.base import Base

type_of_insert = postgresql.Insert | sqlite.Insert

# SQLite takes at most 32,766 bound values in a statement; wide rows in blocks of this many stay far below.
BLOCK = 500


def insert_into(connection: Connection, table: type[Base]) -> type_of_insert:
    """Return an INSERT of the connection's own dialect: the kind that can say ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(
    connection: Connection, table: type[Base], keys: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows, or overwrite the ones that have the same `keys`; all rows name the same columns."""
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        statement = insert_into(connection, table)
        changed = {name: statement.excluded[name] for name in block[0] if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed), block)
