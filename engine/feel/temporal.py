"""Dates, times and durations: ISO 8601 text in and out, and their parts."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.far_dates import Day, FarDate, FarDateTime, Moment, day_of, joined, moved, near_twin, offset
from engine.feel.values import MAX_MONTHS, YearsMonths

MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z][A-Za-z0-9_+/-]*))?",
)
_END_OF_DAY = re.compile(r"24:00:00(?:\.0+)?(?![.0-9])")
_MONTHS = re.compile(r"(-)?P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?")
_DAYS = re.compile(
    r"(-)?P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,12})H)?(?:([0-9]{1,14})M)?(?:([0-9]{1,15})(?:\.([0-9]*))?S)?)?",
)
_MICRO_DIGITS = 6
# XML Schema knows no zone farther from UTC.
_FARTHEST_ZONE = timedelta(hours=14)


def parse_date(text: str) -> Day | None:
    """Read `2026-02-28`; None where it is no date. Years have up to nine digits; there is no year 0000."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return day_of(year, month, day) if year else None
    except ValueError:
        return None


def _micro(digits: str | None) -> int:
    """Return microseconds; finer parts of a second cannot be held and are cut off."""
    return int((digits or "")[:_MICRO_DIGITS].ljust(_MICRO_DIGITS, "0"))


def _zone(found: re.Match[str]) -> tzinfo | None:
    """Return the zone of a matched time; raises ValueError or OSError when there is no such zone."""
    if found.group(5):
        return UTC
    if found.group(10):
        return ZoneInfo(found.group(10))
    if not found.group(6):
        return None
    hours, minutes, seconds = (int(found.group(index) or 0) for index in (7, 8, 9))
    distance = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes >= 60 or seconds >= 60 or distance > _FARTHEST_ZONE:  # noqa: PLR2004 - minutes and seconds
        raise ValueError
    return timezone(-distance if found.group(6) == "-" else distance) if distance else UTC


def parse_time(text: str) -> time | None:
    """Read `10:20:30`, with a fraction, an offset or `@Zone/Name`; None where it is no time. 24:00:00 is midnight."""
    found = _TIME.fullmatch(text.replace("24", "00", 1) if _END_OF_DAY.match(text) else text)
    if found is None:
        return None
    try:
        hour, minute, second = (int(found.group(index)) for index in (1, 2, 3))
        return time(hour, minute, second, _micro(found.group(4)), tzinfo=_zone(found))
    except (ValueError, KeyError, OSError):
        return None


def parse_date_time(text: str) -> Moment | None:
    """Read a date, T and a time, or a date alone (midnight); None where it is neither."""
    day_text, mark, time_text = text.partition("T")
    end_of_day = _END_OF_DAY.match(time_text) is not None
    day = parse_date(day_text)
    clock = parse_time(time_text) if mark else time()
    if day is None or clock is None:
        return None
    try:
        there = moved(day, timedelta(days=1)) if end_of_day else day
    except OverflowError:
        return None
    return None if isinstance(there, (datetime, FarDateTime)) else joined(there, clock)


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """Read `P1DT2H` or `P1Y2M`; None where it is neither."""
    months = _MONTHS.fullmatch(text)
    if months is not None and (months.group(2) or months.group(3)):
        total = int(months.group(2) or 0) * 12 + int(months.group(3) or 0)
        if total > MAX_MONTHS:
            return None
        return YearsMonths(-total if months.group(1) else total)
    days = _DAYS.fullmatch(text)
    if days is None or not any(days.groups()[1:]):
        return None
    day, hour, minute, second = (int(days.group(index) or 0) for index in (2, 3, 4, 5))
    try:
        span = timedelta(days=day, seconds=hour * 3600 + minute * 60 + second, microseconds=_micro(days.group(6)))
    except OverflowError:
        return None
    return -span if days.group(1) else span


_PARSERS: tuple[Callable[[str], object], ...] = (parse_date, parse_date_time, parse_time, parse_duration)


