"""Notices: short messages to a group or to one account; the same occasion tells the same recipient once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import NotFound
from engine.persistence.base import Base, Instant, Register
from registers.statements import insert_into

PAGE_MAX = 200
TITLE_MAX = 200


class NoticeRow(Base):
    """One notice for one recipient."""

    __tablename__ = "notice"
    __table_args__ = (
        # A repeated job tells nobody twice.
        UniqueConstraint("kind", "subject", "rung", "round", "recipient"),
        # Serves the list of a recipient, newest first.
        Index(None, "recipient", "created_at"),
        # Serves the page of a case.
        Index(None, "business_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    recipient: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    text: Mapped[str] = mapped_column(Text)
    business_key: Mapped[str | None] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(100))
    rung: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice; `recipient` is a group (`role@unit`) or the login of an account."""

    id: str
    recipient: str
    kind: str
    title: str
    text: str
    business_key: str | None
    subject: str
    rung: str
    round: int
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What is said.

    kind          what sort of news: `deadline.warn`, `case.refused` …
    subject       id of what it is about
    rung, round   the occasion: with kind and subject they tell a repeat from a new notice
    """

    kind: str
    title: str
    text: str
    business_key: str | None
    subject: str
    rung: str = ""
    round: int = 0


class NoticeRegister(Register):
    """Sends, lists and marks notices."""

    def send(self, new: NewNotice, recipients: Iterable[str]) -> int:
        """Tell each recipient once; returns how many had not been told yet."""
        told = 0
        for recipient in dict.fromkeys(recipients):
            statement = insert_into(self.connection, NoticeRow).values(
                id=str(uuid4()),
                recipient=recipient,
                kind=new.kind,
                title=new.title[:TITLE_MAX],
                text=new.text,
                business_key=new.business_key,
                subject=new.subject,
                rung=new.rung,
                round=new.round,
                created_at=self.clock.now(),
            )
            once = statement.on_conflict_do_nothing(
                index_elements=["kind", "subject", "rung", "round", "recipient"]
            ).returning(NoticeRow.id)
            told += self.connection.execute(once).one_or_none() is not None
        return told

    def list_for(
        self,
        recipients: Iterable[str],
        *,
        unread: bool = False,
        business_key: str | None = None,
        before: Notice | None = None,
        limit: int = 50,
    ) -> tuple[Notice, ...]:
        """Return the notices of some groups and accounts, newest first; from the one after `before`."""
        statement = select(NoticeRow).where(NoticeRow.recipient.in_(set(recipients)))
        if unread:
            statement = statement.where(NoticeRow.read_at.is_(None))
        if business_key is not None:
            statement = statement.where(NoticeRow.business_key == business_key)
        if before is not None:
            same_instant = (NoticeRow.created_at == before.created_at) & (NoticeRow.id < before.id)
            statement = statement.where((NoticeRow.created_at < before.created_at) | same_instant)
        statement = statement.order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc())
        return tuple(_notice(row._asdict()) for row in self.connection.execute(statement.limit(min(limit, PAGE_MAX))))

    def count_unread(self, recipients: Iterable[str]) -> int:
        """Return how many notices of some groups and accounts nobody has read."""
        mine = NoticeRow.recipient.in_(set(recipients)), NoticeRow.read_at.is_(None)
        return self.connection.execute(select(func.count()).select_from(NoticeRow).where(*mine)).scalar_one()

    def get(self, notice_id: str, recipients: Iterable[str]) -> Notice:
        """Return a notice of some groups and accounts, or raise NotFound: another's notice does not exist."""
        mine = NoticeRow.id == notice_id, NoticeRow.recipient.in_(set(recipients))
        row = self.connection.execute(select(NoticeRow).where(*mine)).one_or_none()
        if row is None:
            raise NotFound(kind="notice", id=notice_id)
        return _notice(row._asdict())

    def mark_read(self, notice_id: str, recipients: Iterable[str]) -> Notice:
        """Mark a notice of some groups and accounts as read; the first reading counts. Raises NotFound."""
        groups = set(recipients)
        self.get(notice_id, groups)
        unread = NoticeRow.id == notice_id, NoticeRow.read_at.is_(None)
        self.connection.execute(update(NoticeRow).where(*unread).values(read_at=self.clock.now()))
        return self.get(notice_id, groups)


def _notice(values: dict[str, Any]) -> Notice:
    """Build a notice from its row."""
    return Notice(**values)
