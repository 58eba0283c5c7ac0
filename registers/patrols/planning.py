"""The days of a plan: pure arithmetic over a rhythm and the days that are worked.

The days that a rhythm names are moved or dropped by its holiday rule; two that land on one day are one patrol.
"""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from registers.local_time import LOCAL_ZONE
from registers.patrols.model import Cycle, HolidayRule, Rhythm
from registers.working_days import WorkingDayRegister

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
MONTHS = 12
LAST_DAY = -1
# Beyond this a rhythm whose days are all holidays has no patrol.
HORIZON = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked: asked of the working calendar, one day at a time."""

    is_workday: Callable[[date], bool]
    next_workday: Callable[[date], date]
    previous_workday: Callable[[date], date]


def workdays_in(days: WorkingDayRegister, calendar_key: str) -> Workdays:
    """Return which days a deployed working calendar counts as worked."""
    return Workdays(
        is_workday=lambda day: days.is_workday(calendar_key, day),
        next_workday=lambda day: days.next_workday(calendar_key, day),
        previous_workday=lambda day: days.previous_workday(calendar_key, day),
    )


def next_occurrence(rhythm: Rhythm, after: date, workdays: Workdays) -> date | None:
    """Return the first day of patrol after a day, or None where the plan has come to its end."""
    return next(iter_occurrences(rhythm, after, workdays), None)


def iter_occurrences(rhythm: Rhythm, after: date, workdays: Workdays) -> Iterator[date]:
    """Stream the days of patrol after a day, in order, each once."""
    last = max(after, rhythm.valid_from - ONE_DAY)
    for named in _named_days(rhythm, _look_from(rhythm, last, workdays)):
        day = _moved(rhythm, named, workdays)
        if rhythm.valid_until is not None and named > rhythm.valid_until:
            return
        if day is None or day <= last or (rhythm.valid_until is not None and day > rhythm.valid_until):
            continue
        last = day
        yield day


def list_occurrences(rhythm: Rhythm, after: date, workdays: Workdays, count: int) -> list[date]:
    """Return the next days of patrol after a day, at most `count`."""
    return list(islice(iter_occurrences(rhythm, after, workdays), count))


def instant_of(day: date, dispatch_time: str) -> datetime:
    """Return the instant of a local time of day (`08:30`), aware."""
    return datetime.combine(day, time.fromisoformat(dispatch_time), LOCAL_ZONE)


def _look_from(rhythm: Rhythm, last: date, workdays: Workdays) -> date:
    """Return the first day that may be moved to a day after `last`: one in a row of holidays that reaches it."""
    if rhythm.holiday_rule is HolidayRule.NEXT_WORKDAY:
        return workdays.previous_workday(last) + ONE_DAY
    return last + ONE_DAY


def _moved(rhythm: Rhythm, day: date, workdays: Workdays) -> date | None:
    """Return the day to which the holiday rule moves one, or None where it drops it."""
    match rhythm.holiday_rule:
        case HolidayRule.RUN:
            return day
        case HolidayRule.SKIP:
            return day if workdays.is_workday(day) else None
        case HolidayRule.NEXT_WORKDAY:
            return workdays.next_workday(day)
        case HolidayRule.PREVIOUS_WORKDAY:
            return workdays.previous_workday(day)


def _named_days(rhythm: Rhythm, start: date) -> Iterator[date]:
    """Stream the days that a rhythm names, from a day on and not before it is valid, up to the horizon."""
    first = max(start, rhythm.valid_from)
    until = first + HORIZON
    streams = {Cycle.DAILY: _daily, Cycle.WEEKLY: _weekly, Cycle.MONTHLY: _monthly}
    for day in streams[rhythm.cycle](rhythm, first):
        if day > until:
            return
        if day >= first:
            yield day


def _daily(rhythm: Rhythm, first: date) -> Iterator[date]:
    step = timedelta(days=rhythm.every)
    day = rhythm.valid_from + -(-(first - rhythm.valid_from) // step) * step
    while True:
        yield day
        day += step


def _weekly(rhythm: Rhythm, first: date) -> Iterator[date]:
    monday = rhythm.valid_from - timedelta(days=rhythm.valid_from.weekday())
    step = WEEK * rhythm.every
    week = monday + (first - monday) // step * step
    while True:
        for weekday in sorted(set(rhythm.weekdays)):
            yield week + timedelta(days=weekday - 1)
        week += step


def _monthly(rhythm: Rhythm, first: date) -> Iterator[date]:
    origin = _month_of(rhythm.valid_from)
    month = origin + (_month_of(first) - origin) // rhythm.every * rhythm.every
    while True:
        yield from _days_of_month(*divmod(month, MONTHS), rhythm.month_days)
        month += rhythm.every


def _month_of(day: date) -> int:
    """Return the number of a month, counted without breaks."""
    return day.year * MONTHS + day.month - 1


def _days_of_month(year: int, month: int, wanted: tuple[int, ...]) -> Iterator[date]:
    length = calendar.monthrange(year, month + 1)[1]
    days = {length if day == LAST_DAY else day for day in wanted}
    for day in sorted(day for day in days if 1 <= day <= length):
        yield date(year, month + 1, day)
