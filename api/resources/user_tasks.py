"""User tasks: inboxes, and the work on one task."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.case_access import visible_task, workable_task
from api.context import now, reading, writing
from api.inbox_query import query_of
from api.openapi import PREFIX, NounBlueprint
from api.revisions import expected, tagged
from api.schemas.paging import page_of
from api.schemas.tasks import (
    AssignSchema,
    CompleteSchema,
    DraftSchema,
    InboxCountFilter,
    InboxCountsSchema,
    InboxQuerySchema,
    InboxRowSchema,
    OpenTaskSchema,
    RevisionSchema,
    UserTaskSchema,
)
from api.task_view import assignable, opened, plain, rows
from engine.services import user_tasks

Answer = tuple[dict[str, object], int, dict[str, str]]

blp = NounBlueprint(
    "user-tasks", __name__, url_prefix=f"{PREFIX}/user-tasks", description="Work that waits for a person."
)


@blp.route("")
class Inbox(MethodView):
    """The caller's inbox."""

    @requires("task.work")
    @blp.arguments(InboxQuerySchema, location="query")
    @blp.response(200, page_of(InboxRowSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """Read my inbox.

        What I hold, what lies in the pools of my groups, or what I have completed; other groups' work never shows.
        """
        with reading() as uow:
            page = user_tasks.inbox(uow, query_of(query, caller(), now()))
            return {"items": rows(uow, page.items, caller(), now()), "next_after": page.next_after}


@blp.route("/counts")
class InboxCounts(MethodView):
    """How much work there is."""

    @requires("task.work")
    @blp.arguments(InboxCountFilter, location="query")
    @blp.response(200, InboxCountsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """Count my inbox.

        The total and one number per light; counting stops at 1001, which means more than 1000.
        """
        with reading() as uow:
            found = user_tasks.count(uow, query_of(query, caller(), now()))
        return {"total": found.pop("total"), "lights": found}


@blp.route("/<id:task_id>")
class TaskById(MethodView):
    """One task."""

    @requires("task.work", "case.read", "instance.read")
    @blp.response(200, OpenTaskSchema, headers={"ETag": {"schema": {"type": "string"}}})
    def get(self, task_id: str) -> Answer:
        """Read a task with its form and its case.

        For those who may work on it and those who may see its case; the draft is shown to its holder only.
        """
        with reading() as uow:
            task = visible_task(uow, caller(), task_id)
            return opened(uow, task, caller(), now()), 200, tagged(task)


@blp.route("/<id:task_id>/claim")
class TaskClaim(MethodView):
    """Taking a task."""

    @requires("task.work")
    @blp.arguments(RevisionSchema)
    @blp.response(200, UserTaskSchema)
    def post(self, body: dict[str, Any], task_id: str) -> Answer:
        """Claim a task.

        It leaves every pool and is held by the caller; 409 with the fresh task when somebody else was faster.
        """
        who = caller()
        with writing() as uow:
            workable_task(uow, who, task_id)
            task = user_tasks.claim(uow, task_id, by=who.login, groups=who.groups, revision=expected(body))
        return plain(task, now()), 200, tagged(task)


@blp.route("/<id:task_id>/unclaim")
class TaskUnclaim(MethodView):
    """Giving a task back."""

    @requires("task.work")
    @blp.arguments(RevisionSchema)
    @blp.response(200, UserTaskSchema)
    def post(self, body: dict[str, Any], task_id: str) -> Answer:
        """Give a task back to the pool.

        Only its holder may.
        """
        who = caller()
        with writing() as uow:
            workable_task(uow, who, task_id)
            task = user_tasks.unclaim(uow, task_id, by=who.login, revision=expected(body))
        return plain(task, now()), 200, tagged(task)


@blp.route("/<id:task_id>/assign")
class TaskAssign(MethodView):
    """Handing a task to a person."""

    @requires("task.assign")
    @blp.arguments(AssignSchema)
    @blp.response(200, UserTaskSchema)
    def post(self, body: dict[str, Any], task_id: str) -> Answer:
        """Assign a task to a person.

        She must be one of its candidates; whoever holds it now loses it.
        """
        with writing() as uow:
            assignee = assignable(uow, visible_task(uow, caller(), task_id), body["assignee"])
            by, revision = caller().login, expected(body)
            task = user_tasks.assign(uow, task_id, assignee=assignee, by=by, revision=revision)
        return plain(task, now()), 200, tagged(task)


@blp.route("/<id:task_id>/complete")
class TaskComplete(MethodView):
    """Finishing a task."""

    @requires("task.work")
    @blp.arguments(CompleteSchema)
    @blp.response(200, UserTaskSchema)
    def post(self, body: dict[str, Any], task_id: str) -> Answer:
        """Complete a task.

        The entry is checked against the form; the case goes on in the same transaction. 409 with the fresh task
        when somebody else was faster.
        """
        who, entered, seen = caller(), body["submission"], expected(body)
        with writing() as uow:
            workable_task(uow, who, task_id)
            task = user_tasks.complete(uow, task_id, submission=entered, by=who.login, groups=who.groups, revision=seen)
        return plain(task, now()), 200, tagged(task)


@blp.route("/<id:task_id>/draft")
class TaskDraft(MethodView):
    """What has been entered so far."""

    @requires("task.work")
    @blp.arguments(DraftSchema)
    @blp.response(200, UserTaskSchema)
    def put(self, body: dict[str, Any], task_id: str) -> Answer:
        """Keep a draft.

        Nothing is checked yet; only the holder of the task may, and only she reads it.
        """
        with writing() as uow:
            workable_task(uow, caller(), task_id)
            task = user_tasks.save_draft(uow, task_id, draft=body["draft"], by=caller().login)
        return plain(task, now()), 200, tagged(task)
