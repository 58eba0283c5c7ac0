"""Which disputes a caller may see, and how much of them.

A committee sees its area (a community's lies within its street's, a street's within its district's), a mediator the
disputes that she has, an institution those that it was asked to help with, an applicant and whoever registered it their
own, a grid worker those that she is to visit; the roles of the city centre that hold `dispute.read_all` see everything.
For everybody else a dispute does not exist: the answer is 404, not 403.

Identity numbers, phones and addresses are shown to those who handle the dispute; the file (records, opinions, tasks)
to them and to those who oversee it, never to a party.
"""

from dataclasses import replace

from api.case_access import is_hers, masked_phone
from api.context import now
from api.credentials import Caller
from api.matters import matter
from engine.errors import NotFound
from engine.model.user_task import InboxQuery, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import user_tasks
from registers.disputes import (
    Dispute,
    DisputeRecordRegister,
    DisputeRegister,
    DisputeScope,
    InvitationStatus,
    Party,
    Side,
)
from registers.org import UnitKind, UnitRegister

READ_ALL, READ_AREA, READ_JOINED = "dispute.read_all", "dispute.read_area", "dispute.read_joined"
READ_FILE, HANDLE = "dispute.read_file", "dispute.handle"
# A list shows the disputes of as many of her tasks; each single dispute is looked up on its own.
TASKS_LISTED = 200
SHOWN_DIGITS = 4


def sees_all(uow: UnitOfWork, caller: Caller) -> bool:
    """Tell whether a role at the city centre lets her see every dispute."""
    units = uow.get(UnitRegister)
    found = (units.find(code) for code in caller.units_with(READ_ALL))
    return any(unit is not None and unit.kind is UnitKind.CITY_CENTRE for unit in found)


def scope_of(uow: UnitOfWork, caller: Caller) -> DisputeScope | None:
    """Return which disputes a list may show her; None for all."""
    if sees_all(uow, caller):
        return None
    held = InboxQuery(user=caller.login, groups=caller.groups, now=now(), limit=TASKS_LISTED, box="all")
    waiting = {task.business_key for task in user_tasks.inbox(uow, held).items if task.business_key is not None}
    return replace(_plain_scope(caller), dispute_ids=tuple(sorted(waiting)))


def visible_dispute(uow: UnitOfWork, caller: Caller, dispute_id: str) -> Dispute:
    """Return a dispute that she may see, or raise NotFound."""
    dispute = uow.get(DisputeRegister).find(dispute_id)
    if dispute is None or not _sees(uow, caller, dispute):
        raise NotFound(kind="dispute", id=dispute_id)
    return dispute


def filed_dispute(uow: UnitOfWork, caller: Caller, dispute_id: str) -> Dispute:
    """Return a dispute whose file she may read, or raise NotFound."""
    dispute = visible_dispute(uow, caller, dispute_id)
    if not reads_file(uow, caller, dispute):
        raise NotFound(kind="dispute", id=dispute_id)
    return dispute


@matter
def sees_file(uow: UnitOfWork, caller: Caller, dispute_id: str) -> bool:
    """Tell whether she may see the work on a dispute: its tasks, diagrams and attachments."""
    dispute = uow.get(DisputeRegister).find(dispute_id)
    return dispute is not None and _sees(uow, caller, dispute) and reads_file(uow, caller, dispute)


def reads_file(uow: UnitOfWork, caller: Caller, dispute: Dispute) -> bool:
    """Tell whether she may read the records of a dispute that she sees; a party may not, whatever else she is."""
    if not caller.may(READ_FILE) or dispute.applicant_login == caller.login:
        return False
    places = {dispute.community, dispute.street, dispute.district, dispute.committee_unit}
    in_area = bool(places & caller.units_with(READ_AREA))
    return in_area or sees_all(uow, caller) or handles(uow, caller, dispute)


def handles(uow: UnitOfWork, caller: Caller, dispute: Dispute) -> bool:
    """Tell whether the dispute is her work: as mediator, in its committee, in an institution, by a waiting task."""
    if dispute.applicant_login == caller.login:
        return False
    if dispute.mediator == caller.login or dispute.committee_unit in caller.units_with(HANDLE):
        return True
    joined = caller.units_with(READ_JOINED)
    invited = uow.get(DisputeRecordRegister).invitations_of(dispute.id) if joined else ()
    if any(one.unit in joined and one.status is not InvitationStatus.DECLINED for one in invited):
        return True
    return _has_task(uow, caller, dispute.id)


def handled_dispute(uow: UnitOfWork, caller: Caller, dispute_id: str) -> Dispute:
    """Return a dispute of her own committee, or raise NotFound."""
    dispute = visible_dispute(uow, caller, dispute_id)
    if dispute.committee_unit not in caller.units_with(HANDLE):
        raise NotFound(kind="dispute", id=dispute_id)
    return dispute


def withdrawable_dispute(uow: UnitOfWork, caller: Caller, dispute_id: str) -> Dispute:
    """Return a dispute that she applied for; of an applicant without an account, one that she handles.

    Raises  NotFound for everybody else: what somebody applied for herself, she alone takes back
    """
    dispute = visible_dispute(uow, caller, dispute_id)
    if dispute.applicant_login is not None:
        may = dispute.applicant_login == caller.login
    else:
        may = dispute.mediator == caller.login or dispute.committee_unit in caller.units_with(HANDLE)
    if not may:
        raise NotFound(kind="dispute", id=dispute_id)
    return dispute


def shown_party(party: Party, dispute: Dispute, caller: Caller, *, handled: bool) -> Party:
    """Return a party as the caller may see her: whole for whoever handles it, and for the applicant herself."""
    own_side = dispute.applicant_login == caller.login and party.side == Side.APPLICANT
    if handled or own_side:
        return party
    return replace(
        party,
        id_number=_masked_number(party.id_number),
        phone=masked_phone(party.phone),
        address=None,
        occupation=None,
        workplace=None,
    )


def _masked_number(number: str | None) -> str | None:
    """Return the first and the last digits of an identity number, without the day of birth."""
    if number is None:
        return None
    return f"{number[:SHOWN_DIGITS]}{'*' * (len(number) - 2 * SHOWN_DIGITS)}{number[-SHOWN_DIGITS:]}"


def _plain_scope(caller: Caller) -> DisputeScope:
    """Return what she sees for good, whatever waits for her."""
    return DisputeScope(
        units=tuple(sorted(caller.units_with(READ_AREA))),
        joined_units=tuple(sorted(caller.units_with(READ_JOINED))),
        person=caller.login,
    )


def _sees(uow: UnitOfWork, caller: Caller, dispute: Dispute) -> bool:
    if sees_all(uow, caller) or uow.get(DisputeRegister).is_visible(dispute.id, _plain_scope(caller)):
        return True
    return _has_task(uow, caller, dispute.id)


def _has_task(uow: UnitOfWork, caller: Caller, dispute_id: str) -> bool:
    """Tell whether a task of the dispute waits for her or her groups; what she has done counts no longer."""
    waiting = (task for task in user_tasks.list_of_case(uow, dispute_id) if task.status is UserTaskStatus.OPEN)
    return any(is_hers(task, caller) for task in waiting)
