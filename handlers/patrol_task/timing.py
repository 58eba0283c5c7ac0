"""提醒, 漏巡, 逾期: what the clock of a task brings about."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from engine.handler import JobContext, MissingVariable, job_handler
from handlers.patrol_task.facts import TASK, close, record, tell
from registers.patrols import PatrolTask, PatrolTaskRegister, TaskStatus
from registers.performance import PerformanceEntry, PerformanceRegister


@job_handler("deadline.patrol_remind")
def remind(job: JobContext) -> None:
    """Remind the member that the time of her task is running out.

    Reads    the rung: subject_id, rung, round
    """
    task = job.get(PatrolTaskRegister).get(job["subject_id"])
    text = f"还有 {task.total - task.done} 处未巡查，请在到期前完成"
    tell(job, task, "patrol.remind", "巡查任务即将到期", text, [task.member], job["rung"])
    record(job, task, "patrol.reminded", member=task.member, rung=job["rung"], rule=proof_of(job))


@job_handler("deadline.patrol_overdue")
def overdue(job: JobContext) -> None:
    """Tell the flow of the task that its time is over; one that was finished late meanwhile was missed all the same.

    Reads    the rung: subject_id, due_at, notify, source (with points)
    """
    ruling = _ruling_of_rung(job)
    if not job.send_message("patrol_overdue", job["subject_id"], {"overdue": ruling}):
        _miss(job, job["subject_id"], ruling)


@job_handler("deadline.patrol_lapsed")
def lapsed(job: JobContext) -> None:
    """Tell the flow of the task that the grace after its time is over.

    Reads    the rung: subject_id, due_at, notify, source (with points, missed_points)
    """
    job.send_message("patrol_lapsed", job["subject_id"], {"lapsed": _ruling_of_rung(job)})


@job_handler("patrol.miss")
def miss(job: JobContext) -> None:
    """Note that the time of the task is over, once; it may be finished all the same.

    Reads    overdue: points, due_at, notify, rule
    """
    _miss(job, job["patrol_task_id"], ruling_of(job, "overdue"))


@job_handler("patrol.lapse")
def lapse(job: JobContext) -> None:
    """End the task: the grace after its time is over, too.

    Reads    lapsed: points, missed_points, due_at, notify, rule
    """
    ruling = ruling_of(job, "lapsed")
    register = job.get(PatrolTaskRegister)
    if register.get(job["patrol_task_id"]).missed_at is None:
        # Both instants have come while nothing worked here, and this one was heard first.
        _miss(job, job["patrol_task_id"], {**ruling, "points": ruling.get("missed_points")})
    task = register.lapse(job["patrol_task_id"])
    _enter(job, task, "patrol_lapsed", ruling)
    told = [task.member, *groups_of(task, ruling.get("notify"))]
    tell(job, task, "patrol.lapsed", "巡查任务已结束", f"逾期未完成，已巡 {task.done}/{task.total} 处", told)
    close(job, task, "patrol.lapsed", "逾期未完成", told=told, **_points(ruling))


def _ruling_of_rung(job: JobContext) -> dict[str, object]:
    """Return what the row of the table that set a rung says."""
    row = job.find("source")
    said = row if isinstance(row, Mapping) else {}
    return {
        "points": said.get("points"),
        "missed_points": said.get("missed_points"),
        "due_at": job["due_at"],
        "notify": job.find("notify"),
        "rule": proof_of(job),
    }


def _miss(job: JobContext, task_id: str, ruling: Mapping[str, object]) -> None:
    """Note that the time of a task is over: in the register, in the performance, to those whom the rule names; once."""
    register = job.get(PatrolTaskRegister)
    if register.get(task_id).status is TaskStatus.CANCELLED:
        return
    task = register.miss(task_id, at=_due_at(ruling))
    if not _enter(job, task, "patrol_missed", ruling):
        return
    told = [task.member, *groups_of(task, ruling.get("notify"))]
    tell(job, task, "patrol.missed", "巡查任务到期未完成", f"已巡 {task.done}/{task.total} 处", told)
    record(job, task, "patrol.missed", done=task.done, total=task.total, told=told, **_points(ruling))


def _due_at(ruling: Mapping[str, object]) -> datetime:
    """Return the instant at which a rung was due."""
    return datetime.fromisoformat(str(ruling["due_at"]))


def _enter(job: JobContext, task: PatrolTask, kind: str, ruling: Mapping[str, object]) -> bool:
    """Write the points that the rule gives into the performance of the member; False where they stand there."""
    entry = PerformanceEntry(
        person=task.member,
        unit=task.unit,
        kind=kind,
        subject_type=TASK,
        subject_id=task.id,
        at=_due_at(ruling),
        points=Decimal(str(ruling.get("points") or 0)),
        rule=_rule(ruling),
    )
    return job.get(PerformanceRegister).enter(entry)


def ruling_of(job: JobContext, name: str) -> Mapping[str, object]:
    """Return what a rung said."""
    ruling = job.find(name)
    if not isinstance(ruling, Mapping):
        raise MissingVariable(job.topic, name)
    return ruling


def _rule(ruling: Mapping[str, object]) -> Mapping[str, object]:
    """Return the proof of a rung: decision, version, row, clause."""
    rule = ruling.get("rule")
    return rule if isinstance(rule, Mapping) else {}


def _points(ruling: Mapping[str, object]) -> dict[str, object]:
    """Return what the history says about points."""
    return {"points": ruling.get("points"), "rule": dict(_rule(ruling))}


def proof_of(job: JobContext) -> dict[str, object]:
    """Return the decision, version, row and clause that set the rung."""
    row = job.find("source")
    if not isinstance(row, Mapping):
        raise MissingVariable(job.topic, "source")
    source = row.get("source")
    return (dict(source) if isinstance(source, Mapping) else {}) | {"clause": row.get("clause")}


def groups_of(task: PatrolTask, roles: object) -> list[str]:
    """Return the groups of some roles at the unit of a task and at the units above it."""
    units = dict.fromkeys(unit for unit in (task.unit, task.street, task.district) if unit is not None)
    named = roles if isinstance(roles, list) else []
    return [f"{role}@{unit}" for role in named for unit in units]
