"""History: what was done to what, by whom, when."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading
from api.instance_view import visible_instance
from api.openapi import PREFIX, NounBlueprint
from api.schemas.operations import EventQuery, EventSchema, VariableHistorySchema
from api.schemas.paging import page_of
from engine.services import history

blp = NounBlueprint("history", __name__, url_prefix=f"{PREFIX}/history", description="Operations, as they happened.")


@blp.route("/events")
class Events(MethodView):
    """Operations."""

    @requires("history.read")
    @blp.arguments(EventQuery, location="query")
    @blp.response(200, page_of(EventSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List operations.

        Oldest first; of one case or one process instance, where named.
        """
        with reading() as uow:
            given = {"business_key": query["case_id"], "instance_id": query["instance_id"]}
            page = history.events(uow, **given, after=query["after"], limit=query["limit"])
        return {"items": page.items, "next_after": page.next_after}


@blp.route("/process-instances/<id:instance_id>/variables")
class VariableHistory(MethodView):
    """Every value that a variable has had."""

    @requires("history.read")
    @blp.response(200, VariableHistorySchema)
    def get(self, instance_id: str) -> dict[str, object]:
        """List the changes of variables.

        Of one process instance, oldest first.
        """
        with reading() as uow:
            return {"items": history.variables(uow, visible_instance(uow, caller(), instance_id).id)}
