"""Evaluating a decision: required decisions first, then the inputs, the rows that match, and the one answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.dmn.data_types import coerced, fits, is_allowed
from engine.dmn.errors import DecisionError, show
from engine.dmn.hit_policies import Answer, answer_of, choose
from engine.dmn.model import DataType, Decision, DecisionTable, InputClause, OutputClause, Rule
from engine.feel import FeelLimitError, to_json
from engine.feel.run import MAX_CALL_DEPTH, MAX_STEPS, Run, Scope


@dataclass(frozen=True, slots=True)
class Match:
    """A row that answers: its id, its number from 1, its answers as JSON, the text beside it."""

    rule_id: str
    row: int
    outputs: Mapping[str, object]
    annotation: str


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The answer of a decision.

    value       JSON: the answer of a single output, a mapping of several, a list where several rows answer
    feel_value  the same as FEEL value
    matches     the rows that answer, in the order of the answer
    inputs      what each input was, JSON, by label
    required    the results of the decisions that were evaluated first, by key
    """

    decision: Decision
    value: object
    feel_value: object
    matches: tuple[Match, ...]
    inputs: Mapping[str, object]
    required: Mapping[str, "DecisionResult"]

    def explain(self) -> dict[str, object]:
        """Return the proof of the answer as JSON: what went in, which rows matched, what came out."""
        return {
            "decision": self.decision.key,
            "name": self.decision.name,
            "hit_policy": str(self.decision.hit_policy) if self.decision.hit_policy else None,
            "inputs": dict(self.inputs),
            "matches": [
                {
                    "rule_id": match.rule_id,
                    "row": match.row,
                    "outputs": dict(match.outputs),
                    "annotation": match.annotation,
                }
                for match in self.matches
            ],
            "value": self.value,
            "required": [result.explain() for result in self.required.values()],
        }


def evaluate(
    decision: Decision,
    context: Mapping[str, object],
    decisions: Mapping[str, Decision] | None = None,
    *,
    now: datetime | None = None,
    max_steps: int = MAX_STEPS,
) -> DecisionResult:
    """Evaluate a decision over a context.

    Reads    the variables that the decision names; `decisions` by key for its requirements; `now` for `now()`
    Raises   NoMatch, TooManyMatches, DecisionError naming table, inputs and rows; FeelLimitError for too much work
    """
    evaluation = _Evaluation(decisions or {}, context, Run(max_steps, now))
    try:
        return evaluation.result_of(decision)
    except RecursionError:
        raise FeelLimitError("call-depth", MAX_CALL_DEPTH) from None


class _Evaluation:
    """One evaluation with all that it requires; each decision is made once."""

    def __init__(self, decisions: Mapping[str, Decision], context: Mapping[str, object], run: Run) -> None:
        self._decisions = decisions
        self._context = context
        self._run = run
        self._results: dict[str, DecisionResult] = {}
        self._open: list[str] = []

    def result_of(self, decision: Decision) -> DecisionResult:
        if decision.key in self._results:
            return self._results[decision.key]
        if decision.key in self._open:
            message = "The decision {decision} needs itself."
            raise DecisionError(decision.key, {}, code="decision-cycle", message=message)
        self._open.append(decision.key)
        required = {key: self.result_of(self._required(decision, key)) for key in decision.requires}
        scope = Scope(self._names(decision, required), None, self._run)
        result = _decide(decision, scope, required)
        self._open.pop()
        self._results[decision.key] = result
        return result

    def _required(self, decision: Decision, key: str) -> Decision:
        found = self._decisions.get(key)
        if found is None:
            message = "The decision {required}, which {decision} needs, is not there."
            raise DecisionError(decision.key, {}, code="decision-missing", message=message, required=key)
        return found

    def _names(self, decision: Decision, required: Mapping[str, DecisionResult]) -> Mapping[str, object]:
        if not decision.given and not required:
            return self._context
        names = dict(self._context)
        for name, kind in decision.given.items():
            names[name] = _given(decision, name, self._run.convert(names.get(name)), kind)
        for result in required.values():
            names[result.decision.variable] = result.feel_value
        return names


