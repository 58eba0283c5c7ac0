"""Runs the cases of the DMN compatibility kit against our engine and tells how many pass.

    python bench/dmn_tck.py [PATH] [-v] [--only TEXT]

PATH is the folder of the kit, with `compliance-level-*` inside; by default `ZHILI_DMN_TCK`, else
`../shared/data/dmn-tck` beside the project. The kit is not part of the project.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from lxml import etree

from engine.dmn import Decision, Knowledge, evaluate, read_model
from engine.dmn.trace import DecisionRun
from engine.errors import EngineError
from engine.feel import YearsMonths, to_feel
from engine.feel.temporal import format_temporal, parse_date, parse_date_time, parse_duration, parse_time

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("ZHILI_DMN_TCK", ROOT.parent / "shared" / "data" / "dmn-tck"))
CASES = "{http://www.omg.org/spec/DMN/20160719/testcase}"
SCHEMA_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# The kit was made with several engines; numbers may differ in the last digits of a double.
TOLERANCE = Decimal("0.00000001")
NOW = datetime.fromisoformat("2026-06-15T10:00:00+08:00")

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


@dataclass(frozen=True)
class Failure:
    """A result that is not the expected one."""

    case: str
    result: str
    found: object
    wanted: object
    problem: object


@dataclass
class Outcome:
    """How many results were right, and the others."""

    passed: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many results were not right."""
        return len(self.failures)

    def add(self, other: "Outcome") -> None:
        """Add the results of another file."""
        self.passed += other.passed
        self.failures += other.failures

    def __str__(self) -> str:
        """Show both numbers and the share."""
        total = self.passed + self.failed
        share = 100 * self.passed / total if total else 100
        return f"{self.passed} passed, {self.failed} failed ({share:.2f} %)"


def value_of(element: etree._Element | None) -> object:
    """Read the value of a node: a value, a list, or components."""
    if element is None:
        return None
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name == "value":
            return _simple_value(child)
        if name == "list":
            return None if child.get(NIL) == "true" else [value_of(item) for item in child.iterchildren(etree.Element)]
        if name == "component":
            parts = element.iterchildren(f"{CASES}component")
            return {part.get("name"): value_of(part) for part in parts}
    return None


def _simple_value(element: etree._Element) -> object:
    if element.get(NIL) == "true":
        return None
    kind = (element.get(SCHEMA_TYPE) or "xsd:string").split(":")[-1]
    text = element.text or ""
    return _READERS[kind](text if kind == "string" else text.strip())


def alike(found: object, wanted: object) -> bool:
    """Tell whether a FEEL value is the expected one."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= TOLERANCE * max(1, abs(wanted))
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(alike(found[key], wanted[key]) for key in found)
    if isinstance(found, (date, datetime, time, timedelta, YearsMonths)):
        return format_temporal(found) == (wanted if isinstance(wanted, str) else format_temporal(wanted))
    return found.__class__ is wanted.__class__ and found == wanted


class Suite:
    """A file of cases and the models beside it."""

    def __init__(self, path: Path) -> None:
        """Read the cases, the model that they name, and the other models of its folder."""
        self.cases = etree.parse(str(path)).getroot()
        model = (self.cases.findtext(f"{CASES}modelName") or "").strip()
        files = {file.name: file.read_bytes() for file in sorted(path.parent.glob("*.dmn"))}
        found = read_model(files)
        self.problems = found.problems
        self.decisions = {one.name: one for one in found.decisions if one.file == model and one.service is None}
        self.services = {one.name: one for one in found.decisions if one.file == model and one.service is not None}
        self.knowledge = {one.name: one for one in found.knowledge if one.file == model}

    def run(self) -> Outcome:
        """Run all cases."""
        outcome = Outcome()
        for case in self.cases.iter(f"{CASES}testCase"):
            context = {str(node.get("name")): to_feel(value_of(node)) for node in case.findall(f"{CASES}inputNode")}
            for node in case.findall(f"{CASES}resultNode"):
                self._judge(case, node, context, outcome)
        return outcome

    def _judge(
        self, case: etree._Element, node: etree._Element, context: Mapping[str, object], outcome: Outcome
    ) -> None:
        """Compare one result; where an error is expected, any refusal is right, and so is null."""
        wanted = value_of(node.find(f"{CASES}expected"))
        problem: object = None
        try:
            found = self._answer(case, node, context)
            passed = alike(found, wanted)
        except (EngineError, LookupError) as error:
            found, problem = None, error
            passed = wanted is None and (isinstance(error, EngineError) or node.get("errorResult") == "true")
        if passed:
            outcome.passed += 1
        else:
            place = str(case.get("id")), str(node.get("name"))
            outcome.failures.append(Failure(*place, found, wanted, problem))

    def _answer(self, case: etree._Element, node: etree._Element, context: Mapping[str, object]) -> object:
        kind, name = case.get("type") or node.get("type") or "decision", str(node.get("name"))
        invocable = case.get("invocableName") or name
        if kind == "decisionService":
            return self._answer_of_service(self.services[invocable], name, context)
        if kind == "bkm":
            return called(self.knowledge[invocable], context)
        decision = self.decisions.get(name)
        if decision is None and name in self.services:
            return self._answer_of_service(self.services[name], name, context)
        if decision is None:
            raise LookupError(name)
        return evaluate(decision, context, now=NOW).feel_value

    def _answer_of_service(self, service: Decision, name: str, context: Mapping[str, object]) -> object:
        value = evaluate(service, context, now=NOW).feel_value
        outputs = service.service.outputs if service.service else ()
        if len(outputs) > 1 and isinstance(value, dict) and any(one.variable == name for one in outputs):
            return value.get(name)
        return value


def called(knowledge: Knowledge, context: Mapping[str, object]) -> object:
    """Call a knowledge model with arguments by name."""
    arguments = [context.get(one.name) for one in knowledge.parameters]
    return knowledge.function.call(DecisionRun(now=NOW), *arguments)


def suites(home: Path, level: str, only: str = "") -> Iterator[tuple[Path, Outcome]]:
    """Run the files of a level whose path holds a text; yields each with what came of it."""
    for path in sorted((home / level).glob("*/*.xml")):
        if only in str(path):
            yield path, Suite(path).run()


def run_level(home: Path, level: str) -> Outcome:
    """Run all files of a level."""
    total = Outcome()
    for _, outcome in suites(home, level):
        total.add(outcome)
    return total


def main() -> int:
    """Print what passes by folder and in total; returns 1 where there is no kit."""
    parser = argparse.ArgumentParser(description="Runs the DMN compatibility kit.")
    parser.add_argument("path", nargs="?", type=Path, default=HOME)
    parser.add_argument("-v", "--verbose", action="store_true", help="list the cases that fail")
    parser.add_argument("--only", default="", help="only files whose path holds this text")
    given = parser.parse_args()
    levels = sorted(path.name for path in given.path.glob("compliance-level-*"))
    write = partial(print, flush=True)
    if not levels:
        write(f"There is no compatibility kit at {given.path}.")
        return 1
    total = Outcome()
    for level in levels:
        sum_of_level = Outcome()
        for path, outcome in suites(given.path, level, given.only):
            sum_of_level.add(outcome)
            write(f"{level}/{path.parent.name}: {outcome}")
            if given.verbose:
                for one in outcome.failures:
                    reason = f" · {one.problem}" if one.problem is not None else ""
                    write(f"    {one.case} {one.result}: {one.found!r} instead of {one.wanted!r}{reason}")
        write(f"{level}: {sum_of_level}")
        total.add(sum_of_level)
    write(f"total: {total}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
