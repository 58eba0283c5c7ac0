"""User tasks: read an inbox, claim, hand on, save a draft, complete."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from engine.bpmn import runtime
from engine.errors import Conflict, Forbidden
from engine.model.history import HistoryEvent
from engine.model.user_task import InboxQuery, Page, UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import opening, task_forms
from engine.services.advance import Advance

NO_LIGHT = ""


def inbox(uow: UnitOfWork, query: InboxQuery) -> Page[UserTask]:
    """Return a page of an inbox; only reads."""
    return uow.inboxes.page(query)


def count(uow: UnitOfWork, query: InboxQuery) -> dict[str, int]:
    """Return `total` and one count per light, each capped; only reads."""
    return uow.inboxes.count(query)


def get(uow: UnitOfWork, task_id: str) -> UserTask:
    """Return a task, open or ended; only reads. Raises NotFound."""
    return uow.user_tasks.get(task_id)


def list_of_case(uow: UnitOfWork, business_key: str) -> tuple[UserTask, ...]:
    """Return every task of a case, oldest first; only reads."""
    return uow.user_tasks.list_of_case(business_key)


def user_task_light(task: UserTask, now: object) -> str:
    """Return the light of an open task at an instant: 绿, 黄, 红, 灰; the same rule as the inbox's filter."""
    if task.paused:
        return "灰"
    for instant, light in ((task.red_at, "红"), (task.yellow_at, "黄")):
        if instant is not None and instant <= now:  # type: ignore[operator]  # both are instants
            return light
    return "绿"


def claim(uow: UnitOfWork, task_id: str, *, by: str, groups: Sequence[str], revision: int | None = None) -> UserTask:
    """Take a task out of the pool; raises Forbidden, Conflict (somebody else has it)."""
    task = _open(uow, task_id, revision)
    _require_candidate(task, by, groups)
    if task.assignee == by:
        return task
    if task.assignee is not None:
        raise _conflict(task)
    uow.user_tasks.withdraw([task_id])
    task = _save(uow, replace(task, assignee=by, claimed_at=uow.clock.now()))
    _record(uow, task, "user_task.claimed", by)
    uow.commit()
    return task


def unclaim(uow: UnitOfWork, task_id: str, *, by: str, revision: int | None = None) -> UserTask:
    """Give a task back to the pool; only its holder may. Raises Forbidden, Conflict (also for one without a pool)."""
    task = _open(uow, task_id, revision)
    if task.assignee != by:
        raise Forbidden(code="not-your-task", id=task_id)
    if not task.candidate_groups and not task.candidate_users:
        # It went to this person by name: given back, it would lie in nobody's inbox.
        raise Conflict(
            f"The task {task.name} has no pool to give it back to.", code="task-without-pool", name=task.name, task=task
        )
    task = _save(uow, replace(task, assignee=None, claimed_at=None))
    uow.user_tasks.offer(task, uow.settings.facets)
    _record(uow, task, "user_task.unclaimed", by)
    uow.commit()
    return task


def assign(uow: UnitOfWork, task_id: str, *, assignee: str, by: str, revision: int | None = None) -> UserTask:
    """Hand a task to a person, whoever holds it now; the caller has checked that `by` may. Raises Conflict."""
    task = _open(uow, task_id, revision)
    uow.user_tasks.withdraw([task_id])
    before = task.assignee
    task = _save(uow, replace(task, assignee=assignee, claimed_at=uow.clock.now()))
    _record(uow, task, "user_task.assigned", by, assignee=assignee, before=before)
    uow.commit()
    return task


def save_draft(uow: UnitOfWork, task_id: str, *, draft: Mapping[str, object], by: str) -> UserTask:
    """Keep what was typed so far; nothing is checked yet. Raises Forbidden unless `by` holds the task."""
    task = _open(uow, task_id, None)
    if task.assignee != by:
        raise Forbidden(code="not-your-task", id=task_id)
    task = _save(uow, replace(task, draft=dict(draft)))
    uow.commit()
    return task


def complete(
    uow: UnitOfWork,
    task_id: str,
    *,
    submission: Mapping[str, object],
    by: str,
    groups: Sequence[str],
    revision: int | None = None,
) -> UserTask:
    """Finish a task with what was entered; the case goes on in the same transaction.

    The task must be held by `by`, or lie in the pool of one of her groups. Raises Invalid with a problem per field
    of the form, Forbidden, Conflict with the fresh task where somebody was faster.
    """
    task = _open(uow, task_id, revision)
    _require_candidate(task, by, groups)
    if task.assignee not in (None, by):
        raise _conflict(task)
    advance = Advance(uow, by)
    live = advance.load(task.instance_id)
    data = task_forms.entered(uow, task, live.model, live.state, submission, advance.moment)
    step = runtime.complete(live.model, live.state, task.activity, data, now=advance.moment)
    task = _end(uow, task, data, by)
    advance.command(live, task.activity, step)
    advance.finish()
    uow.commit()
    return task


def _end(uow: UnitOfWork, task: UserTask, data: dict[str, object], by: str) -> UserTask:
    uow.user_tasks.withdraw([task.id])
    opening.stop_clock(uow, task, reason="completed", actor=by)
    ended = replace(
        task,
        status=UserTaskStatus.COMPLETED,
        assignee=by,
        ended_at=uow.clock.now(),
        ended_by=by,
        submission=data,
        draft=None,
    )
    ended = _save(uow, ended)
    action, opinion = data.get("action"), data.get("opinion")
    _record(uow, ended, "user_task.completed", by, action=action, opinion=opinion)
    return ended


def _open(uow: UnitOfWork, task_id: str, revision: int | None) -> UserTask:
    """Return an open task with its tree locked; raises NotFound, Conflict."""
    uow.process_instances.lock_root(uow.user_tasks.root_of(task_id))
    task = uow.user_tasks.get(task_id)
    if task.status is not UserTaskStatus.OPEN or (revision is not None and task.revision != revision):
        raise _conflict(task)
    return task


def _save(uow: UnitOfWork, task: UserTask) -> UserTask:
    try:
        return uow.user_tasks.save(task)
    except Conflict as error:
        raise _conflict(uow.user_tasks.get(task.id)) from error


def _conflict(task: UserTask) -> Conflict:
    if task.status is not UserTaskStatus.OPEN:
        code, message = "task-ended", "The task {name} was ended by {by} at {at}."
    elif task.assignee is not None:
        code, message = "task-taken", "The task {name} is held by {by} since {at}."
    else:
        code, message = "task-changed", "The task {name} has changed in the meantime."
    at = task.ended_at or task.claimed_at
    params: dict[str, object] = {
        "name": task.name,
        "by": task.ended_by or task.assignee or "system",
        "at": at.isoformat() if at else "",
    }
    return Conflict(message.format(**params), code=code, task=task, **params)


def _require_candidate(task: UserTask, by: str, groups: Sequence[str]) -> None:
    if task.assignee == by or by in task.candidate_users or set(groups) & set(task.candidate_groups):
        return
    raise Forbidden(code="not-your-task", id=task.id)


def _record(uow: UnitOfWork, task: UserTask, kind: str, by: str, **data: object) -> None:
    uow.history.add_event(
        HistoryEvent(
            id=str(uuid4()),
            at=uow.clock.now(),
            actor=by,
            kind=kind,
            subject_type="user_task",
            subject_id=task.id,
            instance_id=task.instance_id,
            business_key=task.business_key,
            data={"element_id": task.element_id, "name": task.name}
            | {key: value for key, value in data.items() if value is not None},
        )
    )
