"""What people do with an article outside of their tasks: each is a row of the register and a start or a message.

The register and the flow change in one transaction; a status is changed by the flow alone.
"""

from collections.abc import Mapping
from typing import Any

from api.article_access import WRITE, on_shelf, removable_article, visible_article, writable_article
from api.credentials import Caller
from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.ports import UnitOfWork
from engine.services import messages, process_instances
from registers.articles import (
    TOPICS,
    Article,
    ArticleRegister,
    Correction,
    CorrectionRegister,
    NewArticle,
    RatingRegister,
    VersionState,
    read_content,
)
from registers.codes import CodeRegister

PUBLISH, CORRECT = "knowledge_publish", "knowledge_correction"
NOBODY_WAITS = "message-not-awaited"
WITHDRAWABLE = (VersionState.REVIEWING, VersionState.APPROVED)


def report_article(uow: UnitOfWork, caller: Caller, body: Mapping[str, Any]) -> Article:
    """Take an article in and start its way to the shelf; where `submitted`, its review begins at once.

    Raises  Invalid with one problem per wrong field
    """
    content = read_content(body)
    new = NewArticle(content=content, unit=_unit_of(uow, caller, body.get("unit"), content.topic), author=caller.login)
    with uow.grouped():
        article = uow.get(ArticleRegister).add(new)
        _start(uow, PUBLISH, article.id, {"article_id": article.id, "submitted": body["submitted"]}, caller)
    return uow.get(ArticleRegister).get(article.id)


def revise_article(uow: UnitOfWork, caller: Caller, article_id: str, reason: str) -> Article:
    """Open the next version of an article and start its way to the shelf. Raises NotFound, Forbidden, Conflict."""
    article = writable_article(uow, caller, article_id)
    with uow.grouped():
        uow.get(ArticleRegister).open_revision(article.id, author=caller.login, reason=reason)
        _start(uow, PUBLISH, article.id, {"article_id": article.id, "submitted": False}, caller)
    return uow.get(ArticleRegister).get(article.id)


def withdraw_article(uow: UnitOfWork, caller: Caller, article_id: str, reason: str) -> Article:
    """Take back what is being reviewed or waits for its first day. Raises NotFound, Forbidden, Conflict."""
    article = writable_article(uow, caller, article_id)
    version = uow.get(ArticleRegister).open_versions([article.id]).get(article.id)
    if version is None or version.state not in WITHDRAWABLE:
        message = f"Nothing of the article {article.article_no} can be taken back now."
        raise Conflict(message, code="article-not-withdrawable", article_no=article.article_no)
    _send(uow, "article_withdrawn", article.id, {"withdrawn_by": caller.login, "withdraw_reason": reason}, caller)
    return uow.get(ArticleRegister).get(article.id)


def remove_article(uow: UnitOfWork, caller: Caller, article_id: str, reason: str) -> Article:
    """Take an article off the shelf. Raises NotFound, Forbidden, Conflict."""
    article = removable_article(uow, caller, article_id)
    asked = {"removed_by": caller.login, "removal_reason": reason}
    _send(uow, "article_removal_requested", article.id, asked, caller)
    return uow.get(ArticleRegister).get(article.id)


def rate_article(uow: UnitOfWork, caller: Caller, article_id: str, body: Mapping[str, Any]) -> Article:
    """Take down what a reader thinks of an article. Raises NotFound, Invalid, and Conflict for one's own article."""
    article = on_shelf(visible_article(uow, caller, article_id))
    version = uow.get(ArticleRegister).get_version(article.id, article.version)
    if caller.login in {article.author, version.author}:
        message = f"{caller.login} has written the article {article.article_no}."
        raise Conflict(message, code="article-own-rating", article_no=article.article_no)
    with uow.grouped():
        uow.get(RatingRegister).rate(
            article, rater=caller.login, stars=body["stars"], tags=body["tags"], comment=body["comment"]
        )
        try:
            messages.correlate(uow, "article_rated", correlation_key=article.id, variables={}, by=caller.login)
        except NotFound as nobody:
            # Rated before the flow that watches the shelf has begun: the next vote is looked at together with this one.
            if nobody.key != NOBODY_WAITS:
                raise
            uow.commit()
    return uow.get(ArticleRegister).get(article.id)


def correct_article(uow: UnitOfWork, caller: Caller, article_id: str, text: str) -> Correction:
    """Take down what a reader says is wrong, and start looking at it. Raises NotFound, Conflict."""
    article = on_shelf(visible_article(uow, caller, article_id))
    corrections = uow.get(CorrectionRegister)
    with uow.grouped():
        made = corrections.file(article, reader=caller.login, text=text)
        _start(uow, CORRECT, article.id, {"correction_id": made.id, "article_id": article.id}, caller)
    return corrections.get(made.id)


def _start(uow: UnitOfWork, process: str, key: str, variables: Mapping[str, object], caller: Caller) -> None:
    """Start a process about an article."""
    process_instances.start(uow, process, business_key=key, variables=variables, by=caller.login)


def _send(uow: UnitOfWork, name: str, key: str, variables: Mapping[str, object], caller: Caller) -> None:
    """Send a message to the process that waits for it. Raises NotFound where none does any more."""
    messages.correlate(uow, name, correlation_key=key, variables=variables, by=caller.login)


def _unit_of(uow: UnitOfWork, caller: Caller, named: str | None, topic: str) -> str:
    """Return the unit that answers for a new article: the one named, or of hers the one that has the topic.

    Raises  Invalid for a unit for which she does not write
    """
    hers = caller.units_with(WRITE)
    if named is not None and named not in hers:
        message = f"You do not write for the unit {named}."
        raise Invalid(problems=[Problem("unit-not-yours", "unit", message, {"value": named})])
    found = uow.get(CodeRegister).find(TOPICS, topic)
    owner = None if found is None else found.data.get("owner_unit")
    return named or (str(owner) if owner in hers else min(hers))
