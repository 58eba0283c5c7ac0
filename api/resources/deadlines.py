"""Deadlines: the clocks of a case, and the ledger behind each of them."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.case_access import visible_case
from api.context import now, reading
from api.deadline_view import clocks_of_case, ledger
from api.openapi import PREFIX, NounBlueprint
from api.schemas.clocks import DeadlineQuery, DeadlinesSchema, LedgerSchema

blp = NounBlueprint("deadlines", __name__, url_prefix=f"{PREFIX}/deadlines", description="The legal clock.")


@blp.route("")
class Deadlines(MethodView):
    """Clocks."""

    @requires("deadline.read")
    @blp.arguments(DeadlineQuery, location="query")
    @blp.response(200, DeadlinesSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List the clocks of a case.

        The case's own and those of its user tasks, oldest first, each with its light.
        """
        with reading() as uow:
            return {"items": clocks_of_case(uow, visible_case(uow, caller(), query["case_id"]).id, now())}


@blp.route("/<id:deadline_id>/ledger")
class DeadlineLedger(MethodView):
    """The proof of a clock."""

    @requires("deadline.read")
    @blp.arguments(DeadlineQuery, location="query")
    @blp.response(200, LedgerSchema)
    def get(self, query: dict[str, Any], deadline_id: str) -> dict[str, object]:
        """Read the ledger of a clock.

        Every segment (run, pause, extend, transfer …) with its reason, and every rung with when it fired.
        """
        with reading() as uow:
            case = visible_case(uow, caller(), query["case_id"])
            return ledger(uow, case.id, deadline_id, now())
