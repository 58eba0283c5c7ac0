"""`zhili decisions list | show | evaluate | explain | validate`: what rule tables say, and why."""

from collections.abc import Sequence
from pathlib import Path

import click

from api.commands.console import FAILED, WRONG_INPUT, json_option, show, show_table
from api.commands.decision_files import read_rows, write_rows
from api.commands.running import checked_city, operator
from api.commands.words import group, language, option, say
from api.decision_view import proof_view, rows_view, validation_view, version_view
from api.decision_words import proof_in_words
from api.language import catalog
from api.source_files import read_files
from engine.dmn import Decision
from engine.services import decisions as asking
from engine.services import definitions
from engine.services.decision_versions import versions_of
from engine.services.decisions import RowAnswer

KEY = click.argument("key")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(decisions)


@group("decisions", help="decisions")
def decisions() -> None:
    """Ask, explain and compare decisions."""


@decisions.command("list", help="decisions_list")
@click.argument("key", required=False)
@json_option
def list_decisions(key: str | None) -> None:
    """List the newest versions, or every version of one decision."""
    names = ["key", "version", "name", "deployed_at"]
    with checked_city().units(read_only=True) as uow:
        if key is None:
            newest = definitions.list_decisions(uow)
            found = [{name: getattr(one, name) for name in names} for one in newest]
        else:
            names += ["deployed_by", "resource_hash"]
            found = [version_view(one) for one in versions_of(uow, key)]
    columns = [say(f"column.{name}") for name in names]
    show_table({"items": found}, columns, [[_cell(one[name]) for name in names] for one in found])


@decisions.command("show", help="decisions_show")
@KEY
@option("--version", type=click.IntRange(min=1), help="decision_version")
@json_option
def show_decision(key: str, version: int | None) -> None:
    """Show the rows of a table."""
    with checked_city().units(read_only=True) as uow:
        definition = definitions.find_decision(uow, key, version)
        decision = definitions.decisions_of(uow, definition)[key]
    policy = None if decision.hit_policy is None else str(decision.hit_policy)
    document = {"key": key, "version": definition.version, "name": decision.name, "hit_policy": policy}
    columns, rows = _table(decision)
    document |= {"columns": columns, "rows": rows}
    title = f"{decision.name} ({key}:{definition.version}) {policy or ''}".rstrip()
    if decision.expression is not None:
        show(document | {"expression": decision.expression.text}, [title, decision.expression.text])
        return
    show_table(document, columns, rows)


@decisions.command("evaluate", help="decisions_evaluate")
@KEY
@option("--inputs", type=FILE, required=True, help="decision_inputs")
@option("--out", type=click.Path(path_type=Path, dir_okay=False), help="decision_out")
@option("--version", type=click.IntRange(min=1), help="decision_version")
@option("--record", is_flag=True, help="decision_record")
@json_option
def evaluate(key: str, inputs: Path, out: Path | None, version: int | None, *, record: bool) -> None:
    """Ask a decision for every row of a file; rows with an error are named by number."""
    with checked_city().units(read_only=not record) as uow:
        definition = definitions.find_decision(uow, key, version)
        rows = read_rows(inputs, definitions.decisions_of(uow, definition)[key])
        answers = asking.evaluate_many(uow, key, rows, by=operator(), version=definition.version, record=record)
    document = rows_view(definition, answers, catalog(language()))
    if out is not None:
        write_rows(out, rows, document)
    show(document, [*_answer_lines(answers, document), say("decisions.answered", **document)])
    if document["failed"]:
        raise click.exceptions.Exit(FAILED)


@decisions.command("explain", help="decisions_explain")
@click.argument("evaluation_id")
@json_option
def explain(evaluation_id: str) -> None:
    """Tell in words why an evaluation said what it said."""
    with checked_city().units(read_only=True) as uow:
        found = proof_view(asking.explain(uow, evaluation_id), catalog(language()))
    words = found["words"]
    show(found, words if isinstance(words, list) else ())


@decisions.command("validate", help="decisions_validate")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def validate(paths: tuple[Path, ...]) -> None:
    """Check files of rule tables; needs no database."""
    files = read_files(paths)
    places = {one.resource.name: str(one.path) for one in files}
    document = validation_view([one.resource for one in files], catalog(language()))
    lines = [_problem(one, places) for part in ("problems", "findings") for one in _entries(document[part])]
    problems, found = _entries(document["problems"]), _entries(document["decisions"])
    end = say("decisions.refused", count=len(problems)) if problems else say("decisions.fine", count=len(found))
    show(document, [*lines, end])
    if problems:
        raise click.exceptions.Exit(WRONG_INPUT)


def _table(decision: Decision) -> tuple[list[str], list[list[str]]]:
    inputs = [column.label for column in decision.inputs]
    outputs = [f"→ {column.name}" for column in decision.outputs]
    columns = [say("column.row"), *inputs, *outputs, say("column.annotation")]
    rows = [
        [
            str(rule.number),
            *(cell.text for cell in rule.conditions),
            *(cell.text for cell in rule.answers),
            rule.annotation,
        ]
        for rule in decision.rules
    ]
    return columns, rows


def _answer_lines(answers: Sequence[RowAnswer], document: dict[str, object]) -> list[str]:
    """Return the whole proof of a single answer, a line for each of many."""
    if len(answers) == 1 and answers[0].answer is not None:
        answer = answers[0].answer
        return proof_in_words(answer.result.explain(), answer.version, catalog(language()))
    lines = []
    for one, shown in zip(answers, _entries(document["items"]), strict=True):
        error = shown["error"]
        if one.answer is not None:
            rows = ", ".join(str(match.row) for match in one.answer.result.matches) or say("decisions.default")
            lines.append(f"{one.row}: [{rows}] {_cell(one.answer.value)}")
        elif isinstance(error, dict):
            lines.append(f"{one.row}: {error['message']}")
    return lines


def _problem(one: dict[str, object], places: dict[str, str]) -> str:
    file = places.get(str(one.get("file")), str(one.get("file", "")))
    place = ":".join(str(part) for part in (file, one.get("line")) if part)
    return " ".join(part for part in (place, f"[{one['where']}]" if one["where"] else "", str(one["message"])) if part)


def _entries(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _cell(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if hasattr(value, "strftime") else str(value)
