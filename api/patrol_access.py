"""Which patrols a caller may see and plan.

A member sees her own tasks; managers and grid leaders see the plans and tasks of their units, of the units below them
and of what lies in their area; the roles of the city centre that hold `patrol.read_city` see everything. For everybody
else a patrol does not exist: the answer is 404, not 403. Where a member was, and who a person is that is looked after,
is shown to those who have to know.
"""

from dataclasses import asdict

from api.case_access import masked_name
from api.credentials import Caller
from api.matters import matter
from engine.errors import Forbidden, Invalid, NotFound, Problem
from engine.ports import UnitOfWork
from registers.org import UnitKind, UnitRegister
from registers.patrols import (
    Finding,
    PatrolObject,
    PatrolObjectRegister,
    PatrolScope,
    PatrolTask,
    PatrolTaskRegister,
    PatrolTemplate,
    PatrolTemplateRegister,
    lies_in,
    object_lies_in,
)

READ_CITY, READ_UNIT, PLAN = "patrol.read_city", "patrol.read_unit", "patrol.plan"
READ_PERSON, READ_TRACK = "patrol.read_person", "patrol.read_track"
PERSON = "person"
HIDDEN = "***"
NOWHERE = {"address": None, "longitude": None, "latitude": None}

Areas = tuple[str, ...] | None
"""Units with everything below them; None: the whole city."""


def areas_with(uow: UnitOfWork, caller: Caller, *permissions: str) -> Areas:
    """Return the units at which she holds one of some permissions; None where one of them is the city centre."""
    codes = frozenset[str]().union(*(caller.units_with(permission) for permission in permissions))
    units = uow.get(UnitRegister)
    found = (units.find(code) for code in codes)
    if any(unit is not None and unit.kind is UnitKind.CITY_CENTRE for unit in found):
        return None
    return tuple(sorted(codes))


def scope_of(uow: UnitOfWork, caller: Caller) -> PatrolScope | None:
    """Return which tasks a list may show her; None for all."""
    areas = readable_areas(uow, caller)
    return None if areas is None else PatrolScope(units=areas, member=caller.login)


def readable_areas(uow: UnitOfWork, caller: Caller) -> Areas:
    """Return whose plans, tasks and objects she may see."""
    return areas_with(uow, caller, READ_UNIT, READ_CITY, PLAN)


def visible_task(uow: UnitOfWork, caller: Caller, task_id: str) -> PatrolTask:
    """Return a task that she may see, or raise NotFound."""
    task = uow.get(PatrolTaskRegister).find(task_id)
    if task is None or not _sees(uow, caller, task):
        raise NotFound(kind="patrol task", id=task_id)
    return task


def own_task(uow: UnitOfWork, caller: Caller, task_id: str) -> PatrolTask:
    """Return a task that is hers to walk. Raises NotFound, and Forbidden where she sees it but is not its member."""
    task = visible_task(uow, caller, task_id)
    if task.member != caller.login:
        raise Forbidden("Only its member walks a patrol.", code="patrol-not-yours")
    return task


def planned_task(uow: UnitOfWork, caller: Caller, task_id: str) -> PatrolTask:
    """Return a task of the area that she plans, or raise NotFound."""
    task = visible_task(uow, caller, task_id)
    if not lies_in(task.unit, areas_with(uow, caller, PLAN)):
        raise NotFound(kind="patrol task", id=task_id)
    return task


def tracked_task(uow: UnitOfWork, caller: Caller, task_id: str) -> PatrolTask:
    """Return a task whose track she may see: her own, or one of the area for which she answers."""
    task = visible_task(uow, caller, task_id)
    if not sees_positions(uow, caller, task):
        raise NotFound(kind="patrol task", id=task_id)
    return task


def sees_positions(uow: UnitOfWork, caller: Caller, task: PatrolTask) -> bool:
    """Tell whether she may know where the member of a task was: it was herself, or she answers for the area."""
    if task.member == caller.login:
        return True
    areas = areas_with(uow, caller, READ_TRACK)
    return areas is None or uow.get(PatrolTaskRegister).is_visible(task.id, PatrolScope(units=areas))


def visible_template(uow: UnitOfWork, caller: Caller, template_id: str) -> PatrolTemplate:
    """Return a plan that she may see, or raise NotFound."""
    template = uow.get(PatrolTemplateRegister).find(template_id)
    if template is None or not lies_in(template.unit, readable_areas(uow, caller)):
        raise NotFound(kind="patrol template", id=template_id)
    return template


def planned_template(uow: UnitOfWork, caller: Caller, template_id: str) -> PatrolTemplate:
    """Return a plan of the area that she plans, or raise NotFound."""
    template = uow.get(PatrolTemplateRegister).find(template_id)
    if template is None or not lies_in(template.unit, areas_with(uow, caller, PLAN)):
        raise NotFound(kind="patrol template", id=template_id)
    return template


def visible_object(uow: UnitOfWork, caller: Caller, object_id: str) -> PatrolObject:
    """Return an object of the areas that she may see, or raise NotFound."""
    found = uow.get(PatrolObjectRegister).find(object_id)
    if found is None or not object_lies_in(found, readable_areas(uow, caller)):
        raise NotFound(kind="patrol object", id=object_id)
    return found


def require_area(uow: UnitOfWork, caller: Caller, unit: str, where: str) -> None:
    """Raise Invalid naming a field where a unit is not one for which she plans."""
    if not lies_in(unit, areas_with(uow, caller, PLAN)):
        message = f"{unit} does not lie in the area for which you plan."
        raise Invalid(problems=[Problem("patrol-area", where, message, {"value": unit})])


def person_areas(uow: UnitOfWork, caller: Caller) -> Areas:
    """Return where she may know who the people are that are looked after."""
    return areas_with(uow, caller, READ_PERSON)


def shown_object(one: PatrolObject, known: Areas) -> dict[str, object]:
    """Return an object with who and where a person is only if she lies in an area where people are known."""
    shown: dict[str, object] = asdict(one)
    if not _is_hidden(one, known):
        return shown
    return shown | NOWHERE | {"name": masked_name(one.name)}


def shown_finding(finding: Finding, found_at: PatrolObject | None, known: Areas) -> dict[str, object]:
    """Return a finding; of one at a person who is not known, that it is there and which object it is about."""
    shown: dict[str, object] = asdict(finding)
    if found_at is None or not _is_hidden(found_at, known):
        return shown
    return shown | NOWHERE | {"title": found_at.code, "detail": HIDDEN}


@matter
def sees_patrol(uow: UnitOfWork, caller: Caller, key: str) -> bool:
    """Tell whether she may see the work on a patrol task or on a plan."""
    task = uow.get(PatrolTaskRegister).find(key)
    if task is not None:
        return _sees(uow, caller, task)
    template = uow.get(PatrolTemplateRegister).find(key)
    return template is not None and lies_in(template.unit, readable_areas(uow, caller))


def _is_hidden(one: PatrolObject, known: Areas) -> bool:
    return one.kind == PERSON and not object_lies_in(one, known)


def _sees(uow: UnitOfWork, caller: Caller, task: PatrolTask) -> bool:
    scope = scope_of(uow, caller)
    return scope is None or uow.get(PatrolTaskRegister).is_visible(task.id, scope)
