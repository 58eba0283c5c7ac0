"""Deadlines: opened with a budget, moved only by entries in their ledger, fired rung by rung."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from engine.bpmn import ProcessPolicy
from engine.deadlines import Budget, Segment, SegmentKind, append, calendar_version, stop
from engine.model.deadline import Deadline, DeadlineRung, DeadlineSegment, DeadlineStatus
from engine.model.history import HistoryEvent
from engine.model.job import Job, JobKind
from engine.ports import UnitOfWork
from engine.services import definitions, projector
from engine.services.decisions import Origin, ask
from engine.services.new_jobs import new_job

PAUSED_LIGHT = "灰"


@dataclass(frozen=True, slots=True)
class Limit:
    """A budget for a subject: value and unit in the words of the tables, the calendar, and why."""

    kind: str
    subject_type: str
    subject_id: str
    name: str
    value: Decimal
    unit: str
    calendar: str
    holder: str | None
    source: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a limit stands: the policy of the process, the variables its tables read, and the case."""

    policy: ProcessPolicy
    variables: Mapping[str, object]
    origin: Origin
    actor: str


def open_deadline(uow: UnitOfWork, limit: Limit, ground: Ground) -> Deadline:
    """Start a clock inside another command. Raises Invalid, NotFound (calendar), DecisionError."""
    calendar = definitions.calendar_of(uow, limit.calendar)
    first = Segment(
        kind=SegmentKind.RUN,
        started_at=uow.clock.now(),
        calendar_version=calendar.version,
        holder=limit.holder,
        actor=ground.actor,
        rule_version=_version(limit.source),
    )
    deadline = _new(uow, limit, ground, calendar.version)
    uow.deadlines.add(deadline)
    uow.deadlines.append([projector.to_stored(deadline.id, 0, first)])
    deadline = projector.project_deadline(uow, deadline, [first])
    budget = f"{limit.value} {limit.unit}"
    _record(uow, deadline, "deadline.opened", ground.actor, budget=budget, due_at=deadline.due_at.isoformat())
    return deadline


def _new(uow: UnitOfWork, limit: Limit, ground: Ground, version: int) -> Deadline:
    now = uow.clock.now()
    budget = Budget.of(limit.value, limit.unit, limit.calendar)
    lights, rungs = _rules(uow, limit, ground)
    return Deadline(
        id=str(uuid4()),
        kind=limit.kind,
        subject_type=limit.subject_type,
        subject_id=limit.subject_id,
        instance_id=ground.origin.instance_id,
        business_key=ground.origin.business_key,
        name=limit.name,
        value=budget.value,
        unit=budget.unit.value,
        calendar_key=limit.calendar,
        calendar_version=version,
        holder=limit.holder,
        round=uow.deadlines.count_rounds(limit.kind, limit.subject_type, limit.subject_id) + 1,
        status=DeadlineStatus.RUNNING,
        started_at=now,
        due_at=now,
        yellow_at=None,
        red_at=None,
        provisional=False,
        lights=lights,
        rung_rules=rungs,
        source=dict(limit.source),
    )


def extend(uow: UnitOfWork, deadline_id: str, *, value: Decimal, unit: str, reason: str, approver: str) -> Deadline:
    """Add to a budget inside another command; lights and rungs that have not fired move with it."""
    deadline = uow.deadlines.lock(deadline_id)
    change = Budget.of(value, unit, deadline.calendar_key)
    deadline = _book(uow, deadline, SegmentKind.EXTEND, change=change, reason=reason, actor=approver)
    _record(
        uow, deadline, "deadline.extended", approver, by=str(change), reason=reason, due_at=deadline.due_at.isoformat()
    )
    return deadline


def transfer(uow: UnitOfWork, deadline_id: str, *, holder: str, reason: str, actor: str) -> Deadline:
    """Make another unit responsible for the time from now on, inside another command."""
    deadline = uow.deadlines.lock(deadline_id)
    if deadline.holder == holder:
        return deadline
    deadline = replace(deadline, holder=holder)
    deadline = _book(uow, deadline, SegmentKind.TRANSFER, holder=holder, reason=reason, actor=actor)
    _record(uow, deadline, "deadline.transferred", actor, holder=holder, reason=reason)
    return deadline


def stop_deadline(uow: UnitOfWork, deadline_id: str, *, reason: str, actor: str) -> Deadline:
    """End a clock inside another command; rungs that were not reached never fire."""
    deadline = uow.deadlines.lock(deadline_id)
    if deadline.status is DeadlineStatus.STOPPED:
        return deadline
    ledger = projector.to_segments(deadline, uow.deadlines.segments(deadline_id))
    deadline = _keep(uow, deadline, ledger, stop(ledger, _not_before(ledger, uow.clock.now())))
    _record(uow, deadline, "deadline.stopped", actor, reason=reason, overdue=is_late(deadline, uow.clock.now()))
    return deadline


def find_running(uow: UnitOfWork, kind: str, subject_type: str, subject_id: str) -> Deadline | None:
    """Return the subject's deadline of this kind that has not been stopped; only reads."""
    return uow.deadlines.find_running(kind, subject_type, subject_id)


def fire_due(uow: UnitOfWork, *, limit: int = 100) -> int:
    """Turn every rung that was reached into a job, exactly once; returns how many."""
    now = uow.clock.now()
    rungs = uow.deadlines.fire_due(now=now, limit=limit)
    if not rungs:
        return 0
    uow.jobs.add([_rung_job(uow, rung, now) for rung in rungs])
    uow.commit()
    return len(rungs)


