"""Dates beyond the years 1 to 9999, which Python's own dates cannot hold (XML Schema years, up to nine digits).

A date within 1 to 9999 is always Python's `date` or `datetime`; one outside is always `FarDate` or `FarDateTime`, so
two equal dates are of one class. The calendar is the proleptic Gregorian one, with a year 0 as ISO 8601 counts.
"""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, tzinfo

from engine.feel.values import YearsMonths

FARTHEST_YEAR = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_DAY = 86_400 * 1_000_000
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class FarDate:
    """A day of a year before 1 or after 9999."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        """Render as XML Schema does, e.g. `-0044-03-15` or `12026-01-01`."""
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A time of day on such a day; the zone is that of the time."""

    day: FarDate
    clock: time

    @property
    def tzinfo(self) -> tzinfo | None:
        """The zone; None for a local time."""
        return self.clock.tzinfo


Day = date | FarDate
Moment = datetime | FarDateTime


def day_of(year: int, month: int, day: int) -> Day:
    """Return a date; raises ValueError for a day that no calendar has, OverflowError beyond nine digits."""
    if MINYEAR <= year <= MAXYEAR:
        return date(year, month, day)
    if abs(year) > FARTHEST_YEAR:
        raise OverflowError
    if not 1 <= month <= len(_MONTH_DAYS) or not 1 <= day <= days_in(year, month):
        raise ValueError
    return FarDate(year, month, day)


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _MONTH_DAYS[month - 1] + (leap and month == 2)  # noqa: PLR2004 - February


def joined(day: Day, clock: time) -> Moment:
    """Return a time of day on a date."""
    return FarDateTime(day, clock) if isinstance(day, FarDate) else datetime.combine(day, clock)


def day_part(value: Day | Moment) -> Day:
    """Return the date of a date and time."""
    if isinstance(value, FarDateTime):
        return value.day
    return value.date() if isinstance(value, datetime) else value


def clock_part(value: Day | Moment) -> time:
    """Return the time of day, midnight for a date."""
    if isinstance(value, FarDateTime):
        return value.clock
    return value.timetz() if isinstance(value, datetime) else time()


def near_twin(day: Day) -> date:
    """Return a day of the years 2000 to 2399 with the same month, day and day of the week."""
    return date(2000 + day.year % _CYCLE_YEARS, day.month, day.day)


def ordinal(day: Day) -> int:
    """Return the number of the day; 1 is 0001-01-01."""
    if isinstance(day, date):
        return day.toordinal()
    cycles = (day.year - near_twin(day).year) // _CYCLE_YEARS
    return near_twin(day).toordinal() + cycles * _CYCLE_DAYS


def from_ordinal(number: int) -> Day:
    """Return the day of a number; raises OverflowError beyond nine digits of years."""
    base = date(2000, 1, 1).toordinal()
    cycles, rest = divmod(number - base, _CYCLE_DAYS)
    twin = date.fromordinal(base + rest)
    return day_of(twin.year + cycles * _CYCLE_YEARS, twin.month, twin.day)


def offset(value: Moment) -> timedelta | None:
    """Return the distance from UTC; a named zone keeps its present rules in far years."""
    if isinstance(value, datetime):
        return value.utcoffset()
    return datetime.combine(near_twin(value.day), value.clock).utcoffset()


def _local_micro(value: Day | Moment) -> int:
    clock = clock_part(value)
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return ordinal(day_part(value)) * _DAY + seconds * 1_000_000 + clock.microsecond


def instant(value: Day | Moment) -> int:
    """Return microseconds on one scale: of UTC where the zone is known, of the local clock where not."""
    if isinstance(value, (datetime, FarDateTime)):
        shift = offset(value)
        return _local_micro(value) - (shift // _MICROSECOND if shift else 0)
    return _local_micro(value)


def _from_micro(micro: int, zone: tzinfo | None) -> Moment:
    days, rest = divmod(micro, _DAY)
    seconds, micro = divmod(rest, 1_000_000)
    clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60, micro, tzinfo=zone)
    return joined(from_ordinal(days), clock)


def moved(value: Day | Moment, span: timedelta) -> Day | Moment:
    """Return a date or an instant moved by a span; a date stays a date."""
    micro = _local_micro(value) + span // _MICROSECOND
    if isinstance(value, (datetime, FarDateTime)):
        return _from_micro(micro, value.tzinfo)
    return from_ordinal(micro // _DAY)


def moved_by_months(value: Day | Moment, months: int) -> Day | Moment:
    """Return a date or an instant moved by months; the 31st becomes the last day of a shorter month."""
    day = day_part(value)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    there = day_of(year, month + 1, min(day.day, days_in(year, month + 1)))
    return joined(there, clock_part(value)) if isinstance(value, (datetime, FarDateTime)) else there


def between(left: Day | Moment, right: Day | Moment) -> timedelta | None:
    """Return left - right; None where just one of them knows its zone; raises OverflowError for too long a span."""
    if is_zoned(left) is not is_zoned(right):
        return None
    return timedelta(microseconds=instant(left) - instant(right))


def is_zoned(value: Day | Moment) -> bool:
    """Tell whether a value has a place on the time line of the world; a date is its midnight in UTC."""
    if isinstance(value, (datetime, FarDateTime)):
        return value.tzinfo is not None
    return True


_TIMES = (date, FarDate, FarDateTime)


def far_sum(left: object, right: object) -> object:
    """Return left + right where one of them is a date and the sum or the date is far; None for anything else."""
    if isinstance(right, _TIMES):
        left, right = right, left
    if not isinstance(left, _TIMES):
        return None
    if isinstance(right, timedelta):
        return moved(left, right)
    return moved_by_months(left, right.months) if isinstance(right, YearsMonths) else None


def far_difference(left: object, right: object) -> object:
    """Return left - right where one of them is a date and far; None for anything else."""
    if isinstance(left, _TIMES) and isinstance(right, _TIMES):
        return between(left, right)
    if isinstance(right, timedelta):
        return far_sum(left, -right)
    return far_sum(left, YearsMonths(-right.months)) if isinstance(right, YearsMonths) else None


def order_keys(left: object, right: object) -> tuple[object, object] | None:
    """Return what orders two dates, or two instants, of which one is far; None where there is no order."""
    if isinstance(left, (datetime, FarDateTime)) and isinstance(right, (datetime, FarDateTime)):
        return (instant(left), instant(right)) if is_zoned(left) is is_zoned(right) else None
    if isinstance(left, _TIMES) and isinstance(right, _TIMES):
        both_days = not isinstance(left, (datetime, FarDateTime)) and not isinstance(right, (datetime, FarDateTime))
        return (instant(left), instant(right)) if both_days else None
    return None
