"""Reading patrol tasks: one by its id, with its objects, or a page by filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from engine.errors import NotFound
from engine.persistence.base import Register
from registers.patrols.areas import below, within
from registers.patrols.checklist import read_checklist
from registers.patrols.model import PATROLLING, CheckResult, PatrolScope, PatrolTask, TaskObject, TaskStatus
from registers.patrols.objects import object_of
from registers.patrols.pages import check_limit, read_instant_key, write_key
from registers.patrols.tables import PatrolFindingRow, PatrolObjectRow, PatrolTaskObjectRow, PatrolTaskRow
from registers.patrols.templates import limit_of

SEARCH_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQuery:
    """Which tasks a page shows, newest first; an empty filter lets everything through.

    stages   words of the status, and `patrolling` for a received one on which somebody is under way
    missed   only those whose time was over, or only the others
    case_id  the task on which a case was found
    scope    None: all tasks
    """

    stages: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    template_id: str | None = None
    case_id: str | None = None
    occurrence_on: date | None = None
    dispatched_from: datetime | None = None
    dispatched_to: datetime | None = None
    missed: bool | None = None
    search: str = ""
    scope: PatrolScope | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of tasks, and the key of the next one."""

    items: tuple[PatrolTask, ...]
    next_after: str | None


class PatrolTaskReading(Register):
    """The reading half of the register."""

    def find(self, task_id: str) -> PatrolTask | None:
        """Return a task by id, or None."""
        row = self.connection.execute(select(PatrolTaskRow).where(PatrolTaskRow.id == task_id)).one_or_none()
        return None if row is None else task_of(row._asdict())

    def get(self, task_id: str) -> PatrolTask:
        """Return a task by id, or raise NotFound."""
        found = self.find(task_id)
        if found is None:
            raise NotFound(kind="patrol task", id=task_id)
        return found

    def is_visible(self, task_id: str, scope: PatrolScope) -> bool:
        """Tell whether a task lies in a scope."""
        statement = select(PatrolTaskRow.id).where(PatrolTaskRow.id == task_id, in_scope(scope))
        return self.connection.execute(statement).one_or_none() is not None

    def has_task(self, template_id: str, day: date, member: str) -> bool:
        """Tell whether a plan has given a member a task on a day."""
        same = (
            PatrolTaskRow.template_id == template_id,
            PatrolTaskRow.occurrence_on == day,
            PatrolTaskRow.member == member,
        )
        return self.connection.execute(select(PatrolTaskRow.id).where(*same)).first() is not None

    def objects_of(self, task_id: str) -> tuple[TaskObject, ...]:
        """Return the objects of a task in their order, each with the visit that counts."""
        statement = (
            select(PatrolTaskObjectRow, PatrolObjectRow)
            .join(PatrolObjectRow, PatrolObjectRow.id == PatrolTaskObjectRow.object_id)
            .where(PatrolTaskObjectRow.task_id == task_id)
            .order_by(PatrolTaskObjectRow.position)
        )
        size = len(PatrolTaskObjectRow.__table__.columns)
        return tuple(_task_object(tuple(row), size) for row in self.connection.execute(statement))

    def list_page(self, query: TaskQuery) -> TaskPage:
        """Return a page of tasks. Raises Invalid for an unknown limit or page key."""
        limit = check_limit(query.limit)
        statement = select(PatrolTaskRow).where(*_filters(query))
        if query.after is not None:
            at, last_id = read_instant_key(query.after)
            same = and_(PatrolTaskRow.dispatched_at == at, PatrolTaskRow.id < last_id)
            statement = statement.where(or_(PatrolTaskRow.dispatched_at < at, same))
        order = PatrolTaskRow.dispatched_at.desc(), PatrolTaskRow.id.desc()
        rows = self.connection.execute(statement.order_by(*order).limit(limit + 1)).all()
        items = tuple(task_of(row._asdict()) for row in rows[:limit])
        return TaskPage(items, write_key(items[-1].dispatched_at, items[-1].id) if len(rows) > limit else None)


def task_of(values: Mapping[str, Any]) -> PatrolTask:
    """Build a task from its row."""
    plain = {name: value for name, value in values.items() if name not in LIMIT}
    return PatrolTask(
        **plain
        | {
            "limit": limit_of(values),
            "checklist": read_checklist(values["checklist"]),
            "status": TaskStatus(values["status"]),
        }
    )


LIMIT = frozenset({"limit_value", "limit_unit", "calendar"})


def in_scope(scope: PatrolScope) -> ColumnElement[bool]:
    """Return the condition that a task lies in a scope; an empty scope holds nothing."""
    ways: list[ColumnElement[bool]] = []
    if scope.units:
        ways.append(below(PatrolTaskRow.unit, scope.units))
        ways.append(within((PatrolTaskRow.community, PatrolTaskRow.street, PatrolTaskRow.district), scope.units))
    if scope.member is not None:
        ways.append(PatrolTaskRow.member == scope.member)
    return or_(false(), *ways)


def _filters(query: TaskQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    singles = (
        (PatrolTaskRow.template_id, query.template_id),
        (PatrolTaskRow.occurrence_on, query.occurrence_on),
    )
    conditions = [true(), *(column == value for column, value in singles if value is not None)]
    if query.stages:
        conditions.append(or_(*(_at_stage(stage) for stage in query.stages)))
    if query.members:
        conditions.append(PatrolTaskRow.member.in_(query.members))
    if query.case_id is not None:
        found = select(PatrolFindingRow.task_id).where(PatrolFindingRow.case_id == query.case_id)
        conditions.append(PatrolTaskRow.id.in_(found))
    if query.dispatched_from is not None:
        conditions.append(PatrolTaskRow.dispatched_at >= query.dispatched_from)
    if query.dispatched_to is not None:
        conditions.append(PatrolTaskRow.dispatched_at < query.dispatched_to)
    if query.missed is not None:
        conditions.append(PatrolTaskRow.missed_at.is_not(None) if query.missed else PatrolTaskRow.missed_at.is_(None))
    texts = (PatrolTaskRow.title, PatrolTaskRow.member)
    conditions += [
        or_(*(column.icontains(word, autoescape=True) for column in texts))
        for word in query.search[:SEARCH_MAX].split()
    ]
    if query.scope is not None:
        conditions.append(in_scope(query.scope))
    return conditions


def _at_stage(stage: str) -> ColumnElement[bool]:
    """Return the condition of a stage: a status, split where somebody is under way."""
    received = PatrolTaskRow.status == TaskStatus.RECEIVED.value
    if stage == PATROLLING:
        return and_(received, PatrolTaskRow.started_at.is_not(None))
    if stage == TaskStatus.RECEIVED:
        return and_(received, PatrolTaskRow.started_at.is_(None))
    return PatrolTaskRow.status == stage


def _task_object(values: tuple[Any, ...], size: int) -> TaskObject:
    """Build an object of a task from the columns of both its rows."""
    own = dict(zip(PatrolTaskObjectRow.__table__.columns.keys(), values[:size], strict=True))
    shared = dict(zip(PatrolObjectRow.__table__.columns.keys(), values[size:], strict=True))
    result = own["result"]
    return TaskObject(
        task_id=own["task_id"],
        object=object_of(shared),
        position=own["position"],
        checked_at=own["checked_at"],
        result=None if result is None else CheckResult(result),
    )
