"""Tests for what was not reached: made from the tables and diagrams themselves, and confirmed by running them."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from api.language import CITY_ZONE
from api.process_tests.flow_routes import Beginning, Variants
from api.process_tests.library import Library
from api.process_tests.model import Given, Scenario, Sheet, Step
from api.process_tests.nodes import write_yaml
from api.process_tests.play import play
from api.process_tests.reader import SUBJECTS
from api.process_tests.report import Report
from api.process_tests.row_inputs import RowInputs, written
from api.process_tests.runner import FOLDER, Choice, read_sheets
from api.process_tests.town import Town, build_town

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MOST_PLAYS = 24
SCENARIOS, RULES = "scenarios", "rules"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One test that was made.

    about      key of the process or of the decision
    goal       the sequence flow, or the number of the row
    document   the scenario or rule case as it stands in a file; empty where none was found
    confirmed  whether it was run and reached its goal
    needs      the shortest way to a flow that was not found
    """

    kind: str
    about: str
    goal: str
    document: Mapping[str, object]
    confirmed: bool
    needs: str = ""

    @property
    def text(self) -> str:
        """Return it ready to paste; what was not found is a comment."""
        if not self.confirmed:
            return f"# {self.about} {self.goal}: – {self.needs}".rstrip()
        return f"# {self.about} {self.goal}\n{write_yaml([dict(self.document)])}".rstrip()

    def as_document(self) -> dict[str, object]:
        """Return it for a machine."""
        found = {
            "kind": self.kind,
            "about": self.about,
            "goal": self.goal,
            "confirmed": self.confirmed,
            "needs": self.needs,
        }
        return found | {"test": dict(self.document)}


def suggest(root: Path, report: Report, library: Library, choice: Choice) -> list[Suggestion]:
    """Make a test for every flow and every row that was not reached; of one process only its flows.

    The scenarios of the chosen files are the beginnings of the new ones.
    """
    found = list(_flows(root, report, library, choice))
    return found if choice.flow is not None else [*found, *_rows(report, library)]


# ----------------------------------------------------------------------------------------------------- rows


def _rows(report: Report, library: Library) -> Iterator[Suggestion]:
    inputs = RowInputs.of(library.decisions, NOON.astimezone(CITY_ZONE))
    for key, rows in report.rows.items():
        for row in (number for number, reached in rows.items() if not reached):
            context = inputs.find(key, row)
            if context is None:
                yield Suggestion(RULES, key, str(row), {}, confirmed=False)
                continue
            answering = list(inputs.answering(key, context))
            then = {"row": row} if answering == [row] else {"rows": answering}
            document = {"decision": key, "given": written(context), "then": then}
            yield Suggestion(RULES, key, str(row), document, confirmed=True)


# ---------------------------------------------------------------------------------------------------- flows


def _flows(root: Path, report: Report, library: Library, choice: Choice) -> Iterator[Suggestion]:
    missing: dict[str, list[str]] = {
        key: [flow for flow, reached in flows.items() if not reached]
        for key, flows in report.flows.items()
        if choice.flow in (None, key) and not all(flows.values())
    }
    if not missing:
        return
    sheets = read_sheets(root, choice, library)
    with tempfile.TemporaryDirectory(prefix="zhili-tests-") as folder:
        town = build_town(root, library, Path(folder))
        for key, flows in missing.items():
            search = _Search(town, library, root / "rules", key, _beginnings(sheets, report, key))
            yield from search.run(flows)


def _beginnings(sheets: list[Sheet], report: Report, key: str) -> list[Beginning]:
    """Return the scenarios that hold and come into a process; where there are none, a bare instance of it."""
    flows = {(outcome.file, outcome.name): outcome.flows for outcome in report.outcomes if outcome.is_fine}
    known = [
        (scenario, flows[sheet.file, scenario.name])
        for sheet in sheets
        for scenario in sheet.scenarios
        if sheet.flow == key and (sheet.file, scenario.name) in flows
    ]
    bare = Scenario("", Given(at=NOON, variables={}, key="test"), (), 1)
    return known or [(bare, frozenset())]


