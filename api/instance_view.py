"""Process instances as they are shown: who may see them, and the picture of where they stand."""

from collections.abc import Mapping
from typing import Any

from api.credentials import Caller
from api.matters import require_matter, sees_matter
from engine.bpmn.diagram import Mark, render
from engine.errors import Forbidden, NotFound
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import Page
from engine.ports import UnitOfWork
from engine.services import definitions, process_instances

READ = "instance.read"


def visible_instance(uow: UnitOfWork, caller: Caller, instance_id: str) -> ProcessInstance:
    """Return an instance that she may read anyway, or whose matter she may see; else raise NotFound."""
    instance = process_instances.get(uow, instance_id)
    if caller.may(READ) or sees_matter(uow, caller, instance.business_key):
        return instance
    raise NotFound(kind="process instance", id=instance_id)


def instances_page(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> Page[ProcessInstance]:
    """Return a page of instances; without the right to all, those of one matter that she may see."""
    case_id = given["case_id"]
    if not caller.may(READ):
        if case_id is None:
            raise Forbidden(code="name-a-case")
        require_matter(uow, caller, case_id)
    return process_instances.list_page(
        uow,
        key=given["process_key"],
        status=given["status"],
        business_key=case_id,
        after=given["after"],
        limit=given["limit"],
    )


def picture(uow: UnitOfWork, instance: ProcessInstance) -> bytes:
    """Return the diagram of an instance with what is done, live and late."""
    definition = definitions.get_process(uow, instance.definition_id)
    marks = marks_of(uow, instance.id)
    return render(definitions.xml_of(uow, definition.id), marks, definition.resource_name)


def marks_of(uow: UnitOfWork, instance_id: str) -> dict[str, Mark]:
    """Return how far the instance has come at each element that it has entered."""
    marks: dict[str, Mark] = {}
    activities = process_instances.history(uow, instance_id)
    for activity in activities:
        if activity.ended_at is not None and activity.outcome == "completed":
            marks.setdefault(activity.element_id, Mark.DONE)
    marks |= {activity.element_id: Mark.LIVE for activity in activities if activity.ended_at is None}
    now = uow.clock.now()
    for task in uow.user_tasks.list_open(instance_id):
        if task.red_at is not None and task.red_at <= now and not task.paused:
            marks[task.element_id] = Mark.LATE
    return marks
