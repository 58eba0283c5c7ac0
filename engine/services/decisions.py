"""Asking decisions, and keeping what they answered with the whole proof: by decision, version and instance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from uuid import uuid4

from engine.bpmn import Moment
from engine.dmn import DecisionResult
from engine.dmn import evaluate as evaluate_decision
from engine.errors import EngineError
from engine.feel import to_json
from engine.model.deployment import DecisionDefinition
from engine.model.history import DecisionEvaluation, EvaluationFilter
from engine.model.user_task import Page
from engine.ports import UnitOfWork
from engine.services import definitions, facts
from engine.services.content_cache import ContentCache
from engine.services.decision_context import kept, names_read
from engine.services.rehearsing import rehearsed

# The variables that a decision reads; compiled decisions are kept by content, so that each is asked for once.
_READS: ContentCache[frozenset[str]] = ContentCache(1000)
NANOSECONDS_PER_MICROSECOND = 1_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in which case a decision was asked."""

    instance_id: str | None = None
    business_key: str | None = None
    element_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision said: its value as JSON, and the proof.

    evaluation_id  under which the proof is kept; None where it was not recorded
    """

    key: str
    version: int
    value: object
    result: DecisionResult
    evaluation_id: str | None = None

    def source(self) -> dict[str, object]:
        """Return the proof in short: decision, version, matched rows, clause."""
        notes = [match.annotation for match in self.result.matches if match.annotation]
        return {
            "decision": self.key,
            "version": self.version,
            "rows": [match.row for match in self.result.matches],
            "clause": "；".join(notes),
        }


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What a decision said to one row of many: an answer or an error; `row` counts from 1."""

    row: int
    answer: Answer | None
    error: EngineError | None = None


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
    moment = facts.moment_of(uow)
    began = perf_counter_ns()
    result = _evaluated(uow, key, context, definition, moment)
    spent = (perf_counter_ns() - began) // NANOSECONDS_PER_MICROSECOND
    evaluation = DecisionEvaluation(
        id=str(uuid4()),
        decision_key=key,
        decision_version=definition.version,
        instance_id=origin.instance_id,
        business_key=origin.business_key,
        element_id=origin.element_id,
        at=uow.clock.now(),
        inputs=dict(result.inputs),
        rows=tuple(match.row for match in result.matches),
        output=to_json(result.value),
        definition_id=definition.id,
        parts=tuple(sorted(_parts(result, set()) - {key})),
        context=kept(context, reads_of(uow, definition)),
        explanation={**result.explain(), "calendars": facts.calendars_used(moment), "microseconds": spent},
    )
    uow.history.add_evaluation(evaluation)
    return Answer(key, definition.version, evaluation.output, result, evaluation.id)


def look_up(
    uow: UnitOfWork, key: str, context: Mapping[str, object], definition: DecisionDefinition | None = None
) -> Answer:
    """Evaluate a decision without a record of it; only reads. Raises as `ask` does."""
    definition = definition or definitions.find_decision(uow, key)
    result = _evaluated(uow, key, context, definition, facts.moment_of(uow))
    return Answer(key, definition.version, to_json(result.value), result)


def evaluate(uow: UnitOfWork, key: str, inputs: Mapping[str, object], *, by: str, version: int | None = None) -> Answer:
    """Try a decision out; the evaluation is recorded under the person who asked."""
    definition = definitions.find_decision(uow, key, version)
    answer = ask(uow, key, inputs, _tried_by(by), definition)
    uow.commit()
    return answer


def evaluate_many(
    uow: UnitOfWork,
    key: str,
    rows: Sequence[Mapping[str, object]],
    *,
    by: str,
    version: int | None = None,
    record: bool = True,
) -> tuple[RowAnswer, ...]:
    """Try a decision out on many rows, each with an answer or an error of its own; what is answered is recorded.

    Raises   NotFound for a decision that is not there; a row never spoils another one
    """
    definition = definitions.find_decision(uow, key, version)
    answers = tuple(_row_answers(uow, definition, rows, _tried_by(by) if record else None))
    if record:
        uow.commit()
    return answers


def evaluations(
    uow: UnitOfWork, wanted: EvaluationFilter, after: str | None = None, limit: int = 50
) -> Page[DecisionEvaluation]:
    """Return a page of evaluations, newest first, without their proofs; only reads."""
    return uow.history.list_evaluations(wanted, after=after, limit=limit)


def explain(uow: UnitOfWork, evaluation_id: str) -> DecisionEvaluation:
    """Return one evaluation with its whole proof; only reads. Raises NotFound."""
    return uow.history.get_evaluation(evaluation_id)


def reads_of(uow: UnitOfWork, definition: DecisionDefinition) -> frozenset[str]:
    """Return the variables that a version reads, itself or through what it requires."""
    decision = definitions.decisions_of(uow, definition)[definition.key]
    return _READS.get(decision, lambda: names_read(decision))


def _row_answers(
    uow: UnitOfWork, definition: DecisionDefinition, rows: Sequence[Mapping[str, object]], origin: Origin | None
) -> Iterator[RowAnswer]:
    for number, inputs in enumerate(rows, start=1):
        try:
            if origin is None:
                answer = look_up(uow, definition.key, inputs, definition)
            else:
                answer = ask(uow, definition.key, inputs, origin, definition)
        except EngineError as error:
            yield RowAnswer(number, None, error)
        else:
            yield RowAnswer(number, answer)


def _evaluated(
    uow: UnitOfWork, key: str, context: Mapping[str, object], definition: DecisionDefinition, moment: Moment
) -> DecisionResult:
    file = definitions.decisions_of(uow, definition)
    if uow.settings.rehearsal is None:
        return evaluate_decision(file[key], context, decisions=file, now=moment.local, facts=moment.facts)
    return rehearsed(
        uow.settings.rehearsal,
        file[key],
        context,
        lambda: evaluate_decision(file[key], context, decisions=file, now=moment.local, facts=moment.facts),
    )


def _parts(result: DecisionResult, found: set[str]) -> set[str]:
    """Collect the keys of all decisions that were made on the way; several may share one."""
    for required in result.required.values():
        if required.decision.key not in found:
            found.add(required.decision.key)
            _parts(required, found)
    return found


def _tried_by(by: str) -> Origin:
    return Origin(element_id=f"user:{by}")
