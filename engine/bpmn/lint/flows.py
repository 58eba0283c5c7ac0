"""Flows: who may have conditions and defaults, and what may follow an event-based gateway."""

from engine.bpmn.elements import Flow
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import ACTIVITIES, REPEATS
from engine.bpmn.xml import children, line_of, plain, split

MOST_WAYS = 100_000
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_LATE_JOINS = frozenset({"inclusiveGateway", "complexGateway"})


def lint_flows(graph: Graph, flows: dict[str, Flow], findings: Findings) -> None:
    """Check the flows out of each node."""
    for scope in graph.scopes:
        _inclusive(scope, findings)
    for node in graph.nodes:
        _default(node, findings)
        if node.type == "eventBasedGateway":
            _event_gateway(node, findings)
        if node.type == "exclusiveGateway" and len(node.outgoing) > 1:
            _exclusive(node, flows, findings)
        if node.type == "inclusiveGateway" and len(node.outgoing) > 1:
            _inclusive_split(node, flows, findings)
        _conditions(node, flows, findings)
        _direction(node, findings)
        quantity = plain(node.xml, "startQuantity") or "1"
        if quantity != "1" and not node.incoming:
            findings.add("quantity-without-flow", node.id, node.line, id=node.id, count=quantity)


def _inclusive(scope: Scope, findings: Findings) -> None:
    """Bound what is kept for each inclusive gateway: from where each of its incoming flows can be reached."""
    joins = [node for node in scope.nodes.values() if node.type in _LATE_JOINS and len(node.incoming) > 1]
    flows = sum(len(node.incoming) for node in joins)
    if flows * len(scope.nodes) > MOST_WAYS:
        details = {"count": flows, "nodes": len(scope.nodes)}
        findings.add("inclusive-join-too-large", joins[0].id, joins[0].line, **details)


def _default(node: Node, findings: Findings) -> None:
    default = plain(node.xml, "default")
    if not default:
        return
    if default not in {arrow.id for arrow in node.outgoing}:
        findings.add("default-not-outgoing", node.id, node.line, flow=default, id=node.id)
    elif len(node.outgoing) == 1:
        findings.add("default-alone", node.id, node.line, flow=default, id=node.id)


def _exclusive(node: Node, flows: dict[str, Flow], findings: Findings) -> None:
    for arrow in node.outgoing:
        has_text = bool(children(arrow.xml, "conditionExpression"))
        if not flows[arrow.id].default and not has_text:
            findings.add("flow-without-condition", node.id, node.line, id=node.id, flow=arrow.id)


def _inclusive_split(node: Node, flows: dict[str, Flow], findings: Findings) -> None:
    """Doubt flows that are always taken: a choice was meant, perhaps (BPMN 2.0.2 §10.6.3)."""
    for arrow in node.outgoing:
        if flows[arrow.id].condition is None and not flows[arrow.id].default:
            findings.warn("inclusive-without-condition", node.id, node.line, id=node.id, flow=arrow.id)


def _conditions(node: Node, flows: dict[str, Flow], findings: Findings) -> None:
    may = node.type in _CHOOSING or node.type in ACTIVITIES
    for arrow in node.outgoing:
        if not children(arrow.xml, "conditionExpression"):
            continue
        if not may:
            details = {"flow": arrow.id, "type": node.type, "id": node.id}
            findings.add("condition-not-allowed", arrow.id, line_of(arrow.xml), **details)
        elif flows[arrow.id].default:
            findings.add("condition-on-default", arrow.id, line_of(arrow.xml), flow=arrow.id)


def _direction(node: Node, findings: Findings) -> None:
    """Doubt a gateway that says another direction than it has (BPMN 2.0.2 table 8.46)."""
    direction = plain(node.xml, "gatewayDirection")
    come, go = len(node.incoming), len(node.outgoing)
    wrong = {"Converging": go > 1, "Diverging": come > 1, "Mixed": come < 2 or go < 2}  # noqa: PLR2004 (several are two)
    if node.type.endswith("Gateway") and direction is not None and wrong.get(direction):
        details = {"id": node.id, "direction": direction, "incoming": come, "outgoing": go}
        findings.warn("gateway-direction", node.id, node.line, **details)


def _event_gateway(node: Node, findings: Findings) -> None:
    if len(node.outgoing) < 2:  # noqa: PLR2004 (a choice needs two)
        findings.add("event-gateway-single", node.id, node.line, id=node.id)
    if plain(node.xml, "eventGatewayType") == "Parallel" and not node.instantiates:
        findings.add("event-gateway-parallel", node.id, node.line)
    tasks = [arrow.target for arrow in node.outgoing if arrow.target.type == "receiveTask"]
    events = [xml for arrow in node.outgoing for xml in children(arrow.target.xml, "messageEventDefinition")]
    if tasks and events:
        findings.warn("event-gateway-mixed", node.id, node.line, id=node.id, task=tasks[0].id)
    for arrow in node.outgoing:
        target = arrow.target
        if not _may_follow(target):
            details = {"type": target.type, "id": target.id, "gateway": node.id}
            findings.add("event-gateway-target", target.id, target.line, **details)
        if len(target.incoming) > 1:
            findings.add("event-gateway-shared", target.id, target.line, id=target.id, gateway=node.id)


def _may_follow(node: Node) -> bool:
    """Whether the node waits for an event, plainly: no guards of its own, once only."""
    if node.type not in {"intermediateCatchEvent", "receiveTask"} or node.attached:
        return False
    parts = {split(str(child.tag))[1] for child in node.xml}
    return not parts & {"linkEventDefinition", *REPEATS}
