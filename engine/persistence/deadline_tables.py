"""Tables of the legal clock: budgets with their projection, the append-only ledger, the rungs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class DeadlineRow(Base):
    """One budget; due_at, yellow_at, red_at and provisional are written by the projector alone."""

    __tablename__ = "deadline"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(100))
    instance_id: Mapped[str | None] = mapped_column(String(36))
    business_key: Mapped[str | None] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(10))
    calendar_key: Mapped[str] = mapped_column(String(100))
    calendar_version: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str | None] = mapped_column(String(100))
    round: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    yellow_at: Mapped[datetime | None] = mapped_column(Instant)
    red_at: Mapped[datetime | None] = mapped_column(Instant)
    provisional: Mapped[bool] = mapped_column(Boolean)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    lights: Mapped[list[Any]] = mapped_column(Document)
    rung_rules: Mapped[list[Any]] = mapped_column(Document)
    source: Mapped[dict[str, Any]] = mapped_column(Document)


# The clock of a case or a task; all clocks of a case; what is late, by due.
Index("ix_deadline_subject", DeadlineRow.subject_type, DeadlineRow.subject_id, DeadlineRow.kind)
Index("ix_deadline_business_key", DeadlineRow.business_key)
Index("ix_deadline_due", DeadlineRow.kind, DeadlineRow.status, DeadlineRow.due_at)


class DeadlineSegmentRow(Base):
    """One entry of the ledger; an open run or pause is closed by writing its end once."""

    __tablename__ = "deadline_segment"

    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    holder: Mapped[str | None] = mapped_column(String(100))
    value: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(100))
    calendar_version: Mapped[int] = mapped_column(Integer)
    rule_version: Mapped[int | None] = mapped_column(Integer)


class DeadlineRungRow(Base):
    """One instant at which something becomes due; fires exactly once."""

    __tablename__ = "deadline_rung"
    __table_args__ = (UniqueConstraint("deadline_id", "rung", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"))
    rung: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(Instant)
    fired_at: Mapped[datetime | None] = mapped_column(Instant)
    source: Mapped[dict[str, Any]] = mapped_column(Document)


# The scheduler's question: which rungs have been reached and have not fired?
Index("ix_deadline_rung_due", DeadlineRungRow.status, DeadlineRungRow.due_at, DeadlineRungRow.id)
