"""Rules about whole diagrams: one module per family, each rule notes everything it finds."""

from engine.bpmn.elements import Element, Flow
from engine.bpmn.lint.events import lint_events
from engine.bpmn.lint.flows import lint_flows
from engine.bpmn.lint.structure import lint_structure
from engine.bpmn.reading.graph import Graph
from engine.bpmn.sentences import Findings


def lint(graph: Graph, elements: dict[str, Element], flows: dict[str, Flow], findings: Findings) -> None:
    """Apply every rule to one process."""
    lint_structure(graph, elements, findings)
    lint_flows(graph, flows, findings)
    lint_events(graph, elements, findings)


__all__ = ["lint"]