def _given(decision: Decision, name: str, value: object, kind: DataType) -> object:
    """Return the value of input data as its type has it; null where it is of another type."""
    value = coerced(value, kind)
    if not fits(value, kind):
        return None
    if not is_allowed(value, kind):
        message = "{input} = {value} is not among {allowed} in {decision}."
        shown = to_json(value)
        raise DecisionError(
            decision.key,
            {name: shown},
            code="decision-input-not-allowed",
            message=message,
            input=name,
            value=show(shown),
            allowed=kind.allowed.text if kind.allowed else "",
        )
    return value


def _decide(decision: Decision, scope: Scope, required: Mapping[str, DecisionResult]) -> DecisionResult:
    if decision.table is not None:
        return _decide_by_table(decision, decision.table, scope, required)
    value = coerced(decision.expression.within(scope), decision.type) if decision.expression else None
    value = value if fits(value, decision.type) else None
    read = decision.expression.names if decision.expression else frozenset()
    inputs = {name: to_json(scope.run.convert(scope.names.get(name))) for name in sorted(read)}
    return DecisionResult(decision, to_json(value), value, (), inputs, required)


def _decide_by_table(
    decision: Decision,
    table: DecisionTable,
    scope: Scope,
    required: Mapping[str, DecisionResult],
) -> DecisionResult:
    values = [coerced(clause.expression.within(scope), clause.type) for clause in table.inputs]
    inputs = {clause.label: to_json(value) for clause, value in zip(table.inputs, values, strict=True)}
    for clause, value in zip(table.inputs, values, strict=True):
        _check_input(decision, clause, value, inputs)
    rows = [table.rules[index] for index in table.matcher.matching(values, scope)]
    answers = _answers(decision, table, scope, inputs)
    value, chosen = choose(decision.key, table, rows, answers, inputs)
    matches = tuple(
        Match(
            answer.rule.id,
            answer.rule.number,
            {name: to_json(item) for name, item in answer.outputs.items()},
            answer.rule.annotation,
        )
        for answer in chosen
        if answer.rule is not None
    )
    return DecisionResult(decision, to_json(value), value, matches, inputs, required)


def _check_input(decision: Decision, clause: InputClause, value: object, inputs: Mapping[str, object]) -> None:
    if value is None:
        return
    shown = inputs[clause.label]
    if not fits(value, clause.type):
        message = "{input} = {value} is no {type} in {decision}."
        raise DecisionError(
            decision.key,
            inputs,
            code="decision-input-type",
            message=message,
            input=clause.label,
            value=show(shown),
            type=clause.type.name,
        )
    if not is_allowed(value, clause.type):
        message = "{input} = {value} is not among {allowed} in {decision}."
        raise DecisionError(
            decision.key,
            inputs,
            code="decision-input-not-allowed",
            message=message,
            input=clause.label,
            value=show(shown),
            allowed=clause.type.allowed.text if clause.type.allowed else "",
        )


def _answers(
    decision: Decision,
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
            _check_output(decision, output, value, inputs, rule)
            outputs[output.name] = value
        return Answer(rule, outputs, answer_of(table, outputs))

    return compute


def _check_output(
    decision: Decision,
    output: OutputClause,
    value: object,
    inputs: Mapping[str, object],
    rule: Rule | None,
) -> None:
    kind = output.type
    if value is None or (fits(value, kind) and is_allowed(value, kind)):
        return
    message = "The answer {output} = {value} of {decision} is not allowed."
    raise DecisionError(
        decision.key,
        inputs,
        [rule.number] if rule else [],
        code="decision-output-not-allowed",
        message=message,
        output=output.name,
        value=show(to_json(value)),
    )
