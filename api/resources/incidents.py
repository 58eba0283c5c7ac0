"""Incidents: work that gave up, and what an operator does about it."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.operations import IncidentDetailSchema, IncidentSchema, ResolveSchema, WorkQuery
from api.schemas.paging import page_of
from engine.model.job import Incident
from engine.services import incidents

blp = NounBlueprint("incidents", __name__, url_prefix=f"{PREFIX}/incidents", description="Work that gave up.")


@blp.route("")
class Incidents(MethodView):
    """Open and resolved incidents."""

    @requires("incident.read")
    @blp.arguments(WorkQuery, location="query")
    @blp.response(200, page_of(IncidentSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List incidents.

        Newest first.
        """
        with reading() as uow:
            page = incidents.list_page(uow, **query)
        return {"items": page.items, "next_after": page.next_after}


@blp.route("/<id:incident_id>")
class IncidentById(MethodView):
    """One incident."""

    @requires("incident.read")
    @blp.response(200, IncidentDetailSchema)
    def get(self, incident_id: str) -> Incident:
        """Read an incident.

        With everything that was written down when the work failed.
        """
        with reading() as uow:
            return incidents.get(uow, incident_id)


@blp.route("/<id:incident_id>/retry")
class IncidentRetry(MethodView):
    """Another attempt."""

    @requires("incident.resolve")
    @blp.response(200, IncidentSchema)
    def post(self, incident_id: str) -> Incident:
        """Retry what failed.

        The job gets new attempts, and the incident is resolved by that.
        """
        with writing() as uow:
            return incidents.retry(uow, incident_id, by=caller().login)


@blp.route("/<id:incident_id>/resolve")
class IncidentResolution(MethodView):
    """Settling an incident by hand."""

    @requires("incident.resolve")
    @blp.arguments(ResolveSchema)
    @blp.response(200, IncidentSchema)
    def post(self, body: dict[str, Any], incident_id: str) -> Incident:
        """Resolve an incident.

        By word of an operator; its job stays as it is.
        """
        with writing() as uow:
            return incidents.resolve(uow, incident_id, resolution=body["resolution"], by=caller().login)
