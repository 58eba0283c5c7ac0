"""Pages by key: the last row's instant or word, and its id."""

import base64
import binascii
from datetime import datetime

import orjson

from engine.errors import Invalid, Problem

PAGE_MAX = 200


def check_limit(limit: int) -> int:
    """Return the number of rows of a page, or raise Invalid."""
    if not 1 <= limit <= PAGE_MAX:
        message = f"A page has 1 to {PAGE_MAX} rows."
        raise Invalid(problems=[Problem("limit-out-of-range", "limit", message, {"max": PAGE_MAX})])
    return limit


def write_key(sorted_by: datetime | str, last_id: str) -> str:
    """Return the opaque key of the page after a row."""
    value = sorted_by.isoformat() if isinstance(sorted_by, datetime) else sorted_by
    return base64.urlsafe_b64encode(orjson.dumps([value, last_id])).decode()


def read_key(after: str) -> tuple[str, str]:
    """Return the sorted value and the id of a page key, or raise Invalid."""
    try:
        value, last_id = orjson.loads(base64.urlsafe_b64decode(after.encode()))
    except (ValueError, TypeError, binascii.Error) as error:
        raise _malformed() from error
    if not isinstance(value, str) or not isinstance(last_id, str):
        raise _malformed()
    return value, last_id


def read_instant_key(after: str) -> tuple[datetime, str]:
    """Return the instant and the id of a page key, or raise Invalid."""
    value, last_id = read_key(after)
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise _malformed() from error
    if at.tzinfo is None:
        raise _malformed()
    return at, last_id


def _malformed() -> Invalid:
    return Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")])
