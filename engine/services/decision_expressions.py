"""The expressions of a decision, each checked against the inputs that it can see and the types that it must give."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.dmn import DataType, Decision, DecisionTable, InputClause, OutputClause
from engine.feel import Expression, FeelError
from engine.feel.checking import (
    ANY,
    Environment,
    ExpressionFinding,
    StaticType,
    check_cell,
    check_expression,
)
from engine.services.known_types import of_data_type, of_decision


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the element, what people call the place, the line in the file."""

    where: str
    label: str
    line: int


Found = Iterator[tuple[Place, str, ExpressionFinding]]


def environment_of(decision: Decision, table: DecisionTable | None = None) -> Environment:
    """Return what the expressions of a decision see: its inputs, the decisions and functions that it requires.

    A decision without declared inputs sees whatever its caller gives: the names that its columns read.
    """
    names: dict[str, StaticType] = {}
    for clause in table.inputs if table is not None and not decision.data else ():
        plain = clause.expression.text.strip() in clause.expression.names
        for name in clause.expression.names | clause.expression.maybe_names:
            kind = of_data_type(clause.type) if plain else ANY
            names[name] = kind if names.get(name, kind) == kind else ANY
    for data in decision.data:
        names[data.prefix or data.name] = ANY if data.prefix else of_data_type(data.type)
    for need in decision.needs:
        names[need.prefix or need.decision.variable] = ANY if need.prefix else of_decision(need.decision)
    names = {**dict.fromkeys(decision.knowledge, ANY), **names}
    labels = {clause.expression.text: clause.label for clause in (table.inputs if table is not None else ())}
    return Environment(names, "warning" if decision.data else "open", labels)


def check_decision(decision: Decision) -> Found:
    """Yield what is wrong with the expressions of a decision, with the place of each."""
    if decision.expression is not None:
        place = Place(decision.key, decision.name, decision.line)
        yield from _expression(decision.expression, place, environment_of(decision), decision.type)
    for label, table in decision.tables:
        yield from _table(decision, label, table)
    for text in decision.logic.texts if decision.logic is not None else ():
        seen = environment_of(decision).with_names(dict.fromkeys(text.names, ANY))
        place = Place(text.where, decision.name, text.line)
        yield from _noted(place, text.text, _findings(text.text, seen))


def _table(decision: Decision, label: str, table: DecisionTable) -> Found:
    seen = environment_of(decision, table)
    inside = seen if table is decision.table else seen.opened()
    known = [_clause(clause) for clause in table.inputs]
    for clause in table.inputs:
        yield from _input(clause, label, inside)
    for output in table.outputs:
        if output.default is not None:
            place = Place(output.id or decision.key, f"{label} · {output.name}", output.line)
            yield from _answer(output.default, place, inside, output)
    for rule in table.rules:
        for cell, clause, kind in zip(rule.conditions, table.inputs, known, strict=True):
            place = Place(rule.id, f"{label} · {rule.number} · {clause.label}", rule.line)
            yield from _noted(place, cell.text, check_cell(cell.text, kind, inside, cell.names))
        for answer, output in zip(rule.answers, table.outputs, strict=True):
            yield from _answer(
                answer, Place(rule.id, f"{label} · {rule.number} · {output.name}", rule.line), inside, output
            )


def _clause(clause: InputClause) -> StaticType:
    return of_data_type(clause.type)


def _input(clause: InputClause, label: str, seen: Environment) -> Found:
    yield from _expression(
        clause.expression, Place(clause.id, f"{label} · {clause.label}", clause.line), seen, clause.type
    )


def _answer(answer: Expression, place: Place, seen: Environment, output: OutputClause) -> Found:
    yield from _expression(answer, place, seen, output.type)


def _expression(expression: Expression, place: Place, seen: Environment, wanted: DataType) -> Found:
    names = expression.names | expression.maybe_names
    # Texts become dates and durations where a date or a duration is wanted.
    kind = of_data_type(wanted)
    kinds = (kind, StaticType("string")) if kind.name in _READ_FROM_TEXT else (kind,)
    yield from _noted(place, expression.text, _findings(expression.text, seen, kinds, names))


def _findings(
    text: str, seen: Environment, kinds: Iterable[StaticType] = (), names: Iterable[str] = ()
) -> tuple[ExpressionFinding, ...]:
    try:
        return check_expression(text, seen, kinds, names)[1]
    except FeelError:
        # It was compiled with names or types that only its file knows.
        return ()


def _noted(place: Place, text: str, findings: Iterable[ExpressionFinding]) -> Found:
    yield from ((place, text, finding) for finding in findings)


_READ_FROM_TEXT = frozenset({"date", "time", "date and time", "days and time duration", "years and months duration"})
