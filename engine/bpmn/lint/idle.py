"""Words at the wrong place: known here, but nobody would hear them at this element."""

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.elements import Element
from engine.bpmn.reading.graph import Graph, Node
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import EVENTS, THROWING_EVENTS
from engine.bpmn.xml import CAMUNDA, ZHILI, extension, shown, split

_OF_JOBS = ("type", "jobPriority", "taskPriority", "asyncBefore", "exclusive")
_VARIABLES = ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable")
# Events that bring nothing along, so that nothing can be taken from them.
_EMPTY = frozenset({"none", "error", "escalation", "compensate", "cancel", "link"})


def lint_idle(graph: Graph, elements: dict[str, Element], findings: Findings) -> None:
    """Refuse every word that would be ignored where it stands."""
    for node in graph.nodes:
        element = elements[node.id]
        for xml, name in _attributes(node, element):
            if xml.get(name) is not None:
                details = {"attribute": shown(name), "type": _described(node, element)}
                findings.add("attribute-unsupported", node.id, node.line, **details)
        _mapped(node, element, findings)


def _described(node: Node, element: Element) -> str:
    kind = element.event.kind if element.event is not None else None
    return node.type if kind is None else f"{node.type} ({kind})"


def _attributes(node: Node, element: Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield the attributes that mean nothing at a node, with the XML element that must not have them."""
    kinds = {part.kind for part in element.event.each} if element.event is not None else set()
    definitions = [xml for xml in node.xml if split(str(xml.tag))[1] in EVENTS]
    if "message" not in kinds:
        yield from ((xml, f"{{{ZHILI}}}correlationKey") for xml in (node.xml, *definitions))
    if node.type == "sendTask" and element.task is None:
        yield from ((node.xml, f"{{{CAMUNDA}}}{name}") for name in _OF_JOBS)
    if node.type == "startEvent" and node.scope.node is not None:
        yield node.xml, f"{{{CAMUNDA}}}formKey"
    if node.type in THROWING_EVENTS:
        yield from ((xml, f"{{{CAMUNDA}}}{name}") for xml in definitions for name in _VARIABLES)
    if node.is_triggered:
        yield from ((node.xml, name) for name in ("startQuantity", "completionQuantity"))
    if node.undoes:
        yield node.xml, "completionQuantity"


def _mapped(node: Node, element: Element, findings: Findings) -> None:
    event, mapping = element.event, element.mapping
    if node.type == "sendTask" and element.task is None and extension(node.xml, "failedJobRetryTimeCycle"):
        findings.add("element-unsupported", node.id, node.line, type="camunda:failedJobRetryTimeCycle of a message")
    if event is None or node.type in THROWING_EVENTS:
        return
    embedded = node.type != "startEvent" or node.scope.node is not None
    if mapping.outputs and event.kind in _EMPTY and embedded:
        findings.add("event-output", node.id, node.line, type=_described(node, element))
    if mapping.inputs and event.kind == "link":
        findings.add("event-input", node.id, node.line, type=_described(node, element))
