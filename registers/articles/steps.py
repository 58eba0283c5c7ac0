"""What the flows do to an article: one verb per step. Handlers call these; nothing else changes a status.

The status of an article is worked out from two things, and written by `_settle` alone: is it on the shelf, and how
far has the version come that is being worked on.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from engine.errors import Conflict
from registers.articles.content import check_content, problems_of
from registers.articles.model import (
    Article,
    ArticleStatus,
    ArticleVersion,
    Content,
    RemovalKind,
    VersionState,
)
from registers.articles.reading import ArticleReading, article_of, content_values, version_of
from registers.articles.tables import ArticleRow, ArticleVersionRow
from registers.codes import CodeRegister


class ArticleSteps(ArticleReading):
    """The changing half of the register. Every verb raises NotFound for what is not there."""

    def attach_instance(self, article_id: str, instance_id: str) -> Article:
        """Note which process instance carries the article's way to the shelf."""
        return self._change(article_id, {"process_instance_id": instance_id})

    def open_revision(
        self, article_id: str, *, author: str | None, reason: str, correction_id: str | None = None
    ) -> ArticleVersion:
        """Begin the next version, with the content of the last one on the shelf.

        author   who writes it; None: any editor of the owner unit
        Raises   Conflict where a version is being worked on already, or where there has never been one on the shelf
        """
        article = self.lock(article_id)
        if article.open_version is not None:
            message = f"The version {article.open_version} of the article {article_id} is being worked on."
            params = {"article_no": article.article_no, "version": article.open_version}
            raise Conflict(message, code="article-revision-open", **params)
        if article.version == 0:
            message = f"The article {article_id} has never been on the shelf."
            raise Conflict(message, code="article-never-shelved", article_no=article.article_no)
        last = self.connection.execute(
            select(func.max(ArticleVersionRow.version)).where(ArticleVersionRow.article_id == article_id)
        ).scalar_one()
        content = self.get_version(article_id, article.version).content
        made = {"author": author, "reason": reason, "correction_id": correction_id}
        return self.add_version(article_id, last + 1, content, made)

    def add_version(self, article_id: str, number: int, content: Content, made: Mapping[str, object]) -> ArticleVersion:
        """Add a version in the state of a draft; `made` says author, reason and correction."""
        now = self.clock.now()
        values = {
            **content_values(content),
            **made,
            "article_id": article_id,
            "version": number,
            "state": VersionState.DRAFT.value,
            "findings": [],
            "reviewers": [],
            "created_at": now,
            "changed_at": now,
        }
        row = self.connection.execute(insert(ArticleVersionRow).values(**values).returning(ArticleVersionRow)).one()
        self._settle(article_id, {"open_version": number})
        return version_of(row._asdict())

    def find_problems(self, content: Content) -> tuple[str, ...]:
        """Return the code of each reason for which a content cannot be kept."""
        problems = problems_of(content, CodeRegister(self.connection, self.clock))
        return tuple(problem.code for problem in problems)

    def write(self, article_id: str, content: Content, *, by: str, reason: str | None = None) -> ArticleVersion:
        """Put down what the author has written. Raises Invalid for what cannot be kept."""
        check_content(content, CodeRegister(self.connection, self.clock))
        article = self.get(article_id)
        changed: dict[str, object] = {**content_values(content), "author": by}
        if reason:
            changed["reason"] = reason
        version = self._change_version(article, changed)
        if article.version == 0:
            self._change(article_id, content_values(content))
        return version

    def begin_check(self, article_id: str) -> ArticleVersion:
        """智能审核: the automatic review looks at the draft; an earlier round's reviewers count no more."""
        return self._move(article_id, VersionState.CHECKING, {"reviewers": [], "opinion": None})

    def note_findings(self, article_id: str, findings: Iterable[Mapping[str, object]]) -> ArticleVersion:
        """Keep what the automatic review has found."""
        return self._change_version(self.get(article_id), {"findings": [dict(one) for one in findings]})

    def begin_review(self, article_id: str) -> ArticleVersion:
        """人工审核: people look at it."""
        return self._move(article_id, VersionState.REVIEWING, {})

    def note_review(self, article_id: str, *, reviewer: str, opinion: str | None) -> ArticleVersion:
        """Note who has passed the version, after those of the levels before."""
        article = self.get(article_id)
        reviewers = [*self._open(article).reviewers, reviewer]
        return self._change_version(article, {"reviewers": reviewers, "opinion": opinion})

    def give_back(self, article_id: str, *, opinion: str | None) -> ArticleVersion:
        """退回: the author writes on."""
        return self._move(article_id, VersionState.DRAFT, {"opinion": opinion})

    def approve(self, article_id: str, *, expires_on: date) -> ArticleVersion:
        """审核通过: it waits for its first day; from now on it is known when it ends."""
        return self._move(article_id, VersionState.APPROVED, {"expires_on": expires_on})

    def shelve(self, article_id: str, *, review_due_on: date) -> Article:
        """上架: the version is what readers read; the one before is history, and the score begins anew."""
        article = self.get(article_id)
        now = self.clock.now()
        version = self._open(article)
        before = ArticleVersionRow.article_id == article_id, ArticleVersionRow.state == VersionState.SHELVED.value
        superseded = {"state": VersionState.SUPERSEDED.value, "ended_at": now}
        self.connection.execute(update(ArticleVersionRow).where(*before).values(**superseded))
        self._change_version(article, {"state": VersionState.SHELVED.value, "shelved_at": now})
        return self._settle(
            article_id,
            {
                **content_values(version.content),
                "on_shelf": True,
                "version": version.version,
                "open_version": None,
                "review_due_on": review_due_on,
                "shelved_at": now,
                "votes": 0,
                "average": None,
                "low_since": None,
                "removed_at": None,
                "removed_by": None,
                "removal_kind": None,
                "removal_reason": None,
            },
        )

    def withdraw(self, article_id: str) -> Article:
        """放弃: the version that is being worked on comes to nothing; what is on the shelf stays there."""
        article = self.get(article_id)
        self._change_version(article, {"state": VersionState.WITHDRAWN.value, "ended_at": self.clock.now()})
        return self._settle(article_id, {"open_version": None})

    def remove(self, article_id: str, *, kind: RemovalKind, reason: str, by: str) -> Article:
        """下架: readers do not find it any more; who, when and why is kept."""
        now = self.clock.now()
        shelved = ArticleVersionRow.article_id == article_id, ArticleVersionRow.state == VersionState.SHELVED.value
        self.connection.execute(update(ArticleVersionRow).where(*shelved).values(ended_at=now))
        return self._settle(
            article_id,
            {
                "on_shelf": False,
                "low_since": None,
                "removed_at": now,
                "removed_by": by,
                "removal_kind": kind.value,
                "removal_reason": reason,
            },
        )

    def note_score(self, article_id: str, *, low: bool) -> Article:
        """Remember since when the score is low, or that it is not any more."""
        article = self.get(article_id)
        if low == (article.low_since is not None):
            return article
        return self._change(article_id, {"low_since": self.clock.now() if low else None})

    def lock(self, article_id: str) -> Article:
        """Return an article that no other transaction changes until this one ends."""
        statement = select(ArticleRow.id).where(ArticleRow.id == article_id).with_for_update()
        self.connection.execute(statement).one_or_none()
        return self.get(article_id)

    def _open(self, article: Article) -> ArticleVersion:
        """Return the version that is being worked on. Raises Conflict where there is none."""
        if article.open_version is None:
            message = f"No version of the article {article.id} is being worked on."
            raise Conflict(message, code="article-no-revision", article_no=article.article_no)
        return self.get_version(article.id, article.open_version)

    def _move(self, article_id: str, to: VersionState, values: Mapping[str, object]) -> ArticleVersion:
        """Bring the version that is being worked on into another state."""
        version = self._change_version(self.get(article_id), {**values, "state": to.value})
        self._settle(article_id, {})
        return version

    def _change_version(self, article: Article, values: Mapping[str, object]) -> ArticleVersion:
        """Change columns of the version that is being worked on."""
        which = (
            ArticleVersionRow.article_id == article.id,
            ArticleVersionRow.version == self._open(article).version,
        )
        statement = update(ArticleVersionRow).where(*which).values(**values, changed_at=self.clock.now())
        row = self.connection.execute(statement.returning(ArticleVersionRow)).one()
        return version_of(row._asdict())

    def _settle(self, article_id: str, values: Mapping[str, Any]) -> Article:
        """Change columns of an article and work its status out anew."""
        article = self._change(article_id, values)
        open_version = None if article.open_version is None else self._open(article)
        status = status_of(article, open_version)
        if status is article.status:
            return article
        return self._change(article_id, {"status": status.value, "status_since": self.clock.now()})

    def _change(self, article_id: str, values: Mapping[str, Any]) -> Article:
        """Change columns of an article."""
        changed = {**values, "updated_at": self.clock.now(), "revision": ArticleRow.revision + 1}
        statement = update(ArticleRow).where(ArticleRow.id == article_id).values(**changed).returning(ArticleRow)
        row = self.connection.execute(statement).one_or_none()
        return self.get(article_id) if row is None else article_of(row._asdict())


def status_of(article: Article, version: ArticleVersion | None) -> ArticleStatus:
    """Return how an article stands: on the shelf or not, and how far the version has come that is worked on."""
    if article.on_shelf:
        if version is None:
            return ArticleStatus.ON_SHELF
        return ArticleStatus.REVISING if version.correction_id is None else ArticleStatus.CORRECTING
    if version is not None:
        return ArticleStatus(version.state.value)
    return ArticleStatus.OFF_SHELF if article.version else ArticleStatus.WITHDRAWN
