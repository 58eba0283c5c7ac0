"""Structure: every scope has a start and an end, everything can be reached, nothing ends in the air."""

from collections import defaultdict

from engine.bpmn.elements import Element
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.sentences import Findings

_NO_WAY_IN = frozenset({"startEvent", "boundaryEvent"})


def lint_structure(graph: Graph, elements: dict[str, Element], findings: Findings) -> None:
    """Check each scope."""
    for scope in graph.scopes:
        _starts(scope, elements, findings)
        if not any(node.type == "endEvent" for node in scope.nodes.values()):
            findings.add("end-missing", scope.id, scope.line, type=scope.type)
        _ways(scope, elements, findings)
        _unreachable(scope, elements, findings)


def _starts(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    starts = [node for node in scope.nodes.values() if node.type == "startEvent"]
    if not starts:
        findings.add("start-missing", scope.id, scope.line, type=scope.type)
    kinds = {node.id: event.kind if (event := elements[node.id].event) else None for node in starts}
    untriggered = [node for node in starts if kinds[node.id] == "none"]
    if len(untriggered) > 1:
        findings.add("start-several", untriggered[1].id, untriggered[1].line, type=scope.type, count=len(untriggered))
    if scope.node is not None:
        for node in starts:
            if kinds[node.id] not in {"none", None}:
                findings.add("start-in-subprocess", node.id, node.line)


def _ways(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    """Check that flows lead into and out of what they may, and that only ends end."""
    for node in scope.nodes.values():
        link = _link(elements[node.id])
        sink = node.type == "endEvent" or (link and node.type == "intermediateThrowEvent")
        source = node.type in _NO_WAY_IN or (link and node.type == "intermediateCatchEvent")
        if source and node.incoming:
            findings.add("flow-not-allowed", node.id, node.line, direction="enter", type=node.type, id=node.id)
        if sink and node.outgoing:
            findings.add("flow-not-allowed", node.id, node.line, direction="leave", type=node.type, id=node.id)
        if not sink and not node.outgoing:
            findings.add("element-dead-end", node.id, node.line, type=node.type, id=node.id)


def _unreachable(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    """Walk from the start events along flows, to boundary events and through links."""
    catches = defaultdict(list)
    for node in scope.nodes.values():
        name = _link(elements[node.id])
        if name and node.type == "intermediateCatchEvent":
            catches[name].append(node)
    stack = [node for node in scope.nodes.values() if node.type == "startEvent"]
    reached = set(stack)
    while stack:
        node = stack.pop()
        following = _following(node, catches.get(_link(elements[node.id]) or "", []))
        stack.extend(following - reached)
        reached |= following
    for node in scope.nodes.values():
        if node not in reached:
            findings.add("element-unreachable", node.id, node.line, type=node.type, id=node.id)


def _following(node: Node, linked: list[Node]) -> set[Node]:
    following = {arrow.target for arrow in node.outgoing} | set(node.attached)
    return following | set(linked) if node.type == "intermediateThrowEvent" else following


def _link(element: Element) -> str | None:
    event = element.event
    return event.name if event is not None and event.kind == "link" else None
