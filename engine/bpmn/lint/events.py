"""Events: boundary events that could never fire, and links that lead nowhere."""

from collections import Counter

from engine.bpmn.elements import Element
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import THROWING, WAITING


def lint_events(graph: Graph, elements: dict[str, Element], findings: Findings) -> None:
    """Check boundary events and links."""
    for node in graph.nodes:
        if node.attached:
            _boundaries(node, elements, findings)
    for scope in graph.scopes:
        _links(scope, elements, findings)


def _boundaries(host: Node, elements: dict[str, Element], findings: Findings) -> None:
    caught: Counter[str | None] = Counter()
    for node in host.attached:
        event = elements[node.id].event
        if event is None:
            continue
        if host.type not in WAITING:
            findings.add("boundary-never-fires", node.id, node.line, host=host.id)
        if event.kind == "error":
            _error(node, host, elements[node.id], findings)
            caught[event.error_code] += 1
            if caught[event.error_code] > 1:
                details = {"host": host.id, "error": event.error_code or "(every error)"}
                findings.add("boundary-error-duplicate", node.id, node.line, **details)


def _error(node: Node, host: Node, element: Element, findings: Findings) -> None:
    if host.type in WAITING and host.type not in THROWING:
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
