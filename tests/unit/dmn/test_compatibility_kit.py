"""The compatibility kit of DMN, read in place where it is present."""

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from engine.dmn import evaluate
from engine.dmn.reader import read_document
from engine.errors import EngineError
from engine.feel import YearsMonths, to_feel
from engine.feel.temporal import format_temporal, parse_date, parse_date_time, parse_duration, parse_time

HOME = Path(os.environ.get("ZHILI_DMN_TCK", Path(__file__).parents[3].parent / "shared" / "data" / "dmn-tck"))
CASES = "{http://www.omg.org/spec/DMN/20160719/testcase}"
SCHEMA_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TOLERANCE = Decimal("0.00000001")

_READERS = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "string": str,
    "boolean": lambda text: text == "true",
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "float": Decimal,
}


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0


def value_of(element):
    """Read the value of a node: a value, a list, or components."""
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name == "value":
            return simple_value(child)
        if name == "list":
            return None if child.get(NIL) == "true" else [value_of(item) for item in child.iterchildren(etree.Element)]
        if name == "component":
            return {part.get("name"): value_of(part) for part in element.iterchildren(etree.Element)}
    return None


def simple_value(element):
    if element.get(NIL) == "true":
        return None
    kind = (element.get(SCHEMA_TYPE) or "xsd:string").split(":")[-1]
    return _READERS[kind]((element.text or "").strip() if kind != "string" else element.text or "")


def alike(found, wanted):
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= TOLERANCE * max(1, abs(wanted))
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(alike(found[key], wanted[key]) for key in found)
    if isinstance(found, (date, datetime, time, timedelta, YearsMonths)):
        return format_temporal(found) == (wanted if isinstance(wanted, str) else format_temporal(wanted))
    return found.__class__ is wanted.__class__ and found == wanted


def run_file(path, complain=None):
    """Run the cases of one file; a decision that was refused counts as failed, unless an error is expected."""
    outcome = Outcome()
    suite = etree.parse(str(path)).getroot()
    model = path.parent / suite.findtext(f"{CASES}modelName").strip()
    try:
        decisions, _ = read_document(model.read_bytes(), model.name)
    except EngineError:
        decisions = ()
    by_key = {decision.key: decision for decision in decisions}
    by_name = {decision.name: decision for decision in decisions}
    for case in suite.iter(f"{CASES}testCase"):
        context = {node.get("name"): to_feel(value_of(node)) for node in case.findall(f"{CASES}inputNode")}
        for node in case.findall(f"{CASES}resultNode"):
            wanted = value_of(node.find(f"{CASES}expected"))
            decision = by_name.get(node.get("name"))
            problem = None
            try:
                found = evaluate(decision, context, by_key).feel_value if decision else "refused"
                passed = alike(found, wanted) or (decision is None and node.get("errorResult") == "true")
            except EngineError as error:
                found, passed, problem = None, wanted is None, error
            outcome.passed += passed
            outcome.failed += not passed
            if complain and not passed:
                complain(path, case, node, found, wanted, problem)
    return outcome


def run_level(level):
    total = Outcome()
    for path in sorted((HOME / level).glob("*/*.xml")):
        outcome = run_file(path)
        total.passed += outcome.passed
        total.failed += outcome.failed
    return total


@pytest.mark.parametrize(("level", "floor"), [("compliance-level-2", 123), ("compliance-level-3", 2150)])
def test_the_kit_passes_at_least_as_many_cases_as_were_recorded(level, floor):
    outcome = run_level(level)
    if not (HOME / level).is_dir():
        assert (outcome.passed, outcome.failed) == (0, 0)
        return
    assert outcome.passed >= floor, outcome
