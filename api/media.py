"""Files that come in and go out."""

from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import FileStorage

from api.auth import caller
from api.case_access import visible_task, workable_task
from api.credentials import Caller
from api.matters import sees_matter
from engine.errors import Conflict, NotFound
from engine.model.user_task import UserTaskStatus
from engine.ports import UnitOfWork
from registers.media import Attachment, AttachmentRegister, NewAttachment


def attach(uow: UnitOfWork, case_id: str, file: FileStorage, *, by: str, task_id: str | None = None) -> Attachment:
    """Keep an uploaded file with its case; onto a task only while it is open and the caller's own or her groups'.

    Raises  Invalid naming the field `file`; NotFound, Conflict for the task
    """
    if task_id is not None:
        task = workable_task(uow, caller(), task_id)
        if task.status is not UserTaskStatus.OPEN:
            raise Conflict(kind="user task", id=task_id)
    new = NewAttachment(case_id, file.filename or "", file.stream.read(), by, task_id)
    made = uow.get(AttachmentRegister).add(new)
    uow.commit()
    return made


def task_case(uow: UnitOfWork, who: Caller, task_id: str) -> str:
    """Return the case of a task that the caller may see; raises NotFound for a task without one."""
    task = visible_task(uow, who, task_id)
    if task.business_key is None:
        raise NotFound(kind="case", id=task_id)
    return task.business_key


def content_of(uow: UnitOfWork, who: Caller, attachment_id: str) -> tuple[Attachment, bytes]:
    """Return a file with its bytes; raises NotFound where its matter is not hers to see."""
    files = uow.get(AttachmentRegister)
    known = files.get(attachment_id)
    if not sees_matter(uow, who, known.business_key):
        raise NotFound(kind="attachment", id=attachment_id)
    return known, files.content_of(attachment_id)


def file_answer(known: Attachment, content: bytes) -> Response:
    """Return a file as a download under its own name; a browser never shows it as a page of ours."""
    answer = Response(content, mimetype=known.media_type.value)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(known.name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
