"""Functions on dates, times and durations."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal

from engine.feel.errors import FeelError
from engine.feel.far_dates import Day, Moment, clock_part, day_of, day_part, joined, near_twin, ordinal
from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values import YearsMonths

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("date", "from: string")
def date_from_text(_run: Run, text: str) -> Day | None:
    """Read a date."""
    return parse_date(text)


@builtin("date", "from: day")
def date_of(_run: Run, value: Day | Moment) -> Day:
    """Return the day of a date and time."""
    return day_part(value)


@builtin("date", "year: number, month: number, day: number")
def date_from_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Day | None:
    """Return a date of its parts."""
    parts = _whole(year, month, day)
    return None if parts is None else day_of(parts[0], parts[1], parts[2])


def _whole(*numbers: Decimal) -> list[int] | None:
    """Return whole numbers; None where one is a fraction or far out of any calendar."""
    if any(number != number.to_integral_value() or abs(number) > 10**9 for number in numbers):
        return None
    return [int(number) for number in numbers]


@builtin("date and time", "from: string")
def date_time_from_text(_run: Run, text: str) -> Moment | None:
    """Read a date and time."""
    return parse_date_time(text)


@builtin("date and time", "from: day")
def date_time_of(_run: Run, value: Day | Moment) -> Moment:
    """Return the midnight at which a date begins."""
    return joined(day_part(value), clock_part(value))


@builtin("date and time", "date: day, time: time")
def date_time_from_parts(_run: Run, day: Day | Moment, clock: time) -> Moment:
    """Join a date and a time of day."""
    return joined(day_part(day), clock)


@builtin("time", "from: string")
def time_from_text(_run: Run, text: str) -> time | None:
    """Read a time of day."""
    return parse_time(text)


@builtin("time", "from: clock")
def time_of(_run: Run, value: time | Moment) -> time:
    """Return the time of day of a date and time, in its zone."""
    return value if isinstance(value, time) else clock_part(value)


@builtin("time", "from: date")
def time_of_date(_run: Run, _value: Day) -> time:
    """Return the midnight of a date, which is in UTC by the standard."""
    return time(tzinfo=UTC)


@builtin("time", "hour: number, minute: number, second: number, offset?: duration")
def time_from_parts(
    _run: Run,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: timedelta | YearsMonths | None = None,
) -> time | None:
    """Return a time of day of its parts."""
    micro = second * 1_000_000
    parts = _whole(hour, minute, second.to_integral_value("ROUND_FLOOR"))
    if parts is None or micro != micro.to_integral_value() or isinstance(offset, YearsMonths):
        return None
    zone: tzinfo | None = None
    if offset is not None:
        zone = timezone(offset) if offset else UTC
    return time(parts[0], parts[1], parts[2], int(micro) % 1_000_000, tzinfo=zone)


@builtin("duration", "from: string")
def duration(_run: Run, text: str) -> timedelta | YearsMonths | None:
    """Read a duration."""
    return parse_duration(text)


@builtin("duration", "from: duration")
def duration_of(_run: Run, value: timedelta | YearsMonths) -> timedelta | YearsMonths:
    """Return the duration itself."""
    return value


@builtin("years and months duration", "from: day, to: day")
def months_between(_run: Run, start: Day | Moment, end: Day | Moment) -> YearsMonths:
    """Return the whole months from one date to another; times of day do not count."""
    start, end = day_part(start), day_part(end)
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


@builtin("now")
def now(run: Run) -> datetime:
    """Return the instant of the evaluation; raises FeelError where the caller gave none."""
    if run.now is None:
        raise FeelError("now() has no meaning here: no instant was given", code="feel-no-clock")
    return run.now


@builtin("today")
def today(run: Run) -> date:
    """Return the day of the evaluation, in the zone of the instant that the caller gave."""
    return now(run).date()


@builtin("day of year", "date: day")
def day_of_year(_run: Run, day: Day | Moment) -> Decimal:
    """Return 1 to 366."""
    day = day_part(day)
    return Decimal(ordinal(day) - ordinal(day_of(day.year, 1, 1)) + 1)


@builtin("day of week", "date: day")
def day_of_week(_run: Run, day: Day | Moment) -> str:
    """Return the English name of the day."""
    return _DAYS[near_twin(day_part(day)).weekday()]


@builtin("month of year", "date: day")
def month_of_year(_run: Run, day: Day | Moment) -> str:
    """Return the English name of the month."""
    return _MONTHS[day_part(day).month - 1]


@builtin("week of year", "date: day")
def week_of_year(_run: Run, day: Day | Moment) -> Decimal:
    """Return the number of the week by ISO 8601."""
    return Decimal(near_twin(day_part(day)).isocalendar().week)
