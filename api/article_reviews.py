"""流转监控: where every article stands on its way to the shelf, since when, and whether that is too long."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.article_access import reader_of
from api.article_view import names_of
from api.context import now
from api.credentials import Caller
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import user_tasks
from registers.articles import TOPICS, Article, ArticleQuery, ArticleRegister, ArticleVersion
from registers.codes import CodeRegister
from registers.org import AccountRegister

ON_THE_WAY = "knowledge_publish"


def reviews(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of what is on its way, each with its present step; of a page only the overdue, where asked."""
    articles = uow.get(ArticleRegister)
    page = articles.list_page(
        ArticleQuery(
            in_review=True,
            units=tuple(given["unit"]),
            reader=reader_of(uow, caller, insider=True),
            after=given["after"],
            limit=given["limit"],
        )
    )
    versions = articles.open_versions([article.id for article in page.items])
    names = names_of(uow, page.items)
    at = now()
    found = [
        _row(uow, article, versions[article.id], at) | {"unit_name": names.units.get(article.unit)}
        for article in page.items
        if article.id in versions
    ]
    return {
        "items": [one for one in found if one["overdue"] or not given["overdue"]],
        "next_after": page.next_after,
    }


def _row(uow: UnitOfWork, article: Article, version: ArticleVersion, at: datetime) -> dict[str, object]:
    """Return how one version stands: its step, who has it, since when, until when."""
    task = _open_task(uow, article.id)
    since = version.changed_at if task is None else task.created_at
    holder = None if task is None or task.assignee is None else uow.get(AccountRegister).find_by_login(task.assignee)
    return {
        "article_id": article.id,
        "article_no": article.article_no,
        "title": version.content.title,
        "topic": version.content.topic,
        "topic_name": uow.get(CodeRegister).name_of(TOPICS, version.content.topic),
        "unit": article.unit,
        "version": version.version,
        "state": version.state.value,
        "state_name": version.state.label,
        "step": None if task is None else task.element_id,
        "step_name": version.state.label if task is None else task.name,
        "task_id": None if task is None else task.id,
        "candidate_groups": [] if task is None else list(task.candidate_groups),
        "assignee": None if task is None else task.assignee,
        "assignee_name": None if holder is None else holder.name,
        "since": since,
        "waiting_hours": round((at - since).total_seconds() / 3600, 1),
        "due_at": None if task is None else task.due_at,
        "light": None if task is None else user_tasks.user_task_light(task, at),
        "overdue": task is not None and task.red_at is not None and task.red_at <= at,
        "effective_on": version.content.effective_on,
    }


def _open_task(uow: UnitOfWork, article_id: str) -> UserTask | None:
    """Return the task that an article waits for on its way, or None where it waits for none."""
    open_tasks = [
        task
        for task in user_tasks.list_of_case(uow, article_id)
        if task.status is UserTaskStatus.OPEN and task.process_key == ON_THE_WAY
    ]
    return open_tasks[-1] if open_tasks else None