def parse_temporal(text: str) -> object:
    """Read whatever stands in an `@"…"` literal; None where it is nothing of the kind."""
    for parse in _PARSERS:
        value = parse(text)
        if value is not None:
            return value
    return None


def in_microseconds(span: timedelta) -> int:
    """Return the whole length of a duration."""
    return span // MICROSECOND


def _format_span(span: timedelta) -> str:
    micro = in_microseconds(span)
    seconds, fraction = divmod(abs(micro), _SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    part = f"{fraction:06d}".rstrip("0")
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{'.' if part else ''}{part}S" if seconds or part else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if micro < 0 else "") + "P" + (text or "T0S")


def _format_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return "@" + zone.key
    offset = zone.utcoffset(None)
    if not offset:
        return "Z"
    seconds = int(abs(offset).total_seconds())
    text = f"{'-' if offset < timedelta() else '+'}{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text + (f":{seconds % 60:02d}" if seconds % 60 else "")


def _format_time(value: time) -> str:
    part = f"{value.microsecond:06d}".rstrip("0")
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    return clock + (f".{part}" if part else "") + _format_zone(value.tzinfo)


def format_temporal(value: object) -> str:
    """Return the ISO 8601 text of a date, time or duration."""
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_format_time(value.timetz())}"
    if isinstance(value, FarDateTime):
        return f"{value.day}T{_format_time(value.clock)}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _format_time(value)
    return _format_span(value) if isinstance(value, timedelta) else str(value)


def offset_of(value: datetime | time | FarDateTime) -> timedelta | None:
    """Return the distance from UTC; None for local times and for times of day in a named zone."""
    return offset(value) if isinstance(value, FarDateTime) else value.utcoffset()


def _seconds(value: datetime | time) -> Decimal:
    return Decimal(value.second) + Decimal(value.microsecond) / _SECOND if value.microsecond else Decimal(value.second)


def _zone_name(value: datetime | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _span_part(unit: int, modulus: int | None) -> Callable[[timedelta], Decimal]:
    def part(span: timedelta) -> Decimal:
        micro = in_microseconds(span)
        whole = abs(micro) // unit
        whole = whole % modulus if modulus else whole
        return Decimal(-whole if micro < 0 else whole)

    return part


def _span_seconds(span: timedelta) -> Decimal:
    micro = in_microseconds(span)
    rest = Decimal(abs(micro) % (60 * _SECOND)) / _SECOND
    return -rest if micro < 0 and rest else rest


def _signed_divmod(months: int) -> tuple[int, int]:
    years, rest = divmod(abs(months), 12)
    return (-years, -rest) if months < 0 else (years, rest)


def _part_of(piece: str, part: Callable[..., object]) -> Callable[..., object]:
    return lambda value: part(getattr(value, piece))


_DATE_PARTS: dict[str, Callable[..., object]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME_PARTS: dict[str, Callable[..., object]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _seconds,
    "time offset": offset_of,
    "timezone": _zone_name,
}
PARTS: dict[type, dict[str, Callable[..., object]]] = {
    date: _DATE_PARTS,
    datetime: {**_DATE_PARTS, **_TIME_PARTS},
    time: _TIME_PARTS,
    FarDate: {**_DATE_PARTS, "weekday": lambda value: Decimal(near_twin(value).isoweekday())},
    FarDateTime: {
        **{name: _part_of("day", part) for name, part in _DATE_PARTS.items() if name != "weekday"},
        **{name: _part_of("clock", part) for name, part in _TIME_PARTS.items() if name != "time offset"},
        "weekday": lambda value: Decimal(near_twin(value.day).isoweekday()),
        "time offset": offset_of,
    },
    timedelta: {
        "days": _span_part(86_400 * _SECOND, None),
        "hours": _span_part(3_600 * _SECOND, 24),
        "minutes": _span_part(60 * _SECOND, 60),
        "seconds": _span_seconds,
    },
    YearsMonths: {
        "years": lambda value: Decimal(_signed_divmod(value.months)[0]),
        "months": lambda value: Decimal(_signed_divmod(value.months)[1]),
    },
}
