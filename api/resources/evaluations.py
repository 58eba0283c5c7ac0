"""Evaluations: what decisions were asked for cases, and the proof of each answer."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading
from api.decision_view import proof_view
from api.evaluation_access import READ, TIMELINE, require_evaluations, visible_evaluation
from api.language import current_catalog
from api.openapi import PREFIX, NounBlueprint
from api.schemas.decisions import EvaluationPageSchema, EvaluationProofSchema, EvaluationsQuery
from engine.model.history import EvaluationFilter
from engine.services import decisions

blp = NounBlueprint(
    "evaluations", __name__, url_prefix=f"{PREFIX}/evaluations", description="What decisions have answered, and why."
)


@blp.route("")
class Evaluations(MethodView):
    """Recorded evaluations of all decisions."""

    @requires(READ, TIMELINE)
    @blp.arguments(EvaluationsQuery, location="query")
    @blp.response(200, EvaluationPageSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List evaluations.

        Newest first; of a case, an instance, a decision or a version of it, a period. Whoever may not read decisions
        has to name a case that she may see.
        """
        wanted = EvaluationFilter(
            decision_key=query["decision"],
            decision_version=query["version"],
            instance_id=query["instance_id"],
            business_key=query["case_id"],
            since=query["since"],
            before=query["before"],
            took_part=True,
        )
        with reading() as uow:
            require_evaluations(uow, caller(), query["case_id"])
            page = decisions.evaluations(uow, wanted, query["after"], query["limit"])
        return {"items": page.items, "next_after": page.next_after}


@blp.route("/<id:evaluation_id>")
class Evaluation(MethodView):
    """One evaluation."""

    @requires(READ, TIMELINE)
    @blp.response(200, EvaluationProofSchema)
    def get(self, evaluation_id: str) -> dict[str, object]:
        """Explain an evaluation.

        Inputs, rows, grounds and outputs, of the decisions that it needed too, as data and in the caller's language.
        An evaluation of a case that the caller may not see does not exist for her.
        """
        with reading() as uow:
            return proof_view(visible_evaluation(uow, caller(), evaluation_id), current_catalog())
