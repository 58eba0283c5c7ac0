"""Instants as whole microseconds since 1970 in UTC: the number on which all the arithmetic of the clock is done."""

from datetime import UTC, datetime, timedelta

from engine.errors import Invalid

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR

FIRST_YEAR = 1970
LAST_YEAR = 2200

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ticks(instant: datetime) -> int:
    """Return an aware instant as microseconds since 1970 in UTC.

    Raises Invalid for an instant without a zone (instant-not-aware) or outside 1970–2200 (instant-out-of-range).
    """
    if instant.utcoffset() is None:
        raise Invalid(f"{instant} has no zone", code="instant-not-aware", instant=str(instant))
    if not FIRST_YEAR <= instant.year <= LAST_YEAR + 1:
        raise Invalid(f"{instant} is out of range", code="instant-out-of-range", instant=str(instant))
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def from_ticks(ticks: int) -> datetime:
    """Return the instant, aware, in UTC."""
    return _EPOCH + timedelta(microseconds=ticks)


def length(duration: timedelta) -> int:
    """Return a duration in microseconds."""
    return (duration.days * 86_400 + duration.seconds) * SECOND + duration.microseconds
