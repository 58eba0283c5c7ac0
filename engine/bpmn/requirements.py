"""What a process needs from outside, and how it can be entered."""

from collections.abc import Iterator, Mapping
from typing import Literal, cast

from lxml import etree

from engine.bpmn.elements import (
    CallSpec,
    DecisionSpec,
    Element,
    JobSpec,
    ProcessPolicy,
    Requirement,
    StartPoint,
    UserTaskSpec,
)
from engine.bpmn.xml import camunda, zhili

_THROWING = frozenset({"intermediateThrowEvent", "endEvent"})


def requirements(process: Element, elements: Mapping[str, Element], policy: ProcessPolicy) -> Iterator[Requirement]:
    """Yield everything that must exist outside, element by element; what an expression decides is not listed."""
    named = (policy.assignment_decision, policy.limit_decision, *policy.rung_decisions, policy.light_decision)
    for key in named:
        if key:
            yield Requirement("decision", key, process.id, process.line)
    for start in start_points(elements):
        if start.form_key:
            yield Requirement("form", start.form_key, start.element_id, elements[start.element_id].line)
    for element in elements.values():
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


def start_points(elements: Mapping[str, Element]) -> Iterator[StartPoint]:
    """Yield the start events of the process itself."""
    for element in elements.values():
        if element.type == "startEvent" and element.scope is None and element.event is not None:
            kind = cast(Literal["none", "message", "signal"], element.event.kind)
            yield StartPoint(element.id, kind, element.event.name, element.form_key)


def awaited(elements: Mapping[str, Element], kind: str) -> frozenset[str]:
    """Return the names of messages or signals that the process can catch."""
    caught = [element.event for element in elements.values() if element.event and element.type not in _THROWING]
    return frozenset(event.name for event in caught if event.kind == kind and event.name)


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
