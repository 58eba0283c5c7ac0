"""Asking a decision table: its inputs, the rows that match, and the one answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.dmn.data_types import allowed_text, coerced, fits, is_allowed
from engine.dmn.errors import DecisionError, show
from engine.dmn.hit_policies import Answer, answer_of, choose
from engine.dmn.model import DecisionTable, InputClause, OutputClause, Rule
from engine.dmn.trace import Match, shown
from engine.feel.run import Scope


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """The answer of a table: a FEEL value, the rows that gave it, and what each input was, JSON by label."""

    value: object
    matches: tuple[Match, ...]
    inputs: Mapping[str, object]


def ask_table(name: str, table: DecisionTable, scope: Scope) -> TableAnswer:
    """Evaluate a table in a scope.

    Raises   NoMatch, TooManyMatches, DecisionError naming the table by `name`, its inputs and rows
    """
    values = [coerced(clause.expression.within(scope), clause.type) for clause in table.inputs]
    inputs = {clause.label: shown(value) for clause, value in zip(table.inputs, values, strict=True)}
    for clause, value in zip(table.inputs, values, strict=True):
        _check_input(name, clause, value, inputs)
    rows = [table.rules[index] for index in table.matcher.matching(values, scope)]
    value, chosen = choose(name, table, rows, _answers(name, table, scope, inputs), inputs)
    matches = tuple(
        Match(
            answer.rule.id,
            answer.rule.number,
            {output: shown(item) for output, item in answer.outputs.items()},
            answer.rule.annotation,
        )
        for answer in chosen
        if answer.rule is not None
    )
    return TableAnswer(value, matches, inputs)


def _check_input(name: str, clause: InputClause, value: object, inputs: Mapping[str, object]) -> None:
    if value is None:
        return
    if not fits(value, clause.type):
        message = "{input} = {value} is no {type} in {decision}."
        details: dict[str, object] = {
            "input": clause.label,
            "value": show(inputs[clause.label]),
            "type": clause.type.name,
        }
        raise DecisionError(name, inputs, (), code="decision-input-type", message=message, **details)
    if not is_allowed(value, clause.type):
        raise not_allowed(name, clause.label, show(inputs[clause.label]), allowed_text(clause.type), inputs)


def not_allowed(decision: str, label: str, value: str, allowed: str, inputs: Mapping[str, object]) -> DecisionError:
    """Return the error about an input that is not among the values allowed for it."""
    message = "{input} = {value} is not among {allowed} in {decision}."
    details: dict[str, object] = {"input": label, "value": value, "allowed": allowed}
    return DecisionError(decision, inputs, (), code="decision-input-not-allowed", message=message, **details)


def _answers(
    name: str,
    table: DecisionTable,
    scope: Scope,
    inputs: Mapping[str, object],
) -> Callable[[Rule | None], Answer]:
    """Return the function that computes the answers of a row, or of the defaults."""

    def compute(rule: Rule | None) -> Answer:
        expressions = [output.default for output in table.outputs] if rule is None else list(rule.answers)
        outputs: dict[str, object] = {}
        for output, expression in zip(table.outputs, expressions, strict=True):
            value = coerced(expression.within(scope), output.type) if expression is not None else None
            _check_output(name, output, value, inputs, rule)
            outputs[output.name] = value
        return Answer(rule, outputs, answer_of(table, outputs))

    return compute


def _check_output(
    name: str,
    output: OutputClause,
    value: object,
    inputs: Mapping[str, object],
    rule: Rule | None,
) -> None:
    kind = output.type
    if value is None or (fits(value, kind) and is_allowed(value, kind)):
        return
    message = "The answer {output} = {value} of {decision} is not allowed."
    rows = [rule.number] if rule else []
    details: dict[str, object] = {"output": output.name, "value": show(shown(value))}
    raise DecisionError(name, inputs, rows, code="decision-output-not-allowed", message=message, **details)
