"""What a ledger means: when the deadline is due, which light burns, when the rungs fire. Pure functions.

All instants are aware; results are in UTC. Durations are measured in the clock of the budget: office hours for 工作时
and 工作日 (24 hours per workday where a 工作日 ends at midnight), plain time for the other units.

Two conventions. At the due instant the deadline is not yet overdue; a microsecond later it is, also where the office
is closed by then. While the clock stands, `due_at` tells when it would be due if the clock had not stopped, and the
instants that had not come yet are None: nothing may fire in a pause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from engine.deadlines.calendars import WorkingCalendar
from engine.deadlines.instants import from_ticks, to_ticks
from engine.deadlines.ledger import Ledger, as_of
from engine.deadlines.replay import Account, Portion, replay
from engine.deadlines.rungs import LightRule, Offset, RungRule, Side, check_lights, check_rungs
from engine.deadlines.units import Budget
from engine.errors import Invalid

PAUSED_LIGHT = "灰"
"""The light of a deadline whose clock stands, where the tables have no other word."""


@dataclass(frozen=True, slots=True)
class LightChange:
    """A light and the first instant at which it burns; None while the clock stands before it."""

    light: str
    begins_at: datetime | None


@dataclass(frozen=True, slots=True)
class RungInstant:
    """A rung and the instant at which it becomes due; None where it cannot (the clock stands or was stopped)."""

    rung: str
    kind: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Projection:
    """The meaning of a ledger.

    started_at   when the clock last started with a fresh budget
    allowance    the whole budget with its extensions, in the clock of the budget
    lights       in the order in which they begin
    rungs        in the order of the rules
    provisional  whether the due instant rests on a year whose arrangement is not published
    paused_at    since when the clock stands, stopped_at: when the matter was done; None: not so
    halted_at    since when no time counts: the begin of a pause, also of one in which the matter was done
    """

    started_at: datetime
    due_at: datetime
    allowance: timedelta
    lights: tuple[LightChange, ...]
    rungs: tuple[RungInstant, ...]
    provisional: bool
    paused_at: datetime | None
    stopped_at: datetime | None
    halted_at: datetime | None
    calendar_key: str
    calendar_version: int

    @property
    def paused(self) -> bool:
        """Whether the clock stands."""
        return self.paused_at is not None

    def effective(self, now: datetime) -> datetime:
        """Return `now`, or the instant at which the clock was halted where that is earlier."""
        return now if self.halted_at is None else min(now, self.halted_at)


def project(
    budget: Budget,
    ledger: Ledger,
    calendar: WorkingCalendar,
    *,
    lights: Sequence[LightRule] = (),
    rungs: Sequence[RungRule] = (),
) -> Projection:
    """Return the projection of a ledger that began with `budget`, the whole of it counted in `calendar`.

    The calendar is the version that the ledger pins last (`ledger.calendar_version`): an amendment is booked as
    `recalculate` and then holds for the whole ledger.

    Raises Invalid for a broken ledger, rules that contradict each other and a budget of another calendar.
    """
    ordered = check_lights(lights)
    check_rungs(rungs)
    account = replay(budget, ledger, calendar)
    due = account.due_at
    changes = [
        LightChange(rule.light, _instant(account, _at_fraction(account, due, rule.from_fraction), after=rule.after))
        for rule in ordered
    ]
    return Projection(
        started_at=from_ticks(account.started_at),
        due_at=from_ticks(due),
        allowance=timedelta(microseconds=account.allowance),
        lights=tuple(changes),
        rungs=tuple(_rung(account, due, rule, calendar) for rule in rungs),
        # An instant at midnight ends the day before it.
        provisional=account.seasonal and calendar.is_provisional(from_ticks(due - 1)),
        paused_at=_given(account.paused_at),
        stopped_at=_given(account.stopped_at),
        halted_at=_given(account.halted_at),
        calendar_key=calendar.key,
        calendar_version=calendar.version,
    )


def light_at(projection: Projection, now: datetime, *, paused: str = PAUSED_LIGHT) -> str:
    """Return the light that burns at `now`, which is not before the last segment of the projected ledger.

    For an earlier instant project the ledger as of that instant (`ledger.as_of`). A stopped deadline keeps the light
    that it was stopped with. Raises Invalid (no-lights) when the projection was made without lights.
    """
    if not projection.lights:
        raise Invalid("the projection was made without lights", code="no-lights")
    if projection.paused:
        return paused
    at = max(projection.effective(now), projection.started_at)
    begun = [change.light for change in projection.lights if change.begins_at is not None and change.begins_at <= at]
    return begun[-1]


def is_overdue(projection: Projection, now: datetime) -> bool:
    """Return whether the deadline was missed by `now`: strictly after the due instant, pauses not counted."""
    return projection.effective(now) > projection.due_at


def elapsed_at(budget: Budget, ledger: Ledger, calendar: WorkingCalendar, instant: datetime) -> timedelta:
    """Return how much of the budget was used up at an instant, by the ledger as it stood then; overdue time counts on.

    Zero before the ledger begins. Raises as `project`.
    """
    return timedelta(microseconds=_standing(budget, ledger, calendar, instant)[0])


def remaining_at(budget: Budget, ledger: Ledger, calendar: WorkingCalendar, instant: datetime) -> timedelta:
    """Return what was left of the budget at an instant; negative when overdue. Raises as `project`."""
    used, allowance = _standing(budget, ledger, calendar, instant)
    return timedelta(microseconds=allowance - used)


def fraction_at(budget: Budget, ledger: Ledger, calendar: WorkingCalendar, instant: datetime) -> Decimal:
    """Return the used part of the budget at an instant; above 1 when overdue. Raises as `project`."""
    used, allowance = _standing(budget, ledger, calendar, instant)
    return Decimal(used) / Decimal(allowance)


def _standing(budget: Budget, ledger: Ledger, calendar: WorkingCalendar, instant: datetime) -> tuple[int, int]:
    """Return what was used up and the whole allowance at an instant, in ticks."""
    tick = to_ticks(instant)
    then = as_of(ledger, instant)
    account = replay(budget, then or _unbegun(ledger), calendar)
    return (account.used(tick) if then else 0), account.allowance


def _unbegun(ledger: Ledger) -> Ledger:
    return as_of(ledger, ledger[0].started_at) if ledger else ledger


def _rung(account: Account, due: int, rule: RungRule, calendar: WorkingCalendar) -> RungInstant:
    candidates = []
    if rule.fraction is not None:
        candidates.append(_at_fraction(account, due, rule.fraction))
    if rule.offset is not None:
        candidates.append(_at_offset(account, due, rule.offset, calendar))
    earliest = max(account.started_at, min(candidates))
    return RungInstant(rule.rung, rule.kind, _instant(account, earliest, after=rule.after))


def _at_fraction(account: Account, due: int, fraction: Decimal) -> int:
    if fraction == 1:
        return due
    used = int(account.allowance * fraction)
    if fraction > 1:
        return account.beyond(due, Portion(account.portions[-1].meter, used - account.allowance))
    return account.reach(account.upto(used))


def _at_offset(account: Account, due: int, offset: Offset, calendar: WorkingCalendar) -> int:
    """Return the instant at a distance from the due instant, in the clock of the distance.

    Where that is the clock of the allowance too, pauses do not count: `1 工作日 before` is when that much was left.
    """
    calendar.accept(offset.budget)
    meter = calendar.meter(offset.budget.unit)
    if offset.side is Side.AFTER:
        # Workdays after the due instant are counted like an extension: from the day that it ends.
        target = calendar.add_ticks(due - 1 if offset.budget.unit.is_day else due, offset.budget)
        return account.beyond(due, Portion(meter, meter.between(due, target)))
    distance = calendar.ticks_of(offset.budget)
    if all(portion.meter is meter for portion in account.portions):
        return account.reach(account.upto(max(account.allowance - distance, 0)))
    return meter.subtract(due, distance)


def _given(tick: int | None) -> datetime | None:
    return None if tick is None else from_ticks(tick)


def _instant(account: Account, tick: int, *, after: bool) -> datetime | None:
    """Return the instant, or the first one after it; None where the clock was halted before it came."""
    tick += after
    if account.halted_at is not None and tick > account.halted_at:
        return None
    return from_ticks(tick)
