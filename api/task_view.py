"""User tasks as they are shown: with their light, their case, and the form to fill in."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from api.case_view import views_by_id
from api.credentials import Caller
from engine.errors import Invalid, NotFound, Problem
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import definitions, user_tasks
from registers.org import AccountRegister

TASK_FIELDS = tuple(field.name for field in fields(UserTask))


def plain(task: UserTask, now: datetime) -> dict[str, object]:
    """Return a task with its light; one that has ended shows none."""
    shown: dict[str, object] = {name: getattr(task, name) for name in TASK_FIELDS}
    lit = task.status is UserTaskStatus.OPEN
    return shown | {"light": user_tasks.user_task_light(task, now) if lit else None}


def rows(uow: UnitOfWork, tasks: Sequence[UserTask], caller: Caller, now: datetime) -> list[dict[str, object]]:
    """Return tasks with what an inbox shows of their cases."""
    cases = views_by_id(uow, (task.business_key for task in tasks if task.business_key), caller, now)
    return [plain(task, now) | {"case": cases.get(task.business_key or "")} for task in tasks]


def opened(uow: UnitOfWork, task: UserTask, caller: Caller, now: datetime) -> dict[str, object]:
    """Return a task with its form, its draft (for its holder only) and its case."""
    [shown] = rows(uow, [task], caller, now)
    draft = task.draft if task.assignee == caller.login else None
    return shown | {"form": form_of(uow, task), "draft": draft}


def form_of(uow: UnitOfWork, task: UserTask) -> dict[str, object] | None:
    """Return the form of a task as its version of the diagram has it; None where it has none."""
    if task.form_key is None:
        return None
    try:
        return definitions.form_of(uow, task.definition_id, task.form_key)
    except NotFound:
        return None


def assignable(uow: UnitOfWork, task: UserTask, login: str) -> str:
    """Return the login of an enabled account that is a candidate of a task; raises Invalid naming the field."""
    accounts = uow.get(AccountRegister)
    account = accounts.find_by_login(login)
    groups = () if account is None else accounts.groups_of(account.id)
    named = account is not None and account.login in task.candidate_users
    if account is None or not account.enabled or not (named or set(groups) & set(task.candidate_groups)):
        message = f"{login} is not a candidate of this task."
        raise Invalid(problems=[Problem("not-a-candidate", "assignee", message, {"login": login})])
    return account.login
