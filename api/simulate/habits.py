"""How robots behave: what they choose, how long they take, what they write. Data, in `rules/simulation.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import Invalid, Problem

MOST_DAYS_OFF = 14


@dataclass(frozen=True, slots=True)
class Post:
    """One kind of robot: a role at the units of some kinds, at most `most` groups each."""

    role: str
    name: str
    kinds: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How long work takes.

    share        part of the time until it is due, between these two, where it has a limit
    late         how likely it is late, and by which multiple of the limit then
    hours        between these two, where it has no limit
    """

    share: tuple[float, float]
    late: float
    late_share: tuple[float, float]
    hours: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Office:
    """When robots finish their work: local hours of weekdays (Monday is 0), or at any hour for some urgencies."""

    zone: ZoneInfo
    weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    within: timedelta
    never_closed_for: frozenset[str]

    def next_open(self, instant: datetime, random: Random) -> datetime:
        """Return the instant itself in office hours, else a moment after the next opening."""
        local = instant.astimezone(self.zone)
        for ahead in range(MOST_DAYS_OFF):
            day = (local + timedelta(days=ahead)).date()
            if day.weekday() not in self.weekdays:
                continue
            for opens, closes in self.hours:
                begin, end = (datetime.combine(day, one, self.zone) for one in (opens, closes))
                if local < begin:
                    return begin + self.within * random.random()
                if local < end:
                    return instant
        return instant


@dataclass(frozen=True, slots=True)
class Habits:
    """Everything that robots know about their work beyond what the forms say.

    start       where a simulated clock begins in a fresh city
    step        the smallest leap of the clock
    observer    groups of the robot that moves the clock and reads the results
    actions     element → action → weight
    messages    element → message of the reporter → how likely it comes before the task is done
    texts       `element.field`, `field` or `element.action` (an opinion) → what robots write there
    last        status of an ended case → the element after which it ends; `first`: where every case begins
    enlisted    roles whose own accounts work beside the robots: tasks go to them by name
    standing    processes that run as long as the city does: they keep no shift from ending
    """

    start: datetime
    step: timedelta
    office: Office
    observer: tuple[str, ...]
    posts: tuple[Post, ...]
    actions: Mapping[str, Mapping[str, float]]
    messages: Mapping[str, Mapping[str, float]]
    texts: Mapping[str, object]
    paces: Mapping[str, Pace]
    responsibility: str
    first: str
    last: Mapping[str, str | None]
    standing: frozenset[str] = frozenset()
    enlisted: frozenset[str] = frozenset()

    def pace(self, element: str) -> Pace:
        """Return how long an element takes."""
        return self.paces.get(element, self.paces["*"])

    def action(self, element: str, offered: Sequence[str], random: Random) -> str:
        """Choose one of the actions that a form offers; one without a weight is chosen only where all are."""
        weights = [self.actions.get(element, {}).get(action, 0.0) for action in offered]
        return random.choices(offered, weights if any(weights) else None)[0]

    def text(self, keys: Sequence[str], random: Random) -> object:
        """Return what is written under the first key that has something: one of a list, or by weight; else None."""
        for key in keys:
            found = self.texts.get(key)
            if isinstance(found, dict):
                return random.choices(list(found), list(found.values()))[0]
            if isinstance(found, list):
                return random.choice(found)
            if found is not None:
                return found
        return None

    def finish(
        self, element: str, urgency: str | None, created_at: datetime, due_at: datetime | None, random: Random
    ) -> datetime:
        """Return when a robot will have finished a task."""
        pace = self.pace(element)
        if due_at is None or due_at <= created_at:
            taken = timedelta(hours=random.uniform(*pace.hours))
        else:
            share = pace.late_share if random.random() < pace.late else pace.share
            taken = (due_at - created_at) * random.uniform(*share)
        finished = created_at + taken
        return finished if urgency in self.office.never_closed_for else self.office.next_open(finished, random)


def load_habits(file: Path) -> Habits:
    """Read the file; raises Invalid for one that cannot be meant."""
    try:
        return _habits(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        message = f"The habits of the robots cannot be read: {reason}."
        raise Invalid(problems=[Problem("simulation-habits", "", message, {"reason": reason}, str(file))]) from error


def _habits(content: dict[str, Any]) -> Habits:
    office = content["office"]
    return Habits(
        start=datetime.fromisoformat(content["start"]),
        step=timedelta(minutes=content["step_minutes"]),
        office=Office(
            zone=ZoneInfo(office["zone"]),
            weekdays=frozenset(office["weekdays"]),
            hours=tuple(_hours(text) for text in office["hours"]),
            within=timedelta(minutes=office["within_minutes"]),
            never_closed_for=frozenset(office["never_closed_for"]),
        ),
        observer=tuple(content["observer"]),
        posts=tuple(Post(one["role"], one["name"], tuple(one["kinds"]), one["most"]) for one in content["posts"]),
        actions=content["actions"],
        messages=content["messages"],
        texts=content["texts"],
        paces={element: _pace(pace) for element, pace in content["paces"].items()},
        responsibility=content["responsibility"],
        first=content["first"],
        last=content["last"],
        standing=frozenset(content["standing"]),
        enlisted=frozenset(content["enlisted"]),
    )


def _hours(text: str) -> tuple[time, time]:
    opens, closes = text.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)


def _pace(pace: dict[str, Any]) -> Pace:
    pairs = [tuple(float(one) for one in pace[name]) for name in ("share", "late_share", "hours")]
    share, late_share, hours = ((pair[0], pair[1]) for pair in pairs)
    return Pace(share, float(pace["late"]), late_share, hours)
