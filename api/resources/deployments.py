"""Deployments: sets of diagrams, forms, tables and calendars, valid as a whole or not at all."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.deploying import deploy, plan, read_files
from api.openapi import PREFIX, NounBlueprint
from api.request_body import JSON, MULTIPART, ZIP, accepts
from api.schemas.processes import DeploymentSchema, DeploymentsSchema, DeployQuery
from engine.services import deployments

BODIES = {
    JSON: {"schema": {"$ref": "#/components/schemas/NewDeployment"}},
    MULTIPART: {"schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}},
    ZIP: {"schema": {"type": "string", "format": "binary"}},
}

blp = NounBlueprint(
    "deployments", __name__, url_prefix=f"{PREFIX}/deployments", description="Diagrams, forms, tables and calendars."
)


@blp.route("")
class Deployments(MethodView):
    """Every set that was deployed."""

    @requires("definition.read")
    @blp.response(200, DeploymentsSchema)
    def get(self) -> dict[str, object]:
        """List deployments.

        Newest first.
        """
        with reading() as uow:
            return {"items": deployments.list_deployments(uow)}

    @requires("definition.deploy", "decision.deploy")
    @accepts(JSON, MULTIPART, ZIP, large=True)
    @blp.doc(requestBody={"required": True, "content": BODIES})
    @blp.arguments(DeployQuery, location="query")
    @blp.response(201, DeploymentSchema)
    @blp.alt_response(200, schema=DeploymentSchema, success=True, description="Nothing was stored.")
    def post(self, query: dict[str, Any]) -> tuple[object, int]:
        """Deploy a set, or say what would happen.

        As JSON with files, as multipart (the file names are the names within the set), or as a zip archive. With
        `dry_run` nothing is stored; with `merge` the files replace those of the newest set. One problem refuses
        the whole set, and every problem is named with file, line and element.
        """
        files, note = read_files(caller(), query["note"])
        if query["dry_run"]:
            with reading() as uow:
                return plan(uow, files, merge=query["merge"]), 200
        with writing() as uow:
            return deploy(uow, files, note=note, by=caller().login, merge=query["merge"])
