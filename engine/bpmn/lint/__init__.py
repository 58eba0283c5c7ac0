"""Rules about whole diagrams: one module per family, each rule notes everything it finds."""

from engine.bpmn.elements import Element, Flow
from engine.bpmn.lint.compensation import lint_compensation
from engine.bpmn.lint.declarations import lint_declarations, lint_start_timers
from engine.bpmn.lint.events import lint_events
from engine.bpmn.lint.flows import lint_flows
from engine.bpmn.lint.idle import lint_idle
from engine.bpmn.lint.joins import lint_joins
from engine.bpmn.lint.labels import lint_labels
from engine.bpmn.lint.soundness import lint_soundness
from engine.bpmn.lint.state_space import Budget
from engine.bpmn.lint.structure import lint_structure
from engine.bpmn.reading.graph import Graph
from engine.bpmn.sentences import Findings


def lint(
    graph: Graph, elements: dict[str, Element], flows: dict[str, Flow], findings: Findings, budget: Budget
) -> None:
    """Apply every rule to one process; `budget` is what the processes of a file may cost together."""
    lint_structure(graph, elements, findings)
    lint_flows(graph, flows, findings)
    lint_events(graph, elements, findings)
    lint_compensation(graph, elements, findings)
    lint_idle(graph, elements, findings)
    lint_joins(graph, findings)
    lint_start_timers(graph, findings)
    if not findings.problems:
        lint_soundness(graph, findings, budget)
    lint_labels(graph, findings)


__all__ = ["Budget", "lint", "lint_declarations"]
