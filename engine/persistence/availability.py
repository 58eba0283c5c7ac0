"""Telling a database that cannot be reached from a statement that is wrong."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


def is_unavailable(error: BaseException) -> bool:
    """Tell whether an error means that the database cannot be reached or is too busy just now."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, OperationalError | InterfaceError):
        return not _is_ours(error)
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _is_ours(error: DBAPIError) -> bool:
    """SQLite reports a missing table as an operational error too: that is no lack of availability."""
    text = str(error.orig).lower()
    return "no such" in text or "syntax error" in text
