"""Attachments: pictures, recordings and documents of a case or a task."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.media.sniffing import EXTENSIONS, MediaType, sniff
from registers.media.tables import AttachmentContentRow, AttachmentRow

SIZE_MAX = 20 * 1024 * 1024
NAME_MAX = 200
FIELD = "file"
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file; `size` in bytes, `business_key` is the id of the case."""

    id: str
    business_key: str
    task_id: str | None
    name: str
    media_type: MediaType
    size: int
    sha256: str
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file as it was handed in."""

    business_key: str
    name: str
    content: bytes
    uploaded_by: str
    task_id: str | None = None


COLUMNS = [getattr(AttachmentRow, field.name) for field in fields(Attachment)]


class AttachmentRegister(Register):
    """Takes in and gives out files."""

    def add(self, new: NewAttachment) -> Attachment:
        """Keep a file.

        Raises  Invalid naming the field `file`: empty, over 20 MB, of a type that is not kept, or under a name
                that promises another type
        """
        name = clean_name(new.name)
        kind = _checked(name, new.content)
        attachment_id = str(uuid4())
        row = self.connection.execute(
            insert(AttachmentRow)
            .values(
                id=attachment_id,
                business_key=new.business_key,
                task_id=new.task_id,
                name=name,
                media_type=kind.value,
                size=len(new.content),
                sha256=hashlib.sha256(new.content).hexdigest(),
                uploaded_by=new.uploaded_by,
                uploaded_at=self.clock.now(),
            )
            .returning(*COLUMNS)
        ).one()
        content = insert(AttachmentContentRow).values(attachment_id=attachment_id, content=new.content)
        self.connection.execute(content)
        return _attachment(row._asdict())

    def get(self, attachment_id: str) -> Attachment:
        """Return what is known about a file, or raise NotFound."""
        row = self.connection.execute(select(*COLUMNS).where(AttachmentRow.id == attachment_id)).one_or_none()
        if row is None:
            raise NotFound(kind="attachment", id=attachment_id)
        return _attachment(row._asdict())

    def content_of(self, attachment_id: str) -> bytes:
        """Return the bytes of a file, or raise NotFound."""
        statement = select(AttachmentContentRow.content).where(AttachmentContentRow.attachment_id == attachment_id)
        content = self.connection.execute(statement).scalar_one_or_none()
        if content is None:
            raise NotFound(kind="attachment", id=attachment_id)
        return content

    def list_for(self, business_key: str, *, task_id: str | None = None) -> Sequence[Attachment]:
        """Return the files of a case, oldest first; of one of its tasks, where given."""
        statement = select(*COLUMNS).where(AttachmentRow.business_key == business_key)
        if task_id is not None:
            statement = statement.where(AttachmentRow.task_id == task_id)
        rows = self.connection.execute(statement.order_by(AttachmentRow.uploaded_at, AttachmentRow.id))
        return tuple(_attachment(row._asdict()) for row in rows)


def clean_name(name: str) -> str:
    """Return the last part of a file name without control and direction characters, at most 200 characters."""
    last = PurePosixPath(UNPRINTABLE.sub("", name).replace("\\", "/")).name.strip()
    if len(last) <= NAME_MAX:
        return last
    suffix = PurePosixPath(last).suffix[:NAME_MAX]
    return last[: NAME_MAX - len(suffix)] + suffix


def _checked(name: str, content: bytes) -> MediaType:
    """Return the type of a file that may be kept, or raise Invalid."""
    if not content:
        raise Invalid(problems=[Problem("file-empty", FIELD, "The file is empty.")])
    if len(content) > SIZE_MAX:
        most = SIZE_MAX // 1024 // 1024
        message = f"The file is larger than {most} MB."
        raise Invalid(problems=[Problem("file-too-large", FIELD, message, {"max": most})])
    kind = sniff(content)
    if kind is None:
        message = f"The file {name} is of a type that is not kept."
        raise Invalid(problems=[Problem("file-type-refused", FIELD, message, {"name": name})])
    if PurePosixPath(name).suffix.lower() not in EXTENSIONS[kind]:
        message = f"The file {name} holds {kind.value}; its name says something else."
        raise Invalid(problems=[Problem("file-name-misleads", FIELD, message, {"name": name, "type": kind.value})])
    return kind


def _attachment(values: dict[str, Any]) -> Attachment:
    """Build an attachment from its row."""
    return Attachment(**{**values, "media_type": MediaType(values["media_type"])})