@dataclass(slots=True)
class _Search:
    """Looks for scenarios of one process; each that is found is a beginning of further ones."""

    town: Town
    library: Library
    rules: Path
    key: str
    beginnings: list[Beginning]
    _seen: set[str] = field(default_factory=set)

    def run(self, flows: list[str]) -> Iterator[Suggestion]:
        """Stream a suggestion for each flow; one scenario may reach several."""
        variants = Variants(self.library, self.library.models[self.key])
        left = list(flows)
        found_any = True
        while left and found_any:
            found_any = False
            for flow in list(left):
                if flow not in left:
                    continue
                scenario, reached = self._find(variants, flow)
                if scenario is None:
                    continue
                found_any = True
                left = [one for one in left if (self.key, one) not in reached]
                self.beginnings.append((scenario, reached))
                yield Suggestion(SCENARIOS, self.key, flow, document_of(scenario, flow), confirmed=True)
        for flow in left:
            needs = variants.needs(self.library.models[self.key].flows[flow])
            yield Suggestion(SCENARIOS, self.key, flow, {}, confirmed=False, needs=needs)

    def _find(self, variants: Variants, flow: str) -> tuple[Scenario | None, frozenset[tuple[str, str]]]:
        """Return a scenario that reaches a flow and fails nowhere, and everything that it reaches."""
        sheet = Sheet(f"{self.key}.yaml", self.key, (), ())
        plays = 0
        for scenario in variants.of(self.beginnings, self.library.models[self.key].flows[flow]):
            mark = f"{flow} {replace(scenario, line=0)!r}"
            if mark in self._seen:
                continue
            self._seen.add(mark)
            outcome = play(self.town, self.library, self.rules, sheet, scenario)
            if outcome.is_fine and (self.key, flow) in outcome.flows:
                return scenario, outcome.flows
            plays += 1
            if plays >= MOST_PLAYS:
                break
        return None, frozenset()


def document_of(scenario: Scenario, flow: str) -> dict[str, object]:
    """Return a scenario as it stands in a file, with the flow that it must pass."""
    given = _given(scenario.given)
    steps = [_step(step) for step in scenario.steps]
    return {"name": scenario.name, "given": given, "when": steps, "then": {"passes": [flow]}}


def _given(given: Given) -> dict[str, object]:
    kinds = {act: kind for kind, act in SUBJECTS.items()}
    found: dict[str, object] = {"at": given.at.isoformat()}
    for act in given.acts:
        by = {} if act.by is None else {"by": act.by}
        found[kinds[act.target]] = {**dict(act.data), **by}
    if given.variables is not None:
        found["variables"] = dict(given.variables)
    found |= {name: value for name, value in (("key", given.key), ("by", given.by)) if value is not None}
    if given.rules:
        found["rules"] = {
            key: [{"when": dict(stub.when), "then": stub.then} for stub in stubs] for key, stubs in given.rules.items()
        }
    if given.handlers:
        found["handlers"] = {
            topic: {"result": dict(stub.result)} | ({} if stub.error is None else {"error": stub.error})
            for topic, stub in given.handlers.items()
        }
    return found


def _step(step: Step) -> dict[str, object]:
    document: dict[str, object] = {step.verb: step.target}
    parts = {"with": dict(step.data), "by": step.by, "of": step.of, "as": step.named, "correlation": step.correlation}
    document |= {name: value for name, value in parts.items() if value}
    if step.refused is not False:
        document["refused"] = step.refused
    return document if step.errand else document | {"errand": False}


# --------------------------------------------------------------------------------------------------- writing


def add_to_files(root: Path, found: list[Suggestion]) -> list[Path]:
    """Append confirmed tests to files of their own beside the written ones; returns those files."""
    files: dict[Path, dict[str, object]] = {}
    for one in found:
        if not one.confirmed:
            continue
        name = f"{one.about}.suggested.yaml"
        file = root / FOLDER / name
        start: dict[str, object] = {"flow": one.about} if one.kind == SCENARIOS else {}
        tests = files.setdefault(file, start).setdefault(one.kind, [])
        if isinstance(tests, list):
            tests.append(dict(one.document))
    for file, document in files.items():
        file.write_text(write_yaml(document), encoding="utf-8")
    return sorted(files)
