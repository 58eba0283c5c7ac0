"""Process definitions: every version of every diagram."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView

from api.auth import requires
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.pictures import picture_answer, picture_of, resource_answer
from api.schemas.processes import DefinitionQuery, DefinitionsSchema, ProcessDefinitionSchema
from engine.model.deployment import ProcessDefinition
from engine.services import definitions

SVG = {"type": "string", "contentMediaType": "image/svg+xml"}
XML = {"type": "string", "contentMediaType": "application/xml"}

blp = NounBlueprint(
    "process-definitions", __name__, url_prefix=f"{PREFIX}/process-definitions", description="Versions of diagrams."
)


@blp.route("")
class ProcessDefinitions(MethodView):
    """Versions of diagrams."""

    @requires("definition.read")
    @blp.arguments(DefinitionQuery, location="query")
    @blp.response(200, DefinitionsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List process definitions.

        The latest version of each; every version with `latest=false`, of one diagram with `key`.
        """
        with reading() as uow:
            return {"items": definitions.list_processes(uow, query["key"], latest=query["latest"])}


@blp.route("/<id:definition_id>")
class ProcessDefinitionById(MethodView):
    """One version."""

    @requires("definition.read")
    @blp.response(200, ProcessDefinitionSchema)
    def get(self, definition_id: str) -> ProcessDefinition:
        """Read a process definition.

        Key, version, name, and the deployment that brought it.
        """
        with reading() as uow:
            return definitions.get_process(uow, definition_id)


@blp.route("/<id:definition_id>/xml")
class ProcessDefinitionXml(MethodView):
    """The diagram as a file."""

    @requires("definition.read")
    @blp.response(200, XML, content_type="application/xml")
    def get(self, definition_id: str) -> Response:
        """Download a diagram.

        BPMN 2.0 XML, exactly as it was deployed.
        """
        with reading() as uow:
            found = definitions.get_process(uow, definition_id)
            return resource_answer(definitions.xml_of(uow, definition_id), found.resource_name)


@blp.route("/<id:definition_id>/diagram")
class ProcessDefinitionDiagram(MethodView):
    """The diagram as a picture."""

    @requires("definition.read")
    @blp.response(200, SVG, content_type="image/svg+xml")
    def get(self, definition_id: str) -> Response:
        """See a diagram.

        As SVG, drawn from the places in the file.
        """
        with reading() as uow:
            return picture_answer(picture_of(uow, definition_id))


@blp.route("/<id:definition_id>/forms/<key:form_key>")
class ProcessDefinitionForm(MethodView):
    """A form of the diagram."""

    @requires("definition.read", "task.work")
    @blp.response(200, {"type": "object"})
    def get(self, definition_id: str, form_key: str) -> Response:
        """Read a form.

        JSON Schema 2020-12 with `x-` hints for widgets, as this version of the diagram has it.
        """
        with reading() as uow:
            return jsonify(definitions.form_of(uow, definition_id, form_key))
