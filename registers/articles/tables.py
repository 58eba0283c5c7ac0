"""Tables of knowledge articles."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class ArticleRow(Base):
    """One knowledge article (知识): what readers read, and how it stands.

    The columns of the content are those of the version on the shelf; before the first one, of the draft.
    """

    __tablename__ = "article"
    __table_args__ = (
        # Serve the list of articles, newest first, and its usual filters.
        Index(None, "updated_at", "id"),
        Index(None, "status", "updated_at"),
        Index(None, "topic", "updated_at"),
        Index(None, "unit", "updated_at"),
        # Serves the report of articles whose review is due.
        Index(None, "on_shelf", "review_due_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    article_no: Mapped[str] = mapped_column(String(16), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(String(200))
    keywords: Mapped[str] = mapped_column(String(300))
    scope: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    review_due_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(32))
    author: Mapped[str] = mapped_column(String(64), index=True)  # serves “my articles” and the scope of a list
    status: Mapped[str] = mapped_column(String(16))
    status_since: Mapped[datetime] = mapped_column(Instant)
    on_shelf: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    open_version: Mapped[int | None] = mapped_column(Integer)
    votes: Mapped[int] = mapped_column(Integer)
    average: Mapped[float | None] = mapped_column(Float)
    low_since: Mapped[datetime | None] = mapped_column(Instant)
    process_instance_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    shelved_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_by: Mapped[str | None] = mapped_column(String(64))
    removal_kind: Mapped[str | None] = mapped_column(String(16))
    removal_reason: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)


class ArticleVersionRow(Base):
    """One version of an article's content: a draft that is worked on, or what stands or stood on the shelf."""

    __tablename__ = "article_version"

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(String(200))
    keywords: Mapped[str] = mapped_column(String(300))
    scope: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(String(64))
    correction_id: Mapped[str | None] = mapped_column(String(36))
    findings: Mapped[list[dict[str, object]]] = mapped_column(Document)
    opinion: Mapped[str | None] = mapped_column(Text)
    reviewers: Mapped[list[str]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    shelved_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ArticleCounterRow(Base):
    """The last serial number of an article given out on one day."""

    __tablename__ = "article_counter"

    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class ArticleRatingRow(Base):
    """What one reader thinks of an article: her latest word on the version that she read."""

    __tablename__ = "article_rating"
    # Serves the score of a version, and the comments on an article, newest first.
    __table_args__ = (Index(None, "article_id", "version"), Index(None, "article_id", "rated_at"))

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    rater: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    stars: Mapped[int] = mapped_column(Integer)
    tags: Mapped[list[str]] = mapped_column(Document)
    comment: Mapped[str | None] = mapped_column(Text)
    rated_at: Mapped[datetime] = mapped_column(Instant)


class ArticleCorrectionRow(Base):
    """What a reader says is wrong with an article (纠错), and what became of it."""

    __tablename__ = "article_correction"
    # Serve the corrections of an article, and a reader's own.
    __table_args__ = (Index(None, "article_id", "created_at"), Index(None, "reader", "created_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(Integer)
    revised_in: Mapped[int | None] = mapped_column(Integer)
    reader: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    process_instance_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(Integer)
