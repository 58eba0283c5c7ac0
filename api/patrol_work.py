"""Walking a patrol: check-ins, findings and tracks, by the member alone and only while the task is under way."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.patrol_access import PERSON
from api.patrol_history import note
from api.patrol_rules import judge, phone_rules
from engine.errors import Invalid, Problem
from engine.ports import UnitOfWork
from engine.services import messages
from registers.patrols import (
    CheckInRegister,
    CheckResult,
    Finding,
    FindingRegister,
    Judged,
    NewFinding,
    Observation,
    PatrolCheck,
    PatrolObject,
    PatrolTask,
    PatrolTaskRegister,
    Position,
    TrackRegister,
    Verdict,
    distance_to,
    require_under_way,
)

FOUND = "patrol_finding"
TITLE_MAX = 200
CORRECTION = "更正：位置和时间以首次打卡为准"


def check_in(uow: UnitOfWork, task: PatrolTask, body: Mapping[str, Any]) -> tuple[PatrolCheck, Finding | None, bool]:
    """Keep a check-in of the member; with `report_case` its finding becomes a case at once.

    Returns  the check-in, its finding, and whether it is new: the same instant at the same object is a repetition
    Raises   Invalid for a position that the table refuses and for answers; Conflict where the task is not under way
    """
    register = uow.get(CheckInRegister)
    with uow.grouped():
        task = _hold(uow, task)
        visited = register.object_of_task(task, body["object_id"])
        position = _position(body, body["at"] or uow.clock.now())
        known = register.find_repeat(task, visited.id, position)
        if known is not None:
            return known, _finding_of(uow, known), False
        require_under_way(task.id, task.status)
        _check_time(uow, task, position.at)
        said = _observation(body)
        check = register.check_in(task, visited, position, said, _judged(uow, task, visited, position, said))
        _note_check(uow, task, check, visited)
        finding = _report(uow, task, _as_finding(body, visited), at=check.at) if body["report_case"] else None
        return check, finding, True


def report_finding(uow: UnitOfWork, task: PatrolTask, body: Mapping[str, Any]) -> Finding:
    """Make a case of something that was found. Raises Invalid; Conflict where the task is not under way."""
    with uow.grouped():
        task = _hold(uow, task)
        require_under_way(task.id, task.status)
        return _report(uow, task, NewFinding(**body), at=uow.clock.now())


def add_track(uow: UnitOfWork, task: PatrolTask, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Keep fixes of a phone; a phone that was offline sends them later, and may send some twice.

    Returns  how many were new, known before, and left out: those outside of the time of the task
    Raises   Conflict for a task that nobody has received
    """
    with uow.grouped():
        task = _hold(uow, task)
        if task.received_at is None:
            require_under_way(task.id, task.status)
        fixes = [_position(row, row["at"]) for row in rows]
        begin_at, end_at = _span(uow, task)
        fitting = [fix for fix in fixes if begin_at <= fix.at <= end_at]
        added = uow.get(TrackRegister).add(task, fitting)
        if added:
            uow.get(CheckInRegister).begin(task)
    return {"added": added, "known": len(fitting) - added, "ignored": len(fixes) - len(fitting)}


def _hold(uow: UnitOfWork, task: PatrolTask) -> PatrolTask:
    """Return the task as it stands while its process waits: locks are taken in the order of the flow, process first."""
    if task.process_instance_id is not None:
        uow.process_instances.lock_root(task.process_instance_id)
    return uow.get(PatrolTaskRegister).get(task.id)


def _position(row: Mapping[str, Any], at: datetime) -> Position:
    return Position(
        at=at,
        longitude=row["longitude"],
        latitude=row["latitude"],
        coordinate_system=row["coordinate_system"],
        accuracy_m=row["accuracy_m"],
        speed_mps=row.get("speed_mps"),
        mock=row["mock"],
    )


def _observation(body: Mapping[str, Any]) -> Observation:
    """Return what a member says; raises Invalid where she wants a case of something that is in order."""
    result = CheckResult(body["result"])
    if body["report_case"] and result is CheckResult.NORMAL:
        message = "Only what is not in order becomes a case."
        raise Invalid(problems=[Problem("patrol-nothing-to-report", "report_case", message)])
    return Observation(
        result=result,
        answers=body["answers"],
        finding=body["finding"],
        correction_reason=body["correction_reason"],
    )


