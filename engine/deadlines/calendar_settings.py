"""The settings of a working calendar: zone, office hours, when a day ends, which years are published. JSON."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.deadlines.calendars import MIDNIGHT, DayEnd, Hours, OfficeHours
from engine.deadlines.instants import FIRST_YEAR, LAST_YEAR
from engine.errors import Problem

T = TypeVar("T")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MOST_HOURS = 24

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


class Refused(ValueError):
    """A value of a calendar that makes no sense: the code, the sentence in English and what fills it."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = f"calendar-{code}"
        self.params = params


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """What holds for every day of a calendar; see WorkingCalendar for the meaning of each."""

    zone: str
    office_hours: OfficeHours
    published_through: int
    day_ends_at: DayEnd = DayEnd.CLOSING
    provisional_years: frozenset[int] = frozenset()
    hours_per_day: Decimal = Decimal(8)
    name: str = ""


def read_hours(texts: object) -> tuple[Hours, ...]:
    """Read spans such as `["08:00-12:00", "14:00-18:00"]`, in order and apart from each other.

    Raises Refused: calendar-hours-missing, calendar-hours-order, calendar-hours-format, calendar-hours-backwards.
    """
    if not isinstance(texts, list) or not texts:
        raise Refused("hours-missing", "at least one span such as 08:00-12:00 is needed")
    spans = tuple(_read_span(text) for text in texts)
    for earlier, later in pairwise(spans):
        if later.opens < earlier.closes:
            raise Refused("hours-order", "the spans are not in order or overlap")
    return spans


def _read_span(text: object) -> Hours:
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Refused("hours-format", f"{_short(text)!r} is not a span such as 08:00-12:00", span=_short(text))
    hour, minute, end_hour, end_minute = (int(group) for group in match.groups())
    span = Hours(hour * 60 + minute, end_hour * 60 + end_minute)
    if not span.opens < span.closes <= MIDNIGHT:
        raise Refused("hours-backwards", f"{text!r} does not end after it begins, on the same day", span=text)
    return span


def read_settings(text: str, file: str | None, problems: list[Problem]) -> CalendarSettings | None:
    """Read the settings; put every problem on the list and return None when there is one."""
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        _report(problems, file, "", Refused("settings-not-json", f"not JSON: {error}", reason=str(error)))
        return None
    if not isinstance(loaded, dict):
        _report(problems, file, "", Refused("settings-not-an-object", "not a JSON object"))
        return None
    reader = _SettingsReader(loaded, file, problems)
    settings = reader.settings()
    return None if reader.failed else settings


def _report(problems: list[Problem], file: str | None, where: str, refused: Refused) -> None:
    problems.append(Problem(refused.code, where, f"{where or 'settings'}: {refused}", refused.params, file))


def _short(value: object) -> str:
    """Return what the author wrote, cut where it would flood the message."""
    return str(value)[:40]


@dataclass
class _SettingsReader:
    """Reads one field after the other and goes on after a wrong one."""

    loaded: dict[str, object]
    file: str | None
    problems: list[Problem]
    failed: bool = field(default=False, init=False)

    def settings(self) -> CalendarSettings:
        settings = CalendarSettings(
            zone=self.take("zone", _zone, "UTC"),
            office_hours=self.office_hours(),
            published_through=self.take("published_through", _year, FIRST_YEAR),
            day_ends_at=self.take("day_ends_at", _day_end, DayEnd.CLOSING, optional=True),
            provisional_years=self.take("provisional", _years, frozenset(), optional=True),
            hours_per_day=self.take("hours_per_day", _hours_per_day, Decimal(8), optional=True),
            name=self.take("name", _text, "", optional=True),
        )
        for key in self.loaded:
            self.report(key, Refused("setting-unknown", "is not a setting of a calendar"))
        return settings

    def office_hours(self) -> OfficeHours:
        nothing: dict[str, tuple[Hours, ...]] = {}
        week = self.take("office_hours", _week, nothing)
        default = week.get("default")
        if week and default is None:
            self.report("office_hours", Refused("default-hours-missing", "the office hours `default` are missing"))
        return OfficeHours(
            default=default or (),
            weekdays={WEEKDAYS.index(day): hours for day, hours in week.items() if day in WEEKDAYS},
            workweek=self.take("workweek", _workweek, frozenset(range(5)), optional=True),
            half_day=self.take("half_day_hours", read_hours, (), optional=True),
        )

    def take(self, key: str, read: Callable[[object], T], default: T, *, optional: bool = False) -> T:
        if key not in self.loaded:
            if not optional:
                self.report(key, Refused("setting-missing", "is missing"))
            return default
        try:
            return read(self.loaded.pop(key))
        except Refused as refused:
            self.report(key, refused)
            return default

    def report(self, key: str, refused: Refused) -> None:
        self.failed = True
        _report(self.problems, self.file, key, refused)


def _zone(value: object) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder of the zone database, a path, an unknown name
        raise Refused("zone-unknown", f"{_short(name)!r} is not a time zone", zone=_short(name)) from None
    return name


def _year(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not FIRST_YEAR <= value < LAST_YEAR:
        message = f"{_short(value)!r} is not a year from {FIRST_YEAR} to {LAST_YEAR - 1}"
        raise Refused("year", message, year=_short(value), first=FIRST_YEAR, last=LAST_YEAR - 1)
    return value


def _years(value: object) -> frozenset[int]:
    if isinstance(value, list):
        return frozenset(_year(item) for item in value)
    raise Refused("years", "a list of years is needed")


def _day_end(value: object) -> DayEnd:
    try:
        return DayEnd(str(value))
    except ValueError:
        known = ", ".join(DayEnd)
        raise Refused("day-end", f"{_short(value)!r} is not one of {known}", value=_short(value), known=known) from None


def _hours_per_day(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_HOURS:
        raise Refused("hours-per-day", f"{_short(value)!r} is not a number of hours up to 24", value=_short(value))
    return Decimal(str(value))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Refused("text", "a text is needed")
    return value


def _week(value: object) -> dict[str, tuple[Hours, ...]]:
    if not isinstance(value, dict) or not value:
        raise Refused("week", "an object with the spans under `default` or a weekday is needed")
    unknown = _short(", ".join(str(key) for key in value if key != "default" and key not in WEEKDAYS))
    if unknown:
        raise Refused("weekday-unknown", f"{unknown} is neither `default` nor a weekday", weekday=unknown)
    return {str(day): read_hours(spans) for day, spans in value.items()}


def _workweek(value: object) -> frozenset[int]:
    if not isinstance(value, list) or not value or not all(day in WEEKDAYS for day in value):
        known = ", ".join(WEEKDAYS)
        raise Refused("workweek", f"a list of weekdays ({known}) is needed", known=known)
    return frozenset(WEEKDAYS.index(day) for day in value)
