"""Which cases a caller may see, and how much of the reporter.

She sees what she reported herself, what one of her tasks is or was about, what her unit leads, helps with or
supervises, and what lies in the area of her unit; the roles of the city centre that hold `case.read_city` see
everything. For everybody else a case does not exist: the answer is 404, not 403.
"""

from dataclasses import replace

from api.context import now
from api.credentials import Caller
from api.matters import matter, sees_matter
from engine.errors import NotFound
from engine.model.user_task import InboxQuery, UserTask
from engine.ports import UnitOfWork
from engine.services import user_tasks
from registers.cases import Case, CaseRegister, CaseScope
from registers.org import UnitKind, UnitRegister

READ_CITY, READ_UNIT, READ_REPORTER = "case.read_city", "case.read_unit", "case.read_reporter"
ACCOUNT = "account:"
# A list shows the cases of as many of her tasks; each single case is looked up on its own.
TASKS_LISTED = 200


def reporter_code_of(caller: Caller) -> str:
    """Return the mark under which an account's own reports are kept; no channel can hand in such a code."""
    return ACCOUNT + caller.login


def sees_city(uow: UnitOfWork, caller: Caller) -> bool:
    """Tell whether a role at the city centre lets her see every case."""
    units = uow.get(UnitRegister)
    found = (units.find(code) for code in caller.units_with(READ_CITY))
    return any(unit is not None and unit.kind is UnitKind.CITY_CENTRE for unit in found)


def scope_of(uow: UnitOfWork, caller: Caller) -> CaseScope | None:
    """Return which cases a list may show her; None for all."""
    if sees_city(uow, caller):
        return None
    held = InboxQuery(user=caller.login, groups=caller.groups, now=now(), limit=TASKS_LISTED)
    pages = [user_tasks.inbox(uow, replace(held, box=box)) for box in ("all", "done")]
    case_ids = {task.business_key for page in pages for task in page.items if task.business_key is not None}
    units = caller.units_with(READ_UNIT) | caller.units_with(READ_CITY)
    return CaseScope(units=tuple(sorted(units)), reporter=reporter_code_of(caller), case_ids=tuple(sorted(case_ids)))


def visible_case(uow: UnitOfWork, caller: Caller, case_id: str) -> Case:
    """Return a case that she may see, or raise NotFound."""
    case = uow.get(CaseRegister).find(case_id)
    if case is None or not _sees(uow, caller, case):
        raise NotFound(kind="case", id=case_id)
    return case


@matter
def sees_case(uow: UnitOfWork, caller: Caller, case_id: str) -> bool:
    """Tell whether she may see a case."""
    case = uow.get(CaseRegister).find(case_id)
    return case is not None and _sees(uow, caller, case)


def own_case(uow: UnitOfWork, caller: Caller, case_id: str) -> Case:
    """Return a case that she reported herself, or that she may change for its reporter; else raise NotFound."""
    case = visible_case(uow, caller, case_id)
    if case.reporter_code != reporter_code_of(caller) and not caller.may("case.report_for_others"):
        raise NotFound(kind="case", id=case_id)
    return case


def visible_task(uow: UnitOfWork, caller: Caller, task_id: str) -> UserTask:
    """Return a task that is or was hers or her groups', or whose matter she may see; else raise NotFound."""
    task = user_tasks.get(uow, task_id)
    if is_hers(task, caller):
        return task
    if caller.may("instance.read") or sees_matter(uow, caller, task.business_key):
        return task
    raise NotFound(kind="user task", id=task_id)


def workable_task(uow: UnitOfWork, caller: Caller, task_id: str) -> UserTask:
    """Return a task of hers or of her groups; for everybody else it does not exist."""
    task = user_tasks.get(uow, task_id)
    if not is_hers(task, caller):
        raise NotFound(kind="user task", id=task_id)
    return task


def is_hers(task: UserTask, caller: Caller) -> bool:
    """Tell whether a task was offered to her or her groups, or whether she has or had it."""
    if caller.login in {task.assignee, task.ended_by} or caller.login in task.candidate_users:
        return True
    return bool(set(caller.groups) & set(task.candidate_groups))


def shown_case(case: Case, caller: Caller) -> Case:
    """Return a case as she may see it: the reporter masked, or hidden where she asked for it."""
    if case.reporter_code == reporter_code_of(caller):
        return case
    if caller.may(READ_REPORTER):
        return replace(case, query_code="")
    hidden = case.anonymous or case.confidential
    return replace(
        case,
        query_code="",
        reporter_name=None if hidden else masked_name(case.reporter_name),
        reporter_phone=None if hidden else masked_phone(case.reporter_phone),
        reporter_code=None,
    )


def masked_name(name: str | None) -> str | None:
    """Return the family name and a star."""
    return f"{name[0]}*" if name else None


def masked_phone(phone: str | None) -> str | None:
    """Return the first three and the last four digits; of a short number nothing."""
    shown = 7
    if not phone:
        return None
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > shown else "****"


def _sees(uow: UnitOfWork, caller: Caller, case: Case) -> bool:
    if case.reporter_code == reporter_code_of(caller) or sees_city(uow, caller):
        return True
    units = tuple(sorted(caller.units_with(READ_UNIT) | caller.units_with(READ_CITY)))
    if units and uow.get(CaseRegister).is_visible(case.id, CaseScope(units=units)):
        return True
    return any(is_hers(task, caller) for task in user_tasks.list_of_case(uow, case.id))
