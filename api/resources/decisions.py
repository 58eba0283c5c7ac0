"""Decisions: rule tables, what they answer, and what they have answered."""

from typing import Any

from flask import Response
from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.decision_asking import XML_TYPES, compared, uploaded_tables
from api.decision_view import diff_view, evaluated, evaluated_rows, validation_view, version_view
from api.language import current_catalog
from api.openapi import PREFIX, NounBlueprint
from api.pictures import resource_answer
from api.request_body import JSON, MULTIPART, accepts
from api.schemas.decisions import (
    BulkResultSchema,
    CompareSchema,
    ComparisonSchema,
    DecisionDefinitionSchema,
    DecisionDiffSchema,
    DecisionResultSchema,
    DecisionsSchema,
    DecisionVersionsSchema,
    DiffQuery,
    EvaluateBulkSchema,
    EvaluateSchema,
    EvaluationPageSchema,
    EvaluationQuery,
    ValidationSchema,
    VersionQuery,
)
from api.schemas.processes import DefinitionQuery
from engine.model.deployment import DecisionDefinition
from engine.model.history import EvaluationFilter
from engine.services import decisions, definitions
from engine.services.decision_diff import diff
from engine.services.decision_versions import side_of_version, versions_of

XML = {"type": "string", "contentMediaType": "application/xml"}
FILES = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
BODIES = {**{kind: {"schema": XML} for kind in XML_TYPES}, MULTIPART: {"schema": FILES}}

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
            return resource_answer(definitions.decision_xml(uow, found.id), found.resource_name)


@blp.route("/validate")
class DecisionValidation(MethodView):
    """Checking tables that are not deployed."""

    @requires("decision.evaluate")
    @accepts(*XML_TYPES, MULTIPART, large=True)
    @blp.doc(requestBody={"required": True, "content": BODIES})
    @blp.response(200, ValidationSchema)
    def post(self) -> dict[str, object]:
        """Validate rule tables.

        A DMN file as the body, or several as multipart. Answers every problem that would refuse a deployment and what
        the analysis found (gaps, overlaps, rows that never match), each with file, element, line and rows; stores
        nothing.
        """
        return validation_view(uploaded_tables(), current_catalog())


@blp.route("/<key:decision_key>/versions")
class DecisionVersions(MethodView):
    """Every version of a decision."""

    @requires("decision.read")
    @blp.response(200, DecisionVersionsSchema)
    def get(self, decision_key: str) -> dict[str, object]:
        """List the versions of a decision.

        Newest first, each with the deployment that brought it: by whom, when, with which note and content.
        """
        with reading() as uow:
            return {"items": [version_view(one) for one in versions_of(uow, decision_key)]}


@blp.route("/<key:decision_key>/diff")
class DecisionDifference(MethodView):
    """What was changed in a table."""

    @requires("decision.read")
    @blp.arguments(DiffQuery, location="query")
    @blp.response(200, DecisionDiffSchema)
    def get(self, query: dict[str, Any], decision_key: str) -> dict[str, object]:
        """Compare the texts of two versions.

        Rows that were added, removed, changed cell by cell or moved; columns, defaults and hit policy.
        """
        with reading() as uow:
            before = side_of_version(uow, decision_key, query["before"])
            after = side_of_version(uow, decision_key, query["after"])
        return diff_view(before, after, diff(before.decision, after.decision))


@blp.route("/<key:decision_key>/compare")
class DecisionComparison(MethodView):
    """What two versions answer to the same questions."""

    @requires("decision.evaluate")
    @accepts(JSON, large=True)
    @blp.arguments(CompareSchema)
    @blp.response(200, ComparisonSchema)
    def post(self, body: dict[str, Any], decision_key: str) -> dict[str, object]:
        """Compare the answers of two versions.

        Over samples, or over what was asked in a period (replay). `version_b` is the latest version unless another
        one or a draft is named. In a replay without `version_a` stands what was answered then; over samples `version_a`
        is the version before. Answers how often which rows replaced which, and the first differences; stores nothing.
        422 for a period with more than 10,000 evaluations.
        """
        with reading() as uow:
            return compared(uow, caller(), decision_key, body, current_catalog())


@blp.route("/<key:decision_key>/evaluate-bulk")
class DecisionBulkEvaluation(MethodView):
    """Asking a decision many times."""

    @requires("decision.evaluate")
    @accepts(JSON, large=True)
    @blp.arguments(EvaluateBulkSchema)
    @blp.response(200, BulkResultSchema)
    def post(self, body: dict[str, Any], decision_key: str) -> dict[str, object]:
        """Evaluate a decision in bulk.

        Up to 1,000 rows of inputs; each has an answer or an error of its own, named by its number. The answers are
        recorded under the caller unless `record` is false.
        """
        with writing() as uow:
            return evaluated_rows(uow, decision_key, body, current_catalog(), by=caller().login)


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
    @blp.response(200, EvaluationPageSchema)
    def get(self, query: dict[str, Any], decision_key: str) -> dict[str, object]:
        """List evaluations of a decision.

        Newest first; of one case, where named.
        """
        with reading() as uow:
            case_id, after, limit = query["case_id"], query["after"], query["limit"]
            wanted = EvaluationFilter(decision_key=decision_key, business_key=case_id)
            page = decisions.evaluations(uow, wanted, after, limit)
        return {"items": page.items, "next_after": page.next_after}
