"""Repository of deadlines, their ledgers and rungs."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from engine.errors import NotFound
from engine.model.deadline import Deadline, DeadlineRung, DeadlineSegment, DeadlineStatus, RungStatus
from engine.persistence.base import table_of
from engine.persistence.deadline_tables import DeadlineRow, DeadlineRungRow, DeadlineSegmentRow
from engine.persistence.runtime_tables import ProcessInstanceRow

_DEADLINES = table_of(DeadlineRow)
_SEGMENTS = table_of(DeadlineSegmentRow)
_RUNGS = table_of(DeadlineRungRow)
# Statements of the hot path are built once: building costs more than running them.
_RUNNING = (
    select(_DEADLINES)
    .where(
        DeadlineRow.kind == bindparam("kind"),
        DeadlineRow.subject_type == bindparam("subject_type"),
        DeadlineRow.subject_id == bindparam("subject_id"),
        DeadlineRow.status != DeadlineStatus.STOPPED.value,
    )
    .order_by(DeadlineRow.round.desc())
    .limit(1)
)


class DeadlineRepository:
    """Clocks by subject and case; rungs by due instant."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection

    def add(self, deadline: Deadline) -> None:
        """Store a new deadline."""
        self._connection.execute(insert(_DEADLINES), _columns(deadline))

    def save(self, deadline: Deadline) -> None:
        """Store a changed deadline."""
        values = {name: value for name, value in _columns(deadline).items() if name != "id"}
        self._connection.execute(update(_DEADLINES).where(DeadlineRow.id == deadline.id).values(values))

    def get(self, deadline_id: str) -> Deadline:
        """Return a deadline; raises NotFound."""
        row = self._connection.execute(select(_DEADLINES).where(DeadlineRow.id == deadline_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(kind="deadline", id=deadline_id)
        return _deadline(row)

    def lock(self, deadline_id: str) -> Deadline:
        """Return a deadline that nobody else changes until we commit; raises NotFound."""
        query = select(_DEADLINES).where(DeadlineRow.id == deadline_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(kind="deadline", id=deadline_id)
        return _deadline(row)

    def find_running(self, kind: str, subject_type: str, subject_id: str) -> Deadline | None:
        """Return the subject's deadline of this kind that has not been stopped."""
        subject = {"kind": kind, "subject_type": subject_type, "subject_id": subject_id}
        row = self._connection.execute(_RUNNING, subject).mappings().one_or_none()
        return _deadline(row) if row else None

    def list_running(self, root_id: str, business_key: str | None) -> tuple[str, ...]:
        """Return ids of the deadlines that a tree of instances has started for a case and that were not stopped."""
        tree = select(ProcessInstanceRow.id).where(ProcessInstanceRow.root_id == root_id)
        query = (
            select(DeadlineRow.id)
            .where(
                DeadlineRow.business_key == business_key,
                DeadlineRow.status != DeadlineStatus.STOPPED.value,
                DeadlineRow.instance_id.in_(tree),
            )
            .order_by(DeadlineRow.id)
        )
        return tuple(self._connection.execute(query).scalars())

    def count_rounds(self, kind: str, subject_type: str, subject_id: str) -> int:
        """Return how often a budget of this kind was opened for the subject."""
        query = select(func.count()).where(
            DeadlineRow.kind == kind, DeadlineRow.subject_type == subject_type, DeadlineRow.subject_id == subject_id
        )
        return self._connection.execute(query).scalar_one()

    def list_of_case(self, business_key: str) -> tuple[Deadline, ...]:
        """Return every deadline of a case, oldest first."""
        query = (
            select(_DEADLINES)
            .where(DeadlineRow.business_key == business_key)
            .order_by(DeadlineRow.started_at, DeadlineRow.id)
        )
        return tuple(_deadline(row) for row in self._connection.execute(query).mappings())

    def list_of_subjects(self, subject_type: str, subject_ids: Sequence[str]) -> tuple[Deadline, ...]:
        """Return the deadlines of several subjects."""
        query = select(_DEADLINES).where(
            DeadlineRow.subject_type == subject_type, DeadlineRow.subject_id.in_(subject_ids)
        )
        return tuple(_deadline(row) for row in self._connection.execute(query).mappings())

    def segments(self, deadline_id: str) -> tuple[DeadlineSegment, ...]:
        """Return a ledger in order."""
        query = (
            select(_SEGMENTS).where(DeadlineSegmentRow.deadline_id == deadline_id).order_by(DeadlineSegmentRow.position)
        )
        return tuple(_segment(row) for row in self._connection.execute(query).mappings())

    def append(self, segments: Sequence[DeadlineSegment]) -> None:
        """Write new entries of a ledger."""
        rows = [{name: getattr(segment, name) for name in DeadlineSegment.__slots__} for segment in segments]
        for row in rows:
            row["value"] = None if row["value"] is None else str(row["value"])
        if rows:
            self._connection.execute(insert(_SEGMENTS), rows)

    def end_segment(self, deadline_id: str, position: int, at: datetime) -> None:
        """Close the open entry of a ledger, once."""
        self._connection.execute(
            update(_SEGMENTS)
            .where(
                DeadlineSegmentRow.deadline_id == deadline_id,
                DeadlineSegmentRow.position == position,
                DeadlineSegmentRow.ended_at.is_(None),
            )
            .values(ended_at=at)
        )

    def rungs(self, deadline_id: str) -> tuple[DeadlineRung, ...]:
        """Return the rungs of a deadline by instant."""
        query = (
            select(_RUNGS)
            .where(DeadlineRungRow.deadline_id == deadline_id)
            .order_by(DeadlineRungRow.due_at, DeadlineRungRow.rung)
        )
        return tuple(_rung(row) for row in self._connection.execute(query).mappings())

    def add_rungs(self, rungs: Sequence[DeadlineRung]) -> None:
        """Store new rungs."""
        rows = [
            {name: getattr(rung, name) for name in DeadlineRung.__slots__} | {"status": rung.status.value}
            for rung in rungs
        ]
        if rows:
            self._connection.execute(insert(_RUNGS), rows)

    def move_rung(self, rung_id: str, due_at: datetime) -> None:
        """Give a rung that has not fired another instant."""
        self._connection.execute(
            update(_RUNGS)
            .where(DeadlineRungRow.id == rung_id, DeadlineRungRow.status == RungStatus.WAITING.value)
            .values(due_at=due_at)
        )

    def stop_rungs(self, deadline_id: str, *, but_due_until: datetime) -> None:
        """Make sure that rungs after an instant never fire; one that was reached before fires, late but surely."""
        self._connection.execute(
            update(_RUNGS)
            .where(
                DeadlineRungRow.deadline_id == deadline_id,
                DeadlineRungRow.status == RungStatus.WAITING.value,
                DeadlineRungRow.due_at > but_due_until,
            )
            .values(status=RungStatus.STOPPED.value)
        )

    def fire_due(self, *, now: datetime, limit: int) -> tuple[DeadlineRung, ...]:
        """Mark due rungs as fired and return them; two schedulers never get the same one."""
        due = (
            select(DeadlineRungRow.id)
            .where(DeadlineRungRow.status == RungStatus.WAITING.value, DeadlineRungRow.due_at <= now)
            .order_by(DeadlineRungRow.due_at, DeadlineRungRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rung_ids = self._connection.execute(due).scalars().all()
        if not rung_ids:
            return ()
        self._connection.execute(
            update(_RUNGS).where(DeadlineRungRow.id.in_(rung_ids)).values(status=RungStatus.FIRED.value, fired_at=now)
        )
        rows = self._connection.execute(select(_RUNGS).where(DeadlineRungRow.id.in_(rung_ids))).mappings()
        return tuple(sorted((_rung(row) for row in rows), key=lambda rung: (rung.due_at, rung.id)))

    def next_rung(self) -> datetime | None:
        """Return when the next rung becomes due: a virtual clock moves there."""
        query = select(func.min(DeadlineRungRow.due_at)).where(DeadlineRungRow.status == RungStatus.WAITING.value)
        return self._connection.execute(query).scalar_one_or_none()


def _deadline(row: RowMapping) -> Deadline:
    values = dict(row)
    values["status"] = DeadlineStatus(values["status"])
    values["value"] = Decimal(values["value"])
    values["lights"], values["rung_rules"] = tuple(values["lights"]), tuple(values["rung_rules"])
    return Deadline(**values)


def _columns(deadline: Deadline) -> dict[str, Any]:
    values = {name: getattr(deadline, name) for name in Deadline.__slots__}
    return values | {
        "status": deadline.status.value,
        "value": str(deadline.value),
        "lights": list(deadline.lights),
        "rung_rules": list(deadline.rung_rules),
    }


def _segment(row: RowMapping) -> DeadlineSegment:
    values = dict(row)
    values["value"] = None if values["value"] is None else Decimal(values["value"])
    return DeadlineSegment(**values)


def _rung(row: RowMapping) -> DeadlineRung:
    values = dict(row)
    values["status"] = RungStatus(values["status"])
    return DeadlineRung(**values)
