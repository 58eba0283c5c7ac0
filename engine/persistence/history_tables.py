"""Tables of what happened: appended to, never changed, save for the end of an activity."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class ActivityInstanceRow(Base):
    """One element entered by one token."""

    __tablename__ = "activity_instance"

    instance_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    activity: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str | None] = mapped_column(String(100))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(10))
    ended_by: Mapped[str | None] = mapped_column(String(100))


class HistoryEventRow(Base):
    """One operation; `position` is the order of writing within one instant."""

    __tablename__ = "history_event"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(100))
    instance_id: Mapped[str | None] = mapped_column(String(36))
    business_key: Mapped[str | None] = mapped_column(String(100))
    data: Mapped[dict[str, Any]] = mapped_column(Document)


# The timeline of a case; the operations on one instance; the operator's log by time.
Index("ix_history_event_business_key", HistoryEventRow.business_key, HistoryEventRow.at, HistoryEventRow.position)
Index("ix_history_event_instance", HistoryEventRow.instance_id, HistoryEventRow.at, HistoryEventRow.position)
Index("ix_history_event_at", HistoryEventRow.at, HistoryEventRow.position)


class VariableChangeRow(Base):
    """A variable of record took a new value."""

    __tablename__ = "variable_change"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    instance_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(100))
    value: Mapped[Any | None] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(100))
    element_id: Mapped[str | None] = mapped_column(String(100))


# The history of an instance's variables, in order.
Index("ix_variable_change_instance", VariableChangeRow.instance_id, VariableChangeRow.position)


class DecisionEvaluationRow(Base):
    """One evaluation of one version of a decision."""

    __tablename__ = "decision_evaluation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    decision_key: Mapped[str] = mapped_column(String(100))
    decision_version: Mapped[int] = mapped_column(Integer)
    instance_id: Mapped[str | None] = mapped_column(String(36))
    business_key: Mapped[str | None] = mapped_column(String(100))
    element_id: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(Instant)
    inputs: Mapped[dict[str, Any]] = mapped_column(Document)
    rows: Mapped[list[int]] = mapped_column(Document)
    output: Mapped[Any | None] = mapped_column(Document)
    definition_id: Mapped[str | None] = mapped_column(String(36))
    context: Mapped[dict[str, Any] | None] = mapped_column(Document)
    explanation: Mapped[dict[str, Any] | None] = mapped_column(Document)


class DecisionEvaluationPartRow(Base):
    """A decision that was made on the way, because the one that was asked needs it."""

    __tablename__ = "decision_evaluation_part"

    evaluation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    decision_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


# Why was this decided for this case, in this instance? How has this table been used, and in which period?
Index("ix_decision_evaluation_business_key", DecisionEvaluationRow.business_key, DecisionEvaluationRow.position)
Index("ix_decision_evaluation_decision", DecisionEvaluationRow.decision_key, DecisionEvaluationRow.position)
Index("ix_decision_evaluation_instance", DecisionEvaluationRow.instance_id, DecisionEvaluationRow.position)
Index(
    "ix_decision_evaluation_at",
    DecisionEvaluationRow.decision_key,
    DecisionEvaluationRow.at,
    DecisionEvaluationRow.position,
)
# Where has this table taken part in another one's answer?
Index(
    "ix_decision_evaluation_part_decision", DecisionEvaluationPartRow.decision_key, DecisionEvaluationPartRow.position
)
