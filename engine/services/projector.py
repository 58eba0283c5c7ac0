"""The projector: the only writer of due instants, lights and rungs, all of them read off the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from engine.deadlines import (
    Budget,
    LightRule,
    Offset,
    Projection,
    RungRule,
    Segment,
    SegmentKind,
    Side,
    calendar_version,
    project,
)
from engine.model.deadline import Deadline, DeadlineRung, DeadlineSegment, DeadlineStatus, RungStatus
from engine.ports import UnitOfWork
from engine.services import definitions

# A rung of a paused clock waits for an instant that nobody will see.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_YELLOW, _RED = 1, 2


def project_deadline(uow: UnitOfWork, deadline: Deadline, ledger: Sequence[Segment]) -> Deadline:
    """Write what the ledger means: due instant, lights, rungs, and the same on the open tasks that show it."""
    projection = _projection(uow, deadline, ledger)
    begins = [change.begins_at for change in projection.lights] + [None, None, None]
    fresh = replace(
        deadline,
        due_at=projection.due_at,
        yellow_at=begins[_YELLOW],
        red_at=begins[_RED],
        lights=tuple(
            rule | {"begins_at": change.begins_at.isoformat() if change.begins_at else None}
            for rule, change in zip(_ordered(deadline.lights), projection.lights, strict=True)
        ),
        provisional=projection.provisional,
        calendar_version=projection.calendar_version,
        status=_status(projection),
        stopped_at=projection.stopped_at,
    )
    uow.deadlines.save(fresh)
    _place_rungs(uow, fresh, projection)
    uow.user_tasks.project(
        fresh.id, due_at=fresh.due_at, yellow_at=fresh.yellow_at, red_at=fresh.red_at, paused=projection.paused
    )
    return fresh


def first_due(uow: UnitOfWork, deadline: Deadline, ledger: Sequence[Segment]) -> datetime:
    """Return the due instant of a ledger without writing anything."""
    return _projection(uow, deadline, ledger).due_at


def budget_of(deadline: Deadline) -> Budget:
    """Return the budget with which a deadline was opened."""
    return Budget.of(deadline.value, deadline.unit, deadline.calendar_key)


def to_segments(deadline: Deadline, stored: Sequence[DeadlineSegment]) -> tuple[Segment, ...]:
    """Read a stored ledger."""
    return tuple(
        Segment(
            kind=SegmentKind(one.kind),
            started_at=one.started_at,
            ended_at=one.ended_at,
            calendar_version=one.calendar_version,
            holder=one.holder,
            change=None if one.value is None else Budget.of(one.value, one.unit or "", deadline.calendar_key),
            reason=one.reason,
            actor=one.actor,
            rule_version=one.rule_version,
        )
        for one in stored
    )


def to_stored(deadline_id: str, position: int, segment: Segment) -> DeadlineSegment:
    """Write one entry of a ledger."""
    return DeadlineSegment(
        deadline_id=deadline_id,
        position=position,
        kind=segment.kind.value,
        started_at=segment.started_at,
        ended_at=segment.ended_at,
        holder=segment.holder,
        value=segment.change.value if segment.change else None,
        unit=segment.change.unit.value if segment.change else None,
        reason=segment.reason,
        actor=segment.actor,
        calendar_version=segment.calendar_version,
        rule_version=segment.rule_version,
    )


def _projection(uow: UnitOfWork, deadline: Deadline, ledger: Sequence[Segment]) -> Projection:
    calendar = definitions.calendar_of(uow, deadline.calendar_key, calendar_version(ledger))
    return project(
        budget_of(deadline),
        ledger,
        calendar,
        lights=[_light_rule(rule) for rule in deadline.lights],
        rungs=[_rung_rule(rule, deadline.calendar_key) for rule in deadline.rung_rules],
    )


def _status(projection: Projection) -> DeadlineStatus:
    if projection.stopped_at is not None:
        return DeadlineStatus.STOPPED
    return DeadlineStatus.PAUSED if projection.paused else DeadlineStatus.RUNNING


def _ordered(lights: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    def begin(rule: dict[str, object]) -> tuple[Decimal, bool]:
        parsed = _light_rule(rule)
        return parsed.from_fraction, parsed.after

    return sorted(lights, key=begin)


def _light_rule(rule: dict[str, object]) -> LightRule:
    return LightRule(str(rule["light"]), _decimal(rule["from_fraction"]), after=bool(rule.get("after")))


def _rung_rule(rule: dict[str, object], calendar_key: str) -> RungRule:
    fraction, value = rule.get("fraction"), rule.get("offset_value")
    offset = None
    if value is not None:
        amount = _decimal(value)
        side = Side.BEFORE if amount < 0 else Side.AFTER
        offset = Offset(Budget.of(abs(amount), str(rule["offset_unit"]), calendar_key), side)
    return RungRule(
        rung=str(rule["rung"]),
        kind=str(rule["kind"]),
        fraction=None if fraction is None else _decimal(fraction),
        offset=offset,
        after=bool(rule.get("after")),
    )


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))


def _place_rungs(uow: UnitOfWork, deadline: Deadline, projection: Projection) -> None:
    known = {rung.rung: rung for rung in uow.deadlines.rungs(deadline.id)}
    rules = {str(rule["rung"]): rule for rule in deadline.rung_rules}
    fresh = []
    for instant in projection.rungs:
        rung = known.get(instant.rung)
        due_at = instant.at or NEVER
        if rung is None:
            fresh.append(
                DeadlineRung(
                    id=str(uuid4()),
                    deadline_id=deadline.id,
                    rung=instant.rung,
                    kind=instant.kind,
                    round=deadline.round,
                    due_at=due_at,
                    source=rules[instant.rung],
                )
            )
        elif rung.status is RungStatus.WAITING and rung.due_at != due_at:
            uow.deadlines.move_rung(rung.id, due_at)
    uow.deadlines.add_rungs(fresh)
    if projection.stopped_at is not None:
        uow.deadlines.stop_rungs(deadline.id, but_due_until=projection.stopped_at)
