"""Reading articles: one by its keys, a page by filters, the versions of one."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, and_, func, or_, select, true, type_coerce

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register, document
from registers.articles.content import FIELDS
from registers.articles.model import (
    Article,
    ArticlePage,
    ArticleQuery,
    ArticleStatus,
    ArticleVersion,
    Content,
    Reader,
    RemovalKind,
    Scope,
    Source,
    VersionState,
)
from registers.articles.tables import ArticleRatingRow, ArticleRow, ArticleVersionRow

PAGE_MAX = 200
SEARCH_MAX = 100
RELATED_COMPARED = 300
IN_REVIEW = (VersionState.DRAFT, VersionState.CHECKING, VersionState.REVIEWING, VersionState.APPROVED)


class ArticleReading(Register):
    """The reading half of the register."""

    def find(self, article_id: str) -> Article | None:
        """Return an article by id, or None."""
        row = self.connection.execute(select(ArticleRow).where(ArticleRow.id == article_id)).one_or_none()
        return None if row is None else article_of(row._asdict())

    def get(self, article_id: str) -> Article:
        """Return an article by id, or raise NotFound."""
        found = self.find(article_id)
        if found is None:
            raise NotFound(kind="article", id=article_id)
        return found

    def list_page(self, query: ArticleQuery) -> ArticlePage:
        """Return a page of articles, the last changed first. Raises Invalid for a limit or page key that is wrong."""
        if not 1 <= query.limit <= PAGE_MAX:
            message = f"A page has 1 to {PAGE_MAX} rows."
            raise Invalid(problems=[Problem("limit-out-of-range", "limit", message, {"max": PAGE_MAX})])
        statement = select(ArticleRow).where(*_filters(query))
        if query.after is not None:
            instant, article_id = _read_key(query.after)
            same = and_(ArticleRow.updated_at == instant, ArticleRow.id < article_id)
            statement = statement.where(or_(ArticleRow.updated_at < instant, same))
        statement = statement.order_by(ArticleRow.updated_at.desc(), ArticleRow.id.desc()).limit(query.limit + 1)
        rows = self.connection.execute(statement).all()
        items = tuple(article_of(row._asdict()) for row in rows[: query.limit])
        return ArticlePage(items, _write_key(items[-1]) if len(rows) > query.limit else None)

    def count_by(self, column: str, query: ArticleQuery) -> dict[str, int]:
        """Return how many articles a query finds for each value of `topic`, `status` or `unit` that has any."""
        counted = {"topic": ArticleRow.topic, "status": ArticleRow.status, "unit": ArticleRow.unit}[column]
        statement = select(counted, func.count()).where(*_filters(query)).group_by(counted)
        return {str(value): number for value, number in self.connection.execute(statement)}

    def is_visible(self, article_id: str, reader: Reader) -> bool:
        """Tell whether somebody may see an article."""
        statement = select(ArticleRow.id).where(ArticleRow.id == article_id, _seen_by(reader))
        return self.connection.execute(statement).one_or_none() is not None

    def visible_ids(self, article_ids: Iterable[str], reader: Reader) -> frozenset[str]:
        """Return which of some articles somebody may see."""
        statement = select(ArticleRow.id).where(ArticleRow.id.in_(tuple(article_ids)), _seen_by(reader))
        return frozenset(self.connection.execute(statement).scalars())

    def find_version(self, article_id: str, version: int) -> ArticleVersion | None:
        """Return a version of an article, or None."""
        which = ArticleVersionRow.article_id == article_id, ArticleVersionRow.version == version
        row = self.connection.execute(select(ArticleVersionRow).where(*which)).one_or_none()
        return None if row is None else version_of(row._asdict())

    def get_version(self, article_id: str, version: int) -> ArticleVersion:
        """Return a version of an article, or raise NotFound."""
        found = self.find_version(article_id, version)
        if found is None:
            raise NotFound(kind="article version", id=f"{article_id}/{version}")
        return found

    def list_versions(self, article_id: str) -> tuple[ArticleVersion, ...]:
        """Return every version of an article, the newest first."""
        statement = select(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
        rows = self.connection.execute(statement.order_by(ArticleVersionRow.version.desc()))
        return tuple(version_of(row._asdict()) for row in rows)

    def open_versions(self, article_ids: Iterable[str]) -> dict[str, ArticleVersion]:
        """Return the version that is being worked on of each article that has one."""
        states = [state.value for state in IN_REVIEW]
        which = ArticleVersionRow.article_id.in_(tuple(article_ids)), ArticleVersionRow.state.in_(states)
        rows = self.connection.execute(select(ArticleVersionRow).where(*which))
        return {row.article_id: version_of(row._asdict()) for row in rows}

    def list_comparable(self, content: Content, *, but: str) -> tuple[Article, ...]:
        """Return articles that may say the same as a content: of its topic or title, the last changed first."""
        conditions = (
            ArticleRow.id != but,
            or_(ArticleRow.topic == content.topic, ArticleRow.title == content.title),
            ArticleRow.status.not_in([ArticleStatus.WITHDRAWN.value, ArticleStatus.OFF_SHELF.value]),
        )
        statement = select(ArticleRow).where(*conditions).order_by(ArticleRow.updated_at.desc(), ArticleRow.id)
        rows = self.connection.execute(statement.limit(RELATED_COMPARED))
        return tuple(article_of(row._asdict()) for row in rows)

    def list_related(self, article: Article, reader: Reader | None, *, limit: int) -> tuple[Article, ...]:
        """Return other articles on the shelf of the same topic or with a keyword in common, the nearest first."""
        words = article.content.keywords.split()
        shared = [ArticleRow.keywords.contains(word, autoescape=True) for word in words]
        conditions: list[ColumnElement[bool]] = [
            ArticleRow.id != article.id,
            ArticleRow.on_shelf.is_(True),
            or_(ArticleRow.topic == article.content.topic, *shared),
        ]
        if reader is not None:
            conditions.append(_seen_by(reader))
        statement = select(ArticleRow).where(*conditions).order_by(ArticleRow.updated_at.desc(), ArticleRow.id)
        found = [article_of(row._asdict()) for row in self.connection.execute(statement.limit(RELATED_COMPARED))]
        return tuple(sorted(found, key=lambda other: -_nearness(article, other))[:limit])


def _nearness(article: Article, other: Article) -> int:
    """Return how much two articles have in common: keywords, and the topic as one more."""
    words = set(article.content.keywords.split()) & set(other.content.keywords.split())
    return len(words) + (article.content.topic == other.content.topic)


def article_of(values: Mapping[str, Any]) -> Article:
    """Build an article from its row."""
    kind = values["removal_kind"]
    typed = {
        "content": content_of(values),
        "source": Source(values["source"]),
        "status": ArticleStatus(values["status"]),
        "removal_kind": None if kind is None else RemovalKind(kind),
    }
    return Article(**{name: value for name, value in values.items() if name not in FIELDS} | typed)


def version_of(values: Mapping[str, Any]) -> ArticleVersion:
    """Build a version from its row."""
    typed = {
        "content": content_of(values),
        "state": VersionState(values["state"]),
        "findings": tuple(values["findings"]),
        "reviewers": tuple(values["reviewers"]),
    }
    return ArticleVersion(**{name: value for name, value in values.items() if name not in FIELDS} | typed)


def content_of(values: Mapping[str, Any]) -> Content:
    """Build the content out of the columns of an article or of a version."""
    return Content(**{name: values[name] for name in FIELDS} | {"scope": Scope(values["scope"])})


def content_values(content: Content) -> dict[str, object]:
    """Return the columns of a content."""
    return {name: getattr(content, name) for name in FIELDS} | {"scope": content.scope.value}


def _filters(query: ArticleQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    lists = (
        (ArticleRow.status, query.statuses),
        (ArticleRow.topic, query.topics),
        (ArticleRow.unit, query.units),
        (ArticleRow.scope, query.scopes),
    )
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    if query.author is not None:
        conditions.append(ArticleRow.author == query.author)
    if query.review_due is not None:
        conditions += [ArticleRow.on_shelf.is_(True), ArticleRow.review_due_on <= query.review_due]
    if query.in_review:
        conditions.append(ArticleRow.open_version.is_not(None))
    conditions += [_says(word) for word in query.search[:SEARCH_MAX].split()]
    conditions += [_is_tagged(tag) for tag in query.tags]
    if query.reader is not None:
        conditions.append(_seen_by(query.reader))
    return conditions or [true()]


def _says(word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in one of the texts."""
    columns = (ArticleRow.title, ArticleRow.keywords, ArticleRow.body, ArticleRow.basis, ArticleRow.article_no)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _is_tagged(tag: str) -> ColumnElement[bool]:
    """Return the condition that a reader of the version on the shelf has given it an impression."""
    given = (
        ArticleRatingRow.article_id == ArticleRow.id,
        ArticleRatingRow.version == ArticleRow.version,
        type_coerce(ArticleRatingRow.tags, Text).contains(document(tag), autoescape=True),
    )
    return select(ArticleRatingRow.rater).where(*given).exists()


