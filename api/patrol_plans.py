"""Planning patrols: a plan and its process, a task made by hand and its process, begin in one transaction."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from api.credentials import Caller
from api.patrol_access import require_area
from api.patrol_history import note
from api.patrol_rules import frequency, plan_rules
from engine.errors import NotFound
from engine.model.process_instance import InstanceStatus
from engine.ports import UnitOfWork
from engine.services import messages, process_instances
from registers.codes import CodeRegister
from registers.local_time import LOCAL_ZONE
from registers.patrols import (
    Assignment,
    Cycle,
    HolidayRule,
    Limit,
    NewPatrolTask,
    NewPatrolTemplate,
    PatrolObjectRegister,
    PatrolTask,
    PatrolTaskRegister,
    PatrolTemplate,
    PatrolTemplateRegister,
    PlanCheckRegister,
    PlanRules,
    Rhythm,
    list_occurrences,
    read_checklist,
    settled_until,
    workdays_in,
)
from registers.working_days import WorkingDayRegister

SCHEDULE = "patrol_schedule"
CHANGED, DISPATCHED, CANCELLED = "patrol_template_changed", "patrol_task_dispatched", "patrol_cancelled"
RISKS = "patrol_risks"


def plan_patrols(uow: UnitOfWork, body: Mapping[str, Any], who: Caller) -> PatrolTemplate:
    """Add a plan and start its process. Raises Invalid with one problem per wrong field."""
    new, rules = _planned(uow, body, who)
    with uow.grouped():
        uow.get(PlanCheckRegister).check_template(new, rules)
        template = uow.get(PatrolTemplateRegister).add(new, by=who.login)
        note(uow, "patrol_template.created", template, by=who.login)
        return _start(uow, template, by=who.login)


def change_plan(
    uow: UnitOfWork, template: PatrolTemplate, body: Mapping[str, Any], who: Caller, revision: int | None
) -> PatrolTemplate:
    """Change a plan; what was dispatched stays as it is. Raises Invalid, Conflict."""
    new, rules = _planned(uow, body, who)
    with uow.grouped():
        uow.get(PlanCheckRegister).check_template(new, rules)
        _hold(uow, template)
        changed = uow.get(PatrolTemplateRegister).change(template.id, new, revision=revision)
        note(uow, "patrol_template.changed", changed, by=who.login)
        return _plan_again(uow, changed, by=who.login) if changed.enabled else changed


def switch_plan(
    uow: UnitOfWork, template: PatrolTemplate, *, on: bool, by: str, revision: int | None
) -> PatrolTemplate:
    """Take a plan up or lay it down; doing so twice changes nothing. Raises Conflict."""
    if template.enabled is on:
        return template
    with uow.grouped():
        _hold(uow, template)
        register = uow.get(PatrolTemplateRegister)
        switch = register.enable if on else register.disable
        changed = switch(template.id, revision=revision)
        note(uow, f"patrol_template.{'enabled' if on else 'disabled'}", changed, by=by)
        return _plan_again(uow, changed, by=by)


def order_patrols(uow: UnitOfWork, body: Mapping[str, Any], who: Caller) -> list[PatrolTask]:
    """Make one task for each member by hand, and start the process of each. Raises Invalid."""
    new, rules = _planned(uow, {**body, **NO_RHYTHM}, who)
    with uow.grouped():
        uow.get(PlanCheckRegister).check_task(new, rules)
        register = uow.get(PatrolTaskRegister)
        tasks = register.create(_by_hand(uow, new, who.login))
        for task in tasks:
            start = {"patrol_task_id": task.id, "subject": f"《{task.title}》", "member": task.member}
            messages.correlate(uow, DISPATCHED, correlation_key=task.id, variables=start, by=who.login)
        return [register.get(task.id) for task in tasks]


def take_back(uow: UnitOfWork, task: PatrolTask, reason: str, *, by: str) -> PatrolTask:
    """Take a task back. Raises NotFound where it has ended."""
    said = {"cancel_reason": reason}
    messages.correlate(uow, CANCELLED, correlation_key=task.id, variables=said, by=by)
    return uow.get(PatrolTaskRegister).get(task.id)


def coming_days(uow: UnitOfWork, template: PatrolTemplate, count: int) -> list[date]:
    """Return the next days of a plan; none of one that is laid down."""
    if not template.enabled:
        return []
    workdays = workdays_in(uow.get(WorkingDayRegister), template.limit.calendar)
    return list_occurrences(template.rhythm, settled_until(template), workdays, count)


NO_RHYTHM: Mapping[str, object] = {
    "cycle": Cycle.DAILY.value,
    "every": 1,
    "weekdays": (),
    "month_days": (),
    "holiday_rule": HolidayRule.RUN.value,
    "valid_from": None,
    "valid_until": None,
    "dispatch_time": "00:00",
}


def _by_hand(uow: UnitOfWork, new: NewPatrolTemplate, by: str) -> list[NewPatrolTask]:
    """Return the tasks of a plan without a rhythm, of today."""
    objects = uow.get(PatrolObjectRegister).find_many(one for whose in new.assignments for one in whose.objects)
    return [
        NewPatrolTask(
            template_id=None,
            occurrence_on=new.rhythm.valid_from,
            member=whose.member,
            title=new.title,
            category=new.category,
            unit=new.unit,
            checklist=new.checklist,
            radius_m=new.radius_m,
            limit=new.limit,
            objects=tuple(objects[one] for one in whose.objects),
            created_by=by,
        )
        for whose in new.assignments
    ]


def _start(uow: UnitOfWork, template: PatrolTemplate, *, by: str) -> PatrolTemplate:
    """Start the process of a plan."""
    variables = {"template_id": template.id}
    instance = process_instances.start(uow, SCHEDULE, business_key=template.id, variables=variables, by=by)
    return uow.get(PatrolTemplateRegister).attach_instance(template.id, instance.id)


def _hold(uow: UnitOfWork, template: PatrolTemplate) -> None:
    """Make the process of a plan wait: whoever changes a plan locks in the order of the flow, process first."""
    if template.process_instance_id is not None:
        uow.process_instances.lock_root(template.process_instance_id)


def _plan_again(uow: UnitOfWork, template: PatrolTemplate, *, by: str) -> PatrolTemplate:
    """Tell the process of a plan to look again; a plan that had come to its end begins anew."""
    known = template.process_instance_id
    is_running = known is not None and process_instances.get(uow, known).status is InstanceStatus.ACTIVE
    if not is_running:
        return _start(uow, template, by=by) if template.enabled else template
    try:
        messages.correlate(uow, CHANGED, correlation_key=template.id, variables={}, by=by)
    except NotFound:
        # Its job is at work, or has failed: the job that follows, or that is tried again, reads the plan anew.
        return template
    return uow.get(PatrolTemplateRegister).get(template.id)


def _planned(uow: UnitOfWork, body: Mapping[str, Any], who: Caller) -> tuple[NewPatrolTemplate, PlanRules]:
    """Return what somebody plans, completed by the table of frequencies, and the bounds of that table."""
    require_area(uow, who, body["unit"], "unit")
    assignments = _assignments(body)
    usual = frequency(uow, body["category"], _risk(uow, assignments))
    new = NewPatrolTemplate(
        title=body["title"],
        category=body["category"],
        unit=body["unit"],
        checklist=read_checklist(body["checklist"]),
        assignments=assignments,
        rhythm=_rhythm(uow, body, usual),
        dispatch_time=body["dispatch_time"],
        limit=_limit(body, usual),
        radius_m=_or(body["radius_m"], usual["radius_m"]),
    )
    return new, plan_rules(uow, body["category"], usual)


def _assignments(body: Mapping[str, Any]) -> tuple[Assignment, ...]:
    """Return who visits what: as it is said for each, or every member every object."""
    each = [Assignment(member=one["member"].lower(), objects=tuple(one["objects"])) for one in body["assignments"]]
    every = [Assignment(member=member.lower(), objects=tuple(body["objects"])) for member in body["members"]]
    return (*each, *every)


def _risk(uow: UnitOfWork, assignments: tuple[Assignment, ...]) -> str | None:
    """Return the highest risk of all objects; None where none is known."""
    levels = [level.code for level in uow.get(CodeRegister).list_codes(RISKS, enabled=None)]
    known = uow.get(PatrolObjectRegister).find_many(one for whose in assignments for one in whose.objects)
    risks = [one.risk for one in known.values() if one.risk in levels]
    return max(risks, key=levels.index, default=levels[0] if levels else None)


def _rhythm(uow: UnitOfWork, body: Mapping[str, Any], usual: Mapping[str, object]) -> Rhythm:
    """Return when it is to be, as it is said or as it is usual; from today where no day is named."""
    today: date = uow.clock.now().astimezone(LOCAL_ZONE).date()
    is_usual = body["cycle"] is None
    cycle = Cycle(_or(body["cycle"], usual["cycle"]))
    weekdays, month_days = tuple(body["weekdays"]), tuple(body["month_days"])
    if is_usual and cycle is Cycle.WEEKLY:
        weekdays = weekdays or (int(str(usual["weekday"])),)
    if is_usual and cycle is Cycle.MONTHLY:
        month_days = month_days or (int(str(usual["month_day"])),)
    return Rhythm(
        cycle=cycle,
        every=_or(body["every"], usual["every"] if is_usual else 1),
        weekdays=weekdays,
        month_days=month_days,
        holiday_rule=HolidayRule(_or(body["holiday_rule"], usual["holiday_rule"])),
        valid_from=_or(body["valid_from"], today),
        valid_until=body["valid_until"],
    )


def _limit(body: Mapping[str, Any], usual: Mapping[str, object]) -> Limit:
    """Return how long a member has: value and unit as they are said, or both as they are usual."""
    is_usual = body["limit_value"] is None or body["limit_unit"] is None
    value, unit = (usual["value"], usual["unit"]) if is_usual else (body["limit_value"], body["limit_unit"])
    exact = Decimal(str(value))
    whole = exact.to_integral_value() if exact == exact.to_integral_value() else exact
    return Limit(value=whole, unit=str(unit), calendar=str(usual["calendar"]))


def _or(said: object, usual: object) -> Any:  # noqa: ANN401  as it is said, of whichever type
    """Return what is said, or what is usual."""
    return cast("Any", usual if said is None else said)
