"""Tables of disputes, mediators and mediation institutions."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class DisputeRow(Base):
    """One dispute (矛盾纠纷): between whom, about what, who mediates it, and what became of it."""

    __tablename__ = "dispute"
    __table_args__ = (
        # Serve the list of disputes in its order, and its usual filters.
        Index(None, "applied_at", "id"),
        Index(None, "status", "applied_at"),
        Index(None, "district", "applied_at"),
        Index(None, "street", "applied_at"),
        Index(None, "community", "applied_at"),
        Index(None, "committee_unit", "applied_at"),
        # Serves the load of a mediator and the scope of her list.
        Index(None, "mediator", "status"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dispute_no: Mapped[str | None] = mapped_column(String(32), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(16))
    source_case_id: Mapped[str | None] = mapped_column(ForeignKey("civic_case.id"), index=True)  # serves “its dispute”
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    community: Mapped[str | None] = mapped_column(String(32))
    street: Mapped[str] = mapped_column(String(32))
    district: Mapped[str] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    occurred_on: Mapped[date | None] = mapped_column(Date)
    facts: Mapped[str] = mapped_column(Text)
    claims: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(16))
    scale: Mapped[str | None] = mapped_column(String(16))
    people_involved: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(16))
    committee_unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    mediator: Mapped[str | None] = mapped_column(String(64))
    excluded_mediators: Mapped[list[str]] = mapped_column(Document)
    status: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    round: Mapped[int] = mapped_column(Integer)
    sessions: Mapped[int] = mapped_column(Integer)
    extensions: Mapped[int] = mapped_column(Integer)
    urgings: Mapped[int] = mapped_column(Integer)
    agreement_no: Mapped[str | None] = mapped_column(String(64), unique=True)
    agreement_form: Mapped[str | None] = mapped_column(String(16))
    agreement_content: Mapped[str | None] = mapped_column(Text)
    performance_manner: Mapped[str | None] = mapped_column(String(16))
    perform_by: Mapped[date | None] = mapped_column(Date)
    performance: Mapped[str | None] = mapped_column(String(16))
    satisfaction: Mapped[str | None] = mapped_column(String(16))
    closing_report: Mapped[str | None] = mapped_column(Text)
    superior_unit: Mapped[str | None] = mapped_column(String(32))
    superior_requirement: Mapped[str | None] = mapped_column(Text)
    superior_due_on: Mapped[date | None] = mapped_column(Date)
    applicant_login: Mapped[str | None] = mapped_column(String(64), index=True)  # serves “my applications”
    registered_by: Mapped[str] = mapped_column(String(64), index=True)  # serves “what I registered”
    process_instance_id: Mapped[str | None] = mapped_column(String(36))
    applied_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    agreed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(Integer)


class DisputePartyRow(Base):
    """One party (当事人) of a dispute."""

    __tablename__ = "dispute_party"
    # Serve the parties of a dispute in their order, and the search for a party by name.
    __table_args__ = (Index(None, "dispute_id", "position"), Index(None, "name"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dispute_id: Mapped[str] = mapped_column(ForeignKey("dispute.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    side: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    sex: Mapped[str | None] = mapped_column(String(1))
    id_number: Mapped[str | None] = mapped_column(String(18))
    phone: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    occupation: Mapped[str | None] = mapped_column(String(100))
    workplace: Mapped[str | None] = mapped_column(String(200))


class DisputeRecordRow(Base):
    """One record in the file of a dispute: a rights notice, an investigation, a session, an urging, a visit."""

    __tablename__ = "dispute_record"
    # Serves the file of a dispute, page by page.
    __table_args__ = (UniqueConstraint("dispute_id", "position"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dispute_id: Mapped[str] = mapped_column(ForeignKey("dispute.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    round: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(24))
    held_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str | None] = mapped_column(String(300))
    participants: Mapped[str | None] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(String(32))
    institution: Mapped[str | None] = mapped_column(String(32))


class DisputeInstitutionRow(Base):
    """A mediation institution that was asked to help with a dispute, and what it answered."""

    __tablename__ = "dispute_institution"

    dispute_id: Mapped[str] = mapped_column(ForeignKey("dispute.id", ondelete="CASCADE"), primary_key=True)
    unit: Mapped[str] = mapped_column(
        ForeignKey("mediation_institution.unit"), primary_key=True, index=True
    )  # serves the scope of an institution's list
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    invited_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class DisputeCounterRow(Base):
    """The last number given out for one kind of number, district and year."""

    __tablename__ = "dispute_counter"

    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class MediatorRow(Base):
    """One mediator (调解员) of a committee."""

    __tablename__ = "mediator"

    login: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)  # serves the mediators of a committee
    level: Mapped[str] = mapped_column(String(16))
    fields: Mapped[list[str]] = mapped_column(Document)
    certificate_no: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(32))
    id_number: Mapped[str | None] = mapped_column(String(18))
    enabled: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(Integer)


class MediatorAvoidanceRow(Base):
    """A relation that a mediator has declared: she does not mediate where this person or workplace is a party."""

    __tablename__ = "mediator_avoidance"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    mediator: Mapped[str] = mapped_column(
        ForeignKey("mediator.login", ondelete="CASCADE"), index=True
    )  # serves the page of a mediator
    relation: Mapped[str] = mapped_column(String(100))
    id_number: Mapped[str | None] = mapped_column(String(18))
    workplace: Mapped[str | None] = mapped_column(String(200))
    declared_by: Mapped[str] = mapped_column(String(64))
    declared_at: Mapped[datetime] = mapped_column(Instant)


class InstitutionRow(Base):
    """One mediation institution (调解机构) that cooperates with the committees; its unit is its key."""

    __tablename__ = "mediation_institution"

    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32), index=True)  # serves the list by category
    fields: Mapped[list[str]] = mapped_column(Document)
    contact_name: Mapped[str | None] = mapped_column(String(100))
    contact_phone: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    enabled: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(Integer)
