"""Expressions: help for those who write them."""

from typing import Any

from flask.views import MethodView

from api.auth import requires
from api.context import reading
from api.expression_view import checked, evaluated, offered
from api.openapi import PREFIX, NounBlueprint
from api.schemas.expressions import (
    CheckedExpressionSchema,
    CompletionsSchema,
    EvaluatedExpressionSchema,
    ExpressionCheckSchema,
    ExpressionEvaluateSchema,
    PlaceQuery,
)

blp = NounBlueprint("feel", __name__, url_prefix=f"{PREFIX}/feel", description="Expressions of diagrams and tables.")


@blp.route("/completions")
class Completions(MethodView):
    """What may be written."""

    @requires("definition.read", "decision.read")
    @blp.arguments(PlaceQuery, location="query")
    @blp.response(200, CompletionsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List what may be written in an expression.

        The variables of a process or the inputs of a decision with their types; functions with their documentation
        and an example in the caller's language; keywords; types.
        """
        with reading() as uow:
            return {**offered(uow, query)}


@blp.route("/check")
class ExpressionCheck(MethodView):
    """Checking an expression without running it."""

    @requires("definition.read", "decision.read")
    @blp.arguments(ExpressionCheckSchema)
    @blp.response(200, CheckedExpressionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, object]:
        """Check an expression.

        Against what it sees in a process or a decision, or against the types that are given. With `wanted` the
        result must be of a type; with `cell_of` the text is a cell of a table over a value of that type.
        """
        with reading() as uow:
            return checked(uow, body)


@blp.route("/evaluate")
class ExpressionEvaluation(MethodView):
    """Trying an expression out."""

    @requires("decision.evaluate")
    @blp.arguments(ExpressionEvaluateSchema)
    @blp.response(200, EvaluatedExpressionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, object]:
        """Evaluate an expression.

        Over the inputs that are given; nothing is stored. Where the value or a part of it is null, the reasons say
        why, with line and column.
        """
        with reading() as uow:
            return evaluated(uow, body)
