"""Which articles a caller may see, and how much of the work behind them.

Readers see what is on the shelf: citizens the public articles, the people of the city the internal ones too. Drafts,
findings and the log are for insiders: who writes or has written the article, the editors and administrators of the
owner unit, the reviewers at the city centre, and who has or had a task about it. For everybody else an article that is
not on the shelf does not exist: the answer is 404, not 403.
"""

from collections.abc import Sequence
from dataclasses import replace

from api.case_access import TASKS_LISTED, is_hers
from api.context import now
from api.credentials import Caller
from api.matters import matter
from engine.errors import Conflict, Forbidden, NotFound
from engine.model.user_task import InboxQuery
from engine.ports import UnitOfWork
from engine.services import user_tasks
from registers.articles import Article, ArticleRegister, ArticleVersion, Reader, Scope
from registers.org import UnitKind, UnitRegister

READ, READ_INTERNAL = "article.read", "article.read_internal"
READ_UNIT, READ_CITY = "article.read_unit", "article.read_city"
WRITE, REMOVE = "article.write", "article.remove"


def reader_of(uow: UnitOfWork, caller: Caller, *, insider: bool = False) -> Reader | None:
    """Return which articles a list may show her, as an insider only where asked for; None for all."""
    if _at_centre(uow, caller, READ_CITY):
        return None
    held = InboxQuery(user=caller.login, groups=caller.groups, now=now(), limit=TASKS_LISTED)
    pages = [user_tasks.inbox(uow, replace(held, box=box)) for box in ("all", "done")]
    keys = {task.business_key for page in pages for task in page.items if task.business_key is not None}
    own = _standing(caller)
    return replace(own, scopes=() if insider else readable_scopes(caller), article_ids=tuple(sorted(keys)))


def visible_article(uow: UnitOfWork, caller: Caller, article_id: str) -> Article:
    """Return an article that she may see, or raise NotFound."""
    article = uow.get(ArticleRegister).find(article_id)
    if article is None or not (_reads(caller, article) or is_insider(uow, caller, article)):
        raise NotFound(kind="article", id=article_id)
    return article


def inside_article(uow: UnitOfWork, caller: Caller, article_id: str) -> Article:
    """Return an article whose drafts and log she may see, or raise NotFound."""
    article = visible_article(uow, caller, article_id)
    if not is_insider(uow, caller, article):
        raise NotFound(kind="article", id=article_id)
    return article


def is_insider(uow: UnitOfWork, caller: Caller, article: Article) -> bool:
    """Tell whether she may see the work behind an article."""
    if _at_centre(uow, caller, READ_CITY) or uow.get(ArticleRegister).is_visible(article.id, _standing(caller)):
        return True
    return any(is_hers(task, caller) for task in user_tasks.list_of_case(uow, article.id))


def inside_of(uow: UnitOfWork, caller: Caller, articles: Sequence[Article]) -> frozenset[str]:
    """Return the ids of those articles behind which she may see the work, of a whole page at once."""
    ids = [article.id for article in articles]
    reader = reader_of(uow, caller, insider=True)
    return frozenset(ids) if reader is None else uow.get(ArticleRegister).visible_ids(ids, reader)


@matter
def sees_article_work(uow: UnitOfWork, caller: Caller, article_id: str) -> bool:
    """Tell whether she may see tasks, diagrams and files of an article."""
    article = uow.get(ArticleRegister).find(article_id)
    return article is not None and is_insider(uow, caller, article)


def writable_article(uow: UnitOfWork, caller: Caller, article_id: str) -> Article:
    """Return an article that is hers to revise: her own, or one of a unit whose editor or administrator she is.

    Raises  NotFound for one that she may not see, Forbidden for one that is not hers to change
    """
    article = visible_article(uow, caller, article_id)
    open_version = uow.get(ArticleRegister).open_versions([article.id]).get(article.id)
    writers = {article.author, None if open_version is None else open_version.author}
    if caller.login not in writers and article.unit not in caller.units_with(READ_UNIT):
        raise Forbidden(code="not-your-article", article_no=article.article_no)
    return article


def removable_article(uow: UnitOfWork, caller: Caller, article_id: str) -> Article:
    """Return an article on the shelf that she may take off: as a reviewer of the centre, or for her unit.

    Raises  NotFound, Forbidden, and Conflict where it is not on the shelf
    """
    article = visible_article(uow, caller, article_id)
    if article.unit not in caller.units_with(REMOVE) and not _at_centre(uow, caller, REMOVE):
        raise Forbidden(code="not-your-article", article_no=article.article_no)
    return on_shelf(article)


def on_shelf(article: Article) -> Article:
    """Return an article that is on the shelf, or raise Conflict."""
    if not article.on_shelf:
        message = f"The article {article.article_no} is not on the shelf."
        raise Conflict(message, code="article-not-on-shelf", article_no=article.article_no)
    return article


def readable_scopes(caller: Caller) -> tuple[Scope, ...]:
    """Return what she reads on the shelf."""
    ways = ((READ, Scope.PUBLIC), (READ_INTERNAL, Scope.INTERNAL))
    return tuple(scope for permission, scope in ways if caller.may(permission))


def reads_version(caller: Caller, version: ArticleVersion) -> bool:
    """Tell whether a version has stood on the shelf for her: an internal one stays internal when the next is public."""
    return version.shelved_at is not None and version.content.scope in readable_scopes(caller)


def _reads(caller: Caller, article: Article) -> bool:
    """Tell whether she may read what is on the shelf."""
    return article.on_shelf and article.content.scope in readable_scopes(caller)


def _standing(caller: Caller) -> Reader:
    """Return what she sees as an insider, whatever tasks she has."""
    units = caller.units_with(READ_UNIT) | caller.units_with(READ_CITY)
    return Reader(author=caller.login, units=tuple(sorted(units)))


def _at_centre(uow: UnitOfWork, caller: Caller, permission: str) -> bool:
    """Tell whether she holds a permission at the city centre."""
    units = uow.get(UnitRegister)
    found = (units.find(code) for code in caller.units_with(permission))
    return any(unit is not None and unit.kind is UnitKind.CITY_CENTRE for unit in found)
