"""Checking the expressions of a set before it is deployed: names, types, results."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import orjson

from engine.bpmn import ProcessModel
from engine.dmn import Decision
from engine.errors import Problem
from engine.feel.checking import ExpressionFinding
from engine.model.deployment import Resource
from engine.services.decision_expressions import check_decision
from engine.services.form_expressions import check_form
from engine.services.process_expressions import Surroundings, check_process

MOST = 200


def check_expressions(
    processes: Sequence[tuple[Resource, ProcessModel]],
    decisions: Sequence[tuple[Resource, Decision]],
    forms: Mapping[str, Resource],
) -> tuple[list[Problem], list[Problem]]:
    """Check every expression of a set against what it can see.

    Returns  the findings that leave a doubt, and the errors, which are certain
    """
    findings: list[Problem] = []
    errors: list[Problem] = []
    for severity, problem in _all(processes, decisions, forms):
        target = errors if severity == "error" else findings
        if len(target) < MOST:
            target.append(problem)
    return findings, errors


def _all(
    processes: Iterable[tuple[Resource, ProcessModel]],
    decisions: Sequence[tuple[Resource, Decision]],
    forms: Mapping[str, Resource],
) -> Iterator[tuple[str, Problem]]:
    for file, decision in decisions:
        for place, text, finding in check_decision(decision):
            yield finding.severity, as_problem(finding, place.where, place.label, text, (file.name, place.line))
    around = surroundings(decisions, forms)
    for key, form in around.forms.items():
        for where, text, finding in check_form(form):
            yield finding.severity, as_problem(finding, where, where, text, (forms[key].name, None))
    for file, model in processes:
        for written, finding in check_process(model, around):
            text = written.expression.text
            problem = as_problem(finding, written.where, written.place, text, (file.name, written.line))
            yield finding.severity, problem


def surroundings(decisions: Iterable[tuple[Resource, Decision]], forms: Mapping[str, Resource]) -> Surroundings:
    """Return what the diagrams of a set are deployed with; forms that are no JSON object are left out."""
    read = {}
    for key, file in forms.items():
        form = orjson.loads(file.content)
        if isinstance(form, dict):
            read[key] = form
    return Surroundings(read, {decision.key: decision for _, decision in decisions})


def as_problem(
    finding: ExpressionFinding, where: str, place: str, text: str, at: tuple[str | None, int | None]
) -> Problem:
    """Return a finding as a problem of a file: with the place, the text and the position in it."""
    params = {**finding.params, "place": place, "text": text, "line": finding.line, "column": finding.column}
    message = f"{place}, {finding.line}:{finding.column}: {finding.message}"
    return Problem(finding.code, where, message, params, *at, severity=finding.severity)
