"""What a process needs from outside, and how it can be entered."""

from collections.abc import Iterator, Mapping
from typing import Literal, cast

from lxml import etree

from engine.bpmn.elements import (
    CallSpec,
    DecisionSpec,
    Element,
    EventSpec,
    Flow,
    JobSpec,
    ProcessPolicy,
    Requirement,
    StartPoint,
    UserTaskSpec,
)
from engine.bpmn.vocabulary import THROWING_EVENTS
from engine.bpmn.xml import camunda, zhili

_THROWING = THROWING_EVENTS | {"sendTask"}


def requirements(process: Element, elements: Mapping[str, Element], policy: ProcessPolicy) -> Iterator[Requirement]:
    """Yield everything that must exist outside, element by element; what an expression decides is not listed."""
    named = (policy.assignment_decision, policy.limit_decision, *policy.rung_decisions, policy.light_decision)
    for key in named:
        if key:
            yield Requirement("decision", key, process.id, process.line)
    for element in elements.values():
        if element.form_key:
            yield Requirement("form", element.form_key, element.id, element.line)
        needed = _requirement(element)
        if needed is not None:
            yield needed


def _requirement(element: Element) -> Requirement | None:
    task = element.task
    if isinstance(task, JobSpec):
        return Requirement("topic", task.topic, element.id, element.line)
    if isinstance(task, DecisionSpec) and task.ref.literal:
        return Requirement("decision", task.ref.literal, element.id, element.line, task.binding)
    if isinstance(task, CallSpec) and task.called.literal:
        key = task.called.literal
        return Requirement("process", key, element.id, element.line, task.binding, task.version)
    if isinstance(task, UserTaskSpec) and task.form_key and task.form_key.literal:
        return Requirement("form", task.form_key.literal, element.id, element.line)
    return None


def start_points(process: Element, elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> Iterator[StartPoint]:
    """Yield the ways into the process: start events, and receive tasks or event-based gateways that instantiate.

    A process without any of them begins at every element to which no flow leads (BPMN 2.0.2 §13.2).
    """
    found = False
    for element in elements.values():
        if element.scope is None and element.type == "startEvent" and element.event is not None:
            found = True
            for event in element.event.each:
                yield _start_point(element, event)
        elif element.instantiates:
            found = True
            yield from _instantiating(element, elements, flows)
    if not found:
        yield StartPoint(process.id, "none")


def begins(element: Element) -> bool:
    """Whether an element to which no flow leads gets a token when its scope begins."""
    event = element.event
    is_link = event is not None and event.kind == "link" and element.type == "intermediateCatchEvent"
    outside = element.triggered or element.undoes or element.instantiates or is_link
    return not outside and element.type not in {"boundaryEvent", "startEvent"}


def _instantiating(
    element: Element, elements: Mapping[str, Element], flows: Mapping[str, Flow]
) -> Iterator[StartPoint]:
    catches = [element]
    if element.type == "eventBasedGateway":
        catches = [elements[flow.target] for flow in flows.values() if flow.source == element.id]
    for catch in catches:
        for event in catch.event.each if catch.event else ():
            yield _start_point(catch, event)


def _start_point(element: Element, event: EventSpec) -> StartPoint:
    kind = cast(Literal["none", "message", "signal", "timer", "conditional"], event.kind)
    return StartPoint(element.id, kind, event.name, element.form_key)


def awaited(elements: Mapping[str, Element], kind: str) -> frozenset[str]:
    """Return the names of messages or signals that the process can catch."""
    catching = (element.event for element in elements.values() if element.event and element.type not in _THROWING)
    return frozenset(part.name for event in catching for part in event.each if part.kind == kind and part.name)


def read_policy(process: etree._Element) -> ProcessPolicy:
    """Read the policy attributes of a process."""
    return ProcessPolicy(
        assignment_decision=zhili(process, "assignmentDecision") or None,
        limit_decision=zhili(process, "limitDecision") or None,
        rung_decisions=tuple((zhili(process, "rungDecisions") or "").split()),
        light_decision=zhili(process, "lightDecision") or None,
    )


def read_version_tag(process: etree._Element) -> str | None:
    """Read the author's own name of the version."""
    return camunda(process, "versionTag") or None
