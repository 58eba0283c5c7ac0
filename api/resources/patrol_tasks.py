"""Patrol tasks (巡查任务): given, followed, walked."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.case_timeline import timeline
from api.context import now, reading, writing
from api.deadline_view import clocks_of_case
from api.language import current_catalog
from api.openapi import PREFIX, NounBlueprint
from api.patrol_access import own_task, planned_task, scope_of, tracked_task, visible_task
from api.patrol_plans import order_patrols, take_back
from api.patrol_query import query_of
from api.patrol_view import task_page, task_rows, track_page
from api.patrol_work import add_track, check_in, report_finding
from api.schemas.cases import TimelineSchema
from api.schemas.clocks import DeadlinesSchema
from api.schemas.paging import page_of
from api.schemas.patrols import (
    AddedTrackSchema,
    CancellationSchema,
    CheckedSchema,
    GivenTasksSchema,
    NewCheckSchema,
    NewPatrolFindingSchema,
    NewPatrolTaskSchema,
    NewTrackSchema,
    PatrolFindingSchema,
    PatrolTaskQuery,
    PatrolTaskRowSchema,
    PatrolTaskSchema,
    TrackSchema,
)
from registers.patrols import PatrolTaskRegister

blp = NounBlueprint("patrol-tasks", __name__, url_prefix=f"{PREFIX}/patrol-tasks", description="Patrols (巡查任务).")


@blp.route("")
class PatrolTasks(MethodView):
    """All tasks that the caller may see."""

    @requires("patrol.plan")
    @blp.arguments(NewPatrolTaskSchema)
    @blp.response(201, GivenTasksSchema)
    def post(self, body: dict[str, Any]) -> dict[str, object]:
        """Give a patrol by hand.

        One task for each member, each with a process of its own, in one transaction.
        """
        with writing() as uow:
            return {"items": task_rows(uow, order_patrols(uow, body, caller()), now())}

    @requires("patrol.read")
    @blp.arguments(PatrolTaskQuery, location="query")
    @blp.response(200, page_of(PatrolTaskRowSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List tasks with their progress.

        A member's own; for those who answer for an area, all of it; newest first.
        """
        with reading() as uow:
            page = uow.get(PatrolTaskRegister).list_page(query_of(query, caller(), scope_of(uow, caller())))
            return {"items": task_rows(uow, page.items, now()), "next_after": page.next_after}


@blp.route("/<id:task_id>")
class PatrolTaskById(MethodView):
    """One task."""

    @requires("patrol.read")
    @blp.response(200, PatrolTaskSchema)
    def get(self, task_id: str) -> dict[str, object]:
        """Read a task.

        With its objects, check-ins, findings and points; one that the caller may not see does not exist for her.
        """
        with reading() as uow:
            return task_page(uow, visible_task(uow, caller(), task_id), caller(), now())


@blp.route("/<id:task_id>/deadlines")
class PatrolTaskDeadlines(MethodView):
    """The clocks of a task."""

    @requires("deadline.read")
    @blp.response(200, DeadlinesSchema)
    def get(self, task_id: str) -> dict[str, object]:
        """List the clocks of a task.

        With light and due instant.
        """
        with reading() as uow:
            return {"items": clocks_of_case(uow, visible_task(uow, caller(), task_id).id, now())}


@blp.route("/<id:task_id>/timeline")
class PatrolTaskTimeline(MethodView):
    """What happened to a task."""

    @requires("patrol.read")
    @blp.response(200, TimelineSchema)
    def get(self, task_id: str) -> dict[str, object]:
        """Read the timeline of a task.

        Who did what, when, from the dispatch to the end: check-ins, findings, reminders, points.
        """
        with reading() as uow:
            return timeline(uow, visible_task(uow, caller(), task_id).id, current_catalog(), now())


@blp.route("/<id:task_id>/checks")
class PatrolTaskChecks(MethodView):
    """Checking in."""

    @requires("patrol.work")
    @blp.arguments(NewCheckSchema)
    @blp.response(201, CheckedSchema)
    @blp.alt_response(200, schema=CheckedSchema, success=True, description="The phone sent this check-in before.")
    def post(self, body: dict[str, Any], task_id: str) -> tuple[object, int]:
        """Check in at an object.

        By the member alone, once she has received the task, near enough and with a position that is good enough. With
        `report_case` what she found becomes a case at once.
        """
        with writing() as uow:
            task = own_task(uow, caller(), task_id)
            check, finding, is_new = check_in(uow, task, body)
            fresh = uow.get(PatrolTaskRegister).get(task_id)
        shown = {"check": check, "finding": finding, "done": fresh.done, "total": fresh.total}
        return shown, 201 if is_new else 200


@blp.route("/<id:task_id>/findings")
class PatrolTaskFindings(MethodView):
    """Reporting what was found."""

    @requires("patrol.work")
    @blp.arguments(NewPatrolFindingSchema)
    @blp.response(201, PatrolFindingSchema)
    def post(self, body: dict[str, Any], task_id: str) -> object:
        """Report a finding.

        It becomes a case of the channel 巡查上报, linked with the patrol in both directions.
        """
        with writing() as uow:
            return report_finding(uow, own_task(uow, caller(), task_id), body)


@blp.route("/<id:task_id>/track")
class PatrolTaskTrack(MethodView):
    """Where the member was."""

    @requires("patrol.work")
    @blp.arguments(NewTrackSchema)
    @blp.response(200, AddedTrackSchema)
    def post(self, body: dict[str, Any], task_id: str) -> dict[str, int]:
        """Add to the track.

        In any order and as often as the phone likes; also afterwards, for a phone that was offline.
        """
        with writing() as uow:
            return add_track(uow, own_task(uow, caller(), task_id), body["points"])

    @requires("patrol.read")
    @blp.response(200, TrackSchema)
    def get(self, task_id: str) -> dict[str, object]:
        """Read the track.

        Cleaned and measured, with its gaps; for the member and for those who answer for the area.
        """
        with reading() as uow:
            return track_page(uow, tracked_task(uow, caller(), task_id))


@blp.route("/<id:task_id>/cancellation")
class PatrolTaskCancellation(MethodView):
    """Taking a task back."""

    @requires("patrol.plan")
    @blp.arguments(CancellationSchema)
    @blp.response(200, PatrolTaskRowSchema)
    def post(self, body: dict[str, Any], task_id: str) -> dict[str, object]:
        """Take a task back.

        404 once it has ended.
        """
        with writing() as uow:
            task = planned_task(uow, caller(), task_id)
            return task_rows(uow, [take_back(uow, task, body["reason"], by=caller().login)], now())[0]
