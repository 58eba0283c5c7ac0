"""Where scopes begin, and what is undone in them: the parts of the executable form that concern a scope as a whole."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.elements import Element
from engine.bpmn.requirements import begins
from engine.bpmn.specs.compensation import Aside, Undoing
from engine.bpmn.vocabulary import SCOPES


def outer_name(element: Element) -> str:
    """Return the name of the spec that a flow leads to: of what repeats its body."""
    return f"{element.id}#all" if element.repeats else element.id


def is_trigger(element: Element, spec: WorkflowSpec) -> bool:
    """Whether an element is the start event of an event sub-process; the specs of scopes are there before theirs."""
    if element.type != "startEvent" or element.scope is None:
        return False
    triggered: bool = spec.task_specs[element.scope].element.triggered
    return triggered


def place_entries(spec: WorkflowSpec, elements: Mapping[str, Element]) -> None:
    """Tell each scope where it begins: at its start event, or without one wherever no flow leads to."""
    inside: dict[str | None, list[Element]] = defaultdict(list)
    for element in elements.values():
        inside[element.scope].append(element)
    reached = {name for node in spec.task_specs.values() for name in node.targets.values()}
    for scope, members in inside.items():
        node = spec.start if scope is None else spec.task_specs[scope]
        starts = [element for element in members if element.type == "startEvent"]
        if scope is None:
            node.plain_starts = frozenset(element.id for element in starts)
            node.together = MappingProxyType(_together(spec, members))
        if not starts:
            starts = [element for element in members if begins(element) and outer_name(element) not in reached]
        node.entries = tuple(outer_name(element) for element in starts)


def _together(spec: WorkflowSpec, members: list[Element]) -> dict[str, tuple[str, ...]]:
    """Return for each event behind a parallel event-based gateway that instantiates the others behind it."""
    found = {}
    for element in members:
        if element.instantiates and element.parallel:
            events = tuple(spec.task_specs[element.id].targets.values())
            found.update({name: tuple(other for other in events if other != name) for name in events})
    return found


def prepare_compensation(spec: WorkflowSpec, elements: Mapping[str, Element]) -> None:
    """Tell each activity how it is undone, and add the specs that undo sub-processes and cancelled transactions."""
    for element in elements.values():
        event = element.event
        if event is not None and event.kind == "compensate":
            if event.attached_to and element.handler:
                spec.task_specs[event.attached_to].undoer = outer_name(elements[element.handler])
            elif is_trigger(element, spec):
                within = elements[element.scope or ""].scope
                if within is not None:
                    spec.task_specs[within].undoing = element.scope
    for element in reversed(list(elements.values())):  # what is inside comes after what is around it
        _mark(spec, element, elements)


def _mark(spec: WorkflowSpec, element: Element, elements: Mapping[str, Element]) -> None:
    node = spec.task_specs[element.id]
    node.compensable = node.compensable or bool(node.undoer or node.undoing)
    if node.compensable and element.scope is not None and elements[element.scope].type in SCOPES:
        spec.task_specs[element.scope].compensable = True
    if element.type in SCOPES:
        Undoing(spec, f"{element.id}#undo", element).keeps_variables = node.keeps_variables
    if element.type == "transaction":
        Aside(spec, f"{element.id}#cancel", element)
