"""Replaying a ledger: from segments to an allowance and the stretches in which it is used up. In ticks.

The allowance is a list of portions, each counted in a clock of its own, used up one after the other: five workdays of
office time, then an extension of 24 natural hours. A portion in 工作日 is measured when it is granted (from the instant
at which it begins to the end of its last day), so that pauses give back exactly what they took.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.deadlines.calendars import WorkingCalendar
from engine.deadlines.instants import to_ticks
from engine.deadlines.ledger import Ledger, Segment, SegmentKind, check
from engine.deadlines.timeline import Meter
from engine.deadlines.units import Budget, Unit


class Portion(NamedTuple):
    """A part of the allowance: a length in the clock `meter`."""

    meter: Meter
    length: int


class Going(NamedTuple):
    """A stretch in which the clock goes; `end` is None while it lasts (or, for the projection, might last)."""

    start: int
    end: int | None


@dataclass
class Account:
    """What the replay of a ledger comes to, since the clock last started with a fresh budget.

    portions    the allowance
    going       stretches in which the clock goes; the last one is left open, as if it went on for ever
    halted_at   when the last stretch really ended, by a pause or because the ledger is stopped; None: the clock goes
    paused_at   since when the clock stands; None: it goes, or the ledger is stopped
    stopped_at  when the ledger was closed
    seasonal    whether a calendar has a say in the allowance
    """

    started_at: int
    portions: list[Portion] = field(default_factory=list)
    going: list[Going] = field(default_factory=list)
    halted_at: int | None = None
    paused_at: int | None = None
    stopped_at: int | None = None
    seasonal: bool = False

    @property
    def allowance(self) -> int:
        """The whole allowance; portions in different clocks are added as plain lengths."""
        return sum(portion.length for portion in self.portions)

    @property
    def due_at(self) -> int:
        """When the allowance is used up if the clock goes on from where it last went."""
        return self.reach(self.portions)

    def reach(self, portions: Iterable[Portion]) -> int:
        """Return the earliest instant at which these portions have been used up, one after the other."""
        stretches = iter(self.going)
        tick, end = next(stretches)
        for meter, total in portions:
            left = total
            while left > 0:
                target = meter.add(tick, left)
                if end is None or target <= end:
                    tick, left = target, 0
                else:
                    left -= meter.between(tick, end)
                    tick, end = next(stretches)
        return tick

    def upto(self, used: int) -> list[Portion]:
        """Return the beginning of the allowance with this length, no longer than all of it."""
        portions: list[Portion] = []
        for portion in self.portions:
            part = min(used, portion.length)
            portions.append(Portion(portion.meter, part))
            used -= part
        return portions

    def beyond(self, due: int, portion: Portion) -> int:
        """Return the instant at which a further portion is used up after the due instant; pauses do not count."""
        if due >= self.going[-1].start:
            return portion.meter.add(due, portion.length)
        return self.reach([*self.portions, portion])

    def used(self, until: int) -> int:
        """Return how much of the allowance has been used up until an instant; overdue time counts on."""
        total, queue = 0, list(self.portions)
        for start, end in self.going:
            tick, last = start, min(point for point in (until, end, self.halted_at) if point is not None)
            while tick < last:
                meter, left = queue[0]
                counted = meter.between(tick, last)
                if counted < left or len(queue) == 1:
                    queue[0] = Portion(meter, max(left - counted, 0))
                    total += counted
                    break
                tick = meter.add(tick, left)
                total += left
                queue.pop(0)
        return total


def replay(budget: Budget, ledger: Ledger, calendar: WorkingCalendar) -> Account:
    """Replay a ledger that began with `budget`, under one calendar from its first segment to its last.

    Raises Invalid for a broken ledger (see ledger.check) and for a budget of another calendar (calendar-mismatch).
    """
    check(ledger)
    return _Replay(budget, ledger, calendar).run()


@dataclass
class _Replay:
    budget: Budget
    ledger: Ledger
    calendar: WorkingCalendar

    def run(self) -> Account:
        account = self.start(self.ledger[0], 0, self.budget)
        last = self.ledger[0]
        for position, segment in enumerate(self.ledger[1:], start=1):
            if segment.kind is SegmentKind.EXTEND and segment.change is not None:
                self.extend(account, segment.change)
            elif segment.kind.hands_over and segment.change is not None:
                account = self.start(segment, position, segment.change)
            elif not segment.kind.is_entry:
                self.turn(account, segment)
            last = last if segment.kind.is_entry else segment
        return self.finish(account, last)

    def start(self, segment: Segment, position: int, budget: Budget) -> Account:
        """Start the clock with a fresh budget, or with the one that a later recalculation puts in its place."""
        for later in self.ledger[position + 1 :]:
            if later.kind.hands_over and later.change is not None:
                break
            if later.kind is SegmentKind.RECALCULATE and later.change is not None:
                budget = later.change
        at = to_ticks(segment.started_at)
        account = Account(at, going=[Going(at, None)])
        self.grant(account, at, budget)
        return account

    def extend(self, account: Account, budget: Budget) -> None:
        """Add a budget from the due instant on. Days are counted from the day that the due instant ends."""
        due = account.due_at
        if budget.unit is Unit.WORKING_DAY and budget.value >= 1:
            self.grant(account, due, budget, counted_from=due - 1)
        else:
            self.grant(account, due, budget)

    def grant(self, account: Account, at: int, budget: Budget, counted_from: int | None = None) -> None:
        meter = self.calendar.meter(budget.unit)
        end = self.calendar.add_ticks(at if counted_from is None else counted_from, budget)
        account.portions.append(Portion(meter, meter.between(at, end)))
        account.seasonal = account.seasonal or not budget.unit.is_continuous

    def turn(self, account: Account, segment: Segment) -> None:
        """Let the clock stand, or go (again)."""
        at = to_ticks(segment.started_at)
        if segment.kind is SegmentKind.PAUSE:
            account.paused_at = account.halted_at = at
            return
        if account.halted_at is None:
            return  # handed over while it goes: one stretch for the budget, two for the attribution
        account.going[-1] = Going(account.going[-1].start, account.halted_at)
        account.going.append(Going(at, None))
        account.paused_at = account.halted_at = None

    def finish(self, account: Account, last: Segment) -> Account:
        if last.ended_at is not None:
            account.stopped_at = to_ticks(last.ended_at)
            account.halted_at = account.stopped_at if account.halted_at is None else account.halted_at
            account.paused_at = None
        return account
