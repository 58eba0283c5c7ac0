"""Clocks that another system has run: taken over with their instants, so that their verdict is ours to check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from engine.bpmn import ProcessPolicy
from engine.model.deadline import Deadline, DeadlineSegment, DeadlineStatus
from engine.model.history import HistoryEvent
from engine.ports import UnitOfWork
from engine.services.decisions import Origin, ask

FIXED_UNIT = "固定"
"""The unit of a budget that was not counted: its due instant was given."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class FixedLimit:
    """A limit that another system has set.

    subject_type, subject_id, business_key   what it limits, and the case under which it is filed
    stopped_at   when the matter was done; None while it is not
    source       from where it was taken
    """

    kind: str
    subject_type: str
    subject_id: str
    business_key: str | None
    name: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    source: Mapping[str, object]


def open_fixed(uow: UnitOfWork, limit: FixedLimit, policy: ProcessPolicy, *, actor: str) -> Deadline:
    """Take a clock over inside another command, due exactly where the other system has it.

    It shows lights like any other clock (by the light table of `policy`), but has no rungs: what was late elsewhere
    gets no card here.
    """
    lights = _lights(uow, limit, policy)
    begins = [datetime.fromisoformat(str(light["begins_at"])) for light in lights] + [None, None, None]
    deadline = Deadline(
        id=str(uuid4()),
        kind=limit.kind,
        subject_type=limit.subject_type,
        subject_id=limit.subject_id,
        instance_id=None,
        business_key=limit.business_key,
        name=limit.name,
        value=Decimal(0),
        unit=FIXED_UNIT,
        calendar_key="",
        calendar_version=0,
        holder=None,
        round=uow.deadlines.count_rounds(limit.kind, limit.subject_type, limit.subject_id) + 1,
        status=DeadlineStatus.RUNNING if limit.stopped_at is None else DeadlineStatus.STOPPED,
        started_at=limit.started_at,
        due_at=limit.due_at,
        yellow_at=begins[1],
        red_at=begins[2],
        provisional=False,
        stopped_at=limit.stopped_at,
        lights=lights,
        source=dict(limit.source),
    )
    uow.deadlines.add(deadline)
    uow.deadlines.append([_segment(deadline, actor)])
    uow.history.add_event(_event(deadline, actor, uow.clock.now()))
    return deadline


def is_overdue(deadline: Deadline, now: datetime) -> bool:
    """Tell whether a clock was missed: by `now`, or by when it was stopped, strictly after the due instant."""
    return (deadline.stopped_at or now) > deadline.due_at


def _lights(uow: UnitOfWork, limit: FixedLimit, policy: ProcessPolicy) -> tuple[dict[str, object], ...]:
    """Return the rows of the light table in order, each with the instant at which it begins."""
    if policy.light_decision is None:
        return ()
    context = {"kind": limit.kind, "name": limit.name, "value": None, "unit": FIXED_UNIT, "holder": None}
    value = ask(uow, policy.light_decision, context, Origin(None, limit.business_key, None)).value
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    # The whole span in ticks: a fraction of it is exact.
    span = (limit.due_at - limit.started_at) // _TICK
    found = []
    for row in rows:
        after = bool(row.get("after"))
        ticks = int(Decimal(str(row["from_fraction"])) * span) + after
        found.append((ticks, {**row, "begins_at": (limit.started_at + ticks * _TICK).isoformat()}))
    return tuple(row for _, row in sorted(found, key=lambda one: one[0]))


def _segment(deadline: Deadline, actor: str) -> DeadlineSegment:
    return DeadlineSegment(
        deadline_id=deadline.id,
        position=0,
        kind="run",
        started_at=deadline.started_at,
        ended_at=deadline.stopped_at,
        holder=None,
        value=None,
        unit=None,
        reason="",
        actor=actor,
        calendar_version=0,
        rule_version=None,
    )


def _event(deadline: Deadline, actor: str, at: datetime) -> HistoryEvent:
    return HistoryEvent(
        id=str(uuid4()),
        at=at,
        actor=actor,
        kind="deadline.taken_over",
        subject_type="deadline",
        subject_id=deadline.id,
        business_key=deadline.business_key,
        data={"kind": deadline.kind, "name": deadline.name, "due_at": deadline.due_at.isoformat()},
    )
