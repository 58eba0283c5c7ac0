"""The timeline of a case: who did what, when, with which opinion, from the first node to the last.

The spine is the history of operations, which the engine writes in order. Where it says that a user task was
completed, the task itself stands, with its action, opinion and deadline; what is still open stands at the end.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.language import Catalog
from engine.errors import NotFound
from engine.model.history import HistoryEvent
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import definitions, history, user_tasks
from registers.org import AccountRegister

PAGE = 200
COMPLETED = "user_task.completed"
# The task itself tells that it was opened.
TOLD_ELSEWHERE = frozenset({"user_task.created"})
# Who only reported the case reads how it goes on, not what officials wrote to each other.
PUBLIC_PREFIX = "case."
ROOT_ENDS = frozenset({"process_instance.completed", "process_instance.terminated", "process_instance.cancelled"})

Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What entries are written with."""

    uow: UnitOfWork
    sentences: Catalog
    now: datetime
    names: dict[str, str | None]

    def name_of(self, login: str | None) -> str | None:
        if login is None:
            return None
        if login not in self.names:
            account = self.uow.get(AccountRegister).find_by_login(login)
            self.names[login] = None if account is None else account.name
        return self.names[login]


def timeline(uow: UnitOfWork, case_id: str, sentences: Catalog, now: datetime) -> dict[str, object]:
    """Return every entry of a case, oldest first, and whether the case has come to its end."""
    reader = _Reader(uow, sentences, now, {})
    tasks = {task.id: task for task in user_tasks.list_of_case(uow, case_id)}
    events = list(_events(uow, case_id))
    entries = [_entry(reader, event, tasks) for event in events if event.kind not in TOLD_ELSEWHERE]
    waiting = [task for task in tasks.values() if task.status is UserTaskStatus.OPEN]
    entries += [_task_entry(reader, task) for task in sorted(waiting, key=lambda task: (task.created_at, task.id))]
    return {"entries": entries, "complete": not waiting and _has_ended(events)}


def public_timeline(
    uow: UnitOfWork, case_id: str, sentences: Catalog, *, prefix: str = PUBLIC_PREFIX
) -> dict[str, object]:
    """Return what the reporter may read: the steps and their instants, without names, opinions and facts.

    prefix   with which the steps of this sort of matter begin
    """
    events = list(_events(uow, case_id))
    steps = [event for event in events if event.kind.startswith(prefix)]
    entries = [_step(sentences, event) for event in steps]
    return {"entries": entries, "complete": _has_ended(events)}


def _events(uow: UnitOfWork, case_id: str) -> Iterator[HistoryEvent]:
    after: str | None = None
    while True:
        page = history.events(uow, business_key=case_id, after=after, limit=PAGE)
        yield from page.items
        if page.next_after is None:
            return
        after = page.next_after


def _has_ended(events: Iterable[HistoryEvent]) -> bool:
    """Tell whether the instance that was started first has ended: the others were called by it."""
    started = [event.subject_id for event in events if event.kind == "process_instance.started"]
    return bool(started) and any(event.kind in ROOT_ENDS and event.subject_id == started[0] for event in events)


def _entry(reader: _Reader, event: HistoryEvent, tasks: Mapping[str, UserTask]) -> Entry:
    if event.kind == COMPLETED and event.subject_id in tasks:
        return _task_entry(reader, tasks[event.subject_id])
    return _step(reader.sentences, event) | {
        "who": event.actor,
        "who_name": reader.name_of(event.actor),
        "instance_id": event.instance_id,
        "opinion": _text(event.data.get("opinion")),
        "data": event.data,
    }


def _step(sentences: Catalog, event: HistoryEvent) -> Entry:
    what = sentences.events.get(event.kind, event.kind)
    return {"at": event.at, "ended_at": event.at, "kind": "event", "what": what, "code": event.kind}


def _task_entry(reader: _Reader, task: UserTask) -> Entry:
    submission = task.submission or {}
    action = _text(submission.get("action"))
    last = task.ended_at or reader.now
    return {
        "at": task.created_at,
        "ended_at": task.ended_at,
        "kind": "user_task",
        "what": task.name,
        "code": task.element_id,
        "who": task.ended_by or task.assignee,
        "who_name": reader.name_of(task.ended_by or task.assignee),
        "lane": task.lane,
        "process_key": task.process_key,
        "instance_id": task.instance_id,
        "task_id": task.id,
        "action": action,
        "action_name": _action_name(reader.uow, task, action),
        "opinion": _text(submission.get("opinion")),
        "outcome": task.status.value,
        "due_at": task.due_at,
        "overdue": None if task.red_at is None else task.red_at <= last,
        "data": submission,
    }


def _action_name(uow: UnitOfWork, task: UserTask, action: str | None) -> str | None:
    """Return the word that the form shows for an action."""
    if action is None or task.form_key is None:
        return action
    try:
        form = definitions.form_of(uow, task.definition_id, task.form_key)
    except NotFound:
        return action
    choices = form.get("properties", {}).get("action", {}).get("oneOf", [])
    return next((str(one.get("title")) for one in choices if one.get("const") == action), action)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
