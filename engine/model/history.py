"""History: what happened, never changed afterwards."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ActivityInstance:
    """One element entered by one token; `outcome` is completed or cancelled once it has ended."""

    instance_id: str
    activity: int
    element_id: str
    name: str
    type: str
    lane: str | None
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One operation on one subject: who did what to which thing, when, with which facts.

    kind     past tense, `user_task.completed`, `deadline.extended`, `card.issued` …
    subject  what it happened to; `business_key` files it under its case
    """

    id: str
    at: datetime
    actor: str
    kind: str
    subject_type: str
    subject_id: str
    instance_id: str | None = None
    business_key: str | None = None
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VariableChange:
    """A variable of record took a new value."""

    instance_id: str
    name: str
    value: object
    at: datetime
    actor: str
    element_id: str | None


@dataclass(frozen=True, slots=True)
class DecisionEvaluation:
    """One evaluation of one version of one decision: inputs, matched rows, output.

    inputs         what each input of the table was, JSON, by label
    definition_id  the version that answered; None where it was recorded before that was kept
    parts          keys of the decisions that were made on the way, because this one needs them
    context        the variables that were read, as `engine.services.decision_context` keeps them
    explanation    the whole proof, JSON

    A list leaves `parts`, `context` and `explanation` out.
    """

    id: str
    decision_key: str
    decision_version: int
    instance_id: str | None
    business_key: str | None
    element_id: str | None
    at: datetime
    inputs: dict[str, object]
    rows: tuple[int, ...]
    output: object
    definition_id: str | None = None
    parts: tuple[str, ...] = ()
    context: dict[str, object] | None = None
    explanation: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """Which evaluations; None means any.

    decision_key   the decision that was asked, or, with `took_part`, also one that was made on the way
    since, before  a half-open period
    """

    decision_key: str | None = None
    decision_version: int | None = None
    instance_id: str | None = None
    business_key: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    took_part: bool = False
