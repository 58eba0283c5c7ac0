"""The form of a user task: as it is shown, and as an entry counts; its rules see the variables of the task."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn import Moment, ProcessModel, runtime
from engine.model.process_instance import InstanceStatus
from engine.model.step import State
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import definitions, forms
from engine.services.facts import moment_of


def shown(uow: UnitOfWork, task: UserTask) -> dict[str, Any] | None:
    """Return the form of a task, None where it has none; only reads. Raises NotFound for a form that is gone.

    Of an open task, what its rules give to empty fields stands in it as `default`.
    """
    if task.form_key is None:
        return None
    form = definitions.form_of(uow, task.definition_id, task.form_key)
    if task.status is not UserTaskStatus.OPEN:
        return form
    return forms.offered(form, lambda: _stored_variables(uow, task), moment_of(uow))


def entered(
    uow: UnitOfWork, task: UserTask, model: ProcessModel, state: State, data: Mapping[str, object], moment: Moment
) -> dict[str, object]:
    """Return an entry as it counts, by the form of the task. Raises Invalid with a problem per field."""
    if task.form_key is None:
        return dict(data)
    form = definitions.form_of(uow, task.definition_id, task.form_key)
    return forms.enter(form, data, lambda: _variables(model, state, task.activity), moment)


def _stored_variables(uow: UnitOfWork, task: UserTask) -> Mapping[str, object]:
    instance = uow.process_instances.get(task.instance_id)
    if instance.status is not InstanceStatus.ACTIVE:
        return instance.variables
    state = State(instance.tokens, dict(instance.variables))
    return _variables(definitions.model_of(uow, instance.definition_id), state, task.activity)


def _variables(model: ProcessModel, state: State, activity: int) -> Mapping[str, object]:
    """Return the process variables, overlaid by those that are local to the task."""
    here = next((one for one in runtime.positions(model, state) if one.activity == activity), None)
    return state.variables if here is None else {**state.variables, **here.local}
