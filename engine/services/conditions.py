"""Conditional start events: facts are told, and each process whose condition holds over them is started.

Nothing is remembered: the same facts told again start the same processes again (BPMN 2.0.2 §10.5.2 asks for a condition
that becomes true; who tells facts says with that that they have).
"""

from collections.abc import Iterator, Mapping

from engine.bpmn import Moment
from engine.bpmn.values import evaluate, json_object
from engine.errors import Invalid
from engine.feel import Expression
from engine.model.deployment import ProcessDefinition
from engine.model.process_instance import ProcessInstance
from engine.ports import UnitOfWork
from engine.services import definitions, facts
from engine.services.advance import Advance
from engine.services.content_cache import ContentCache

Start = tuple[ProcessDefinition, str, Expression]
"""A process that begins when a condition holds, the start event, and the condition."""

# By the deployment that was the newest when they were read.
_STARTS: ContentCache[tuple[Start, ...]] = ContentCache(20)


def tell(
    uow: UnitOfWork, variables: Mapping[str, object], *, business_key: str | None, by: str
) -> tuple[ProcessInstance, ...]:
    """Start the latest version of each process at each start event whose condition holds; returns the instances.

    The variables are all that a condition sees, and the first ones of what it starts. A condition that is false or
    null (it asks for variables that were not told) starts nothing.

    Raises  Invalid for a condition that gives something else, ExecutionError for a process that cannot go on; nothing
            is started then
    """
    told, moment = json_object(variables), facts.moment_of(uow)
    started = []
    for definition, event, condition in _starts(uow):
        if _holds(definition, event, condition, told, moment):
            advance = Advance(uow, by)
            live = advance.start(definition, told, business_key=business_key, start_event=event)
            advance.finish()
            started.append(live.instance.id)
    uow.commit()
    return tuple(uow.process_instances.get(one) for one in started)


def _starts(uow: UnitOfWork) -> tuple[Start, ...]:
    return _STARTS.get(uow.deployments.newest_id(), lambda: tuple(_read_starts(uow)))


def _read_starts(uow: UnitOfWork) -> Iterator[Start]:
    for definition, model in definitions.readable_processes(uow):
        events = dict.fromkeys(start.element_id for start in model.start_events if start.kind == "conditional")
        for element_id in events:
            event = model.elements[element_id].event
            for part in event.each if event else ():
                if part.condition is not None:
                    yield definition, element_id, part.condition


def _holds(
    definition: ProcessDefinition, event: str, condition: Expression, told: Mapping[str, object], moment: Moment
) -> bool:
    value = evaluate(condition, told, moment, event)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Invalid(
        f"The condition of the start event {event} of {definition.key} gives {value}, not true or false.",
        code="start-condition-not-boolean",
        process=definition.key,
        element_id=event,
        value=value,
    )
