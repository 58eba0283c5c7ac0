"""Calendars and small words for the tests of the legal clock."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.deadlines import (
    Budget,
    DayEnd,
    Hours,
    LightRule,
    OfficeHours,
    Segment,
    SegmentKind,
    WorkingCalendar,
    read_calendar,
)

CALENDARS = Path(__file__).resolve().parents[3] / "rules" / "calendars"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@lru_cache
def city(day_ends_at="closing"):
    """The calendar that is delivered."""
    settings = (CALENDARS / "city.json").read_text(encoding="utf-8")
    settings = settings.replace('"day_ends_at": "closing"', f'"day_ends_at": "{day_ends_at}"')
    return read_calendar("city", 1, (CALENDARS / "city.csv").read_text(encoding="utf-8"), settings)


@lru_cache
def zone_calendar(zone, opens=0, closes=1440):
    """A calendar without any listed day, open on weekdays."""
    hours = OfficeHours(default=(Hours(opens, closes),))
    return WorkingCalendar("far", 1, zone, hours, {}, 2026, DayEnd.CLOSING)


def at(text, zone=SHANGHAI):
    """A local time as an aware instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def local(instant, zone=SHANGHAI):
    """An instant as a local time, to the minute where that is exact."""
    moment = instant.astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M") if not moment.second + moment.microsecond else moment.isoformat()


def budget(text):
    return Budget.parse(text, "city")


def segment(kind, start, end=None, **more):
    """A segment by local times; what needs a reason or a holder has one."""
    kind = SegmentKind(kind)
    more.setdefault("reason", "理由")
    more.setdefault("calendar_version", 1)
    if kind.hands_over:
        more.setdefault("holder", "unit-b")
    if kind is SegmentKind.RUN:
        more.setdefault("holder", "unit-a")
    return Segment(kind=kind, started_at=at(start), ended_at=at(end) if end else None, **more)


def lights():
    return (LightRule("绿", Decimal(0)), LightRule("黄", Decimal("0.7")), LightRule("红", Decimal(1), after=True))
