"""Structure: every scope has a start and an end, everything can be reached, nothing ends in the air."""

from collections import defaultdict

from engine.bpmn.elements import Element
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.requirements import begins
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import ACTIVITIES
from engine.bpmn.xml import plain

_NO_WAY_IN = frozenset({"startEvent", "boundaryEvent"})
_AD_HOC = ACTIVITIES | {
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
}


def lint_structure(graph: Graph, elements: dict[str, Element], findings: Findings) -> None:
    """Check each scope."""
    for scope in graph.scopes:
        if scope.node is not None and scope.node.is_triggered:
            _triggered(scope, elements, findings)
        else:
            _starts(scope, elements, findings)
        if scope.is_ad_hoc:
            _ad_hoc(scope, findings)
        _ways(scope, elements, findings)
        _unreachable(scope, elements, findings)


def _starts(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    starts = [node for node in scope.nodes.values() if node.type == "startEvent"]
    instantiating = any(node.instantiates for node in scope.nodes.values())
    if not starts and not instantiating and not beginning(scope, elements):
        findings.add("start-missing", scope.id, scope.line, type=scope.type)
    kinds = {node.id: event.kind if (event := elements[node.id].event) else None for node in starts}
    untriggered = [node for node in starts if kinds[node.id] == "none"]
    if len(untriggered) > 1:
        findings.add("start-several", untriggered[1].id, untriggered[1].line, type=scope.type, count=len(untriggered))
    for node in starts:
        event = elements[node.id].event
        if scope.node is not None and kinds[node.id] not in {"none", None}:
            findings.add("start-in-subprocess", node.id, node.line)
        elif event is not None and not event.interrupting:
            findings.add("start-never-interrupting", node.id, node.line)


def beginning(scope: Scope, elements: dict[str, Element]) -> list[Node]:
    """Return the nodes at which a scope without start event begins: those to which no flow leads."""
    return [node for node in scope.nodes.values() if not node.incoming and begins(elements[node.id])]


def _triggered(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    """Check an event sub-process: one start event, with a trigger, and nothing that leads to it or out of it."""
    node = scope.node
    if node is None:
        return
    starts = [start for start in scope.nodes.values() if start.type == "startEvent"]
    events = [event for start in starts if (event := elements[start.id].event) is not None]
    if len(starts) != 1 or any(event.kind == "none" for event in events):
        findings.add("event-subprocess-start", node.id, node.line, count=len(starts))
    for event in events:
        if event.kind == "compensate" and node.scope.node is None:
            findings.add("compensation-of-process", starts[0].id, starts[0].line)
        if event.kind in {"error", "compensate"} and not event.interrupting:
            findings.add("trigger-interrupts", starts[0].id, starts[0].line, kind=event.kind)
    if node.incoming or node.outgoing:
        findings.add("event-subprocess-flow", node.id, node.line)
    if node.undoes or elements[node.id].repeats:
        findings.add("event-subprocess-plain", node.id, node.line)


def _ad_hoc(scope: Scope, findings: Findings) -> None:
    for node in scope.nodes.values():
        if node.type not in _AD_HOC:
            findings.add("ad-hoc-content", node.id, node.line, type=node.type, id=node.id)


def _ways(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    """Check that flows lead into and out of what they may, and that only ends end where there are ends.

    A scope without end events ends wherever no flow leads on (BPMN 2.0.2 §10.5.3).
    """
    ends = any(node.type == "endEvent" for node in scope.nodes.values())
    for node in scope.nodes.values():
        element = elements[node.id]
        link = _link(element)
        outside = node.undoes or node.is_triggered or (element.event and element.event.kind == "compensate")
        compensates = outside and node.type == "boundaryEvent"
        sink = node.type == "endEvent" or (link and node.type == "intermediateThrowEvent") or compensates
        source = node.type in _NO_WAY_IN or (link and node.type == "intermediateCatchEvent")
        if source and node.incoming:
            findings.add("flow-not-allowed", node.id, node.line, direction="enter", type=node.type, id=node.id)
        if sink and node.outgoing:
            findings.add("flow-not-allowed", node.id, node.line, direction="leave", type=node.type, id=node.id)
        if not sink and not node.outgoing and ends and not (node.undoes or node.is_triggered):
            findings.add("element-dead-end", node.id, node.line, type=node.type, id=node.id)
        if plain(node.xml, "instantiate") == "true" and scope.node is not None:
            findings.add("instantiate-inside", node.id, node.line, type=node.type, id=node.id)
        if node.instantiates and element.repeats:
            findings.add("instantiate-repeats", node.id, node.line, id=node.id)
        if node.instantiates and node.incoming:
            findings.add("instantiate-with-flow", node.id, node.line, type=node.type, id=node.id)


def _unreachable(scope: Scope, elements: dict[str, Element], findings: Findings) -> None:
    """Walk from where the scope begins along flows, to boundary events and through links."""
    catches = defaultdict(list)
    for node in scope.nodes.values():
        name = _link(elements[node.id])
        if name and node.type == "intermediateCatchEvent":
            catches[name].append(node)
    stack = [node for node in scope.nodes.values() if node.type == "startEvent" or node.instantiates]
    stack = stack or beginning(scope, elements)
    stack += [node for node in scope.nodes.values() if node.undoes or node.is_triggered]
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
