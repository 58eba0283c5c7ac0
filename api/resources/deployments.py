"""Deployments: sets of diagrams, forms, tables and calendars, valid as a whole or not at all."""

from typing import Any

from flask import Response
from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.deployed_files import file_of, files_of
from api.deploying import deploy, plan, read_files
from api.openapi import PREFIX, NounBlueprint
from api.pictures import picture_answer, resource_answer
from api.request_body import JSON, MULTIPART, ZIP, accepts
from api.schemas.processes import (
    DeployedFilesSchema,
    DeploymentSchema,
    DeploymentsSchema,
    DeployQuery,
    FileQuery,
    PictureQuery,
)
from engine.bpmn.diagram import render
from engine.model.deployment import ResourceKind
from engine.services import deployments

BODIES = {
    JSON: {"schema": {"$ref": "#/components/schemas/NewDeployment"}},
    MULTIPART: {"schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}},
    ZIP: {"schema": {"type": "string", "format": "binary"}},
}
BYTES = {"type": "string", "format": "binary"}
SVG = {"type": "string", "contentMediaType": "image/svg+xml"}

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


@blp.route("/<id:deployment_id>/files")
class DeploymentFiles(MethodView):
    """The files of one set."""

    @requires("definition.read", "decision.read")
    @blp.response(200, DeployedFilesSchema)
    def get(self, deployment_id: str) -> dict[str, object]:
        """List the files of a deployment.

        Those that the caller may read, by name: also drawings that nothing executes.
        """
        with reading() as uow:
            return {"items": files_of(uow, caller(), deployment_id)}


@blp.route("/<id:deployment_id>/content")
class DeploymentContent(MethodView):
    """One file of a set."""

    @requires("definition.read", "decision.read")
    @blp.arguments(FileQuery, location="query")
    @blp.response(200, BYTES, content_type="application/octet-stream")
    def get(self, query: dict[str, Any], deployment_id: str) -> Response:
        """Download a file of a deployment.

        Byte for byte as it was deployed: extensions, pictures, colours, encoding and line ends included.
        """
        with reading() as uow:
            file = file_of(uow, caller(), deployment_id, query["file"])
            return resource_answer(file.content, file.name)


@blp.route("/<id:deployment_id>/diagram")
class DeploymentDiagram(MethodView):
    """The picture in a file of a set."""

    @requires("definition.read")
    @blp.arguments(PictureQuery, location="query")
    @blp.response(200, SVG, content_type="image/svg+xml")
    def get(self, query: dict[str, Any], deployment_id: str) -> Response:
        """See a diagram of a deployment.

        As SVG, drawn from the places in the file; whether its processes can be executed or not.
        """
        with reading() as uow:
            file = file_of(uow, caller(), deployment_id, query["file"], kind=ResourceKind.BPMN)
            return picture_answer(render(file.content, file=file.name, page=query["page"]))
