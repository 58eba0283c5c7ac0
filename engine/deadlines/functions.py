"""Working time in expressions: functions over the deployed calendars; importing this module registers them.

Each reads the calendar that is named, or the one of the installation, from `run.facts["calendars"]` (a
`CalendarFacts`). Without it, or without the calendar, an expression stops with an error: a limit that nobody counted
must not look like no limit. Instants without a zone are meant in the calendar's; a day of an instant is the local one.
Null is the answer to what lies beyond the calendars (before 1970, after 2200).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from engine.deadlines.calendars import WorkingCalendar
from engine.errors import Invalid
from engine.feel.errors import FeelError
from engine.feel.functions.registry import builtin
from engine.feel.run import Run

FACT = "calendars"
_DAY = timedelta(days=1)
# Longer than any row of holidays: a calendar without a workday in it is wrong, not a long holiday.
_LONGEST_BREAK = 60
_DAYS_PER_STEP = 8


class CalendarFacts(Protocol):
    """The working calendars that an expression may read."""

    @property
    def default(self) -> str:
        """The key of the calendar that is meant where none is named."""
        ...

    def find(self, key: str) -> WorkingCalendar | None:
        """Return a calendar, always in the same version during one evaluation, or None."""
        ...


def _calendar(run: Run, function: str, key: str | None) -> WorkingCalendar:
    facts = cast("CalendarFacts | None", run.facts.get(FACT))
    if facts is None:
        raise FeelError(
            f"{function} needs {FACT}, which is not there.", code="feel-no-facts", function=function, fact=FACT
        )
    wanted = facts.default if key is None else key
    found = facts.find(wanted)
    if found is None:
        raise FeelError(f"There is no working calendar {wanted}.", code="feel-unknown-calendar", key=wanted)
    return found


def _within(calculate: Callable[[], datetime | timedelta]) -> datetime | timedelta | None:
    """Return what a calendar calculates; null beyond its years."""
    try:
        return calculate()
    except Invalid:
        return None


def _aware(calendar: WorkingCalendar, instant: datetime) -> datetime:
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=ZoneInfo(calendar.zone))


def _local_day(calendar: WorkingCalendar, day: object) -> date | None:
    """Return the local date of a day or instant; None for one beyond the years that calendars know."""
    if isinstance(day, datetime):
        return calendar.local_date(_aware(calendar, day))
    return day if isinstance(day, date) else None


@builtin("add working time", "from: datetime, duration: duration, calendar?: string")
def add_working_time(run: Run, start: object, duration: object, key: str | None = None) -> datetime | None:
    """Return the earliest instant at which so much office time has passed since, or has to pass until for a negative.

    The answer is in the calendar's zone; a duration in years and months is none of office time: null.
    """
    calendar = _calendar(run, "add working time", key)
    if not isinstance(start, datetime) or not isinstance(duration, timedelta):
        return None
    instant = _aware(calendar, start)
    if duration < timedelta(0):
        found = _within(lambda: calendar.subtract_working_time(instant, -duration))
    else:
        found = _within(lambda: calendar.add_working_time(instant, duration))
    return found.astimezone(ZoneInfo(calendar.zone)) if isinstance(found, datetime) else None


@builtin("working time between", "from: datetime, to: datetime, calendar?: string")
def working_time_between(run: Run, start: object, end: object, key: str | None = None) -> timedelta | None:
    """Return the office time between two instants, negative where the second lies before the first."""
    calendar = _calendar(run, "working time between", key)
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    first, last = _aware(calendar, start), _aware(calendar, end)
    found = _within(lambda: calendar.working_time_between(first, last))
    return found if isinstance(found, timedelta) else None


@builtin("add working days", "date: day, n: number, calendar?: string")
def add_working_days(run: Run, day: object, count: Decimal, key: str | None = None) -> date | None:
    """Return the n-th workday after a date, before it for a negative n; n = 0 gives the date itself.

    The date does not count, as in limits of 工作日. A count that is not whole has no answer: null.
    """
    calendar = _calendar(run, "add working days", key)
    found = _local_day(calendar, day)
    if found is None or count != count.to_integral_value():
        return None
    step = _DAY if count > 0 else -_DAY
    left, walked = abs(int(count)), 0
    while left:
        found += step
        walked += 1
        if calendar.is_workday(found):
            left -= 1
            run.charge(walked // _DAYS_PER_STEP + 1)
            walked = 0
        elif walked > _LONGEST_BREAK:
            return None
    return found


@builtin("is workday", "date: day, calendar?: string")
def is_workday(run: Run, day: object, key: str | None = None) -> bool | None:
    """Tell whether a day is worked, wholly or half; of an instant its local day."""
    calendar = _calendar(run, "is workday", key)
    found = _local_day(calendar, day)
    return None if found is None else calendar.is_workday(found)


@builtin("next workday", "date: day, calendar?: string")
def next_workday(run: Run, day: object, key: str | None = None) -> date | None:
    """Return the date itself where it is worked, else the first workday after it."""
    calendar = _calendar(run, "next workday", key)
    found = _local_day(calendar, day)
    if found is None:
        return None
    return next((one for ahead in range(_LONGEST_BREAK) if calendar.is_workday(one := found + ahead * _DAY)), None)
