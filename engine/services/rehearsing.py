"""Decisions in a rehearsal: an agreed answer goes before the table, and whoever watches hears which rows answered."""

from collections.abc import Callable, Mapping

from engine.dmn import Decision, DecisionResult
from engine.feel import to_feel
from engine.ports.rehearsal import Rehearsal


def rehearsed(
    rehearsal: Rehearsal, decision: Decision, context: Mapping[str, object], evaluate: Callable[[], DecisionResult]
) -> DecisionResult:
    """Return the agreed answer of a decision, or what it answers itself. Raises what `evaluate` raises."""
    agreed = rehearsal.answer(decision.key, context)
    if agreed:
        return DecisionResult(decision, agreed[0], to_feel(agreed[0]), (), {}, {})
    result = evaluate()
    _tell(rehearsal, result)
    return result


def _tell(rehearsal: Rehearsal, result: DecisionResult) -> None:
    rehearsal.decided(result.decision.key, tuple(match.row for match in result.matches))
    for required in result.required.values():
        _tell(rehearsal, required)
