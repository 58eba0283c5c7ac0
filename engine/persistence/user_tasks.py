"""Repository of user tasks: what is open, who may have it, what was entered."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from engine.errors import Conflict, NotFound
from engine.model.user_task import UserTask, UserTaskStatus
from engine.persistence.base import table_of
from engine.persistence.runtime_tables import UserTaskCandidateRow, UserTaskRow

_TABLE = table_of(UserTaskRow)
_CANDIDATES = table_of(UserTaskCandidateRow)
# Statements of the hot path are built once: building costs more than running them.
_BY_ID = select(_TABLE).where(UserTaskRow.id == bindparam("id"))
_ROOT = select(UserTaskRow.root_id).where(UserTaskRow.id == bindparam("id"))
_ADD = insert(_TABLE)
_OFFER = insert(_CANDIDATES)
_WITHDRAW = delete(_CANDIDATES).where(UserTaskCandidateRow.task_id == bindparam("of_task"))
_SAVE = update(_TABLE).where(
    UserTaskRow.id == bindparam("of_id"),
    UserTaskRow.revision == bindparam("of_revision"),
    UserTaskRow.status == UserTaskStatus.OPEN.value,
)
# Written by `project` alone, from another tree perhaps: a task that was read before must not put the old ones back.
_PROJECTED = ("due_at", "yellow_at", "red_at", "paused")
# Tasks without a deadline stand behind all others in an order by due.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
FACET_LENGTH = 100


class UserTaskRepository:
    """User tasks and the candidate rows that inboxes are read from."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection

    def add(self, tasks: Sequence[UserTask], facet_names: Sequence[str]) -> None:
        """Store new tasks with their candidates; the first two facets are indexed."""
        if not tasks:
            return
        self._connection.execute(_ADD, [_columns(task) for task in tasks])
        self._offer(tasks, facet_names)

    def get(self, task_id: str) -> UserTask:
        """Return a task; raises NotFound."""
        row = self._connection.execute(_BY_ID, {"id": task_id}).mappings().one_or_none()
        if row is None:
            raise NotFound(kind="user task", id=task_id)
        return user_task(row)

    def root_of(self, task_id: str) -> str:
        """Return the root instance of a task; raises NotFound."""
        root_id = self._connection.execute(_ROOT, {"id": task_id}).scalar_one_or_none()
        if root_id is None:
            raise NotFound(kind="user task", id=task_id)
        return root_id

    def list_open(self, instance_id: str) -> tuple[UserTask, ...]:
        """Return the open tasks of an instance."""
        query = select(_TABLE).where(
            UserTaskRow.instance_id == instance_id, UserTaskRow.status == UserTaskStatus.OPEN.value
        )
        return tuple(user_task(row) for row in self._connection.execute(query).mappings())

    def list_of_case(self, business_key: str) -> tuple[UserTask, ...]:
        """Return every task of a case, oldest first."""
        query = (
            select(_TABLE)
            .where(UserTaskRow.business_key == business_key)
            .order_by(UserTaskRow.created_at, UserTaskRow.id)
        )
        return tuple(user_task(row) for row in self._connection.execute(query).mappings())

    def last_submission(self, instance_ids: Sequence[str], element_id: str) -> UserTask | None:
        """Return the task of this element that was completed last in any of the instances."""
        query = (
            select(_TABLE)
            .where(
                UserTaskRow.instance_id.in_(instance_ids),
                UserTaskRow.element_id == element_id,
                UserTaskRow.status == UserTaskStatus.COMPLETED.value,
            )
            .order_by(UserTaskRow.ended_at.desc(), UserTaskRow.activity.desc())
            .limit(1)
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return user_task(row) if row else None

    def save(self, task: UserTask) -> UserTask:
        """Store a changed task under the next revision; raises Conflict when it was changed or ended meanwhile."""
        fresh = replace(task, revision=task.revision + 1)
        known = {"of_id": task.id, "of_revision": task.revision}
        done = self._connection.execute(_SAVE, _columns(fresh, but=("id", *_PROJECTED)) | known)
        if done.rowcount != 1:
            raise Conflict(kind="user task", id=task.id)
        return fresh

    def offer(self, task: UserTask, facet_names: Sequence[str]) -> None:
        """Put a task (back) into the inboxes of its candidates."""
        self._offer([task], facet_names)

    def withdraw(self, task_ids: Iterable[str]) -> None:
        """Take tasks out of every inbox."""
        self._connection.execute(_WITHDRAW, [{"of_task": task_id} for task_id in task_ids])

    def cancel_activities(self, instance_id: str, activities: Sequence[int], *, at: datetime, by: str) -> None:
        """End the open tasks of activities that the case has left."""
        query = select(UserTaskRow.id).where(
            UserTaskRow.instance_id == instance_id,
            UserTaskRow.activity.in_(activities),
            UserTaskRow.status == UserTaskStatus.OPEN.value,
        )
        task_ids = self._connection.execute(query).scalars().all()
        if not task_ids:
            return
        self.withdraw(task_ids)
        self._connection.execute(
            update(_TABLE)
            .where(UserTaskRow.id.in_(task_ids))
            .values(
                status=UserTaskStatus.CANCELLED.value,
                ended_at=at,
                ended_by=by,
                revision=UserTaskRow.revision + 1,
            )
        )

    def list_by_deadline(self, deadline_id: str) -> tuple[str, ...]:
        """Return ids of the tasks that show a deadline."""
        query = select(UserTaskRow.id).where(UserTaskRow.deadline_id == deadline_id)
        return tuple(self._connection.execute(query).scalars())

    def project(
        self, deadline_id: str, *, due_at: datetime, yellow_at: datetime | None, red_at: datetime | None, paused: bool
    ) -> None:
        """Show a deadline's new projection on its open tasks; only the projector of deadlines calls this."""
        open_tasks = (UserTaskRow.deadline_id == deadline_id, UserTaskRow.status == UserTaskStatus.OPEN.value)
        self._connection.execute(
            update(_TABLE).where(*open_tasks).values(due_at=due_at, yellow_at=yellow_at, red_at=red_at, paused=paused)
        )
        self._connection.execute(
            update(_CANDIDATES)
            .where(UserTaskCandidateRow.task_id.in_(select(UserTaskRow.id).where(*open_tasks)))
            .values(due_at=due_at)
        )

    def _offer(self, tasks: Sequence[UserTask], facet_names: Sequence[str]) -> None:
        rows = [row for task in tasks if task.assignee is None for row in _candidates(task, facet_names)]
        if rows:
            self._connection.execute(_OFFER, rows)


def _candidates(task: UserTask, facet_names: Sequence[str]) -> list[dict[str, Any]]:
    facets = [indexed_facet(task.facets.get(name)) for name in facet_names[:2]] + [None, None]
    candidates = [*task.candidate_groups, *(f"user:{login}" for login in task.candidate_users)]
    return [
        {
            "candidate": candidate,
            "task_id": task.id,
            "due_at": task.due_at or NEVER,
            "created_at": task.created_at,
            "priority": task.priority,
            "facet_1": facets[0],
            "facet_2": facets[1],
        }
        for candidate in dict.fromkeys(candidates)
    ]


def indexed_facet(value: object) -> str | None:
    """Return a facet as its index has it: a text, whatever the variable holds, as long as the column is wide."""
    return None if value is None else str(value)[:FACET_LENGTH]


def user_task(row: RowMapping) -> UserTask:
    """Build the value from a row."""
    values = dict(row)
    values["status"] = UserTaskStatus(values["status"])
    values["candidate_groups"] = tuple(values["candidate_groups"])
    values["candidate_users"] = tuple(values["candidate_users"])
    return UserTask(**values)


def _columns(task: UserTask, but: tuple[str, ...] = ()) -> dict[str, Any]:
    values = {name: getattr(task, name) for name in UserTask.__slots__ if name not in but}
    values["status"] = task.status.value
    values["candidate_groups"] = list(task.candidate_groups)
    values["candidate_users"] = list(task.candidate_users)
    return values
