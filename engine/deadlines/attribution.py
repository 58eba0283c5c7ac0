"""Whose time it was: every working minute from the first segment to the last belongs to exactly one holder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.deadlines.calendars import WorkingCalendar
from engine.deadlines.instants import from_ticks, to_ticks
from engine.deadlines.ledger import Ledger, SegmentKind, check
from engine.deadlines.units import Budget


@dataclass(frozen=True, slots=True)
class Share:
    """One stretch of the ledger: who held the matter, from when to when, and how much working time that was."""

    holder: str | None
    kind: SegmentKind
    started_at: datetime
    ended_at: datetime
    time: timedelta


@dataclass(frozen=True, slots=True)
class Attribution:
    """The working time of a ledger, told apart by holder.

    by_holder  time while the clock went
    paused     time while it stood: nobody's fault, but somebody's desk
    total      working time from the first segment to the last; the sum of both, exactly
    """

    shares: tuple[Share, ...]
    by_holder: Mapping[str | None, timedelta]
    paused: Mapping[str | None, timedelta]
    total: timedelta


def attribute(budget: Budget, ledger: Ledger, calendar: WorkingCalendar, until: datetime) -> Attribution:
    """Tell apart whose the time was up to an instant, in the clock of the budget with which the ledger began.

    Empty when the ledger begins later. Raises Invalid for a broken ledger and for a budget of another calendar.
    """
    check(ledger)
    calendar.accept(budget)
    shares = _shares(budget, ledger, calendar, to_ticks(until))
    by_holder: dict[str | None, timedelta] = {}
    paused: dict[str | None, timedelta] = {}
    for share in shares:
        side = paused if share.kind is SegmentKind.PAUSE else by_holder
        side[share.holder] = side.get(share.holder, timedelta(0)) + share.time
    total = timedelta(0)
    if shares:
        meter = calendar.meter(budget.unit)
        total = timedelta(microseconds=meter.between(to_ticks(shares[0].started_at), to_ticks(shares[-1].ended_at)))
    return Attribution(shares, by_holder, paused, total)


def _shares(budget: Budget, ledger: Ledger, calendar: WorkingCalendar, until: int) -> tuple[Share, ...]:
    meter = calendar.meter(budget.unit)
    shares = []
    holder: str | None = None
    for segment in ledger:
        if segment.kind.is_entry:
            continue
        holder = segment.holder or holder
        start = to_ticks(segment.started_at)
        end = until if segment.ended_at is None else min(until, to_ticks(segment.ended_at))
        if start <= end:
            time = timedelta(microseconds=meter.between(start, end))
            shares.append(Share(holder, segment.kind, from_ticks(start), from_ticks(end), time))
    return tuple(shares)
