"""Tables of patrols: what is patrolled, the plans, the tasks, the check-ins, the findings and the tracks."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class PatrolObjectRow(Base):
    """One object of patrols (巡查对象): a place that is looked at, or a person who is looked after."""

    __tablename__ = "patrol_object"
    # Serve the list of an area, in its order.
    __table_args__ = (Index(None, "district", "code"), Index(None, "street", "code"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(32))
    risk: Mapped[str] = mapped_column(String(16))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    community: Mapped[str | None] = mapped_column(String(32))
    street: Mapped[str] = mapped_column(String(32))
    district: Mapped[str] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    longitude: Mapped[float] = mapped_column(Float)
    latitude: Mapped[float] = mapped_column(Float)
    coordinate_system: Mapped[str] = mapped_column(String(16))
    enabled: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(Integer)


class PatrolTemplateRow(Base):
    """One plan of periodic patrols (巡查任务模板): who looks at what, how often, by when."""

    __tablename__ = "patrol_template"
    # Serve the list of an area, in its order.
    __table_args__ = (Index(None, "unit", "created_at"), Index(None, "created_at", "id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    checklist: Mapped[list[dict[str, object]]] = mapped_column(Document)
    assignments: Mapped[list[dict[str, object]]] = mapped_column(Document)
    cycle: Mapped[str] = mapped_column(String(16))
    every: Mapped[int] = mapped_column(Integer)
    weekdays: Mapped[list[int]] = mapped_column(Document)
    month_days: Mapped[list[int]] = mapped_column(Document)
    dispatch_time: Mapped[str] = mapped_column(String(5))
    # As it was entered: no database rounds it.
    limit_value: Mapped[str] = mapped_column(String(32))
    limit_unit: Mapped[str] = mapped_column(String(16))
    calendar: Mapped[str] = mapped_column(String(32))
    holiday_rule: Mapped[str] = mapped_column(String(16))
    radius_m: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    enabled: Mapped[bool] = mapped_column(Boolean)
    # No day before this one is owed: the plan began, or was taken up again, later.
    counts_from: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date | None] = mapped_column(Date)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    process_instance_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer)


class PatrolTaskRow(Base):
    """One patrol of one member (巡查任务), made by a plan or by hand."""

    __tablename__ = "patrol_task"
    __table_args__ = (
        # Exactly once: a plan gives a member one task a day, however often it is tried and by how many.
        UniqueConstraint("template_id", "occurrence_on", "member"),
        # Serve the list of tasks in its order, and its scopes.
        Index(None, "dispatched_at", "id"),
        Index(None, "member", "dispatched_at"),
        Index(None, "unit", "dispatched_at"),
        Index(None, "district", "dispatched_at"),
        Index(None, "street", "dispatched_at"),
        # Serves the statistics of a day.
        Index(None, "missed_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    template_id: Mapped[str | None] = mapped_column(ForeignKey("patrol_template.id"))
    occurrence_on: Mapped[date] = mapped_column(Date)
    member: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32))
    risk: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    community: Mapped[str | None] = mapped_column(String(32))
    street: Mapped[str | None] = mapped_column(String(32))
    district: Mapped[str | None] = mapped_column(String(32))
    checklist: Mapped[list[dict[str, object]]] = mapped_column(Document)
    radius_m: Mapped[int] = mapped_column(Integer)
    limit_value: Mapped[str] = mapped_column(String(32))
    limit_unit: Mapped[str] = mapped_column(String(16))
    calendar: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    total: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    dispatched_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    missed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    log: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    process_instance_id: Mapped[str | None] = mapped_column(String(36))
    created_by: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer)


class PatrolTaskObjectRow(Base):
    """One object that a task names; `checked_at` is the visit that counts."""

    __tablename__ = "patrol_task_object"

    task_id: Mapped[str] = mapped_column(ForeignKey("patrol_task.id", ondelete="CASCADE"), primary_key=True)
    object_id: Mapped[str] = mapped_column(ForeignKey("patrol_object.id"), primary_key=True, index=True)  # its visits
    position: Mapped[int] = mapped_column(Integer)
    checked_at: Mapped[datetime | None] = mapped_column(Instant, index=True)  # serves the statistics of a day
    result: Mapped[str | None] = mapped_column(String(16))


class PatrolCheckRow(Base):
    """One check-in (打卡) at an object: where the member was, what she found; kept for good, the last one counts."""

    __tablename__ = "patrol_check"
    __table_args__ = (
        # A phone that sends the same entry again adds nothing.
        UniqueConstraint("task_id", "object_id", "round"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("patrol_task.id", ondelete="CASCADE"))
    object_id: Mapped[str] = mapped_column(ForeignKey("patrol_object.id"))
    round: Mapped[int] = mapped_column(Integer)
    member: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant, index=True)  # serves the statistics of a day
    received_at: Mapped[datetime] = mapped_column(Instant)
    longitude: Mapped[float] = mapped_column(Float)
    latitude: Mapped[float] = mapped_column(Float)
    coordinate_system: Mapped[str] = mapped_column(String(16))
    accuracy_m: Mapped[float] = mapped_column(Float)
    distance_m: Mapped[float] = mapped_column(Float)
    mock: Mapped[bool] = mapped_column(Boolean)
    verdict: Mapped[str] = mapped_column(String(16))
    rule: Mapped[dict[str, object]] = mapped_column(Document)
    result: Mapped[str] = mapped_column(String(16))
    answers: Mapped[dict[str, object]] = mapped_column(Document)
    finding: Mapped[str | None] = mapped_column(Text)
    correction_reason: Mapped[str | None] = mapped_column(Text)


class PatrolFindingRow(Base):
    """Something found on patrol that becomes a case."""

    __tablename__ = "patrol_finding"
    __table_args__ = (UniqueConstraint("task_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("patrol_task.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    object_id: Mapped[str | None] = mapped_column(ForeignKey("patrol_object.id"))
    member: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant, index=True)  # serves the statistics of a day
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(String(100))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    address: Mapped[str | None] = mapped_column(String(300))
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    coordinate_system: Mapped[str | None] = mapped_column(String(16))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("civic_case.id"), index=True)  # serves “from which patrol”


class TrackPointRow(Base):
    """Where a member was during a task: one fix of her phone."""

    __tablename__ = "track_point"

    task_id: Mapped[str] = mapped_column(ForeignKey("patrol_task.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True, index=True)  # serves the statistics of a day
    member: Mapped[str] = mapped_column(String(64))
    longitude: Mapped[float] = mapped_column(Float)
    latitude: Mapped[float] = mapped_column(Float)
    coordinate_system: Mapped[str] = mapped_column(String(16))
    accuracy_m: Mapped[float] = mapped_column(Float)
    speed_mps: Mapped[float | None] = mapped_column(Float)
    mock: Mapped[bool] = mapped_column(Boolean)
