"""派发, 接收, 交接: a task begins, and its member takes it on or hands it over."""

from collections.abc import Mapping

from engine.handler import BpmnError, JobContext, MissingVariable, job_handler
from handlers.patrol_task.facts import CASE, entered, record, tell, text
from registers.local_time import local_minute
from registers.patrols import PatrolTask, PatrolTaskRegister, PlanCheckRegister, PlanRules

CLOCK_NAME = "巡查时限"


@job_handler("patrol.begin")
def begin(job: JobContext) -> dict[str, object]:
    """Note which instance carries the task, and name what tables and inboxes read of it.

    Reads    patrol_task_id
    Returns  subject, member, category, risk, district, street
    Raises   BpmnError("ALREADY_CARRIED")   another instance carries the task: this one ends
    """
    if job.instance_id is None:
        raise MissingVariable(job.topic, "instance")
    tasks = job.get(PatrolTaskRegister)
    if tasks.get(job["patrol_task_id"]).process_instance_id is not None:
        raise BpmnError("ALREADY_CARRIED", job["patrol_task_id"])
    task = tasks.attach_instance(job["patrol_task_id"], job.instance_id)
    return {
        "subject": f"《{task.title}》",
        "member": task.member,
        "category": task.category,
        "risk": task.risk,
        "district": task.district,
        "street": task.street,
    }


@job_handler("patrol.open")
def open_clock(job: JobContext) -> None:
    """Start the clock of the task and send the slip to its member.

    Reads    patrol_task_id
    """
    task = job.get(PatrolTaskRegister).get(job["patrol_task_id"])
    deadline = job.open_deadline(
        CASE,
        (CASE, task.id),
        name=CLOCK_NAME,
        value=task.limit.value,
        unit=task.limit.unit,
        calendar=task.limit.calendar,
        holder=task.unit,
        source={"template_id": task.template_id, "clause": f"《{task.title}》"},
    )
    slip = f"共 {task.total} 处，请在 {local_minute(deadline.due_at)} 前完成"
    tell(job, task, "patrol.dispatched", "新的巡查任务", slip, [task.member])
    record(job, task, "patrol.dispatched", member=task.member, total=task.total, due_at=deadline.due_at.isoformat())


@job_handler("patrol.receive")
def receive(job: JobContext) -> dict[str, object]:
    """Take the task on; from now on its member checks in.

    Reads    form receive_patrol
    Returns  member: who received it, also where somebody gave her the user task
    """
    form = entered(job, "receive_patrol")
    task = job.get(PatrolTaskRegister).receive(job["patrol_task_id"], member=form.by)
    record(job, task, "patrol.received", by=form.by)
    return {"member": task.member}


@job_handler("patrol.hand_over")
def hand_over(job: JobContext) -> dict[str, object]:
    """Give the task to a colleague before it is received.

    Reads    form receive_patrol: new_member, reason; decision patrol_roles
    Returns  member
    Raises   BpmnError("UNFIT_MEMBER")   she does not patrol there, or has this task already
    """
    form = entered(job, "receive_patrol")
    tasks = job.get(PatrolTaskRegister)
    task = tasks.get(job["patrol_task_id"])
    chosen = text(form, "new_member").lower()
    if not _fits(job, task, chosen):
        raise BpmnError("UNFIT_MEMBER", chosen)
    task = tasks.hand_over(task.id, member=chosen)
    reason = text(form, "reason")
    tell(job, task, "patrol.dispatched", "转来的巡查任务", f"{form.by} 转来：{reason}", [task.member], job.id)
    record(job, task, "patrol.handed_over", by=form.by, member=chosen, reason=reason)
    return {"member": task.member}


@job_handler("patrol.tell_unfit")
def tell_unfit(job: JobContext) -> None:
    """Tell the member that her colleague cannot have the task.

    Reads    form receive_patrol: new_member
    """
    task = job.get(PatrolTaskRegister).get(job["patrol_task_id"])
    chosen = text(entered(job, "receive_patrol"), "new_member")
    tell(job, task, "patrol.unfit_member", "交接未成功", f"{chosen} 不能接手本任务", [task.member], job.id)


def _fits(job: JobContext, task: PatrolTask, member: str) -> bool:
    """Tell whether somebody else may have the task."""
    roles = job.decide("patrol_roles", category=task.category)
    workers = roles.get("workers") if isinstance(roles, Mapping) else None
    rules = PlanRules(workers=tuple(workers) if isinstance(workers, list) else (), max_radius_m=task.radius_m)
    if member == task.member or not job.get(PlanCheckRegister).may_patrol(member, task.unit, rules):
        return False
    taken = task.template_id is not None and job.get(PatrolTaskRegister).has_task(
        task.template_id, task.occurrence_on, member
    )
    return not taken
