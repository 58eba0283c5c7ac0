"""Comments and files of cases and tasks."""

from typing import Any

from flask import Response
from flask.views import MethodView

from api.auth import caller, requires
from api.case_access import visible_case
from api.context import reading, writing
from api.media import attach, content_of, file_answer, task_case
from api.openapi import PREFIX, NounBlueprint
from api.request_body import MULTIPART, accepts
from api.schemas.cases import AttachmentSchema, AttachmentsSchema, CommentSchema, CommentsSchema, NewCommentSchema
from api.schemas.files import FileSchema
from registers.media import Attachment, AttachmentRegister, Comment, CommentRegister

blp = NounBlueprint("attachments", __name__, url_prefix=PREFIX, description="Comments and files beside the forms.")


@blp.route("/cases/<id:case_id>/comments")
class CaseComments(MethodView):
    """Remarks on a case."""

    @requires("case.comment")
    @blp.response(200, CommentsSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """List the comments on a case.

        Those on its tasks too, oldest first.
        """
        with reading() as uow:
            return {"items": uow.get(CommentRegister).list_for(visible_case(uow, caller(), case_id).id)}

    @requires("case.comment")
    @blp.arguments(NewCommentSchema)
    @blp.response(201, CommentSchema)
    def post(self, body: dict[str, Any], case_id: str) -> Comment:
        """Comment on a case.

        A comment is never changed and never deleted.
        """
        with writing() as uow:
            case = visible_case(uow, caller(), case_id)
            made = uow.get(CommentRegister).add(case.id, author=caller().login, text=body["text"])
            uow.commit()
        return made


@blp.route("/cases/<id:case_id>/attachments")
class CaseAttachments(MethodView):
    """Files of a case."""

    @requires("case.read")
    @blp.response(200, AttachmentsSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """List the files of a case.

        Those of its tasks too, oldest first.
        """
        with reading() as uow:
            return {"items": uow.get(AttachmentRegister).list_for(visible_case(uow, caller(), case_id).id)}

    @requires("case.report", "case.comment")
    @accepts(MULTIPART, large=True)
    @blp.arguments(FileSchema, location="files")
    @blp.response(201, AttachmentSchema)
    def post(self, files: dict[str, Any], case_id: str) -> Attachment:
        """Attach a file to a case.

        At most 20 MB; pictures, recordings, documents. The type is recognised by the content, not by the name.
        """
        with writing() as uow:
            case = visible_case(uow, caller(), case_id)
            return attach(uow, case.id, files["file"], by=caller().login)


@blp.route("/user-tasks/<id:task_id>/comments")
class TaskComments(MethodView):
    """Remarks on a task."""

    @requires("case.comment")
    @blp.response(200, CommentsSchema)
    def get(self, task_id: str) -> dict[str, object]:
        """List the comments on a task.

        Oldest first.
        """
        with reading() as uow:
            case_id = task_case(uow, caller(), task_id)
            return {"items": uow.get(CommentRegister).list_for(case_id, task_id=task_id)}

    @requires("case.comment")
    @blp.arguments(NewCommentSchema)
    @blp.response(201, CommentSchema)
    def post(self, body: dict[str, Any], task_id: str) -> Comment:
        """Comment on a task.

        A comment is never changed and never deleted.
        """
        with writing() as uow:
            case_id = task_case(uow, caller(), task_id)
            text, author = body["text"], caller().login
            made = uow.get(CommentRegister).add(case_id, author=author, text=text, task_id=task_id)
            uow.commit()
        return made


@blp.route("/user-tasks/<id:task_id>/attachments")
class TaskAttachments(MethodView):
    """Files of a task."""

    @requires("task.work", "case.read")
    @blp.response(200, AttachmentsSchema)
    def get(self, task_id: str) -> dict[str, object]:
        """List the files of a task.

        Oldest first.
        """
        with reading() as uow:
            case_id = task_case(uow, caller(), task_id)
            return {"items": uow.get(AttachmentRegister).list_for(case_id, task_id=task_id)}

    @requires("task.work")
    @accepts(MULTIPART, large=True)
    @blp.arguments(FileSchema, location="files")
    @blp.response(201, AttachmentSchema)
    def post(self, files: dict[str, Any], task_id: str) -> Attachment:
        """Attach a file to a task.

        At most 20 MB; pictures, recordings, documents. The type is recognised by the content, not by the name.
        """
        with writing() as uow:
            case_id = task_case(uow, caller(), task_id)
            return attach(uow, case_id, files["file"], by=caller().login, task_id=task_id)


@blp.route("/attachments/<id:attachment_id>/content")
class AttachmentContent(MethodView):
    """The bytes of a file."""

    @requires("case.read")
    @blp.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
    def get(self, attachment_id: str) -> Response:
        """Download a file.

        Always as a download, never shown in the page; only where the caller may see its case.
        """
        with reading() as uow:
            known, content = content_of(uow, caller(), attachment_id)
        return file_answer(known, content)
