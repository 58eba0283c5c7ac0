"""What an instance starts with: its declared data, the data outputs of its start event, the key of its conversation."""

from collections.abc import Mapping
from dataclasses import replace

from engine.bpmn.elements import Element
from engine.bpmn.specs.correlating import fix_key
from engine.bpmn.specs.working import hand_on
from engine.bpmn.workflow import TokenWorkflow
from engine.errors import Invalid


def starting_variables(workflow: TokenWorkflow, name: str, given: Mapping[str, object]) -> dict[str, object]:
    """Return the process variables with which an instance begins at a start point.

    What the process declares is null where nobody gives it a value; data outputs of the start event take what is given
    to where their associations say, the rest stays as it is.
    Raises   Invalid `start-input-missing` when a required data input of the process is not given (BPMN 2.0.2 §10.4.1),
             ExecutionError for a message without a property of its conversation
    """
    values = dict(given)
    element = workflow.model.elements.get(name)
    if element is not None:
        _begin_conversation(workflow, element, given)
        values = _caught(element, values, workflow)
    mapping = workflow.root.task_spec.element.mapping
    missing = [needed for needed in mapping.required if needed not in values]
    if missing:
        names, process = ", ".join(missing), workflow.model.key
        message = f"The process {process} starts only with {names}."
        raise Invalid(message, code="start-input-missing", process=process, names=names)
    return {**{owned: None for owned in mapping.owned if owned not in values}, **values}


def _begin_conversation(workflow: TokenWorkflow, element: Element, given: Mapping[str, object]) -> None:
    events = element.event.each if element.event else ()
    for event in events:
        correlation = event.correlation
        if correlation is None or not correlation.remembered:
            continue
        if len(events) == 1 or correlation.retrieval.text_in(given, workflow.moment) is not None:
            fix_key(workflow.root, correlation, given, element.id)


def _caught(element: Element, values: dict[str, object], workflow: TokenWorkflow) -> dict[str, object]:
    """Return what the data outputs of a start event make of what is given; without any, all of it."""
    standard = tuple(one for one in element.mapping.outputs if one.standard)
    if not standard and not element.mapping.produced:
        return values
    data = replace(element, mapping=replace(element.mapping, outputs=standard))
    return hand_on(data, values, (values, values), workflow.moment)[1]
