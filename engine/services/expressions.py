"""Writing expressions: what can be written in a place, what is wrong with it, what it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import NotFound
from engine.feel import FeelSyntaxError, compile_expression, to_json
from engine.feel.checking import Environment, ExpressionFinding, StaticType, check_cell, check_expression, read_type
from engine.feel.checking.static_types import type_of_value
from engine.feel.reasons import Reason
from engine.ports import UnitOfWork
from engine.services import decision_expressions, definitions, facts, process_expressions
from engine.services.process_expressions import Surroundings


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression is written.

    process, element  key of a process, and of an element in it
    decision          key of a decision
    types             names and their types as FEEL writes them, beside or instead of the others
    """

    process: str | None = None
    element: str | None = None
    decision: str | None = None
    types: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression gives: the value as JSON, its type, why it or a part of it is null."""

    value: object
    type: str
    reasons: Sequence[Reason]


def environment_of(uow: UnitOfWork, context: Context, language: str) -> Environment:
    """Return what an expression sees in a place; raises NotFound, FeelSyntaxError for a type."""
    given = {name: read_type(kind) for name, kind in (context.types or {}).items()}
    if context.decision is not None:
        found = definitions.find_decision(uow, context.decision)
        decision = definitions.decisions_of(uow, found)[context.decision]
        return decision_expressions.environment_of(decision, decision.table).with_names(given)
    if context.process is not None:
        return _of_process(uow, context.process, context.element, language).with_names(given)
    return Environment(given)


def _of_process(uow: UnitOfWork, key: str, element: str | None, language: str) -> Environment:
    definition = definitions.find_process(uow, key)
    model = definitions.model_of(uow, definition.id)
    if element is not None and element not in model.elements and element not in model.flows:
        raise NotFound(kind="element", id=element)
    forms: dict[str, Mapping[str, object]] = {}
    decisions = {}
    for need in model.required:
        if need.kind == "form":
            forms[need.key] = definitions.form_of(uow, definition.id, need.key)
        elif need.kind == "decision":
            found = definitions.find_decision(uow, need.key)
            decisions[need.key] = definitions.decisions_of(uow, found)[need.key]
    return process_expressions.environment_of(model, Surroundings(forms, decisions), language)


def check(
    text: str, seen: Environment, *, wanted: str | None = None, cell_of: str | None = None
) -> tuple[str | None, tuple[ExpressionFinding, ...]]:
    """Check an expression, or with `cell_of` (a type) a cell of a table.

    Returns  the type that comes out, None for a cell or a text that is no FEEL; and the findings
    Raises   FeelSyntaxError for a type, FeelLimitError
    """
    kinds: tuple[StaticType, ...] = () if wanted is None else (read_type(wanted),)
    value = None if cell_of is None else read_type(cell_of)
    try:
        if value is not None:
            return None, check_cell(text, value, seen)
        found, findings = check_expression(text, seen, kinds)
        compile_expression(text, seen.names)
    except FeelSyntaxError as error:
        code = error.key
        return None, (ExpressionFinding(code, "error", error.line, error.column, dict(error.details)),)
    return str(found), findings


def evaluate(uow: UnitOfWork, text: str, inputs: Mapping[str, object]) -> Evaluation:
    """Evaluate an expression over inputs, now. Raises FeelSyntaxError, FeelLimitError."""
    moment = facts.moment_of(uow)
    evaluated = compile_expression(text, inputs).evaluate(inputs, now=moment.local, facts=moment.facts)
    return Evaluation(to_json(evaluated.value), str(type_of_value(evaluated.value)), evaluated.reasons)
