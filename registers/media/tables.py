"""Tables of attachments and comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Instant


class AttachmentRow(Base):
    """What is known about one file."""

    __tablename__ = "attachment"
    # Serves the list of a case, oldest first.
    __table_args__ = (Index(None, "business_key", "uploaded_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    business_key: Mapped[str] = mapped_column(String(64))
    task_id: Mapped[str | None] = mapped_column(String(36), index=True)  # serves the list of a task
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)


class AttachmentContentRow(Base):
    """The bytes of one file, in the same transaction as everything else about the case."""

    __tablename__ = "attachment_content"

    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CommentRow(Base):
    """One remark on a case or a task."""

    __tablename__ = "comment"
    # Serves the list of a case, oldest first.
    __table_args__ = (Index(None, "business_key", "created_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    business_key: Mapped[str] = mapped_column(String(64))
    task_id: Mapped[str | None] = mapped_column(String(36), index=True)  # serves the list of a task
    author: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
