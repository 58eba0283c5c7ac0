"""What happened, and by when things must happen: history and deadlines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from engine.model.deadline import Deadline, DeadlineRung, DeadlineSegment
from engine.model.history import (
    ActivityInstance,
    DecisionEvaluation,
    EvaluationFilter,
    HistoryEvent,
    VariableChange,
)
from engine.model.user_task import Page


class HistoryRepository(Protocol):
    """Activities, events, variables of record and decision evaluations."""

    def enter(self, activity: ActivityInstance) -> None:
        """Note that a token has entered an element."""
        ...

    def end(self, instance_id: str, activity: int, *, at: datetime, outcome: str, by: str) -> None:
        """Note that an activity has ended."""
        ...

    def add_event(self, event: HistoryEvent) -> None:
        """Note an operation."""
        ...

    def add_variable(self, change: VariableChange) -> None:
        """Note the new value of a variable of record."""
        ...

    def add_evaluation(self, evaluation: DecisionEvaluation) -> None:
        """Note an evaluation of a decision."""
        ...

    def mark(self) -> tuple[int, int, int]:
        """Return where the notes stand, for a savepoint."""
        ...

    def reset(self, mark: tuple[int, int, int]) -> None:
        """Forget the notes since a mark: the savepoint was rolled back."""
        ...

    def flush(self) -> None:
        """Write the notes, one statement per table."""
        ...

    def list_activities(self, instance_id: str, *, open_only: bool = False) -> tuple[ActivityInstance, ...]:
        """Return the activities of an instance in order of entry."""
        ...

    def list_variables(self, instance_id: str) -> tuple[VariableChange, ...]:
        """Return every value that a variable of record has had, oldest first."""
        ...

    def list_events(
        self,
        *,
        business_key: str | None = None,
        instance_id: str | None = None,
        kinds: Sequence[str] = (),
        after: str | None = None,
        limit: int = 50,
    ) -> Page[HistoryEvent]:
        """Return a page of events, oldest first."""
        ...

    def list_evaluations(
        self, wanted: EvaluationFilter, *, after: str | None = None, limit: int = 50
    ) -> Page[DecisionEvaluation]:
        """Return a page of evaluations, newest first, without their proofs."""
        ...

    def page_of_period(
        self, wanted: EvaluationFilter, *, after: str | None = None, limit: int = 500
    ) -> Page[DecisionEvaluation]:
        """Return a page of evaluations, oldest first, with the variables that they read."""
        ...

    def count_evaluations(self, wanted: EvaluationFilter, *, most: int) -> int:
        """Return how many evaluations there are, counting no further than `most`."""
        ...

    def get_evaluation(self, evaluation_id: str) -> DecisionEvaluation:
        """Return one evaluation with its proof; raises NotFound."""
        ...


class DeadlineRepository(Protocol):
    """Clocks by subject and case; rungs by due instant."""

    def add(self, deadline: Deadline) -> None:
        """Store a new deadline."""
        ...

    def save(self, deadline: Deadline) -> None:
        """Store a changed deadline."""
        ...

    def get(self, deadline_id: str) -> Deadline:
        """Return a deadline; raises NotFound."""
        ...

    def lock(self, deadline_id: str) -> Deadline:
        """Return a deadline that nobody else changes until we commit; raises NotFound."""
        ...

    def find_running(self, kind: str, subject_type: str, subject_id: str) -> Deadline | None:
        """Return the subject's deadline of this kind that has not been stopped."""
        ...

    def list_running(self, root_id: str, business_key: str | None) -> tuple[str, ...]:
        """Return ids of the deadlines that a tree of instances has started for a case and that were not stopped."""
        ...

    def count_rounds(self, kind: str, subject_type: str, subject_id: str) -> int:
        """Return how often a budget of this kind was opened for the subject."""
        ...

    def list_of_case(self, business_key: str) -> tuple[Deadline, ...]:
        """Return every deadline of a case, oldest first."""
        ...

    def list_of_subjects(self, subject_type: str, subject_ids: Sequence[str]) -> tuple[Deadline, ...]:
        """Return the deadlines of several subjects."""
        ...

    def segments(self, deadline_id: str) -> tuple[DeadlineSegment, ...]:
        """Return a ledger in order."""
        ...

    def append(self, segments: Sequence[DeadlineSegment]) -> None:
        """Write new entries of a ledger."""
        ...

    def end_segment(self, deadline_id: str, position: int, at: datetime) -> None:
        """Close the open entry of a ledger, once."""
        ...

    def rungs(self, deadline_id: str) -> tuple[DeadlineRung, ...]:
        """Return the rungs of a deadline by instant."""
        ...

    def add_rungs(self, rungs: Sequence[DeadlineRung]) -> None:
        """Store new rungs."""
        ...

    def move_rung(self, rung_id: str, due_at: datetime) -> None:
        """Give a rung that has not fired another instant."""
        ...

    def stop_rungs(self, deadline_id: str, *, but_due_until: datetime) -> None:
        """Make sure that rungs after an instant never fire; one that was reached before fires, late but surely."""
        ...

    def fire_due(self, *, now: datetime, limit: int) -> tuple[DeadlineRung, ...]:
        """Mark due rungs as fired and return them; two schedulers never get the same one."""
        ...

    def next_rung(self) -> datetime | None:
        """Return when the next rung becomes due: a virtual clock moves there."""
        ...
