"""Performance (绩效): entries that rules give, each with the row that gave it; an occasion counts once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant, Register
from registers.statements import insert_into


class PerformanceEntryRow(Base):
    """Points for one occasion."""

    __tablename__ = "performance_entry"
    __table_args__ = (
        # A repeated job writes nothing twice.
        UniqueConstraint("kind", "subject_type", "subject_id", "person"),
        # Serves the entries of a person or a unit in a period.
        Index(None, "person", "at"),
        Index(None, "unit", "at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    # As the table gave them: no database rounds them.
    points: Mapped[str] = mapped_column(String(16))
    rule: Mapped[dict[str, object]] = mapped_column(Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceEntry:
    """Points for one occasion.

    person, unit     whose: a login and the unit that answers for her; an empty person is the unit's own entry
    kind             what for: `patrol_missed` …
    subject          type and id of what it is about: every point leads back to it
    points           positive or negative
    rule             decision, version and clause that gave them
    """

    person: str
    unit: str
    kind: str
    subject_type: str
    subject_id: str
    at: datetime
    points: Decimal
    rule: Mapping[str, object]


class PerformanceRegister(Register):
    """Writes and lists entries."""

    def enter(self, entry: PerformanceEntry) -> bool:
        """Write an entry; False where this occasion has been entered before."""
        values = {name: getattr(entry, name) for name in FIELDS}
        values |= {"id": str(uuid4()), "points": str(entry.points), "rule": dict(entry.rule)}
        once = insert_into(self.connection, PerformanceEntryRow).values(**values)
        once = once.on_conflict_do_nothing(index_elements=["kind", "subject_type", "subject_id", "person"])
        return self.connection.execute(once.returning(PerformanceEntryRow.id)).one_or_none() is not None

    def list_of(self, subject_type: str, subject_id: str) -> tuple[PerformanceEntry, ...]:
        """Return the entries about one subject, oldest first."""
        about = PerformanceEntryRow.subject_type == subject_type, PerformanceEntryRow.subject_id == subject_id
        statement = select(PerformanceEntryRow).where(*about)
        rows = self.connection.execute(statement.order_by(PerformanceEntryRow.at, PerformanceEntryRow.kind))
        return tuple(_entry(row._asdict()) for row in rows)


FIELDS = ("person", "unit", "kind", "subject_type", "subject_id", "at")


def _entry(values: dict[str, Any]) -> PerformanceEntry:
    """Build an entry from its row."""
    named = {name: values[name] for name in FIELDS}
    return PerformanceEntry(**named, points=Decimal(values["points"]), rule=values["rule"])
