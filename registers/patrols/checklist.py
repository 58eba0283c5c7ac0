"""Checklists: what a member answers at an object, and whether she has."""

from collections.abc import Iterable, Mapping
from math import isfinite

from engine.errors import Problem
from registers.patrols.model import ChecklistItem, CheckResult, Observation

YES_NO, NUMBER, TEXT = "yes_no", "number", "text"
KINDS = (YES_NO, NUMBER, TEXT)
TEXT_MAX = 500


def read_checklist(rows: Iterable[Mapping[str, object]]) -> tuple[ChecklistItem, ...]:
    """Build a checklist from rows with text, kind, required and key; without a key they are `q1`, `q2` and so on."""
    return tuple(
        ChecklistItem(
            key=str(row.get("key") or f"q{number}"),
            text=str(row["text"]),
            kind=str(row["kind"]),
            required=bool(row.get("required", True)),
        )
        for number, row in enumerate(rows, start=1)
    )


def write_checklist(items: Iterable[ChecklistItem]) -> list[dict[str, object]]:
    """Return a checklist as it is kept."""
    return [{"key": item.key, "text": item.text, "kind": item.kind, "required": item.required} for item in items]


def problems_of_checklist(items: Iterable[ChecklistItem]) -> list[Problem]:
    """Return a problem for each question that cannot be one."""
    problems = []
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item.kind not in KINDS:
            message = f"There is no kind of question {item.kind}."
            problems.append(Problem("patrol-question-kind", f"checklist.{number}.kind", message, {"value": item.kind}))
        if item.key in seen:
            message = f"The key {item.key} stands there twice."
            problems.append(Problem("patrol-question-twice", f"checklist.{number}.key", message, {"value": item.key}))
        seen.add(item.key)
    return problems


def problems_of_answers(items: Iterable[ChecklistItem], said: Observation) -> list[Problem]:
    """Return a problem for each answer that is missing, of another kind, or to no question.

    Where a member could not get to the object, nothing has to be answered but why.
    """
    known = {item.key: item for item in items}
    problems = [
        Problem("patrol-question-unknown", f"answers.{key}", f"There is no question {key}.", {"value": key})
        for key in said.answers
        if key not in known
    ]
    asked = () if said.result is CheckResult.UNREACHABLE else tuple(known.values())
    problems += [
        _about(item, "patrol-answer-missing", f"The answer is missing: {item.text}")
        for item in asked
        if item.required and said.answers.get(item.key) in (None, "")
    ]
    problems += [
        _about(known[key], "patrol-answer-kind", f"The answer is not of its kind: {known[key].text}")
        for key, value in said.answers.items()
        if key in known and value is not None and not _fits(known[key].kind, value)
    ]
    if said.result is not CheckResult.NORMAL and not (said.finding or "").strip():
        message = "Say what was found, or why it could not be reached."
        problems.append(Problem("patrol-finding-missing", "finding", message))
    return problems


def _about(item: ChecklistItem, code: str, message: str) -> Problem:
    """Return a problem with the answer to a question."""
    return Problem(code, f"answers.{item.key}", message, {"question": item.text, "kind": item.kind})


def _fits(kind: str, value: object) -> bool:
    """Tell whether a value answers a question of this kind."""
    if kind == YES_NO:
        return isinstance(value, bool)
    if kind == NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    return isinstance(value, str) and len(value) <= TEXT_MAX
