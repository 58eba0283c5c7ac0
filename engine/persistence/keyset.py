"""Keys of pages: the sort value and id of the last row, as text that callers pass back unread."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import orjson

from engine.errors import Invalid, Problem


def encode(*parts: object) -> str:
    """Pack the last row's sort values; instants keep their microseconds."""
    packed = [{"t": part.astimezone(UTC).isoformat()} if isinstance(part, datetime) else part for part in parts]
    return base64.urlsafe_b64encode(orjson.dumps(packed)).decode().rstrip("=")


def decode(text: str, *kinds: type) -> list[Any]:
    """Unpack into values of exactly these types; raises Invalid for a text that no page of this sort gave."""
    try:
        packed = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        parts = [datetime.fromisoformat(part["t"]) if isinstance(part, dict) else part for part in list(packed)]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise _foreign() from error
    if [type(part) for part in parts] != list(kinds):
        raise _foreign()
    return parts


def _foreign() -> Invalid:
    problem = Problem("invalid-page-key", "after", "The page key is not one that this service gave.")
    return Invalid(problems=(problem,))