def _span(uow: UnitOfWork, task: PatrolTask) -> tuple[datetime, datetime]:
    """Return between which instants a phone may have been on this patrol; its clock may be a little wrong."""
    slack = timedelta(seconds=phone_rules(uow, task.category).clock_ahead_s)
    begin_at = task.received_at or task.dispatched_at
    return begin_at - slack, (task.ended_at or uow.clock.now()) + slack


def _check_time(uow: UnitOfWork, task: PatrolTask, at: datetime) -> None:
    """Raise Invalid where an instant lies before the task was received or in the future."""
    begin_at, end_at = _span(uow, task)
    if not begin_at <= at <= end_at:
        message = "The instant lies before the task was received, or in the future."
        raise Invalid(problems=[Problem("patrol-at-outside", "at", message)])


def _judged(uow: UnitOfWork, task: PatrolTask, visited: PatrolObject, position: Position, said: Observation) -> Judged:
    """Return what the table makes of a position, or raise Invalid; a correction stays with the first visit."""
    if said.correction_reason and uow.get(CheckInRegister).is_visited(task, visited.id):
        return Judged(verdict=Verdict.ACCEPTED, rule={"clause": CORRECTION})
    distance = distance_to(visited, position)
    facts = {
        "mock": position.mock,
        "result": said.result.value,
        "accuracy_m": round(position.accuracy_m, 1),
        "over_m": round(distance - task.radius_m, 1),
    }
    row, answer = judge(uow, task, facts)
    verdict = Verdict(str(row["verdict"]))
    if verdict is Verdict.REFUSED:
        raise Invalid(problems=[_refusal(row, visited, task, position, round(distance))])
    return Judged(verdict=verdict, rule=answer.source() | {"reason": row["reason"], "clause": row["clause"]})


def _refusal(
    row: Mapping[str, object], visited: PatrolObject, task: PatrolTask, position: Position, distance: int
) -> Problem:
    """Return the sentence for a position that is refused."""
    if row["reason"] == "accuracy":
        message = f"The position is accurate to {position.accuracy_m:.0f} m only: {row['clause']}."
        params: dict[str, object] = {"accuracy": round(position.accuracy_m), "clause": row["clause"]}
        return Problem("patrol-inaccurate", "accuracy_m", message, params)
    message = f"{visited.name} is {distance} m away; a check-in is possible within {task.radius_m} m."
    params = {"name": visited.name, "distance": distance, "radius": task.radius_m, "clause": row["clause"]}
    return Problem("patrol-too-far", "longitude", message, params)


def _note_check(uow: UnitOfWork, task: PatrolTask, check: PatrolCheck, visited: PatrolObject) -> None:
    """Write down a visit, a correction, or a check-in that is doubtful."""
    kind = "patrol.checked" if check.correction_reason is None else "patrol.check_corrected"
    if check.verdict is Verdict.DOUBTFUL:
        kind = "patrol.check_doubted"
    data = {
        "object": visited.code,
        "result": check.result.value,
        "verdict": check.verdict.value,
        "distance_m": check.distance_m,
        "reason": check.correction_reason or check.rule.get("reason"),
    }
    note(uow, kind, task, by=check.member, **data)


def _as_finding(body: Mapping[str, Any], visited: PatrolObject) -> NewFinding:
    """Return the finding of a check-in: one tap, the object names place and title; a person is not named in it."""
    detail = str(body["finding"])
    first = detail.strip().splitlines()[0]
    subject = visited.code if visited.kind == PERSON else visited.name
    title = f"{subject}：{first}"[:TITLE_MAX]
    return NewFinding(title=title, detail=detail, label=body["label"], object_id=visited.id)


def _report(uow: UnitOfWork, task: PatrolTask, new: NewFinding, *, at: datetime) -> Finding:
    """Keep a finding and hand it to the flow of the task, which makes the case."""
    register = uow.get(FindingRegister)
    finding = register.report(task, new, at=at)
    uow.get(CheckInRegister).begin(task)
    variables = {"finding_id": finding.id}
    messages.correlate(uow, FOUND, correlation_key=task.id, variables=variables, by=task.member)
    return register.get(finding.id)


def _finding_of(uow: UnitOfWork, check: PatrolCheck) -> Finding | None:
    """Return the finding that a check-in has reported before."""
    found = uow.get(FindingRegister).list_of(check.task_id)
    same = (one for one in found if one.object_id == check.object_id and one.at == check.at)
    return next(same, None)
