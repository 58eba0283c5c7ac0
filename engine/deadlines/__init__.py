"""The legal clock: working calendars, the ledger of a deadline, and what follows from both. Pure arithmetic.

A deadline is a budget (`Budget`) and a ledger (`append`, `stop`, `as_of`); `project` tells when it is due, which lights
burn and when its rungs fire; `attribute` tells whose the time was. Nothing here reads a clock, a file or a table.
"""

from engine.deadlines.attribution import Attribution, Share, attribute
from engine.deadlines.calendar_reader import read_calendar
from engine.deadlines.calendars import Day, DayEnd, DayKind, Hours, OfficeHours, WorkingCalendar
from engine.deadlines.functions import CalendarFacts
from engine.deadlines.ledger import Ledger, Segment, SegmentKind, append, as_of, calendar_version, check, stop
from engine.deadlines.projection import (
    PAUSED_LIGHT,
    LightChange,
    Projection,
    RungInstant,
    elapsed_at,
    fraction_at,
    is_overdue,
    light_at,
    project,
    remaining_at,
)
from engine.deadlines.rungs import LightRule, Offset, RungRule, Side
from engine.deadlines.units import Budget, Unit

__all__ = [
    "PAUSED_LIGHT",
    "Attribution",
    "Budget",
    "CalendarFacts",
    "Day",
    "DayEnd",
    "DayKind",
    "Hours",
    "Ledger",
    "LightChange",
    "LightRule",
    "OfficeHours",
    "Offset",
    "Projection",
    "RungInstant",
    "RungRule",
    "Segment",
    "SegmentKind",
    "Share",
    "Side",
    "Unit",
    "WorkingCalendar",
    "append",
    "as_of",
    "attribute",
    "calendar_version",
    "check",
    "elapsed_at",
    "fraction_at",
    "is_overdue",
    "light_at",
    "project",
    "read_calendar",
    "remaining_at",
    "stop",
]
