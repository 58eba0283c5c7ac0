"""Names meet: every topic, table, form and called process that a diagram names exists, and no handler is idle."""

import ast
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from engine.handler import REGISTRY

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ROOT / "processes"
RULES = ROOT / "rules"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZHILI = "{urn:zhili:bpmn:1.0}"
POLICIES = ("assignmentDecision", "limitDecision", "rungDecisions", "lightDecision")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def _elements(folder: Path, pattern: str) -> Iterator[tuple[Path, etree._Element]]:
    for file in sorted(folder.glob(pattern)):
        for element in etree.parse(file, PARSER).iter(etree.Element):
            yield file, element


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _named(attribute: str) -> dict[str, list[str]]:
    """Return the words in an attribute of any diagram, each with the places that use it."""
    places = defaultdict(list)
    for file, element in _elements(PROCESSES, "*.bpmn"):
        for word in (element.get(attribute) or "").split():
            places[word].append(f"{file.name}:{element.sourceline} {element.get('id')}")
    return dict(places)


def _missing(named: dict[str, list[str]], known: set[str]) -> dict[str, list[str]]:
    # `=` begins an expression: what it names is known at run time only.
    return {word: places for word, places in named.items() if word not in known and not word.startswith("=")}


def _decisions() -> dict[str, etree._Element]:
    return {
        element.get("id"): element
        for _, element in _elements(RULES, "**/*.dmn")
        if _tag(element) == "decision" and element.get("id")
    }


def _column(decision: etree._Element, output: str) -> set[str]:
    """Return the literal texts in one output column of a decision table."""
    names = [element.get("name") for element in decision.iter() if _tag(element) == "output"]
    if output not in names:
        return set()
    position = names.index(output)
    cells = set()
    for rule in (element for element in decision.iter() if _tag(element) == "rule"):
        entries = [element for element in rule if _tag(element) == "outputEntry"]
        cells.add("".join(entries[position].itertext()).strip().strip('"'))
    return cells


def _rung_topics() -> set[str]:
    """Return the topics of rungs: `deadline.<kind>` for each kind that a rung table can answer."""
    tables = _decisions()
    used = _named(f"{ZHILI}rungDecisions")
    return {f"deadline.{kind}" for key in used if key in tables for kind in _column(tables[key], "kind")}


def _handlers() -> dict[str, str]:
    """Return topic → module of every handler in `handlers`."""
    package = importlib.import_module("handlers")
    for module in pkgutil.walk_packages(package.__path__, "handlers."):
        importlib.import_module(module.name)
    found = {topic: getattr(REGISTRY.find(topic), "__module__", "") for topic in REGISTRY}
    return {topic: module for topic, module in found.items() if module.startswith("handlers.")}


def test_every_topic_of_a_diagram_has_a_handler() -> None:
    topics = _named(f"{CAMUNDA}topic")
    assert topics, "no diagram names a topic"
    assert _missing(topics, set(_handlers())) == {}


def test_every_rung_kind_of_a_table_has_a_handler() -> None:
    assert _rung_topics() - set(_handlers()) == set()


def test_every_handler_serves_a_topic_of_a_diagram_or_a_rung() -> None:
    wanted = set(_named(f"{CAMUNDA}topic")) | _rung_topics()
    assert {topic: module for topic, module in _handlers().items() if topic not in wanted} == {}


def test_every_decision_that_a_diagram_names_is_a_table() -> None:
    tables = set(_decisions())
    references = _named(f"{CAMUNDA}decisionRef")
    policies = {name: _named(f"{ZHILI}{name}") for name in POLICIES}
    assert _missing(references, tables) == {}
    assert {name: gap for name, named in policies.items() if (gap := _missing(named, tables))} == {}


def test_every_decision_that_a_handler_asks_for_is_a_table() -> None:
    tables = _decisions()
    unknown = []
    for file in sorted((ROOT / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="decide"), args=[ast.Constant(value=str(key)), *_]):
                    if key not in tables:
                        unknown.append(f"{file.name}:{node.lineno} {key}")
    assert unknown == []


def test_every_table_has_its_key_once() -> None:
    places = defaultdict(list)
    for file, element in _elements(RULES, "**/*.dmn"):
        if _tag(element) == "decision":
            places[element.get("id")].append(file.name)
    assert {key: files for key, files in places.items() if len(files) > 1} == {}


def test_every_form_key_has_a_form_and_every_form_a_key() -> None:
    forms = {file.stem for file in (PROCESSES / "forms").glob("*.json")}
    keys = _named(f"{CAMUNDA}formKey")
    assert _missing(keys, forms) == {}
    assert forms - set(keys) == set()


def _processes(pattern: str = "*.bpmn") -> set[str]:
    return {element.get("id") for _, element in _elements(PROCESSES, pattern) if _tag(element) == "process"}


def test_every_called_process_exists() -> None:
    assert _missing(_named("calledElement"), _processes()) == {}


def test_a_diagram_is_named_after_a_process_in_it() -> None:
    files = sorted(PROCESSES.glob("*.bpmn"))
    assert [file.name for file in files if file.stem not in _processes(file.name)] == []
