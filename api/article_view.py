"""Articles as they are shown: names beside codes, and the work behind them for insiders only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from api.article_access import inside_of, is_insider, reader_of, reads_version
from api.context import now
from api.credentials import Caller
from engine.ports import UnitOfWork
from registers.articles import (
    TAGS,
    TOPICS,
    Article,
    ArticleQuery,
    ArticleRegister,
    ArticleVersion,
    Content,
    Correction,
    CorrectionRegister,
    Rating,
    RatingRegister,
    Scope,
)
from registers.articles.telling import day_of
from registers.codes import CodeRegister
from registers.org import AccountRegister, UnitRegister

SUMMARY_MAX = 160
RELATED_MOST = 5
SCOPE_NAMES = {Scope.PUBLIC: "面向公众", Scope.INTERNAL: "内部使用"}
# Only insiders read who works on an article and why it was taken off.
INSIDE = ("author", "open_version", "low_since", "process_instance_id", "removed_by", "removal_reason")
OWN = tuple(field.name for field in fields(Article) if field.name != "content")
CONTENT = tuple(field.name for field in fields(Content))


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what articles mention."""

    topics: Mapping[str, str]
    units: Mapping[str, str]
    people: Mapping[str, str]


def names_of(uow: UnitOfWork, articles: Iterable[Article], logins: Iterable[str | None] = ()) -> Names:
    """Look up the names of topics, units and people."""
    listed = tuple(articles)
    codes, accounts = uow.get(CodeRegister), uow.get(AccountRegister)
    wanted = {article.author for article in listed} | {login for login in logins if login}
    found = {login: accounts.find_by_login(login) for login in wanted}
    return Names(
        topics={code: codes.name_of(TOPICS, code) for code in {article.content.topic for article in listed}},
        units=uow.get(UnitRegister).names_of({article.unit for article in listed}),
        people={login: account.name for login, account in found.items() if account is not None},
    )


