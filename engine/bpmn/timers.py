"""Timer texts: ISO 8601 durations, repeating intervals and instants, read strictly.

Refused: nothing (`P`), zero, negative, fractions of years or months, more than 100 years, a date-time without zone, a
cycle faster than 60 seconds, a cycle of a start and an end. Months are calendar months: a month after 31 January is the
last day of February. A day is 24 hours, in every zone.
"""

import calendar
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_CYCLE = timedelta(seconds=60)
MOST_REPEATS = 1_000_000
_LONGEST = timedelta(days=36_600)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_DURATION = re.compile(
    rf"P(?:(?P<Y>\d{{1,3}})Y)?(?:(?P<M>\d{{1,4}})M)?(?:(?P<W>{_NUMBER})W)?(?:(?P<D>{_NUMBER})D)?"
    rf"(?:T(?:(?P<h>{_NUMBER})H)?(?:(?P<m>{_NUMBER})M)?(?:(?P<s>{_NUMBER})S)?)?",
    re.ASCII,
)
# A zone may hold slashes: `R/2026-11-24T09:00:00@Asia/Shanghai/P1D`.
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?:(?P<start>\d[^P].*)/)?(?P<interval>P[^/]+)(?:/(?P<end>\d.+))?", re.ASCII)
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
    """A repeating interval (ISO 8601): how often (None: without end) and how far apart.

    start  the instant of the first round; None: one interval after the cycle is entered
    end    the instant of the last round: the others lie before it, so many as there are times
    """

    times: int | None
    interval: Duration
    start: datetime | None = None
    end: datetime | None = None

    def upcoming(self, now: datetime, *, after: bool = False) -> tuple[datetime, int | None] | None:
        """Return the first round of a cycle with a start or an end from now on, and how many there are with it.

        `after` leaves a round at this very instant out. Returns None where every round lies behind.
        """
        before = None if self.times is None else self.times - 1
        instant = _shifting(self.start or self.end or now, self.interval)
        search = bisect_right if after else bisect_left
        if self.start is not None:
            rounds = range(_most_rounds(self.start, now, self.interval) + 1)
            index = search(rounds, now, key=instant)
            if before is not None and index > before:
                return None
            due = instant(index)
            return None if due == _LAST else (due, None if before is None else before - index + 1)
        end = self.end or now
        most = _most_rounds(now, end, self.interval)
        rounds = range(-most if before is None else -min(most, before), 1)
        index = search(rounds, now, key=instant)
        if index >= len(rounds):
            return None
        return instant(rounds[index]), len(rounds) - index


def _shifting(anchor: datetime, interval: Duration) -> Callable[[int], datetime]:
    """Return the instants of a grid by their number: 0 is the anchor, -1 lies one interval before it."""

    def instant(number: int) -> datetime:
        try:
            return Duration(interval.months * number, interval.exact * number).after(anchor)
        except (TimerTextError, OverflowError):
            return _LAST if number > 0 else _FIRST

    return instant


def _most_rounds(earlier: datetime, later: datetime, interval: Duration) -> int:
    """Return a number of intervals that surely reaches beyond `later`."""
    shortest = timedelta(days=28 * interval.months) + interval.exact
    return max(0, (later - earlier) // shortest + 1)


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
    """Read `R3/PT1H`, `R/PT1H`, with a start `R3/2026-11-24T09:00:00+08:00/PT1H`, or with an end `R/PT1H/2027-…Z`.

    Raises TimerTextError.
    """
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise TimerTextError("not a repeating interval such as R3/PT1H or R/2026-11-24T09:00:00+08:00/P1D")
    if match["start"] and match["end"]:
        raise TimerTextError("a cycle has a start or an end, not both")
    times = int(match["times"]) if match["times"] else None
    if times is not None and not 1 <= times <= MOST_REPEATS:
        raise TimerTextError(f"the number of repeats must lie between 1 and {MOST_REPEATS}")
    interval = parse_duration(match["interval"])
    if not interval.at_least(SHORTEST_CYCLE):
        raise TimerTextError("a cycle must not be faster than 60 seconds")
    start, end = (match[name] and parse_instant(match[name]) for name in ("start", "end"))
    return Cycle(times, interval, start or None, end or None)


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
    A cycle whose rounds all lie behind fires no more: 0 times, whatever the instant. A date may lie behind.
    Raises TimerTextError for anything that is no timer text of its kind.
    """
    if not isinstance(value, str):
        raise TimerTextError("the expression gives no date, duration or cycle")
    if kind is TimerKind.CYCLE:
        cycle = parse_cycle(value)
        if cycle.start is None and cycle.end is None:
            return cycle.interval.after(now), cycle.times
        return cycle.upcoming(now) or (cycle.end or now, 0)
    if value.startswith("P"):
        return parse_duration(value).after(now), 1
    return parse_instant(value), 1


def next_round(text: str, due: datetime, left: int | None, now: datetime) -> tuple[datetime, int | None] | None:
    """Return when a cycle that fires now is due again, and how many rounds there are from then; None: no more.

    due   when the round that fires now was due: the next one lies on the same grid
    left  how many rounds there were with this one
    Rounds that were missed while nobody looked are not made up for: one late firing, then the next on the grid. Of a
    cycle with a start or an end the missed ones count.
    """
    cycle = parse_cycle(text)
    if cycle.start is not None or cycle.end is not None:
        return cycle.upcoming(max(due, now), after=True)
    if left is not None and left <= 1:
        return None
    return next_due(text, due, now), left and left - 1


def next_due(text: str, due: datetime, now: datetime) -> datetime:
    """Return the next instant of a cycle without start or end after now, on the grid that `due` belongs to."""
    interval = parse_cycle(text).interval
    if not interval.months and due < now:
        due += (now - due) // interval.exact * interval.exact
    while True:
        due = interval.after(due)
        if due > now:
            return due
