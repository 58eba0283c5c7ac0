"""Cards: the yellow and red marks for what is late or done wrong, each with the rule that gave it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, ForeignKey, Index, Integer, String, UniqueConstraint, func, select, true
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant, Register
from registers.statements import insert_into

PAGE_MAX = 200


class CardColour(StrEnum):
    """Yellow is moderate, red is serious."""

    YELLOW = "yellow"
    RED = "red"


class CardRow(Base):
    """One card."""

    __tablename__ = "card"
    __table_args__ = (
        # A rung gives its card once, however often its job runs.
        UniqueConstraint("deadline_id", "rung", "round"),
        # Serve the lists of a unit and of a colour, newest first.
        Index(None, "unit", "issued_at"),
        Index(None, "colour", "issued_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    colour: Mapped[str] = mapped_column(String(8))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("civic_case.id"), index=True)  # serves the case's page
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    deadline_id: Mapped[str] = mapped_column(String(36))
    rung: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str | None] = mapped_column(String(100))
    unit: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    rule: Mapped[dict[str, object]] = mapped_column(Document)
    issued_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card.

    subject   what was late: the case, or one of its user tasks; `name` says it in words
    holder    the person, group or unit that had it when the card was given; `unit` answers for it
    rule      decision, version, row and clause
    """

    id: str
    colour: CardColour
    case_id: str | None
    subject_type: str
    subject_id: str
    deadline_id: str
    rung: str
    round: int
    holder: str | None
    unit: str | None
    name: str
    rule: dict[str, object]
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """What is known when a card is given; see Card."""

    colour: CardColour
    case_id: str | None
    subject_type: str
    subject_id: str
    deadline_id: str
    rung: str
    round: int
    holder: str | None
    unit: str | None
    name: str
    rule: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuery:
    """Which cards; an empty filter lets everything through. `before` is the last card of the page before."""

    case_ids: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    issued_from: datetime | None = None
    issued_to: datetime | None = None
    before: Card | None = None
    limit: int = 50


class CardRegister(Register):
    """Gives and lists cards."""

    def issue(self, new: NewCard) -> tuple[Card, bool]:
        """Give a card; returns it, and whether it is new: a rung of a round gives one card only."""
        values = {column.name: getattr(new, column.name) for column in fields(new)}
        values |= {"id": str(uuid4()), "colour": new.colour.value, "issued_at": self.clock.now()}
        statement = insert_into(self.connection, CardRow).values(**values)
        once = statement.on_conflict_do_nothing(index_elements=["deadline_id", "rung", "round"])
        row = self.connection.execute(once.returning(CardRow)).one_or_none()
        if row is not None:
            return _card(row._asdict()), True
        same = CardRow.deadline_id == new.deadline_id, CardRow.rung == new.rung, CardRow.round == new.round
        return _card(self.connection.execute(select(CardRow).where(*same)).one()._asdict()), False

    def find(self, card_id: str) -> Card | None:
        """Return a card, or None."""
        row = self.connection.execute(select(CardRow).where(CardRow.id == card_id)).one_or_none()
        return None if row is None else _card(row._asdict())

    def list_cards(self, query: CardQuery) -> tuple[Card, ...]:
        """Return cards, newest first, at most 200."""
        statement = select(CardRow).where(*_filters(query)).order_by(CardRow.issued_at.desc(), CardRow.id.desc())
        rows = self.connection.execute(statement.limit(min(query.limit, PAGE_MAX)))
        return tuple(_card(row._asdict()) for row in rows)

    def count(self, query: CardQuery) -> dict[CardColour, int]:
        """Return the exact number of cards of each colour."""
        statement = select(CardRow.colour, func.count()).where(*_filters(query)).group_by(CardRow.colour)
        found = {CardColour(colour): number for colour, number in self.connection.execute(statement)}
        return {colour: found.get(colour, 0) for colour in CardColour}

    def colours_of(self, case_ids: Iterable[str]) -> dict[str, tuple[CardColour, ...]]:
        """Return the colours of the cards of each case that has any, in the order in which they were given."""
        statement = select(CardRow.case_id, CardRow.colour).where(CardRow.case_id.in_(set(case_ids)))
        found: dict[str, tuple[CardColour, ...]] = {}
        for case_id, colour in self.connection.execute(statement.order_by(CardRow.issued_at, CardRow.id)):
            found[str(case_id)] = (*found.get(str(case_id), ()), CardColour(colour))
        return found


def _filters(query: CardQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    lists = (CardRow.case_id, query.case_ids), (CardRow.unit, query.units), (CardRow.colour, query.colours)
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    if query.issued_from is not None:
        conditions.append(CardRow.issued_at >= query.issued_from)
    if query.issued_to is not None:
        conditions.append(CardRow.issued_at < query.issued_to)
    if query.before is not None:
        at, card_id = query.before.issued_at, query.before.id
        conditions.append((CardRow.issued_at < at) | ((CardRow.issued_at == at) & (CardRow.id < card_id)))
    return conditions or [true()]


def _card(values: dict[str, Any]) -> Card:
    """Build a card from its row."""
    return Card(**{**values, "colour": CardColour(values["colour"])})
