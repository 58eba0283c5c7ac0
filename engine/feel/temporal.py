"""Dates, times and durations: ISO 8601 text in and out, and their parts."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.values import MAX_MONTHS, YearsMonths

MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z][A-Za-z0-9_+/-]*))?",
)
_MONTHS = re.compile(r"(-)?P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?")
_DAYS = re.compile(
    r"(-)?P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,12})H)?(?:([0-9]{1,14})M)?(?:([0-9]{1,15})(?:\.([0-9]+))?S)?)?",
)
_MICRO_DIGITS = 6


def parse_date(text: str) -> date | None:
    """Read `2026-02-28`; None where it is no date (years 0001 to 9999)."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _micro(digits: str | None) -> int | None:
    """Return microseconds; finer parts of a second cannot be held and make the text invalid."""
    digits = (digits or "").rstrip("0")
    return int(digits.ljust(_MICRO_DIGITS, "0")) if len(digits) <= _MICRO_DIGITS else None


def _zone(found: re.Match[str]) -> tzinfo | None:
    """Return the zone of a matched time; raises ValueError or OSError when there is no such zone."""
    if found.group(5):
        return UTC
    if found.group(10):
        return ZoneInfo(found.group(10))
    if not found.group(6):
        return None
    offset = timedelta(hours=int(found.group(7)), minutes=int(found.group(8)), seconds=int(found.group(9) or 0))
    return timezone(-offset if found.group(6) == "-" else offset) if offset else UTC


def parse_time(text: str) -> time | None:
    """Read `10:20:30`, with a fraction, an offset or `@Zone/Name`; None where it is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    micro = _micro(found.group(4))
    if micro is None:
        return None
    try:
        hour, minute, second = (int(found.group(index)) for index in (1, 2, 3))
        return time(hour, minute, second, micro, tzinfo=_zone(found))
    except (ValueError, KeyError, OSError):
        return None


def parse_date_time(text: str) -> datetime | None:
    """Read a date, T and a time, or a date alone (midnight); None where it is neither."""
    day_text, mark, time_text = text.partition("T")
    end_of_day = time_text.startswith("24:00:00")
    day = parse_date(day_text)
    clock = parse_time(time_text.replace("24", "00", 1) if end_of_day else time_text) if mark else time()
    if day is None or clock is None:
        return None
    return datetime.combine(day + timedelta(days=end_of_day) if day < date.max else day, clock)


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
    micro = _micro(days.group(6))
    if micro is None:
        return None
    day, hour, minute, second = (int(days.group(index) or 0) for index in (2, 3, 4, 5))
    try:
        span = timedelta(days=day, seconds=hour * 3600 + minute * 60 + second, microseconds=micro)
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
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _format_time(value)
    return _format_span(value) if isinstance(value, timedelta) else str(value)


def offset_of(value: datetime | time) -> timedelta | None:
    """Return the distance from UTC; None for local times and for times of day in a named zone."""
    return value.utcoffset()


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
