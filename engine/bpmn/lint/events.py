"""Events: boundary events that could never fire, and links that lead nowhere."""

from collections.abc import Iterable

from engine.bpmn.elements import Element, EventSpec
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import THROWING, THROWING_EVENTS, WAITING

_BESIDE_THE_FLOW = frozenset({"startEvent", "boundaryEvent"})
_CARRYING = frozenset({"message", "signal", "escalation", "error", "multiple"})
_NOT_ARMED = frozenset({"error", "escalation", "compensate", "cancel"})


def lint_events(graph: Graph, elements: dict[str, Element], findings: Findings) -> None:
    """Check boundary events and links."""
    for node in graph.nodes:
        if node.type in _BESIDE_THE_FLOW and elements[node.id].mapping.inputs:
            findings.add("event-input", node.id, node.line, type=node.type)
        _carries(node, elements[node.id], findings)
        if node.attached:
            _boundaries(node, elements, findings)
    for scope in graph.scopes:
        _links(scope, elements, findings)
        _handlers(scope, elements, findings)


def _carries(node: Node, element: Element, findings: Findings) -> None:
    """Note data at an event that carries none: they would be lost."""
    event, mapping = element.event, element.mapping
    if event is None or node.type not in THROWING_EVENTS:
        return
    if mapping.outputs:
        findings.add("event-output", node.id, node.line, type=node.type)
    if mapping.inputs and event.kind not in _CARRYING:
        findings.add("event-input", node.id, node.line, type=f"{node.type} ({event.kind})")


def _boundaries(host: Node, elements: dict[str, Element], findings: Findings) -> None:
    caught = [(node, event) for node in host.attached if (event := elements[node.id].event) is not None]
    for node, event in caught:
        if host.type not in WAITING and event.kind not in {"compensate", "error"}:
            findings.warn("boundary-never-fires", node.id, node.line, host=host.id)
        if event.kind == "error":
            _error(node, host, elements[node.id], findings)
    _same(host.id, caught, findings)


def _handlers(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    """Check that the event sub-processes of a scope catch different things."""
    starts = [
        (node, event)
        for node in scope.nodes.values()
        if node.is_triggered
        for element in elements.values()
        if element.scope == node.id and element.type == "startEvent" and (event := element.event) is not None
    ]
    _same(scope.id, starts, findings)


def _same(holder: str, caught: Iterable[tuple[Node, EventSpec]], findings: Findings) -> None:
    """Note events of one holder that catch the same error, escalation or compensation: only one could."""
    seen = set()
    for node, event in caught:
        if event.kind not in _NOT_ARMED:
            continue
        code = event.error_code if event.kind == "error" else event.escalation_code
        if (event.kind, code) in seen:
            if event.kind == "escalation":
                details = {"host": holder, "escalation": code or "(every escalation)"}
                findings.add("escalation-duplicate", node.id, node.line, **details)
            else:
                details = {"host": holder, "error": code or f"(every {event.kind})"}
                findings.add("boundary-error-duplicate", node.id, node.line, **details)
        seen.add((event.kind, code))


def _error(node: Node, host: Node, element: Element, findings: Findings) -> None:
    if host.type not in THROWING:
        findings.add("boundary-error-host", node.id, node.line, host=host.id)
    if element.event is not None and not element.event.interrupting:
        findings.add("error-non-interrupting", node.id, node.line)
    if element.mapping.inputs or element.mapping.outputs:
        findings.add("element-unsupported", node.id, node.line, type="camunda:inputOutput of an error boundary event")


def _links(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    found: dict[str, dict[str, list[Node]]] = {"intermediateCatchEvent": {}, "intermediateThrowEvent": {}}
    for node in scope.nodes.values():
        event = elements[node.id].event
        if event is not None and event.kind == "link" and event.name:
            found[node.type].setdefault(event.name, []).append(node)
    catches, throws = found["intermediateCatchEvent"], found["intermediateThrowEvent"]
    for name, nodes in throws.items():
        if len(catches.get(name, ())) != 1:
            findings.add("link-target", nodes[0].id, nodes[0].line, name=name, count=len(catches.get(name, ())))
    for name, nodes in catches.items():
        if name not in throws:
            findings.add("link-unused", nodes[0].id, nodes[0].line, name=name)
