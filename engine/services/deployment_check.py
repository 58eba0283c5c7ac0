"""Checking a set before it is deployed: every file by itself, then what the files need of each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from engine.bpmn import ProcessModel, Requirement, read_file
from engine.deadlines import read_calendar
from engine.dmn import Decision, analyse, read_model
from engine.errors import DeploymentError, Invalid, Problem
from engine.handler import REGISTRY
from engine.model.deployment import Resource, ResourceKind
from engine.services import forms
from engine.services.call_circles import check_circles
from engine.services.expression_check import check_expressions
from engine.services.known_groups import Unknown, check_groups
from engine.services.limit_sums import check_limits

LARGEST_FILE = 2 * 1024 * 1024
# A table of 10,000 rows is a file of this size.
LARGEST_RULES = 16_000_000


@dataclass(frozen=True, slots=True)
class Checked:
    """A set that may be deployed."""

    processes: tuple[tuple[Resource, ProcessModel], ...]
    decisions: tuple[tuple[Resource, Decision], ...]
    forms: Mapping[str, Resource]
    calendars: tuple[tuple[str, Resource, Resource], ...]
    findings: tuple[Problem, ...]

    def keys(self) -> Iterable[str]:
        """Return the keys of everything in the set."""
        yield from (model.key for _, model in self.processes)
        yield from (decision.key for _, decision in self.decisions)
        yield from (key for key, _, _ in self.calendars)

    def forms_of(self, model: ProcessModel) -> dict[str, Resource]:
        """Return the forms that a diagram shows."""
        wanted = {need.key for need in model.required if need.kind == "form"}
        return {key: form for key, form in self.forms.items() if key in wanted}


def check(resources: Sequence[Resource], unknown_groups: Unknown | None = None) -> Checked:
    """Check a set as a whole; groups only where somebody knows them.

    Raises   DeploymentError with every problem in every file
    """
    problems = [*_sizes(resources)]
    processes, findings = _diagrams(resources, problems)
    decisions = _decisions(resources, problems)
    found_forms = _forms(resources, problems)
    calendars = _calendars(resources, problems)
    problems += _twice("process", [(model.key, file) for file, model in processes])
    problems += _twice("decision", [(decision.key, file) for file, decision in decisions])
    findings += _message_starts(processes)
    findings += check_groups(processes, unknown_groups) if unknown_groups is not None else ()
    remarks, errors = _analysis(decisions)
    findings += remarks
    doubts, mistakes = check_expressions(processes, decisions, found_forms)
    findings += doubts
    problems += [*errors, *mistakes]
    for one in (*check_circles(processes), *check_limits(processes, decisions)):
        (problems if one.severity == "error" else findings).append(one)
    checked = Checked(tuple(processes), tuple(decisions), found_forms, tuple(calendars), tuple(findings))
    problems += _requirements(checked)
    if problems:
        raise DeploymentError(problems=problems)
    return checked


def check_decisions(
    resources: Sequence[Resource],
) -> tuple[tuple[Decision, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """Check rule tables by themselves; only what they say, not who needs them.

    Returns  the decisions that could be read, the problems that would refuse a deployment, and the other findings
    """
    problems = [*_sizes(resources)]
    decisions = _decisions(resources, problems)
    problems += _twice("decision", [(decision.key, file) for file, decision in decisions])
    findings, errors = _analysis(decisions)
    doubts, mistakes = check_expressions((), decisions, {})
    found = tuple(decision for _, decision in decisions)
    return found, (*problems, *errors, *mistakes), (*findings, *doubts)


def _sizes(resources: Sequence[Resource]) -> Iterable[Problem]:
    for one in resources:
        largest = _largest(one)
        if len(one.content) > largest:
            params: dict[str, object] = {"file": one.name, "largest": largest}
            yield Problem("resource-too-large", "", f"The file is larger than {largest} bytes.", params, one.name)


def _largest(one: Resource) -> int:
    return LARGEST_RULES if one.kind is ResourceKind.DMN else LARGEST_FILE


def _decisions(resources: Sequence[Resource], problems: list[Problem]) -> list[tuple[Resource, Decision]]:
    """Read all files of rules together, for one may import another."""
    files = {one.name: one for one in resources if one.kind is ResourceKind.DMN and len(one.content) <= _largest(one)}
    model = read_model({name: one.content for name, one in files.items()})
    problems += model.problems
    return [(files[decision.file], decision) for decision in model.decisions]


def _diagrams(
    resources: Sequence[Resource], problems: list[Problem]
) -> tuple[list[tuple[Resource, ProcessModel]], list[Problem]]:
    found: list[tuple[Resource, ProcessModel]] = []
    findings: list[Problem] = []
    for one in resources:
        if one.kind is not ResourceKind.BPMN or len(one.content) > LARGEST_FILE:
            continue
        try:
            file = read_file(one.content, one.name)
        except DeploymentError as error:
            problems += error.problems
            continue
        found += [(one, model) for model in file.models]
        findings += file.findings
    return found, findings


def _forms(resources: Sequence[Resource], problems: list[Problem]) -> dict[str, Resource]:
    found = {}
    for one in resources:
        if one.kind is not ResourceKind.FORM:
            continue
        try:
            form = orjson.loads(one.content)
        except orjson.JSONDecodeError as error:
            line = one.content[: error.pos].count(b"\n") + 1
            message = f"The form is not JSON: {error.msg}."
            problems.append(Problem("form-not-json", "", message, {"reason": error.msg}, one.name, line))
            continue
        problems += forms.check_schema(form, one.name)
        found[one.name.removeprefix("forms/").removesuffix(".json")] = one
    return found


def _calendars(resources: Sequence[Resource], problems: list[Problem]) -> list[tuple[str, Resource, Resource]]:
    files = {one.name: one for one in resources if one.kind is ResourceKind.CALENDAR}
    found = []
    for name, rows in files.items():
        if not name.endswith(".csv"):
            continue
        key = name.removeprefix("calendars/").removesuffix(".csv")
        settings = files.get(f"calendars/{key}.json")
        if settings is None:
            message = f"The calendar {key} has no settings calendars/{key}.json."
            problems.append(Problem("calendar-without-settings", key, message, {"key": key}, name))
            continue
        try:
            read_calendar(key, 1, rows.content.decode(), settings.content.decode(), file=name.removesuffix(".csv"))
        except (Invalid, UnicodeDecodeError) as error:
            problems += error.problems if isinstance(error, Invalid) else [_not_text(name)]
            continue
        found.append((key, rows, settings))
    return found


def _not_text(name: str) -> Problem:
    return Problem("file-not-text", "", "The file is not UTF-8 text.", {"file": name}, name)


def _twice(kind: str, keys: Sequence[tuple[str, Resource]]) -> Iterable[Problem]:
    seen: dict[str, Resource] = {}
    for key, file in keys:
        if key in seen:
            params: dict[str, object] = {"kind": kind, "key": key, "first": seen[key].name}
            message = f"The {kind} {key} stands in {seen[key].name} too."
            yield Problem("definition-twice", key, message, params, file.name)
        seen.setdefault(key, file)


def _message_starts(processes: Sequence[tuple[Resource, ProcessModel]]) -> Iterable[Problem]:
    """Doubt a message that begins several processes, or one at several events: it is for one receiver."""
    seen: dict[str, str] = {}
    for file, model in processes:
        for start in model.start_events:
            if start.kind != "message" or start.name is None:
                continue
            if start.name in seen:
                params: dict[str, object] = {"name": start.name, "first": seen[start.name], "key": model.key}
                message = f"The message {start.name} begins {seen[start.name]} too: it would start neither."
                line = model.elements[start.element_id].line
                yield Problem("message-start-twice", start.element_id, message, params, file.name, line, "warning")
            seen.setdefault(start.name, model.key)


def _analysis(decisions: Sequence[tuple[Resource, Decision]]) -> tuple[list[Problem], list[Problem]]:
    findings: list[Problem] = []
    errors: list[Problem] = []
    for file, decision in decisions:
        for finding in analyse(decision):
            params = {"table": decision.key, **finding.params}
            line = decision.rules[finding.rows[0] - 1].line if finding.rows else decision.line
            problem = Problem(
                finding.code, decision.key, finding.message, params, file.name, line or None, finding.severity
            )
            (errors if finding.severity == "error" else findings).append(problem)
    return findings, errors


def _requirements(checked: Checked) -> Iterable[Problem]:
    processes = {model.key for _, model in checked.processes}
    decisions = {decision.key for _, decision in checked.decisions}
    for file, model in checked.processes:
        for need in model.required:
            known = {
                "topic": need.key in REGISTRY,
                "form": need.key in checked.forms,
                "decision": need.key in decisions,
                "process": need.key in processes,
            }[need.kind]
            if not known:
                yield _missing(file, need)


_MISSING = {
    "topic": ("missing-handler", "The topic {key} has no handler."),
    "form": ("missing-form", "There is no form {key}."),
    "decision": ("missing-decision", "There is no decision {key}."),
    "process": ("missing-process", "There is no process {key} to call."),
}


def _missing(file: Resource, need: Requirement) -> Problem:
    code, message = _MISSING[need.kind]
    return Problem(code, need.element_id, message.format(key=need.key), {"key": need.key}, file.name, need.line)
