"""Decisions: rule tables, what they answer, and what they have answered."""

from typing import Any

from flask import Response
from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.decision_view import evaluated
from api.openapi import PREFIX, NounBlueprint
from api.pictures import xml_answer
from api.schemas.decisions import (
    DecisionDefinitionSchema,
    DecisionResultSchema,
    DecisionsSchema,
    EvaluateSchema,
    EvaluationQuery,
    EvaluationSchema,
    VersionQuery,
)
from api.schemas.paging import page_of
from api.schemas.processes import DefinitionQuery
from engine.model.deployment import DecisionDefinition
from engine.services import decisions, definitions

XML = {"type": "string", "contentMediaType": "application/xml"}

blp = NounBlueprint("decisions", __name__, url_prefix=f"{PREFIX}/decisions", description="Rule tables.")


@blp.route("")
class Decisions(MethodView):
    """Versions of decisions."""

    @requires("decision.read")
    @blp.arguments(DefinitionQuery, location="query")
    @blp.response(200, DecisionsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List decisions.

        The latest version of each; every version with `latest=false`, of one decision with `key`.
        """
        with reading() as uow:
            return {"items": definitions.list_decisions(uow, query["key"], latest=query["latest"])}


@blp.route("/<key:decision_key>")
class DecisionByKey(MethodView):
    """One decision."""

    @requires("decision.read")
    @blp.arguments(VersionQuery, location="query")
    @blp.response(200, DecisionDefinitionSchema)
    def get(self, query: dict[str, Any], decision_key: str) -> DecisionDefinition:
        """Read a decision.

        The latest version, or the one that is named.
        """
        with reading() as uow:
            return definitions.find_decision(uow, decision_key, query["version"])


@blp.route("/<key:decision_key>/xml")
class DecisionXml(MethodView):
    """The table as a file."""

    @requires("decision.read")
    @blp.arguments(VersionQuery, location="query")
    @blp.response(200, XML, content_type="application/xml")
    def get(self, query: dict[str, Any], decision_key: str) -> Response:
        """Download a rule table.

        DMN XML, exactly as it was deployed.
        """
        with reading() as uow:
            found = definitions.find_decision(uow, decision_key, query["version"])
            return xml_answer(definitions.decision_xml(uow, found.id), found.resource_name)


@blp.route("/<key:decision_key>/evaluate")
class DecisionEvaluation(MethodView):
    """Asking a decision."""

    @requires("decision.evaluate")
    @blp.arguments(EvaluateSchema)
    @blp.response(200, DecisionResultSchema)
    def post(self, body: dict[str, Any], decision_key: str) -> dict[str, object]:
        """Evaluate a decision.

        Answers the value with the rows that matched; the evaluation is recorded under the caller. 422 where the
        table answers not at all or twice, naming the inputs and the rows.
        """
        with writing() as uow:
            return evaluated(uow, decision_key, body, by=caller().login)


@blp.route("/<key:decision_key>/evaluations")
class DecisionEvaluations(MethodView):
    """What a decision has answered."""

    @requires("decision.read")
    @blp.arguments(EvaluationQuery, location="query")
    @blp.response(200, page_of(EvaluationSchema))
    def get(self, query: dict[str, Any], decision_key: str) -> dict[str, object]:
        """List evaluations of a decision.

        Newest first; of one case, where named.
        """
        with reading() as uow:
            case_id, after, limit = query["case_id"], query["after"], query["limit"]
            page = decisions.history(uow, decision_key, case_id, after=after, limit=limit)
        return {"items": page.items, "next_after": page.next_after}
