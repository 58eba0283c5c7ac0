"""What the rows that match answer together, by hit policy (DMN 1.3 §8.2.8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.dmn.errors import NoMatch, TooManyMatches
from engine.dmn.model import SINGLE_HIT, Aggregation, DecisionTable, HitPolicy, OutputClause, Rule
from engine.feel.comparison import same
from engine.feel.functions.registry import BUILTINS
from engine.feel.run import Run


@dataclass(frozen=True, slots=True)
class Answer:
    """What a row answers: by output, and as the value of the decision; `rule` is None for the defaults."""

    rule: Rule | None
    outputs: Mapping[str, object]
    value: object


Compute = Callable[[Rule | None], Answer]


def answer_of(table: DecisionTable, outputs: Mapping[str, object]) -> object:
    """Return the answer of a row: the value of a single output, a context of several."""
    return dict(outputs) if len(table.outputs) > 1 else next(iter(outputs.values()))


def choose(
    key: str,
    table: DecisionTable,
    rows: Sequence[Rule],
    compute: Compute,
    inputs: Mapping[str, object],
) -> tuple[object, list[Answer]]:
    """Return the value of the decision and the answers that it is made of.

    Raises   NoMatch where nothing matches and nothing is the default, TooManyMatches where one row may match
    """
    if not rows and table.has_default:
        answer = compute(None)
        single = table.hit_policy in SINGLE_HIT or table.aggregation is not None
        return (answer.value if single else [answer.value]), [answer]
    if table.hit_policy not in SINGLE_HIT:
        return _many(table, [compute(row) for row in rows])
    if not rows:
        raise NoMatch(key, inputs)
    answers = _SINGLE[table.hit_policy](key, table, rows, compute, inputs)
    return answers[0].value, answers


def _unique(
    key: str,
    _table: DecisionTable,
    rows: Sequence[Rule],
    compute: Compute,
    inputs: Mapping[str, object],
) -> list[Answer]:
    if len(rows) > 1:
        raise TooManyMatches(key, inputs, [row.number for row in rows])
    return [compute(rows[0])]


def _any(
    key: str,
    _table: DecisionTable,
    rows: Sequence[Rule],
    compute: Compute,
    inputs: Mapping[str, object],
) -> list[Answer]:
    answers = [compute(row) for row in rows]
    run = Run()
    if not all(same(answer.value, answers[0].value, run) for answer in answers):
        message = "The rows {rows} of {decision} match {shown} and give different answers."
        numbers = [row.number for row in rows]
        raise TooManyMatches(key, inputs, numbers, code="decision-different-answers", message=message)
    return answers


def _first(
    _key: str,
    _table: DecisionTable,
    rows: Sequence[Rule],
    compute: Compute,
    _inputs: Mapping[str, object],
) -> list[Answer]:
    return [compute(rows[0])]


def _priority(
    _key: str,
    table: DecisionTable,
    rows: Sequence[Rule],
    compute: Compute,
    _inputs: Mapping[str, object],
) -> list[Answer]:
    return _by_priority(table, [compute(row) for row in rows])[:1]


_SINGLE: dict[HitPolicy, Callable[..., list[Answer]]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
}


def _by_priority(table: DecisionTable, answers: list[Answer]) -> list[Answer]:
    """Sort by the order in which the columns list their values; what is not listed comes last."""
    return sorted(answers, key=lambda answer: [_rank(output, answer.outputs[output.name]) for output in table.outputs])


def _rank(output: OutputClause, value: object) -> int:
    run = Run()
    return next(
        (rank for rank, listed in enumerate(output.priorities) if same(listed, value, run)),
        len(output.priorities),
    )


def _many(table: DecisionTable, answers: list[Answer]) -> tuple[object, list[Answer]]:
    if table.hit_policy is HitPolicy.OUTPUT_ORDER:
        answers = _by_priority(table, answers)
    values = [answer.value for answer in answers]
    if table.aggregation is None:
        return values, answers
    if table.aggregation is Aggregation.COUNT:
        return Decimal(len(values)), answers
    if not values:
        return None, answers
    aggregate = BUILTINS[table.aggregation.lower()].bind(1, ())
    return aggregate(Run(), [values]), answers
