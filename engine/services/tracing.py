"""What a step passed becomes history: activities entered and ended, variables that changed."""

from collections.abc import Mapping

from engine.model.history import ActivityInstance, VariableChange
from engine.model.step import Passage, Step
from engine.ports import UnitOfWork
from engine.services.opening import Place

SYSTEM = "system"


def trace(uow: UnitOfWork, place: Place, step: Step, *, actors: Mapping[int, str]) -> None:
    """Note every passage of a step in order; `actors` names who ended an activity, where it was not the system."""
    for passage in step.trace:
        if passage.event is Passage.ENTERED:
            uow.history.enter(_entered(place, passage.activity, passage.element_id))
            continue
        by = actors.get(passage.activity, SYSTEM)
        uow.history.end(place.instance.id, passage.activity, at=place.now, outcome=passage.event.value, by=by)
    actor = next(iter(actors.values()), SYSTEM)
    cause = _cause(step, actors)
    for name, value in step.changed.items():
        uow.history.add_variable(VariableChange(place.instance.id, name, value, place.now, actor, cause))


def _entered(place: Place, activity: int, element_id: str) -> ActivityInstance:
    element = place.model.elements[element_id]
    return ActivityInstance(
        instance_id=place.instance.id,
        activity=activity,
        element_id=element.id,
        name=element.name,
        type=element.type,
        lane=element.lane,
        started_at=place.now,
        ended_at=None,
        outcome=None,
    )


def _cause(step: Step, actors: Mapping[int, str]) -> str | None:
    """Return the element whose end wrote the variables: the commanded one, or the first that ended."""
    ended = [passage for passage in step.trace if passage.event is Passage.COMPLETED]
    for passage in ended:
        if passage.activity in actors:
            return passage.element_id
    return ended[0].element_id if ended else None