def list_articles(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of the articles that she may see."""
    page = uow.get(ArticleRegister).list_page(query_of(uow, caller, given))
    return {"items": rows(uow, page.items, caller), "next_after": page.next_after}


def query_of(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> ArticleQuery:
    """Return the register's query for the filters of a request, within what the caller may see."""
    paging = {name: given[name] for name in ("after", "limit") if name in given}
    return ArticleQuery(
        statuses=tuple(given["status"]),
        topics=topics_below(uow, given["topic"]),
        units=tuple(given["unit"]),
        scopes=tuple(given["scope"]),
        tags=tuple(given["tag"]),
        author=caller.login if given["mine"] else None,
        search=given["search"],
        review_due=day_of(now()) if given["review_due"] else None,
        reader=reader_of(uow, caller),
        **paging,
    )


def topics_below(uow: UnitOfWork, topics: Iterable[str]) -> tuple[str, ...]:
    """Return topics with everything below them in the tree."""
    codes = uow.get(CodeRegister)
    found: dict[str, None] = {}
    waiting = list(topics)
    while waiting:
        topic = waiting.pop()
        if topic not in found:
            found[topic] = None
            waiting += [code.code for code in codes.list_codes(TOPICS, parent=topic, enabled=None)]
    return tuple(sorted(found))


def counts(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, object]:
    """Return how many articles there are for each topic and status, within what the caller may see."""
    query, articles = query_of(uow, caller, given), uow.get(ArticleRegister)
    return {f"by_{column}": articles.count_by(column, query) for column in ("topic", "status", "unit")}


def rows(uow: UnitOfWork, articles: Sequence[Article], caller: Caller) -> list[dict[str, object]]:
    """Return articles as a list shows them, with the beginning of their text."""
    names, inside = names_of(uow, articles), inside_of(uow, caller, articles)
    return [_row(article, names, inside=article.id in inside) for article in articles]


def shown(uow: UnitOfWork, article: Article, caller: Caller) -> dict[str, object]:
    """Return an article with its text, its impressions and its relations; insiders read the draft too."""
    inside = is_insider(uow, caller, article)
    articles, names = uow.get(ArticleRegister), names_of(uow, [article])
    related = articles.list_related(article, reader_of(uow, caller), limit=RELATED_MOST)
    draft = articles.open_versions([article.id]).get(article.id) if inside else None
    return _row(article, names, inside=inside) | {
        "body": article.content.body,
        "tags": impressions(uow, uow.get(RatingRegister).score_of(article).tags),
        "related": [{"id": one.id, "article_no": one.article_no, "title": one.content.title} for one in related],
        "draft": None if draft is None else version(uow, draft, inside=True),
        "can_see_work": inside,
    }


def impressions(uow: UnitOfWork, tags: Mapping[str, int]) -> list[dict[str, object]]:
    """Return impressions with their names and how many readers share them, the most frequent first."""
    codes = uow.get(CodeRegister)
    return [{"tag": tag, "name": codes.name_of(TAGS, tag), "count": count} for tag, count in tags.items()]


def versions(uow: UnitOfWork, article: Article, caller: Caller) -> list[dict[str, object]]:
    """Return the versions of an article, newest first: what stood on the shelf for her, for insiders all."""
    inside = is_insider(uow, caller, article)
    found = uow.get(ArticleRegister).list_versions(article.id)
    return [version(uow, one, inside=inside) for one in found if inside or reads_version(caller, one)]


def version(uow: UnitOfWork, one: ArticleVersion, *, inside: bool) -> dict[str, object]:
    """Return a version with its content; who wrote and reviewed it, and what was found, for insiders."""
    accounts = uow.get(AccountRegister)
    author = None if one.author is None else accounts.find_by_login(one.author)
    return _content(one.content) | {
        "topic_name": uow.get(CodeRegister).name_of(TOPICS, one.content.topic),
        "article_id": one.article_id,
        "version": one.version,
        "body": one.content.body,
        "state": one.state.value,
        "state_name": one.state.label,
        "reason": one.reason if inside else None,
        "author": one.author if inside else None,
        "author_name": author.name if inside and author is not None else None,
        "correction_id": one.correction_id if inside else None,
        "findings": list(one.findings) if inside else [],
        "opinion": one.opinion if inside else None,
        "reviewers": list(one.reviewers) if inside else [],
        "created_at": one.created_at,
        "changed_at": one.changed_at,
        "shelved_at": one.shelved_at,
        "ended_at": one.ended_at,
    }


def ratings(uow: UnitOfWork, article: Article, caller: Caller) -> dict[str, object]:
    """Return the score of an article and what readers say of versions that she may read; names are for insiders."""
    inside, register = is_insider(uow, caller, article), uow.get(RatingRegister)
    score = register.score_of(article)
    found = uow.get(ArticleRegister).list_versions(article.id)
    rated = None if inside else [one.version for one in found if reads_version(caller, one)]
    return {
        "votes": score.votes,
        "average": score.average,
        "tags": impressions(uow, score.tags),
        "items": [_rating(one, caller, inside=inside) for one in register.list_ratings(article.id, rated)],
    }


def corrections(uow: UnitOfWork, article: Article, caller: Caller) -> list[dict[str, object]]:
    """Return the corrections of an article: a reader's own, or all of them for insiders."""
    reader = None if is_insider(uow, caller, article) else caller.login
    found = uow.get(CorrectionRegister).list_of(article.id, reader=reader)
    return [correction(one, caller, inside=reader is None) for one in found]


def correction(one: Correction, caller: Caller, *, inside: bool) -> dict[str, object]:
    """Return a correction; who filed and decided it, for insiders and herself."""
    mine = one.reader == caller.login
    return {
        "id": one.id,
        "article_id": one.article_id,
        "version": one.version,
        "revised_in": one.revised_in,
        "reader": one.reader if inside or mine else None,
        "mine": mine,
        "text": one.text,
        "status": one.status.value,
        "status_name": one.status.label,
        "answer": one.answer,
        "decided_by": one.decided_by if inside else None,
        "decided_at": one.decided_at,
        "closed_at": one.closed_at,
        "created_at": one.created_at,
    }


def _row(article: Article, names: Names, *, inside: bool) -> dict[str, object]:
    """Return what a list shows of an article."""
    row: dict[str, object] = {name: getattr(article, name) for name in OWN} | _content(article.content)
    row |= {
        "summary": article.content.body[:SUMMARY_MAX],
        "topic_name": names.topics[article.content.topic],
        "unit_name": names.units.get(article.unit),
        "author_name": names.people.get(article.author) if inside else None,
        "status_name": article.status.label,
        "removal_kind": article.removal_kind,
    }
    return row if inside else row | dict.fromkeys(INSIDE)


def _content(content: Content) -> dict[str, object]:
    """Return a content without its text; keywords as a list."""
    values: dict[str, object] = {name: getattr(content, name) for name in CONTENT if name != "body"}
    return values | {"keywords": content.keywords.split(), "scope_name": SCOPE_NAMES[content.scope]}


def _rating(one: Rating, caller: Caller, *, inside: bool) -> dict[str, object]:
    """Return what one reader thinks; her name for insiders and herself."""
    mine = one.rater == caller.login
    return {
        "rater": one.rater if inside or mine else None,
        "mine": mine,
        "version": one.version,
        "stars": one.stars,
        "tags": list(one.tags),
        "comment": one.comment,
        "rated_at": one.rated_at,
    }
