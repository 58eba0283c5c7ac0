"""Asking decisions, and keeping what they answered: by key, version, rows, inputs and case."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from engine.dmn import DecisionResult
from engine.dmn import evaluate as evaluate_decision
from engine.feel import to_json
from engine.model.deployment import DecisionDefinition
from engine.model.history import DecisionEvaluation
from engine.model.user_task import Page
from engine.ports import UnitOfWork
from engine.services import definitions


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in which case a decision was asked."""

    instance_id: str | None = None
    business_key: str | None = None
    element_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision said: its value as JSON, and the proof."""

    key: str
    version: int
    value: object
    result: DecisionResult

    def source(self) -> dict[str, object]:
        """Return the proof in short: decision, version, matched rows, clause."""
        notes = [match.annotation for match in self.result.matches if match.annotation]
        return {
            "decision": self.key,
            "version": self.version,
            "rows": [match.row for match in self.result.matches],
            "clause": "；".join(notes),
        }


def ask(
    uow: UnitOfWork,
    key: str,
    context: Mapping[str, object],
    origin: Origin,
    definition: DecisionDefinition | None = None,
) -> Answer:
    """Evaluate a decision inside another command; the evaluation is part of its history.

    Reads the latest version unless one is given. Raises NotFound, DecisionError.
    """
    definition = definition or definitions.find_decision(uow, key)
    file = definitions.decisions_of(uow, definition)
    result = evaluate_decision(file[key], context, decisions=file)
    value = to_json(result.value)
    uow.history.add_evaluation(
        DecisionEvaluation(
            id=str(uuid4()),
            decision_key=key,
            decision_version=definition.version,
            instance_id=origin.instance_id,
            business_key=origin.business_key,
            element_id=origin.element_id,
            at=uow.clock.now(),
            inputs=dict(result.inputs),
            rows=tuple(match.row for match in result.matches),
            output=value,
        )
    )
    return Answer(key, definition.version, value, result)


def evaluate(
    uow: UnitOfWork, key: str, inputs: Mapping[str, object], *, by: str, version: int | None = None
) -> DecisionResult:
    """Try a decision out; the evaluation is recorded under the person who asked."""
    definition = definitions.find_decision(uow, key, version)
    answer = ask(uow, key, inputs, Origin(element_id=f"user:{by}"), definition)
    uow.commit()
    return answer.result


def history(
    uow: UnitOfWork,
    key: str | None = None,
    business_key: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[DecisionEvaluation]:
    """Return a page of evaluations, newest first; only reads."""
    return uow.history.list_evaluations(key=key, business_key=business_key, after=after, limit=limit)
