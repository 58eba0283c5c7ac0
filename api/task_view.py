"""User tasks as they are shown: with their light, their case, and the form to fill in."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from api.auth import caller
from api.case_access import is_hers
from api.case_view import views_by_id
from api.credentials import Caller
from engine.errors import Forbidden, Invalid, NotFound, Problem
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import task_forms, user_tasks
from registers.org import AccountRegister, UnitRegister

ASSIGN = "task.assign"
TASK_FIELDS = tuple(field.name for field in fields(UserTask))


def plain(task: UserTask, now: datetime) -> dict[str, object]:
    """Return a task with its light; one that has ended shows none."""
    shown: dict[str, object] = {name: getattr(task, name) for name in TASK_FIELDS}
    lit = task.status is UserTaskStatus.OPEN
    return shown | {"light": user_tasks.user_task_light(task, now) if lit else None}


def rows(uow: UnitOfWork, tasks: Sequence[UserTask], who: Caller, now: datetime) -> list[dict[str, object]]:
    """Return tasks with what an inbox shows of their cases."""
    cases = views_by_id(uow, (task.business_key for task in tasks if task.business_key), who, now)
    return [plain(task, now) | {"case": cases.get(task.business_key or "")} for task in tasks]


def opened(uow: UnitOfWork, task: UserTask, who: Caller, now: datetime) -> dict[str, object]:
    """Return a task with its form, its draft (for its holder only) and its case."""
    [shown] = rows(uow, [task], who, now)
    draft = task.draft if task.assignee == who.login else None
    return shown | {"form": form_of(uow, task), "draft": draft}


def form_of(uow: UnitOfWork, task: UserTask) -> dict[str, object] | None:
    """Return the form of a task as its version of the diagram has it, with defaults; None where it has none."""
    if task.form_key is None:
        return None
    try:
        return task_forms.shown(uow, task)
    except NotFound:
        return None


def assignable(uow: UnitOfWork, task: UserTask, login: str) -> str:
    """Return the login of an enabled account that is a candidate of a task.

    Raises  Forbidden where the task lies in no pool at or below a unit of the caller; Invalid naming the field
    """
    if not _answers_for(uow, caller(), task):
        raise Forbidden(code="task-of-another-unit", name=task.name)
    accounts = uow.get(AccountRegister)
    account = accounts.find_by_login(login)
    groups = () if account is None else accounts.groups_of(account.id)
    named = account is not None and account.login in task.candidate_users
    if account is None or not account.enabled or not (named or set(groups) & set(task.candidate_groups)):
        message = f"{login} is not a candidate of this task."
        raise Invalid(problems=[Problem("not-a-candidate", "assignee", message, {"login": login})])
    return account.login


def _answers_for(uow: UnitOfWork, who: Caller, task: UserTask) -> bool:
    """Tell whether somebody may hand a task on: it is hers, or lies in a pool at or below a unit that she answers for.

    Who merely sees the matter does not choose who works on it: an author's unit never picks the reviewer.
    """
    units, hers = uow.get(UnitRegister), who.units_with(ASSIGN)
    found = [units.find(group.partition("@")[2]) for group in task.candidate_groups]
    while found:
        unit = found.pop()
        if unit is not None:
            if unit.code in hers:
                return True
            found.append(None if unit.parent is None else units.find(unit.parent))
    return is_hers(task, who)