def list_of_case(uow: UnitOfWork, business_key: str) -> tuple[Deadline, ...]:
    """Return every clock of a case, oldest first; only reads."""
    return uow.deadlines.list_of_case(business_key)


def list_for(uow: UnitOfWork, subject_type: str, subject_id: str) -> tuple[Deadline, ...]:
    """Return the clocks of one subject; only reads."""
    return uow.deadlines.list_of_subjects(subject_type, [subject_id])


def ledger(uow: UnitOfWork, deadline_id: str) -> tuple[tuple[DeadlineSegment, ...], tuple[DeadlineRung, ...]]:
    """Return the entries and the rungs of a clock; only reads."""
    return uow.deadlines.segments(deadline_id), uow.deadlines.rungs(deadline_id)


def is_late(deadline: Deadline, now: datetime) -> bool:
    """Return whether a deadline was missed by an instant; a paused clock is as late as it was when it stopped."""
    at = min(now, deadline.stopped_at) if deadline.stopped_at else now
    return deadline.status is not DeadlineStatus.PAUSED and at > deadline.due_at


def light_of(deadline: Deadline, now: datetime) -> str:
    """Return the light that a clock shows at an instant; a stopped one keeps its last."""
    if deadline.status is DeadlineStatus.PAUSED:
        return PAUSED_LIGHT
    at = min(now, deadline.stopped_at) if deadline.stopped_at else now
    begun = [
        str(change["light"])
        for change in deadline.lights
        if change.get("begins_at") and datetime.fromisoformat(str(change["begins_at"])) <= at
    ]
    first = str(deadline.lights[0]["light"]) if deadline.lights else ""
    return begun[-1] if begun else first


def _rules(
    uow: UnitOfWork, limit: Limit, ground: Ground
) -> tuple[tuple[dict[str, object], ...], tuple[dict[str, object], ...]]:
    context = dict(ground.variables) | {
        "kind": limit.kind,
        "name": limit.name,
        "value": limit.value,
        "unit": limit.unit,
        "holder": limit.holder,
    }
    lights: list[dict[str, object]] = []
    if ground.policy.light_decision:
        lights = _rows(uow, ground.policy.light_decision, context, ground.origin)
    rungs = [row for key in ground.policy.rung_decisions for row in _rows(uow, key, context, ground.origin)]
    return tuple(lights), tuple(rungs)


def _rows(uow: UnitOfWork, key: str, context: Mapping[str, object], origin: Origin) -> list[dict[str, object]]:
    """Return the rows that a collecting table answers, each with its proof."""
    answer = ask(uow, key, context, origin)
    rows = answer.value if isinstance(answer.value, list) else []
    return [
        {**row, "source": {"decision": key, "version": answer.version, "row": match.row, "clause": match.annotation}}
        for row, match in zip(rows, answer.result.matches, strict=False)
        if isinstance(row, dict)
    ]


def _book(
    uow: UnitOfWork,
    deadline: Deadline,
    kind: SegmentKind,
    *,
    reason: str,
    actor: str,
    change: Budget | None = None,
    holder: str | None = None,
) -> Deadline:
    known = projector.to_segments(deadline, uow.deadlines.segments(deadline.id))
    segment = Segment(
        kind=kind,
        started_at=_not_before(known, uow.clock.now()),
        calendar_version=calendar_version(known),
        holder=holder,
        change=change,
        reason=reason,
        actor=actor,
    )
    return _keep(uow, deadline, known, append(known, segment))


def _not_before(ledger: Sequence[Segment], now: datetime) -> datetime:
    """Return the instant of a new entry: a machine whose clock is a little behind must not break the order."""
    return max(now, *(segment.started_at for segment in ledger))


def _keep(uow: UnitOfWork, deadline: Deadline, known: Sequence[Segment], grown: Sequence[Segment]) -> Deadline:
    """Store what a ledger has gained, and project it."""
    for position, (before, after) in enumerate(zip(known, grown, strict=False)):
        if before.ended_at is None and after.ended_at is not None:
            uow.deadlines.end_segment(deadline.id, position, after.ended_at)
    uow.deadlines.append(
        [
            projector.to_stored(deadline.id, position, segment)
            for position, segment in enumerate(grown)
            if position >= len(known)
        ]
    )
    return projector.project_deadline(uow, deadline, grown)


def _rung_job(uow: UnitOfWork, rung: DeadlineRung, now: datetime) -> Job:
    # Not locked: whoever stops a clock locks it first and its rungs then; the other way round would be a deadlock.
    deadline = uow.deadlines.get(rung.deadline_id)
    return new_job(
        uow,
        JobKind.RUNG,
        f"deadline.{rung.kind}",
        now,
        payload={
            "deadline_id": deadline.id,
            "business_key": deadline.business_key,
            "rung": rung.rung,
            "kind": rung.kind,
            "round": rung.round,
            "due_at": rung.due_at.isoformat(),
            "source": rung.source,
            "notify": rung.source.get("notify"),
            "subject_type": deadline.subject_type,
            "subject_id": deadline.subject_id,
            "holder": deadline.holder,
            "name": deadline.name,
        },
    )


def _record(uow: UnitOfWork, deadline: Deadline, kind: str, actor: str, **data: object) -> None:
    uow.history.add_event(
        HistoryEvent(
            id=str(uuid4()),
            at=uow.clock.now(),
            actor=actor,
            kind=kind,
            subject_type="deadline",
            subject_id=deadline.id,
            instance_id=deadline.instance_id,
            business_key=deadline.business_key,
            data={"kind": deadline.kind, "name": deadline.name, **data},
        )
    )


def _version(source: Mapping[str, object]) -> int | None:
    version = source.get("version")
    return version if isinstance(version, int) else None
