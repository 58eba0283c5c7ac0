"""Joins and splits: said with gateways where they can be mistaken, and no gateway that does nothing."""

from engine.bpmn.lint.net import has_condition
from engine.bpmn.reading.graph import Arrow, Graph, Node
from engine.bpmn.sentences import Findings
from engine.bpmn.xml import line_of, plain

_GATEWAY = "Gateway"
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_SEVERAL = 2


def lint_joins(graph: Graph, findings: Findings) -> None:
    """Check what comes together and parts at each node; joins of tokens are found by the token game."""
    for node in graph.nodes:
        _twice(node, findings)
        if node.type.endswith(_GATEWAY):
            _gateway(node, findings)
        else:
            _split(node, findings)


def _gateway(node: Node, findings: Findings) -> None:
    ways_in, ways_out = len(node.incoming), len(node.outgoing)
    details = {"type": node.type, "id": node.id}
    if ways_in == ways_out == 1:
        findings.warn("gateway-superfluous", node.id, node.line, **details)
    if ways_in >= _SEVERAL and ways_out >= _SEVERAL:
        findings.warn("gateway-mixed", node.id, node.line, **details)
    chooses = node.type in _CHOOSING and ways_out >= _SEVERAL
    if chooses and not plain(node.xml, "default") and all(has_condition(arrow) for arrow in node.outgoing):
        findings.warn("gateway-without-default", node.id, node.line, **details)


def _split(node: Node, findings: Findings) -> None:
    free = [arrow for arrow in node.outgoing if not has_condition(arrow) and not arrow.is_default]
    if len(free) >= _SEVERAL:
        details = {"type": node.type, "id": node.id, "flows": ", ".join(arrow.id for arrow in free)}
        findings.warn("implicit-split", node.id, node.line, **details)


def _twice(node: Node, findings: Findings) -> None:
    """Two flows from one node to the same other one."""
    seen: dict[Node, Arrow] = {}
    for arrow in node.outgoing:
        first = seen.setdefault(arrow.target, arrow)
        if first is not arrow:
            details = {"flow": arrow.id, "other": first.id, "source": node.id, "target": arrow.target.id}
            findings.warn("flow-duplicate", arrow.id, line_of(arrow.xml), **details)
