"""Timer texts: ISO 8601 durations, repeating intervals and instants, read strictly.

Refused: nothing (`P`), zero, negative, fractions of years or months, more than 100 years, a date-time without zone, a
cycle faster than 60 seconds. Months are calendar months: a month after 31 January is the last day of February.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_CYCLE = timedelta(seconds=60)
MOST_REPEATS = 1_000_000
_LONGEST = timedelta(days=36_600)
_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_DURATION = re.compile(
    rf"P(?:(?P<Y>\d{{1,3}})Y)?(?:(?P<M>\d{{1,4}})M)?(?:(?P<W>{_NUMBER})W)?(?:(?P<D>{_NUMBER})D)?"
    rf"(?:T(?:(?P<h>{_NUMBER})H)?(?:(?P<m>{_NUMBER})M)?(?:(?P<s>{_NUMBER})S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?P<interval>P.+)", re.ASCII)
_RETRY = re.compile(r"R(?P<times>\d{1,3})/(?P<interval>P.+)", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2}|@[A-Za-z][A-Za-z0-9_+/-]*)", re.ASCII
)


class TimerKind(StrEnum):
    """What a timer text says."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


class TimerTextError(ValueError):
    """A timer text that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A positive span: calendar months and exact time."""

    months: int
    exact: timedelta

    def after(self, instant: datetime) -> datetime:
        """Return the instant that much later, in UTC; raise TimerTextError beyond the year 9999."""
        year, month = divmod(instant.year * 12 + instant.month - 1 + self.months, 12)
        try:
            last = calendar.monthrange(year, month + 1)[1]
            moved = instant.replace(year=year, month=month + 1, day=min(instant.day, last))
            return moved + self.exact
        except (ValueError, OverflowError) as error:
            raise TimerTextError("the instant lies beyond the calendar") from error

    def at_least(self, span: timedelta) -> bool:
        """Whether it is never shorter than the span."""
        return timedelta(days=28 * self.months) + self.exact >= span


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval: how often (None: without end) and how far apart."""

    times: int | None
    interval: Duration


def parse_duration(text: str) -> Duration:
    """Read `P1DT2H`; raise TimerTextError."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith("T"):
        raise TimerTextError("not an ISO 8601 duration such as P1DT2H")
    amount = {name: float((value or "0").replace(",", ".")) for name, value in match.groupdict().items()}
    months = int(amount["Y"]) * 12 + int(amount["M"])
    exact = timedelta(weeks=amount["W"], days=amount["D"], hours=amount["h"], minutes=amount["m"], seconds=amount["s"])
    duration = Duration(months, exact)
    if not months and not exact:
        raise TimerTextError("the duration is zero")
    if timedelta(days=31 * months) + exact > _LONGEST:
        raise TimerTextError("the duration is longer than 100 years")
    return duration


def parse_cycle(text: str) -> Cycle:
    """Read `R3/PT1H` or `R/PT1H`; raise TimerTextError."""
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise TimerTextError("not a repeating interval such as R3/PT1H")
    times = int(match["times"]) if match["times"] else None
    if times is not None and not 1 <= times <= MOST_REPEATS:
        raise TimerTextError(f"the number of repeats must lie between 1 and {MOST_REPEATS}")
    interval = parse_duration(match["interval"])
    if not interval.at_least(SHORTEST_CYCLE):
        raise TimerTextError("a cycle must not be faster than 60 seconds")
    return Cycle(times, interval)


def parse_instant(text: str) -> datetime:
    """Read `2026-11-23T09:00:00+08:00` or `…@Asia/Shanghai`, zone required, into UTC; raise TimerTextError."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise TimerTextError("not a date and time with zone such as 2026-11-23T09:00:00+08:00")
    try:
        if match[2].startswith("@"):
            return datetime.fromisoformat(match[1]).replace(tzinfo=ZoneInfo(match[2][1:])).astimezone(UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError) as error:
        raise TimerTextError(str(error)) from error


def parse_retry(text: str) -> tuple[int, timedelta]:
    """Read `R5/PT5M` into the number of attempts and the first pause; raise TimerTextError."""
    match = _RETRY.fullmatch(text)
    if match is None or not int(match["times"]):
        raise TimerTextError("not like R5/PT5M")
    interval = parse_duration(match["interval"])
    if interval.months:
        raise TimerTextError("the pause must be given in days or less")
    return int(match["times"]), interval.exact


def check_text(kind: TimerKind, text: str) -> None:
    """Raise TimerTextError unless the text is a usable timer of its kind."""
    {TimerKind.DATE: parse_instant, TimerKind.DURATION: parse_duration, TimerKind.CYCLE: parse_cycle}[kind](text)


def first_due(kind: TimerKind, value: object, now: datetime) -> tuple[datetime, int | None]:
    """Return when a timer entered now is due, and how many times it fires (None: without end).

    value  the literal text, or the JSON form of what its expression gave; an instant given where a duration is
           expected (and the other way round) is taken for what it is
    Raises TimerTextError for anything that is no timer text of its kind.
    """
    if not isinstance(value, str):
        raise TimerTextError("the expression gives no date, duration or cycle")
    if kind is TimerKind.CYCLE:
        cycle = parse_cycle(value)
        return cycle.interval.after(now), cycle.times
    if value.startswith("P"):
        return parse_duration(value).after(now), 1
    return parse_instant(value), 1


def next_due(text: str, due: datetime, now: datetime) -> datetime:
    """Return the next instant of a cycle after now, on the grid that `due` belongs to.

    Rounds that were missed while nobody looked are not made up for: one late firing, then the next on the grid.
    """
    interval = parse_cycle(text).interval
    if not interval.months and due < now:
        due += (now - due) // interval.exact * interval.exact
    while True:
        due = interval.after(due)
        if due > now:
            return due
