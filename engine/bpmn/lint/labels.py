"""Labels: what people must be able to read in the picture, in inboxes and in histories."""

from engine.bpmn.lint.net import definitions_of, has_condition, is_left_out
from engine.bpmn.reading.graph import Graph, Node
from engine.bpmn.sentences import Findings
from engine.bpmn.xml import line_of, plain

_ACTIVITY = ("ask", "ctivity", "ubProcess", "transaction")
_CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent", "startEvent"})
_UNNAMED = frozenset({"linkEventDefinition", "compensateEventDefinition"})


def lint_labels(graph: Graph, findings: Findings) -> None:
    """Note what has no label: work, events that are caught, choices and their answers."""
    for node in graph.nodes:
        chooses = node.type == "exclusiveGateway" and len(node.outgoing) > 1
        if not node.name.strip() and (chooses or _is_read(node)):
            findings.note("label-missing", node.id, node.line, type=node.type, id=node.id)
        for arrow in node.outgoing if chooses else ():
            if has_condition(arrow) and not (plain(arrow.xml, "name") or "").strip():
                findings.note("label-missing-flow", arrow.id, line_of(arrow.xml), flow=arrow.id, id=node.id)


def _is_read(node: Node) -> bool:
    if node.type.endswith(_ACTIVITY):
        return plain(node.xml, "triggeredByEvent") != "true" or is_left_out(node)
    kinds = set(definitions_of(node))
    return node.type in _CATCHING and bool(kinds) and not kinds & _UNNAMED
