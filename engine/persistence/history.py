"""Repository of history: collected while a command works, written in one go at its end."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, and_, bindparam, insert, or_, select, update

from engine.model.history import (
    ActivityInstance,
    DecisionEvaluation,
    EvaluationFilter,
    HistoryEvent,
    VariableChange,
)
from engine.model.user_task import Page
from engine.persistence import evaluations
from engine.persistence.base import Document, document, table_of
from engine.persistence.history_tables import (
    ActivityInstanceRow,
    DecisionEvaluationPartRow,
    DecisionEvaluationRow,
    HistoryEventRow,
    VariableChangeRow,
)
from engine.persistence.keyset import decode, encode

_ACTIVITIES = table_of(ActivityInstanceRow)
_EVENTS = table_of(HistoryEventRow)
_VARIABLES = table_of(VariableChangeRow)
_EVALUATIONS = table_of(DecisionEvaluationRow)
_PARTS = table_of(DecisionEvaluationPartRow)
_ENTER = insert(_ACTIVITIES)
_ADD = {table: insert(table) for table in (_EVENTS, _VARIABLES, _EVALUATIONS, _PARTS)}
_DOCUMENTS = {table: [c.name for c in table.columns if isinstance(c.type, Document)] for table in _ADD}
_END = (
    update(_ACTIVITIES)
    .where(ActivityInstanceRow.instance_id == bindparam("of_instance"), ActivityInstanceRow.activity == bindparam("of"))
    .values(ended_at=bindparam("end"), outcome=bindparam("result"), ended_by=bindparam("actor"))
)


class HistoryRepository:
    """Activities, events, variables of record and decision evaluations."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work; nothing is written before flush."""
        self._connection = connection
        self._entered: list[ActivityInstance] = []
        self._ended: list[dict[str, Any]] = []
        self._records: list[tuple[Table, dict[str, Any]]] = []
        self._clock_position = 0

    def enter(self, activity: ActivityInstance) -> None:
        """Note that a token has entered an element."""
        self._entered.append(activity)

    def end(self, instance_id: str, activity: int, *, at: datetime, outcome: str, by: str) -> None:
        """Note that an activity has ended."""
        self._ended.append({"of_instance": instance_id, "of": activity, "end": at, "result": outcome, "actor": by})

    def add_event(self, event: HistoryEvent) -> None:
        """Note an operation."""
        self._record(_EVENTS, event)

    def add_variable(self, change: VariableChange) -> None:
        """Note the new value of a variable of record."""
        self._record(_VARIABLES, change, id=str(uuid4()))

    def add_evaluation(self, evaluation: DecisionEvaluation) -> None:
        """Note an evaluation of a decision."""
        self._record(_EVALUATIONS, evaluation, "parts", rows=list(evaluation.rows))
        for key in evaluation.parts:
            part = {"evaluation_id": evaluation.id, "decision_key": key, "position": self._clock_position}
            self._records.append((_PARTS, part))

    def mark(self) -> tuple[int, int, int]:
        """Return where the notes stand, for a savepoint."""
        return len(self._entered), len(self._ended), len(self._records)

    def reset(self, mark: tuple[int, int, int]) -> None:
        """Forget the notes since a mark: the savepoint was rolled back."""
        del self._entered[mark[0] :], self._ended[mark[1] :], self._records[mark[2] :]

    def flush(self) -> None:
        """Write the notes, one statement per table."""
        ends = {(end["of_instance"], end["of"]): end for end in self._ended}
        rows = [_merge(_row(one), ends.pop((one.instance_id, one.activity), None)) for one in self._entered]
        if rows:
            self._connection.execute(_ENTER, rows)
        if ends:
            self._connection.execute(_END, list(ends.values()))
        for table, statement in _ADD.items():
            values = [row for of, row in self._records if of is table]
            if values:
                self._connection.execute(statement, values)
        self.reset((0, 0, 0))

    def list_activities(self, instance_id: str, *, open_only: bool = False) -> tuple[ActivityInstance, ...]:
        """Return the activities of an instance in order of entry."""
        query = (
            select(_ACTIVITIES)
            .where(ActivityInstanceRow.instance_id == instance_id)
            .order_by(ActivityInstanceRow.activity)
        )
        if open_only:
            query = query.where(ActivityInstanceRow.ended_at.is_(None))
        return tuple(ActivityInstance(**row) for row in self._connection.execute(query).mappings())

    def list_variables(self, instance_id: str) -> tuple[VariableChange, ...]:
        """Return every value that a variable of record has had, oldest first."""
        query = (
            select(_VARIABLES).where(VariableChangeRow.instance_id == instance_id).order_by(VariableChangeRow.position)
        )
        return tuple(
            VariableChange(**_without(row, "id", "position")) for row in self._connection.execute(query).mappings()
        )

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
        query = select(_EVENTS).order_by(HistoryEventRow.at, HistoryEventRow.position).limit(limit + 1)
        if business_key is not None:
            query = query.where(HistoryEventRow.business_key == business_key)
        if instance_id is not None:
            query = query.where(HistoryEventRow.instance_id == instance_id)
        if kinds:
            query = query.where(HistoryEventRow.kind.in_(kinds))
        if after is not None:
            at, position = decode(after, datetime, int)
            query = query.where(
                or_(HistoryEventRow.at > at, and_(HistoryEventRow.at == at, HistoryEventRow.position > position))
            )
        rows = self._connection.execute(query).mappings().all()
        items = tuple(HistoryEvent(**_without(row, "position")) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, encode(rows[limit - 1]["at"], rows[limit - 1]["position"]) if more else None)

    def list_evaluations(
        self, wanted: EvaluationFilter, *, after: str | None = None, limit: int = 50
    ) -> Page[DecisionEvaluation]:
        """Return a page of evaluations, newest first, without their proofs."""
        return evaluations.list_evaluations(self._connection, wanted, after, limit)

    def page_of_period(
        self, wanted: EvaluationFilter, *, after: str | None = None, limit: int = 500
    ) -> Page[DecisionEvaluation]:
        """Return a page of evaluations, oldest first, with the variables that they read."""
        return evaluations.page_of_period(self._connection, wanted, after, limit)

    def count_evaluations(self, wanted: EvaluationFilter, *, most: int) -> int:
        """Return how many evaluations there are, counting no further than `most`."""
        return evaluations.count(self._connection, wanted, most)

    def get_evaluation(self, evaluation_id: str) -> DecisionEvaluation:
        """Return one evaluation with its proof; raises NotFound."""
        return evaluations.get(self._connection, evaluation_id)

    def _record(self, table: Table, value: Any, *left_out: str, **changed: object) -> None:  # noqa: ANN401  any history value
        # time_ns of the writing process orders what one instant of a (virtual) clock holds.
        self._clock_position = max(time.time_ns(), self._clock_position + 1)
        row = _without(_row(value), *left_out) | changed | {"position": self._clock_position}
        # What no document can hold is refused here, where a savepoint undoes it, and not by the commit of all.
        for name in _DOCUMENTS[table]:
            document(row[name])
        self._records.append((table, row))


def _row(value: Any) -> dict[str, Any]:  # noqa: ANN401  any history value
    return {name: getattr(value, name) for name in value.__slots__}


def _merge(entered: dict[str, Any], end: dict[str, Any] | None) -> dict[str, Any]:
    if end is not None:
        entered |= {"ended_at": end["end"], "outcome": end["result"], "ended_by": end["actor"]}
    return entered


def _without(row: Any, *names: str) -> dict[str, Any]:  # noqa: ANN401  a row mapping
    return {key: value for key, value in row.items() if key not in names}
