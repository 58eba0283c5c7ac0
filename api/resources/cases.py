"""Cases (事件): reported, looked for, read with their timeline, clocks and cards."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.case_access import own_case, reporter_code_of, scope_of, visible_case
from api.case_query import counts, query_of
from api.case_reporting import report_case, reported_by
from api.case_timeline import public_timeline, timeline
from api.case_view import view, views
from api.context import now, reading, writing
from api.deadline_view import clocks_of_case
from api.language import current_catalog
from api.openapi import PREFIX, NounBlueprint
from api.schemas.cases import (
    CaseCountsSchema,
    CaseFilter,
    CaseQuerySchema,
    CaseSchema,
    DeliveredSchema,
    NewCaseSchema,
    SupplementSchema,
    TimelineSchema,
    WithdrawSchema,
)
from api.schemas.clocks import CardsSchema, DeadlinesSchema
from api.schemas.paging import page_of
from engine.services import messages
from registers.cards import CardQuery, CardRegister
from registers.cases import CaseRegister, NewCase

blp = NounBlueprint("cases", __name__, url_prefix=f"{PREFIX}/cases", description="Cases (事件).")


@blp.route("")
class Cases(MethodView):
    """All cases that the caller may see."""

    @requires("case.report")
    @blp.arguments(NewCaseSchema)
    @blp.response(201, CaseSchema)
    @blp.alt_response(200, schema=CaseSchema, success=True, description="The channel handed this case in before.")
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Report a case.

        The case and its process begin in one transaction. The same `external_id` of a channel is the same case.
        """
        who = caller()
        new = reported_by(NewCase(**body), reporter_code_of(who), for_others=who.may("case.report_for_others"))
        with writing() as uow:
            case, created = report_case(uow, new, by=who.login)
            shown = view(uow, case, who, now())
        return shown, 201 if created else 200, {"Location": f"{PREFIX}/cases/{case.id}"}

    @requires("case.read")
    @blp.arguments(CaseQuerySchema, location="query")
    @blp.response(200, page_of(CaseSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List cases.

        Only those that the caller may see; by filters and words, newest first unless sorted otherwise.
        """
        with reading() as uow:
            page = uow.get(CaseRegister).list_page(query_of(query, caller(), scope_of(uow, caller())))
            return {"items": views(uow, page.items, caller(), now()), "next_after": page.next_after}


@blp.route("/counts")
class CaseCounts(MethodView):
    """How many cases there are."""

    @requires("case.read")
    @blp.arguments(CaseFilter, location="query")
    @blp.response(200, CaseCountsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """Count cases.

        The total of a filter stops at 1000 (`capped`); the numbers by status are exact and disregard the filter.
        """
        with reading() as uow:
            return counts(uow, query_of(query, caller(), scope_of(uow, caller())))


@blp.route("/<id:case_id>")
class CaseById(MethodView):
    """One case."""

    @requires("case.read")
    @blp.response(200, CaseSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """Read a case.

        A case that the caller may not see does not exist for her.
        """
        with reading() as uow:
            return view(uow, visible_case(uow, caller(), case_id), caller(), now())


@blp.route("/<id:case_id>/timeline")
class CaseTimeline(MethodView):
    """What happened to a case."""

    @requires("case.read")
    @blp.response(200, TimelineSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """Read the timeline of a case.

        Who did what, when, with which opinion, from the first node to the last; reporters read the steps alone.
        """
        with reading() as uow:
            case = visible_case(uow, caller(), case_id)
            if not caller().may("case.read_timeline"):
                return public_timeline(uow, case.id, current_catalog())
            return timeline(uow, case.id, current_catalog(), now())


@blp.route("/<id:case_id>/deadlines")
class CaseDeadlines(MethodView):
    """The clocks of a case."""

    @requires("deadline.read")
    @blp.response(200, DeadlinesSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """List the clocks of a case.

        The case's own and those of its user tasks, oldest first, each with its light.
        """
        with reading() as uow:
            return {"items": clocks_of_case(uow, visible_case(uow, caller(), case_id).id, now())}


@blp.route("/<id:case_id>/cards")
class CaseCards(MethodView):
    """The cards of a case."""

    @requires("card.read")
    @blp.response(200, CardsSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """List the cards of a case.

        Yellow and red, newest first, each with the rule that gave it.
        """
        with reading() as uow:
            case = visible_case(uow, caller(), case_id)
            return {"items": uow.get(CardRegister).list_cards(CardQuery(case_ids=(case.id,), limit=200))}


@blp.route("/<id:case_id>/supplement")
class CaseSupplement(MethodView):
    """What the reporter adds."""

    @requires("case.report")
    @blp.arguments(SupplementSchema)
    @blp.response(200, DeliveredSchema)
    def post(self, body: dict[str, Any], case_id: str) -> dict[str, int]:
        """Add what was asked for.

        Only while the case waits for it; 404 when it does not.
        """
        with writing() as uow:
            key, variables = own_case(uow, caller(), case_id).id, {"supplement_text": body["text"]}
            done = messages.correlate(
                uow, "case_supplemented", correlation_key=key, variables=variables, by=caller().login
            )
        return {"delivered": done}


@blp.route("/<id:case_id>/withdraw")
class CaseWithdrawal(MethodView):
    """The reporter takes her report back."""

    @requires("case.report")
    @blp.arguments(WithdrawSchema)
    @blp.response(200, DeliveredSchema)
    def post(self, body: dict[str, Any], case_id: str) -> dict[str, int]:
        """Take a report back.

        Only until it has been accepted; 404 after that.
        """
        with writing() as uow:
            key, variables = own_case(uow, caller(), case_id).id, {"withdraw_reason": body["reason"]}
            done = messages.correlate(
                uow, "case_withdrawn", correlation_key=key, variables=variables, by=caller().login
            )
        return {"delivered": done}
