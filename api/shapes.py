"""How values are shown where a refusal has to show them: the fresh state after a lost race."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from api.schemas.processes import InstanceSchema
from api.schemas.tasks import UserTaskSchema
from api.task_view import plain
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import UserTask

_TASK, _INSTANCE = UserTaskSchema(), InstanceSchema()

SHAPES: Mapping[type, Callable[[Any, datetime], object]] = {
    UserTask: lambda task, now: _TASK.dump(plain(task, now)),
    ProcessInstance: lambda instance, _now: _INSTANCE.dump(instance),
}
