"""The file of a dispute: its records, and the institutions that were asked to help."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update

from engine.persistence.base import Register
from registers.disputes.model import DisputeRecord, Invitation, InvitationStatus, NewRecord, RecordKind
from registers.disputes.tables import DisputeInstitutionRow, DisputeRecordRow
from registers.statements import insert_into


class DisputeRecordRegister(Register):
    """Writes and reads records; both the committee and the institutions write into the same file."""

    def add(self, dispute_id: str, round: int, new: NewRecord) -> DisputeRecord:  # noqa: A002  the word of the register
        """Write a record."""
        now = self.clock.now()
        last = select(func.count()).where(DisputeRecordRow.dispute_id == dispute_id)
        values = {
            "position": self.connection.execute(last).scalar_one() + 1,
            "id": str(uuid4()),
            "dispute_id": dispute_id,
            "round": round,
            "kind": new.kind.value,
            "held_at": new.held_at or now,
            "recorded_by": new.recorded_by,
            "recorded_at": now,
            "place": new.place,
            "participants": new.participants,
            "content": new.content,
            "result": new.result,
            "institution": new.institution,
        }
        row = self.connection.execute(insert(DisputeRecordRow).values(**values).returning(DisputeRecordRow)).one()
        return _record(row._asdict())

    def list_of(self, dispute_id: str) -> tuple[DisputeRecord, ...]:
        """Return the records of a dispute, oldest first."""
        statement = select(DisputeRecordRow).where(DisputeRecordRow.dispute_id == dispute_id)
        rows = self.connection.execute(statement.order_by(DisputeRecordRow.position))
        return tuple(_record(row._asdict()) for row in rows)

    def invite(self, dispute_id: str, unit: str) -> Invitation:
        """Ask an institution to help; one that was asked before is asked again."""
        statement = insert_into(self.connection, DisputeInstitutionRow).values(
            dispute_id=dispute_id,
            unit=unit,
            status=InvitationStatus.INVITED.value,
            reason=None,
            invited_at=self.clock.now(),
            answered_at=None,
        )
        anew = {name: statement.excluded[name] for name in ("status", "reason", "invited_at", "answered_at")}
        asked = statement.on_conflict_do_update(index_elements=["dispute_id", "unit"], set_=anew)
        row = self.connection.execute(asked.returning(DisputeInstitutionRow)).one()
        return _invitation(row._asdict())

    def answer(
        self, dispute_id: str, unit: str, *, status: InvitationStatus, reason: str | None = None
    ) -> Invitation | None:
        """Note what an institution answered; None where it was never asked."""
        which = DisputeInstitutionRow.dispute_id == dispute_id, DisputeInstitutionRow.unit == unit
        values = {"status": status.value, "reason": reason, "answered_at": self.clock.now()}
        statement = update(DisputeInstitutionRow).where(*which).values(**values).returning(DisputeInstitutionRow)
        row = self.connection.execute(statement).one_or_none()
        return None if row is None else _invitation(row._asdict())

    def close_invitations(self, dispute_id: str, *, reason: str) -> None:
        """Let go the institutions that have not answered yet: there is nothing left to join."""
        open_ones = (
            DisputeInstitutionRow.dispute_id == dispute_id,
            DisputeInstitutionRow.status == InvitationStatus.INVITED.value,
        )
        values = {"status": InvitationStatus.DECLINED.value, "reason": reason, "answered_at": self.clock.now()}
        self.connection.execute(update(DisputeInstitutionRow).where(*open_ones).values(**values))

    def invitations_of(self, dispute_id: str) -> tuple[Invitation, ...]:
        """Return the institutions that were asked to help, oldest first."""
        statement = select(DisputeInstitutionRow).where(DisputeInstitutionRow.dispute_id == dispute_id)
        ordered = statement.order_by(DisputeInstitutionRow.invited_at, DisputeInstitutionRow.unit)
        return tuple(_invitation(row._asdict()) for row in self.connection.execute(ordered))


def _record(values: Mapping[str, Any]) -> DisputeRecord:
    """Build a record from its row."""
    return DisputeRecord(**{**values, "kind": RecordKind(values["kind"])})


def _invitation(values: Mapping[str, Any]) -> Invitation:
    """Build an invitation from its row."""
    return Invitation(**{**values, "status": InvitationStatus(values["status"])})
