"""Jobs of processes/patrol_schedule.bpmn (周期任务自动派发): the next day of a plan, and its tasks."""

from collections.abc import Mapping
from datetime import UTC, date

from engine.handler import JobContext, MissingVariable, job_handler
from registers.notices import NewNotice, NoticeRegister
from registers.org import AccountRegister
from registers.patrols import (
    NewPatrolTask,
    PatrolObjectRegister,
    PatrolTask,
    PatrolTaskRegister,
    PatrolTemplate,
    PatrolTemplateRegister,
    Workdays,
    instant_of,
    next_occurrence,
    settled_until,
    workdays_in,
)
from registers.working_days import WorkingDayRegister

TEMPLATE = "patrol_template"
DISPATCH = "dispatch"


@job_handler("patrol_schedule.plan")
def plan(job: JobContext) -> dict[str, object]:
    """Find the next day of the plan; a plan that is laid down or has come to its end has none.

    Reads    template_id
    Returns  subject, district, street, next_at (instant) and occurrence_on (day), both null where none is to come
    """
    template = job.get(PatrolTemplateRegister).get(job["template_id"])
    day = (
        next_occurrence(template.rhythm, settled_until(template), _workdays(job, template))
        if template.enabled
        else None
    )
    next_at = None if day is None else instant_of(day, template.dispatch_time).astimezone(UTC)
    job.get(PatrolTemplateRegister).await_next(template.id, next_at)
    return {
        "subject": f"《{template.title}》",
        "next_at": None if next_at is None else next_at.isoformat(),
        "occurrence_on": None if day is None else day.isoformat(),
        "dispatched": [],
    }


@job_handler("patrol_schedule.dispatch")
def dispatch(job: JobContext) -> dict[str, object]:
    """Make the tasks of the day, one for each member; a day that comes too late is left out, on record.

    Reads    template_id, occurrence_on; decision patrol_catch_up
    Returns  dispatched: of each task patrol_task_id, subject, member; empty where nothing is dispatched
    """
    day = date.fromisoformat(job["occurrence_on"])
    templates = job.get(PatrolTemplateRegister)
    template = templates.settle(job["template_id"], day)
    answer = job.decide("patrol_catch_up", **_lateness(job, template, day))
    ruling = answer if isinstance(answer, Mapping) else {}
    if not template.enabled or ruling.get("action") != DISPATCH:
        _record(job, template, "patrol.occurrence_skipped", day, clause=ruling.get("clause"))
        return {"dispatched": []}
    wanted, missing = _wanted(job, template, day)
    tasks = job.get(PatrolTaskRegister).create(wanted)
    _record(job, template, "patrol.occurrence_dispatched", day, tasks=len(tasks), missing=missing)
    if missing:
        _tell_managers(job, template, day, missing)
    return {"dispatched": [_announced(task) for task in tasks]}


def _lateness(job: JobContext, template: PatrolTemplate, day: date) -> dict[str, object]:
    """Return what the table patrol_catch_up wants to know about a day whose instant has come."""
    planned = instant_of(day, template.dispatch_time)
    newer = next_occurrence(template.rhythm, day, _workdays(job, template))
    limit = template.limit
    due_at = job.get(WorkingDayRegister).due_at(limit.calendar, planned, limit.value, limit.unit)
    return {
        "newer_due": newer is not None and instant_of(newer, template.dispatch_time) <= job.now,
        "inside_limit": job.now <= due_at,
    }


def _wanted(job: JobContext, template: PatrolTemplate, day: date) -> tuple[list[NewPatrolTask], list[str]]:
    """Return the tasks of a day, and the members who get none: their account or all their objects are out of use."""
    objects = job.get(PatrolObjectRegister).find_many(one for whose in template.assignments for one in whose.objects)
    accounts = job.get(AccountRegister)
    wanted, missing = [], []
    for whose in template.assignments:
        account = accounts.find_by_login(whose.member)
        visited = tuple(objects[one] for one in whose.objects if one in objects and objects[one].enabled)
        if account is None or not account.enabled or not visited:
            missing.append(whose.member)
            continue
        wanted.append(
            NewPatrolTask(
                template_id=template.id,
                occurrence_on=day,
                member=whose.member,
                title=template.title,
                category=template.category,
                unit=template.unit,
                checklist=template.checklist,
                radius_m=template.radius_m,
                limit=template.limit,
                objects=visited,
                created_by=template.created_by,
            )
        )
    return wanted, missing


def _announced(task: PatrolTask) -> dict[str, object]:
    """Return what the message to the flow of a task carries."""
    return {"patrol_task_id": task.id, "subject": f"《{task.title}》", "member": task.member}


def _tell_managers(job: JobContext, template: PatrolTemplate, day: date, missing: list[str]) -> None:
    """Tell those who plan that somebody could not be given her task."""
    roles = job.decide("patrol_roles", category=template.category)
    managers = roles.get("managers") if isinstance(roles, Mapping) else None
    if not isinstance(managers, list):
        raise MissingVariable(job.topic, "patrol_roles.managers")
    notice = NewNotice(
        kind="patrol.member_missing",
        title="巡查任务无人可派",
        text=f"《{template.title}》{day:%Y-%m-%d}：{'、'.join(missing)} 的账号或对象已停用，未派发任务。",
        business_key=template.id,
        subject=template.id,
        rung=day.isoformat(),
    )
    job.get(NoticeRegister).send(notice, [f"{role}@{template.unit}" for role in managers])


def _record(job: JobContext, template: PatrolTemplate, kind: str, day: date, **data: object) -> None:
    job.record(kind, TEMPLATE, template.id, occurrence_on=day.isoformat(), **data)


def _workdays(job: JobContext, template: PatrolTemplate) -> Workdays:
    """Return the days that the plan's calendar counts as worked."""
    return workdays_in(job.get(WorkingDayRegister), template.limit.calendar)
