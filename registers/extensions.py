"""Requests for more time (延期申请): who asked for how much, of which kind it was, and what became of it.

The clock itself keeps the time that was granted; this register keeps the requests, the refused ones too: how many a
unit makes in a day decides how high they go, and the extension rate of a unit is counted here (GB/T 30428.4).
"""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import NotFound
from engine.persistence.base import Base, Instant, Register
from registers.statements import insert_into

GRANTED, REFUSED = "granted", "refused"


class ExtensionRequestRow(Base):
    """One request, named by the process instance that decides on it."""

    __tablename__ = "extension_request"
    # Serves the number of requests of a unit since an instant.
    __table_args__ = (Index(None, "unit", "requested_at"),)

    instance_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("civic_case.id"), index=True)  # serves the list of a case
    unit: Mapped[str | None] = mapped_column(String(32))
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(Instant)
    # As it was entered: no database rounds it.
    value: Mapped[str] = mapped_column(String(32))
    time_unit: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(String(16))
    clause: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[str | None] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequest:
    """One request.

    value, time_unit   how much more time: `3` `工作日`
    kind, clause       what the table extension_rule made of it: first, second, engineering, bulk, long, none
    outcome            granted or refused; None while it is being decided
    decided_by         the last approver, or `rule`
    due_at             the new due instant, where it was granted
    """

    instance_id: str
    case_id: str
    unit: str | None
    requested_by: str
    requested_at: datetime
    value: Decimal
    time_unit: str
    reason: str
    kind: str | None = None
    clause: str | None = None
    outcome: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    due_at: datetime | None = None


class ExtensionRegister(Register):
    """All requests."""

    def request(self, new: ExtensionRequest) -> None:
        """Note a request; the same instance notes it once, however often its step is tried."""
        values = {name: getattr(new, name) for name in FIELDS} | {"value": str(new.value)}
        once = insert_into(self.connection, ExtensionRequestRow).values(**values)
        self.connection.execute(once.on_conflict_do_nothing(index_elements=["instance_id"]))

    def conclude(
        self,
        instance_id: str,
        outcome: str,
        *,
        by: str,
        kind: str | None,
        clause: str | None,
        due_at: datetime | None = None,
    ) -> ExtensionRequest:
        """Note what became of a request. Raises NotFound."""
        values = {
            "outcome": outcome,
            "decided_by": by,
            "decided_at": self.clock.now(),
            "kind": kind,
            "clause": clause,
            "due_at": due_at,
        }
        known = ExtensionRequestRow.instance_id == instance_id
        self.connection.execute(update(ExtensionRequestRow).where(known).values(**values))
        return self.get(instance_id)

    def get(self, instance_id: str) -> ExtensionRequest:
        """Return the request that an instance decides on; raises NotFound."""
        query = select(ExtensionRequestRow).where(ExtensionRequestRow.instance_id == instance_id)
        row = self.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(kind="extension request", id=instance_id)
        return _request(row._asdict())

    def list_for(self, case_id: str) -> tuple[ExtensionRequest, ...]:
        """Return the requests of a case, oldest first."""
        query = select(ExtensionRequestRow).where(ExtensionRequestRow.case_id == case_id)
        ordered = query.order_by(ExtensionRequestRow.requested_at, ExtensionRequestRow.instance_id)
        return tuple(_request(row._asdict()) for row in self.connection.execute(ordered))

    def count_since(self, unit: str, since: datetime) -> int:
        """Return how many requests a unit has made since an instant, this one included."""
        made = ExtensionRequestRow.unit == unit, ExtensionRequestRow.requested_at >= since
        return self.connection.execute(select(func.count()).select_from(ExtensionRequestRow).where(*made)).scalar_one()


FIELDS = tuple(field.name for field in fields(ExtensionRequest))


def _request(values: dict[str, Any]) -> ExtensionRequest:
    """Build a request from its row."""
    return ExtensionRequest(**values | {"value": Decimal(values["value"])})