def _seen_by(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that somebody may see an article; who has no way sees nothing."""
    ways: list[ColumnElement[bool]] = []
    if reader.scopes:
        scopes = [scope.value for scope in reader.scopes]
        ways.append(and_(ArticleRow.on_shelf.is_(True), ArticleRow.scope.in_(scopes)))
    if reader.author is not None:
        drafts = select(ArticleVersionRow.article_id).where(ArticleVersionRow.author == reader.author)
        ways += [ArticleRow.author == reader.author, ArticleRow.id.in_(drafts)]
    if reader.units:
        ways.append(ArticleRow.unit.in_(reader.units))
    if reader.article_ids:
        ways.append(ArticleRow.id.in_(reader.article_ids))
    return or_(*ways) if ways else ~true()


def _write_key(article: Article) -> str:
    """Return the opaque key of the page after an article."""
    return base64.urlsafe_b64encode(orjson.dumps([article.updated_at.isoformat(), article.id])).decode()


def _read_key(after: str) -> tuple[datetime, str]:
    """Read a page key, or raise Invalid."""
    try:
        instant, article_id = orjson.loads(base64.urlsafe_b64decode(after.encode()))
        at = datetime.fromisoformat(instant)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")]) from error
    if at.tzinfo is None or not isinstance(article_id, str):
        raise Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")])
    return at, article_id
