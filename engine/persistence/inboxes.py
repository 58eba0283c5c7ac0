"""Reading inboxes: the first rows of each candidate, merged; pages by key; counts that stop at a cap.

One index answers each part of the union, so that a page costs the same whether a group has ten tasks or a million,
also for several rare groups at once (a plain `IN` takes half a second there).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, union_all

from engine.model.user_task import InboxQuery, Page, UserTask, UserTaskStatus
from engine.persistence.base import table_of
from engine.persistence.keyset import decode, encode
from engine.persistence.runtime_tables import UserTaskCandidateRow, UserTaskRow
from engine.persistence.user_tasks import NEVER, indexed_facet, user_task

_TABLE = table_of(UserTaskRow)
COUNT_CAP = 1000
LIGHTS = ("绿", "黄", "红", "灰")


class InboxRepository:
    """Pages and counts of the tasks that a person may see."""

    def __init__(self, connection: Connection, facet_names: Sequence[str]) -> None:
        """Know which facets have an index: the first two names."""
        self._connection = connection
        self._indexed = dict(zip(facet_names, _FACET_COLUMNS, strict=False))

    def page(self, query: InboxQuery) -> Page[UserTask]:
        """Return one page of an inbox."""
        if query.box == "done":
            return self._done(query)
        keys = self._merged(query, query.limit + 1)
        rows = self._connection.execute(select(_TABLE).where(UserTaskRow.id.in_([key[1] for key in keys])))
        by_id = {row["id"]: user_task(row) for row in rows.mappings()}
        items = tuple(by_id[task_id] for _, task_id in keys[: query.limit])
        more = len(keys) > query.limit
        return Page(items, encode(*keys[query.limit - 1]) if more else None)

    def count(self, query: InboxQuery) -> dict[str, int]:
        """Return `total` and, of open tasks, one count per light; each stops at COUNT_CAP + 1, meaning `more`."""
        if query.box == "done":
            return {"total": self._count_done(query)}
        everything = replace(query, after=None, lights=())
        counts = {"total": len(self._merged(everything, COUNT_CAP + 1))}
        for light in LIGHTS:
            counts[light] = len(self._merged(replace(everything, lights=(light,)), COUNT_CAP + 1))
        return counts

    def _count_done(self, query: InboxQuery) -> int:
        chosen = select(UserTaskRow.id).where(*_done_conditions(query)).limit(COUNT_CAP + 1)
        return self._connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()

    def _merged(self, query: InboxQuery, limit: int) -> list[tuple[Any, str]]:
        parts = []
        if query.box in ("mine", "all"):
            parts.append(self._mine(query, limit))
        if query.box in ("pool", "all"):
            parts += [self._pool(query, candidate, limit) for candidate in (*query.groups, f"user:{query.user}")]
        falling = query.sort.startswith("-")
        subqueries = [select(part.subquery()) for part in parts]
        rows = self._connection.execute(union_all(*subqueries) if len(subqueries) > 1 else subqueries[0]).all()
        unique = {task_id: key for key, task_id in rows}
        ordered = sorted(((key, task_id) for task_id, key in unique.items()), reverse=falling)
        return ordered[:limit]

    def _mine(self, query: InboxQuery, limit: int) -> Select[Any, Any]:
        column = {"due": UserTaskRow.due_at, "created": UserTaskRow.created_at, "priority": UserTaskRow.priority}[
            query.sort.lstrip("-")
        ]
        key = func.coalesce(column, NEVER, type_=column.type) if column is UserTaskRow.due_at else column
        chosen = select(key.label("sort_key"), UserTaskRow.id.label("task_id")).where(
            UserTaskRow.assignee == query.user,
            UserTaskRow.status == UserTaskStatus.OPEN.value,
            *_task_conditions(query),
            *_facet_conditions(query, skip=()),
        )
        return _ordered(chosen, key, UserTaskRow.id, query, limit)

    def _pool(self, query: InboxQuery, candidate: str, limit: int) -> Select[Any, Any]:
        column = {
            "due": UserTaskCandidateRow.due_at,
            "created": UserTaskCandidateRow.created_at,
            "priority": UserTaskCandidateRow.priority,
        }[query.sort.lstrip("-")]
        chosen = select(column.label("sort_key"), UserTaskCandidateRow.task_id.label("task_id")).where(
            UserTaskCandidateRow.candidate == candidate
        )
        for name, value in query.facets:
            if name in self._indexed:
                chosen = chosen.where(self._indexed[name] == indexed_facet(value))
        conditions = _task_conditions(query) + _facet_conditions(query, skip=tuple(self._indexed))
        if conditions:
            chosen = chosen.join(_TABLE, UserTaskRow.id == UserTaskCandidateRow.task_id).where(*conditions)
        return _ordered(chosen, column, UserTaskCandidateRow.task_id, query, limit)

    def _done(self, query: InboxQuery) -> Page[UserTask]:
        chosen = (
            select(_TABLE)
            .where(*_done_conditions(query))
            .order_by(UserTaskRow.ended_at.desc(), UserTaskRow.id.desc())
            .limit(query.limit + 1)
        )
        if query.after is not None:
            at, last = decode(query.after, datetime, str)
            chosen = chosen.where(
                or_(UserTaskRow.ended_at < at, and_(UserTaskRow.ended_at == at, UserTaskRow.id < last))
            )
        tasks = [user_task(row) for row in self._connection.execute(chosen).mappings()]
        items = tuple(tasks[: query.limit])
        more = len(tasks) > query.limit
        return Page(items, encode(items[-1].ended_at, items[-1].id) if more else None)


_FACET_COLUMNS = (UserTaskCandidateRow.facet_1, UserTaskCandidateRow.facet_2)


def _ordered(chosen: Select[Any, Any], key: Any, task_id: Any, query: InboxQuery, limit: int) -> Select[Any, Any]:  # noqa: ANN401
    falling = query.sort.startswith("-")
    if query.after is not None:
        value, last = decode(query.after, int if query.sort.lstrip("-") == "priority" else datetime, str)
        beyond = (key < value, task_id < last) if falling else (key > value, task_id > last)
        chosen = chosen.where(or_(beyond[0], and_(key == value, beyond[1])))
    order = (key.desc(), task_id.desc()) if falling else (key, task_id)
    return chosen.order_by(*order).limit(limit)


def _task_conditions(query: InboxQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.process_key:
        conditions.append(UserTaskRow.process_key == query.process_key)
    if query.element_ids:
        conditions.append(UserTaskRow.element_id.in_(query.element_ids))
    if query.business_key:
        conditions.append(UserTaskRow.business_key == query.business_key)
    conditions += [UserTaskRow.search_text.contains(word, autoescape=True) for word in query.search.split()]
    if query.lights:
        conditions.append(or_(*(light_condition(light, query.now) for light in query.lights)))
    return conditions


def _done_conditions(query: InboxQuery) -> list[ColumnElement[bool]]:
    return [
        UserTaskRow.ended_by == query.user,
        UserTaskRow.status == UserTaskStatus.COMPLETED.value,
        *_task_conditions(query),
    ]


def _facet_conditions(query: InboxQuery, *, skip: tuple[str, ...]) -> list[ColumnElement[bool]]:
    # Every facet's text stands in search_text as `name=value`, so that a filter without an index needs no JSON.
    return [
        UserTaskRow.search_text.contains(f"\n{name}={value}\n", autoescape=True)
        for name, value in query.facets
        if name not in skip
    ]


def light_condition(light: str, now: datetime) -> ColumnElement[bool]:
    """Tell in SQL which tasks show a light at an instant; the same rule as `user_task_light` of the services."""
    if light == "灰":
        return UserTaskRow.paused.is_(True)
    red = func.coalesce(UserTaskRow.red_at, NEVER, type_=UserTaskRow.red_at.type)
    yellow = func.coalesce(UserTaskRow.yellow_at, NEVER, type_=UserTaskRow.red_at.type)
    begun = {"红": (red <= now,), "黄": (yellow <= now, red > now), "绿": (yellow > now, red > now)}[light]
    return and_(UserTaskRow.paused.is_(False), *begun)
