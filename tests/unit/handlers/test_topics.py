"""Diagrams and handlers name the same things."""

import ast
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.handler import REGISTRY
from tests.unit.handlers.conftest import FLOWS

ROOT = Path(__file__).parents[3]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TOPIC = "{http://camunda.org/schema/1.0/bpmn}topic"
DIAGRAMS = sorted((ROOT / "processes").glob("*.bpmn"))
assert FLOWS


def elements_of(diagram: Path) -> Iterator[ET.Element]:
    return ET.parse(diagram).iter()  # noqa: S314  our own diagrams, from our own tree


def topics_of(diagram: Path) -> set[str]:
    return {element.get(TOPIC, "") for element in elements_of(diagram) if element.get(TOPIC)}


def user_tasks_of(diagram: Path) -> set[str]:
    return {element.get("id", "") for element in elements_of(diagram) if element.tag == f"{BPMN}userTask"}


def sources_of(flow: str) -> list[Path]:
    folder = ROOT / "handlers" / flow
    return sorted(folder.glob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=[diagram.stem for diagram in DIAGRAMS])
def test_every_topic_of_a_diagram_has_a_handler_in_the_module_of_its_name(diagram):
    assert topics_of(diagram)
    for topic in topics_of(diagram):
        handler = REGISTRY.find(topic)
        assert handler is not None, f"{topic} in {diagram.name} has no handler"
        assert handler.__module__.split(".")[1] == diagram.stem


def test_every_handler_is_asked_for_by_a_diagram_or_by_a_rung():
    asked = set().union(*(topics_of(diagram) for diagram in DIAGRAMS))
    rungs = {topic for topic in REGISTRY if topic.startswith("deadline.")}
    assert set(REGISTRY) == asked | rungs
    assert rungs == {
        "deadline.warn",
        "deadline.yellow",
        "deadline.red",
        "deadline.mediation_expiring",
        "deadline.mediation_over",
        "deadline.patrol_lapsed",
        "deadline.patrol_overdue",
        "deadline.patrol_remind",
    }


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=[diagram.stem for diagram in DIAGRAMS])
def test_every_form_that_a_handler_reads_is_a_user_task_of_its_diagram(diagram):
    known = user_tasks_of(diagram)
    for source in sources_of(diagram.stem):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            read = _form_read(node)
            assert read is None or read in known, f"{source.name} reads the form of {read}"


def test_every_decision_that_a_handler_asks_is_a_table():
    asked = {
        str(node.args[0].value)
        for source in (ROOT / "handlers").rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "decide"
    }
    tables = {
        element.get("id", "")
        for file in (ROOT / "rules").glob("*.dmn")
        for element in elements_of(file)
        if element.tag.endswith("}decision")
    }
    assert asked - tables == set()
    assert asked == {
        "category",
        "urgency",
        "duplicate_window",
        "duplicate_check",
        "filing_condition",
        "satisfaction_rule",
        "knowledge_assignment",
        "knowledge_template",
        "knowledge_validity",
        "dispute_scale",
        "dispute_level",
        "mediation_time_limit",
        "mediator_choice",
        "mediator_bar",
        "mediation_assignment",
        "patrol_catch_up",
        "patrol_roles",
        "mediation_revisit_wait",
    }


def _form_read(node: ast.AST) -> str | None:
    """Return the element whose form a call reads: job.submission("x") or entered(job, "x")."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[-1], ast.Constant):
        return None
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return str(node.args[-1].value) if name in {"submission", "entered"} else None
