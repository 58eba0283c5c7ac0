"""Process instances: started, looked at, corrected, cancelled."""

from typing import Any

from flask import Response
from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.instance_view import instances_page, picture, visible_instance
from api.openapi import PREFIX, NounBlueprint
from api.pictures import picture_answer
from api.revisions import expected, tagged
from api.schemas.paging import page_of
from api.schemas.processes import (
    ActivitiesSchema,
    ActivityBeginSchema,
    CancelSchema,
    InstanceQuery,
    InstanceSchema,
    StartSchema,
    VariableChangesSchema,
    VariablesSchema,
)
from engine.model.process_instance import ProcessInstance
from engine.services import process_instances

SVG = {"type": "string", "contentMediaType": "image/svg+xml"}
Answer = tuple[ProcessInstance, int, dict[str, str]]

blp = NounBlueprint(
    "process-instances", __name__, url_prefix=f"{PREFIX}/process-instances", description="Where cases stand."
)


@blp.route("")
class ProcessInstances(MethodView):
    """Runs of diagrams."""

    @requires("instance.start")
    @blp.arguments(StartSchema)
    @blp.response(201, InstanceSchema)
    def post(self, body: dict[str, Any]) -> Answer:
        """Start a process.

        The latest version of a diagram unless one is named. Cases are started by reporting them.
        """
        with writing() as uow:
            given = {name: body[name] for name in ("business_key", "variables", "version")}
            made = process_instances.start(uow, body["process_key"], **given, by=caller().login)
        return made, 201, {"Location": f"{PREFIX}/process-instances/{made.id}", **tagged(made)}

    @requires("instance.read", "case.read_timeline")
    @blp.arguments(InstanceQuery, location="query")
    @blp.response(200, page_of(InstanceSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List process instances.

        Newest first. Without the right to read all of them, only those of a named case that the caller may see.
        """
        with reading() as uow:
            page = instances_page(uow, caller(), query)
        return {"items": page.items, "next_after": page.next_after}


@blp.route("/<id:instance_id>")
class ProcessInstanceById(MethodView):
    """One run."""

    @requires("instance.read", "case.read_timeline")
    @blp.response(200, InstanceSchema, headers={"ETag": {"schema": {"type": "string"}}})
    def get(self, instance_id: str) -> Answer:
        """Read a process instance.

        With its variables and its revision.
        """
        with reading() as uow:
            found = visible_instance(uow, caller(), instance_id)
        return found, 200, tagged(found)


@blp.route("/<id:instance_id>/activities")
class LiveActivities(MethodView):
    """Where a run stands."""

    @requires("instance.read", "case.read_timeline")
    @blp.response(200, ActivitiesSchema)
    def get(self, instance_id: str) -> dict[str, object]:
        """List the live positions.

        The activities that are open now.
        """
        with reading() as uow:
            return {"items": process_instances.positions(uow, visible_instance(uow, caller(), instance_id).id)}

    @requires("instance.change")
    @blp.arguments(ActivityBeginSchema)
    @blp.response(200, InstanceSchema)
    def post(self, body: dict[str, Any], instance_id: str) -> Answer:
        """Begin an activity of an ad-hoc sub-process once more.

        The sub-process is given by its activity number among the live positions. 409 when it has ended, 422 for what
        cannot be begun there.
        """
        with writing() as uow:
            by, revision = caller().login, expected(body)
            given = (body["activity"], body["element_id"])
            found = process_instances.begin_activity(uow, instance_id, *given, by=by, revision=revision)
        return found, 200, tagged(found)


@blp.route("/<id:instance_id>/history")
class ActivityHistory(MethodView):
    """Where a run has been."""

    @requires("instance.read", "case.read_timeline")
    @blp.response(200, ActivitiesSchema)
    def get(self, instance_id: str) -> dict[str, object]:
        """List every activity.

        In order of entry, with when and how each ended.
        """
        with reading() as uow:
            return {"items": process_instances.history(uow, visible_instance(uow, caller(), instance_id).id)}


@blp.route("/<id:instance_id>/diagram")
class InstanceDiagram(MethodView):
    """The picture of a run."""

    @requires("instance.read", "case.read_timeline")
    @blp.response(200, SVG, content_type="image/svg+xml")
    def get(self, instance_id: str) -> Response:
        """See where a process instance stands.

        The diagram as SVG: what is done, what is live, what is late.
        """
        with reading() as uow:
            return picture_answer(picture(uow, visible_instance(uow, caller(), instance_id)))


@blp.route("/<id:instance_id>/variables")
class InstanceVariables(MethodView):
    """The variables of a run."""

    @requires("instance.read", "case.read_timeline")
    @blp.response(200, VariablesSchema)
    def get(self, instance_id: str) -> tuple[object, int, dict[str, str]]:
        """Read the process variables.

        Ids and the few values that gateways and rules read.
        """
        with reading() as uow:
            found = visible_instance(uow, caller(), instance_id)
        return found, 200, tagged(found)

    @requires("instance.change")
    @blp.arguments(VariableChangesSchema)
    @blp.response(200, VariablesSchema)
    def patch(self, body: dict[str, Any], instance_id: str) -> Answer:
        """Correct process variables.

        Every change is on record with its author; 409 when the instance has moved on.
        """
        with writing() as uow:
            by, revision = caller().login, expected(body)
            found = process_instances.set_variables(uow, instance_id, body["variables"], by=by, revision=revision)
        return found, 200, tagged(found)


@blp.route("/<id:instance_id>/cancel")
class InstanceCancellation(MethodView):
    """Stopping a run."""

    @requires("instance.cancel")
    @blp.arguments(CancelSchema)
    @blp.response(200, InstanceSchema)
    def post(self, body: dict[str, Any], instance_id: str) -> Answer:
        """Cancel a process instance.

        It ends for good with everything that it called; the reason is on record.
        """
        with writing() as uow:
            by, revision = caller().login, expected(body)
            found = process_instances.cancel(uow, instance_id, reason=body["reason"], by=by, revision=revision)
        return found, 200, tagged(found)
