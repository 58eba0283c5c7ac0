"""Nodes and flows of a graph, read into elements and flows."""

from engine.bpmn.elements import Element, Flow
from engine.bpmn.reading.associations import collection_of, output_of, read_associations
from engine.bpmn.reading.conditions import read_activation, read_ad_hoc, read_quantity
from engine.bpmn.reading.data import DataCatalogue
from engine.bpmn.reading.events import Catalogue, read_event
from engine.bpmn.reading.graph import Arrow, Graph, Node, Scope
from engine.bpmn.reading.mappings import read_mapping, read_properties
from engine.bpmn.reading.repeats import read_loop, read_multi_instance
from engine.bpmn.reading.tasks import read_work
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import Allowed
from engine.bpmn.xml import camunda, children, line_of, plain, text_of

_CONDITION: Allowed = {"id": None, "language": None, "evaluatesToTypeRef": None}


def read_elements(graph: Graph, catalogue: Catalogue, data: DataCatalogue, findings: Findings) -> dict[str, Element]:
    """Read every node; what is wrong is noted and left out."""
    return {node.id: _element(node, graph, catalogue, data, findings) for node in graph.nodes}


def _element(node: Node, graph: Graph, catalogue: Catalogue, data: DataCatalogue, findings: Findings) -> Element:
    texts = TextReader.of(node, findings)
    event = read_event(node, catalogue, texts)
    mapping = read_associations(node, event, read_mapping(node, texts), data, texts)
    return Element(
        id=node.id,
        name=node.name,
        type=node.type,
        line=node.line,
        scope=None if node.scope.node is None else node.scope.id,
        lane=_lane(node, graph.lanes),
        task=read_work(node, texts),
        event=event,
        mapping=mapping,
        multi=read_multi_instance(node, texts, (collection_of(node, mapping, data), output_of(node, data))),
        loop=read_loop(node, texts),
        ad_hoc=read_ad_hoc(node, texts),
        triggered=node.is_triggered,
        undoes=node.undoes,
        handler=node.undoer.id if node.undoer is not None else None,
        activation=read_activation(node, texts),
        instantiates=node.instantiates,
        parallel=plain(node.xml, "eventGatewayType") == "Parallel",
        start_quantity=read_quantity(node, "startQuantity", texts),
        completion_quantity=read_quantity(node, "completionQuantity", texts),
        form_key=camunda(node.xml, "formKey") if node.type == "startEvent" else None,
        properties=read_properties(node.xml),
    )


def _lane(node: Node, lanes: dict[str, str]) -> str | None:
    scope: Scope = node.scope
    while node.id not in lanes and scope.node is not None:
        node, scope = scope.node, scope.node.scope
    return lanes.get(node.id)


def read_flows(graph: Graph, findings: Findings) -> dict[str, Flow]:
    """Read every sequence flow with its condition."""
    return {arrow.id: _flow(arrow, findings) for scope in graph.scopes for arrow in scope.arrows}


def _flow(arrow: Arrow, findings: Findings) -> Flow:
    condition = None
    check_children(arrow.xml, frozenset({"conditionExpression"}), findings, arrow.id)
    blocks = children(arrow.xml, "conditionExpression")
    if blocks:
        check_children(blocks[0], frozenset(), findings, arrow.id)
        check_words(blocks[0], _CONDITION, findings, arrow.id)
        texts = TextReader(arrow.id, line_of(blocks[0]), findings)
        condition = texts.expression(text_of(blocks[0]), "conditionExpression", plain(blocks[0], "language"))
    name = plain(arrow.xml, "name") or ""
    return Flow(arrow.id, arrow.source.id, arrow.target.id, condition, arrow.is_default, name, line_of(arrow.xml))
