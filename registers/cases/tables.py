"""Tables of cases."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class CaseRow(Base):
    """One civic case (事件): what was reported, what became of it, who has it."""

    __tablename__ = "civic_case"
    __table_args__ = (
        # The same message of the same channel is one case.
        UniqueConstraint("channel", "external_id"),
        # Serve the list of cases in its two orders, and its usual filters.
        Index(None, "received_at", "id"),
        Index(None, "reported_at", "id"),
        Index(None, "status", "received_at"),
        Index(None, "district", "received_at"),
        Index(None, "street", "received_at"),
        Index(None, "lead_unit", "received_at"),
        # Serves the search for duplicates: same category, near in time.
        Index(None, "category", "reported_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_no: Mapped[str | None] = mapped_column(String(32), unique=True)
    query_code: Mapped[str] = mapped_column(String(12), unique=True)
    channel: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(String(100))
    category: Mapped[str | None] = mapped_column(String(32))
    condition: Mapped[str | None] = mapped_column(String(100))
    closing_condition: Mapped[str | None] = mapped_column(String(200))
    request_type: Mapped[str | None] = mapped_column(String(16))
    urgency: Mapped[str | None] = mapped_column(String(16))
    reporter_name: Mapped[str | None] = mapped_column(String(100))
    reporter_phone: Mapped[str | None] = mapped_column(String(32))
    reporter_code: Mapped[str | None] = mapped_column(String(64), index=True)  # serves “my reports”
    anonymous: Mapped[bool] = mapped_column(Boolean)
    confidential: Mapped[bool] = mapped_column(Boolean)
    occurred_at: Mapped[datetime | None] = mapped_column(Instant)
    reported_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    street: Mapped[str] = mapped_column(String(32))
    district: Mapped[str] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    coordinate_system: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    lead_unit: Mapped[str | None] = mapped_column(String(32))
    co_units: Mapped[list[str]] = mapped_column(Document)
    supervisor_unit: Mapped[str | None] = mapped_column(String(32))
    round: Mapped[int] = mapped_column(Integer)
    returns: Mapped[int] = mapped_column(Integer)
    extensions: Mapped[int] = mapped_column(Integer)
    master_case_id: Mapped[str | None] = mapped_column(ForeignKey("civic_case.id"), index=True)  # serves followers
    result: Mapped[str | None] = mapped_column(Text)
    solved: Mapped[bool | None] = mapped_column(Boolean)
    satisfaction: Mapped[str | None] = mapped_column(String(16))
    process_instance_id: Mapped[str | None] = mapped_column(String(36))
    filed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    historic: Mapped[bool] = mapped_column(Boolean)
    published_verdict: Mapped[str | None] = mapped_column(String(32))
    revision: Mapped[int] = mapped_column(Integer)


class CaseUnitRow(Base):
    """A unit that leads, helps with or supervises a case now: what the scope of a unit's people is computed from."""

    __tablename__ = "case_unit"

    case_id: Mapped[str] = mapped_column(ForeignKey("civic_case.id", ondelete="CASCADE"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)  # serves the scope of a list
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class CaseCounterRow(Base):
    """The last serial number given out for one district, day and channel."""

    __tablename__ = "case_counter"

    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class DuplicateCandidateRow(Base):
    """A case that may be the same matter as another one, and why."""

    __tablename__ = "duplicate_candidate"

    case_id: Mapped[str] = mapped_column(ForeignKey("civic_case.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("civic_case.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float] = mapped_column(Float)
    same_reporter: Mapped[bool] = mapped_column(Boolean)
    distance_m: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[datetime] = mapped_column(Instant)


class CaseLinkRow(Base):
    """Two cases that belong together: merged into one, or only related."""

    __tablename__ = "case_link"

    case_id: Mapped[str] = mapped_column(ForeignKey("civic_case.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("civic_case.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(64))
