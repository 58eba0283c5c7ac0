"""Registering a dispute: the dispute and the process that mediates it begin in one transaction."""

from collections.abc import Mapping
from typing import Any

from api.case_access import sees_case
from api.credentials import Caller
from engine.errors import Invalid, Problem
from engine.ports import UnitOfWork
from engine.services import process_instances
from registers.disputes import Dispute, DisputeRegister, NewDispute, NewParty, Source

PROCESS = "mediation"
APPLY, REGISTER, HAND_DOWN = "dispute.apply", "dispute.register", "dispute.hand_down"
# What a person needs to bring a dispute in this way; an application is anybody's who may apply.
NEEDED = {
    Source.PATROL: (REGISTER,),
    Source.APPLICATION: (REGISTER, APPLY),
    Source.SUPERIOR: (HAND_DOWN,),
}


def new_dispute(uow: UnitOfWork, body: Mapping[str, Any], caller: Caller) -> NewDispute:
    """Return what was entered as a new dispute of its registrar or, where she applies herself, of its applicant.

    Raises  Invalid for a source that is not hers to name, and for a case that she does not see
    """
    given = dict(body)
    source = given["source"]
    if source in set(Source) and not any(caller.may(needed) for needed in NEEDED[Source(source)]):
        message = f"You cannot bring a dispute in as {source}."
        raise Invalid(problems=[Problem("dispute-source-not-allowed", "source", message, {"value": source})])
    case_id = given["source_case_id"]
    if case_id is not None and not sees_case(uow, caller, case_id):
        message = f"There is no case {case_id}."
        raise Invalid(problems=[Problem("unknown-case", "source_case_id", message, {"value": case_id})])
    parties = tuple(NewParty(**party) for party in given.pop("parties"))
    applies_herself = not caller.may(REGISTER) and source == Source.APPLICATION
    applicant = caller.login if applies_herself else None
    return NewDispute(**given, parties=parties, registered_by=caller.login, applicant_login=applicant)


def register_dispute(uow: UnitOfWork, new: NewDispute, *, by: str) -> Dispute:
    """Take a dispute in and start its process.

    Returns  the dispute
    Raises   Invalid with one problem per wrong field; NotFound where no diagram is deployed
    """
    with uow.grouped():
        disputes = uow.get(DisputeRegister)
        dispute = disputes.add(new)
        instance = process_instances.start(
            uow, PROCESS, business_key=dispute.id, variables={"dispute_id": dispute.id}, by=by
        )
        return disputes.attach_instance(dispute.id, instance.id)
