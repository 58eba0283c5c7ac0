"""Disputes (矛盾纠纷): registered, looked for, read with their parties, file and timeline, and taken back."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.case_timeline import public_timeline, timeline
from api.context import now, reading, writing
from api.deadline_view import clocks_of_case
from api.dispute_access import (
    filed_dispute,
    handled_dispute,
    reads_file,
    scope_of,
    visible_dispute,
    withdrawable_dispute,
)
from api.dispute_query import query_of
from api.dispute_reporting import new_dispute, register_dispute
from api.dispute_view import records, rows, view
from api.language import current_catalog
from api.openapi import PREFIX, NounBlueprint
from api.schemas.cases import AttachmentsSchema, DeliveredSchema, TimelineSchema, WithdrawSchema
from api.schemas.clocks import DeadlinesSchema
from api.schemas.disputes import (
    DisputeCountsSchema,
    DisputeFilter,
    DisputeQuerySchema,
    DisputeRecordsSchema,
    DisputeRowSchema,
    DisputeSchema,
    MediatorChangeSchema,
    NewDisputeSchema,
)
from api.schemas.paging import page_of
from engine.services import messages
from registers.disputes import DisputeCounts, DisputeRegister
from registers.media import AttachmentRegister

blp = NounBlueprint("disputes", __name__, url_prefix=f"{PREFIX}/disputes", description="Disputes (矛盾纠纷).")
STEPS = "dispute."


@blp.route("")
class Disputes(MethodView):
    """All disputes that the caller may see."""

    @requires("dispute.apply", "dispute.register", "dispute.hand_down")
    @blp.arguments(NewDisputeSchema)
    @blp.response(201, DisputeSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Register a dispute.

        The dispute and its process begin in one transaction; it goes to the committee of its place.
        """
        who = caller()
        with writing() as uow:
            dispute = register_dispute(uow, new_dispute(uow, body, who), by=who.login)
            shown = view(uow, dispute, who, now())
        return shown, 201, {"Location": f"{PREFIX}/disputes/{dispute.id}"}

    @requires("dispute.read")
    @blp.arguments(DisputeQuerySchema, location="query")
    @blp.response(200, page_of(DisputeRowSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List disputes.

        Only those that the caller may see; by parties, title, time, type, severity and status, alone or together.
        """
        with reading() as uow:
            page = uow.get(DisputeRegister).list_page(query_of(query, caller(), scope_of(uow, caller())))
            return {"items": rows(uow, page.items, caller(), now()), "next_after": page.next_after}


@blp.route("/counts")
class DisputeNumbers(MethodView):
    """How many disputes there are."""

    @requires("dispute.read")
    @blp.arguments(DisputeFilter, location="query")
    @blp.response(200, DisputeCountsSchema)
    def get(self, query: dict[str, Any]) -> DisputeCounts:
        """Count disputes.

        Exact numbers of what the filter finds, by status and by type.
        """
        with reading() as uow:
            return uow.get(DisputeRegister).count(query_of(query, caller(), scope_of(uow, caller())))


@blp.route("/<id:dispute_id>")
class DisputeById(MethodView):
    """One dispute."""

    @requires("dispute.read")
    @blp.response(200, DisputeSchema)
    def get(self, dispute_id: str) -> dict[str, object]:
        """Read a dispute.

        Its parties are masked for those who do not handle it; one that the caller may not see does not exist for her.
        """
        with reading() as uow:
            return view(uow, visible_dispute(uow, caller(), dispute_id), caller(), now())


@blp.route("/<id:dispute_id>/records")
class DisputeRecords(MethodView):
    """The file of a dispute."""

    @requires("dispute.read_file")
    @blp.response(200, DisputeRecordsSchema)
    def get(self, dispute_id: str) -> dict[str, object]:
        """List the records of a dispute.

        Notices, investigations, sessions, joint sessions, agreement, urgings and visits, oldest first.
        """
        with reading() as uow:
            return {"items": records(uow, filed_dispute(uow, caller(), dispute_id))}


@blp.route("/<id:dispute_id>/timeline")
class DisputeTimeline(MethodView):
    """What happened to a dispute."""

    @requires("dispute.read")
    @blp.response(200, TimelineSchema)
    def get(self, dispute_id: str) -> dict[str, object]:
        """Read the timeline of a dispute.

        Who did what, when, with which opinion; parties and visitors read the steps alone.
        """
        with reading() as uow:
            dispute = visible_dispute(uow, caller(), dispute_id)
            if not reads_file(uow, caller(), dispute):
                return public_timeline(uow, dispute.id, current_catalog(), prefix=STEPS)
            return timeline(uow, dispute.id, current_catalog(), now())


@blp.route("/<id:dispute_id>/deadlines")
class DisputeDeadlines(MethodView):
    """The clocks of a dispute."""

    @requires("deadline.read")
    @blp.response(200, DeadlinesSchema)
    def get(self, dispute_id: str) -> dict[str, object]:
        """List the clocks of a dispute.

        The period of mediation and the limits of its tasks, oldest first, each with its light.
        """
        with reading() as uow:
            return {"items": clocks_of_case(uow, visible_dispute(uow, caller(), dispute_id).id, now())}


@blp.route("/<id:dispute_id>/attachments")
class DisputeAttachments(MethodView):
    """The files of a dispute."""

    @requires("dispute.read_file")
    @blp.response(200, AttachmentsSchema)
    def get(self, dispute_id: str) -> dict[str, object]:
        """List the files of a dispute.

        What was attached to its tasks, oldest first.
        """
        with reading() as uow:
            return {"items": uow.get(AttachmentRegister).list_for(filed_dispute(uow, caller(), dispute_id).id)}


@blp.route("/<id:dispute_id>/withdrawal")
class DisputeWithdrawal(MethodView):
    """The applicant takes her application back."""

    @requires("dispute.apply", "dispute.register")
    @blp.arguments(WithdrawSchema)
    @blp.response(200, DeliveredSchema)
    def post(self, body: dict[str, Any], dispute_id: str) -> dict[str, int]:
        """Take an application back.

        Until the agreement is concluded; 404 after that. For an applicant without an account her mediator or
        committee does it.
        """
        with writing() as uow:
            key = withdrawable_dispute(uow, caller(), dispute_id).id
            done = messages.correlate(
                uow,
                "dispute_withdrawn",
                correlation_key=key,
                variables={"withdraw_reason": body["reason"]},
                by=caller().login,
            )
        return {"delivered": done}


@blp.route("/<id:dispute_id>/mediator-change")
class DisputeMediatorChange(MethodView):
    """The committee replaces the mediator."""

    @requires("dispute.handle")
    @blp.arguments(MediatorChangeSchema)
    @blp.response(200, DeliveredSchema)
    def post(self, body: dict[str, Any], dispute_id: str) -> dict[str, int]:
        """Replace the mediator.

        While mediation goes on; it begins again at the choice of a mediator, the period runs on. 404 otherwise.
        """
        with writing() as uow:
            key = handled_dispute(uow, caller(), dispute_id).id
            variables = {"change_reason": body["reason"], "exclude_mediator": body["exclude"]}
            done = messages.correlate(
                uow, "mediator_change", correlation_key=key, variables=variables, by=caller().login
            )
        return {"delivered": done}
