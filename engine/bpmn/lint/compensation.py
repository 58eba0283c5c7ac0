"""Compensation and cancellation: handlers that exist, targets that can be undone, transactions that can be left."""

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.elements import Element
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import SCOPES


def lint_compensation(graph: Graph, elements: dict[str, Element], findings: Findings) -> None:
    """Check compensation handlers, events that compensate, and transactions."""
    inside = {scope.id: scope for scope in graph.scopes}
    handlers = Counter(node.undoer.id for node in graph.nodes if node.undoer is not None)
    for node in graph.nodes:
        event = elements[node.id].event
        if node.undoes:
            _handler(node, handlers[node.id], findings)
        if event is None:
            continue
        if event.kind == "compensate" and node.type == "boundaryEvent":
            _boundary(node, findings)
        elif event.kind == "compensate" and node.type != "startEvent":
            _throw(node, event.activity, inside, elements, findings)
        elif event.kind == "cancel":
            _cancel(node, elements, findings)


def _handler(node: Node, count: int, findings: Findings) -> None:
    if node.incoming or node.outgoing or node.attached:
        findings.add("compensation-handler-flow", node.id, node.line)
    if node.scope.is_ad_hoc:
        findings.add("compensation-outside", node.id, node.line)
    if not count:
        findings.add("compensation-handler-unused", node.id, node.line)
    if count > 1:
        findings.add("compensation-handler-shared", node.id, node.line, count=count)


def _boundary(node: Node, findings: Findings) -> None:
    if node.undoer is None:
        findings.add("compensation-handler", node.id, node.line)
    if node.outgoing:
        findings.add("compensation-flow", node.id, node.line)


def _throw(
    node: Node, target: str | None, inside: dict[str, Scope], elements: dict[str, Element], findings: Findings
) -> None:
    """Check that something can be compensated: in the event's own scope or, in event sub-processes, around them."""
    homes = [node.scope]
    while homes[-1].node is not None and homes[-1].node.is_triggered:
        homes.append(homes[-1].node.scope)
    able = {one.id for home in homes for one in home.nodes.values() if _compensable(one, inside, elements)}
    if target is not None and target not in able:
        findings.add("compensation-target", node.id, node.line, target=target)
    elif not able:
        findings.add("compensation-nothing", node.id, node.line)


def _compensable(node: Node, inside: dict[str, Scope], elements: dict[str, Element]) -> bool:
    """Whether something is undone when a completed activity is compensated."""
    kinds = [event.kind for one in node.attached if (event := elements[one.id].event) is not None]
    if "compensate" in kinds:
        return True
    scope = inside.get(node.id)
    if scope is None or node.type not in SCOPES:
        return False
    return any(_compensable(one, inside, elements) or _by_event(one, inside, elements) for one in scope.nodes.values())


def _by_event(node: Node, inside: dict[str, Scope], elements: dict[str, Element]) -> bool:
    """Whether a node is an event sub-process that compensates the sub-process around it."""
    if not node.is_triggered or node.id not in inside:
        return False
    starts = (elements[one.id] for one in inside[node.id].nodes.values() if one.type == "startEvent")
    return any(start.event is not None and start.event.kind == "compensate" for start in starts)


def _cancel(node: Node, elements: dict[str, Element], findings: Findings) -> None:
    """Check a cancel event: thrown inside a transaction, caught at its boundary."""
    if node.type == "boundaryEvent":
        host = node.host
        if host is not None and host.type != "transaction":
            findings.add("cancel-outside", node.id, node.line)
        elif elements[node.id].event and not _interrupts(elements[node.id]):
            findings.add("trigger-interrupts", node.id, node.line, kind="cancel")
        return
    transaction = next((outer for outer in _around(node) if outer.type == "transaction"), None)
    if transaction is None:
        findings.add("cancel-outside", node.id, node.line)
        return
    kinds = [event.kind for one in transaction.attached if (event := elements[one.id].event) is not None]
    if "cancel" not in kinds:
        findings.add("cancel-uncaught", transaction.id, transaction.line)


def _interrupts(element: Element) -> bool:
    return element.event is not None and element.event.interrupting


def _around(node: Node) -> Iterator[Node]:
    scope = node.scope
    while scope.node is not None:
        yield scope.node
        scope = scope.node.scope
