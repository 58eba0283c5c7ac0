"""Files of an article: readers see those of the version on the shelf, insiders all of them.

A file belongs to the version that is shelved after it. Nothing reaches the readers that no reviewer could have seen:
while a version is checked, reviewed or waits for its first day, no file joins it.
"""

from datetime import datetime

from werkzeug.datastructures import FileStorage

from api.article_access import is_insider, reads_version, writable_article
from api.credentials import Caller
from api.media import attach
from engine.errors import Conflict, NotFound
from engine.ports import UnitOfWork
from registers.articles import Article, ArticleRegister, VersionState
from registers.media import Attachment, AttachmentRegister

CLOSED_STATES = (VersionState.CHECKING, VersionState.REVIEWING, VersionState.APPROVED)


def article_files(uow: UnitOfWork, article: Article, caller: Caller) -> list[Attachment]:
    """Return the files that she may see, oldest first."""
    found = uow.get(AttachmentRegister).list_for(article.id)
    if is_insider(uow, caller, article):
        return list(found)
    hidden = _hidden_until(uow, article, caller)
    return [one for one in found if _is_published(article, one) and (hidden is None or one.uploaded_at > hidden)]


def article_file(uow: UnitOfWork, article: Article, caller: Caller, attachment_id: str) -> tuple[Attachment, bytes]:
    """Return a file with its bytes, or raise NotFound where it is another article's or not hers to see."""
    for one in article_files(uow, article, caller):
        if one.id == attachment_id:
            return one, uow.get(AttachmentRegister).content_of(attachment_id)
    raise NotFound(kind="attachment", id=attachment_id)


def attach_to_article(uow: UnitOfWork, caller: Caller, article_id: str, file: FileStorage) -> Attachment:
    """Keep a file with an article of hers. Raises NotFound, Forbidden, Invalid, and Conflict during a review."""
    article = uow.get(ArticleRegister).lock(writable_article(uow, caller, article_id).id)
    version = uow.get(ArticleRegister).open_versions([article.id]).get(article.id)
    if version is not None and version.state in CLOSED_STATES:
        message = f"The version {version.version} of the article {article.article_no} is submitted."
        params = {"article_no": article.article_no, "version": version.version}
        raise Conflict(message, code="article-files-closed", **params)
    return attach(uow, article.id, file, by=caller.login)


def _hidden_until(uow: UnitOfWork, article: Article, caller: Caller) -> datetime | None:
    """Return when the newest version went on the shelf that is not hers to read: files until then belong to it."""
    versions = uow.get(ArticleRegister).list_versions(article.id)
    hidden = (one.shelved_at for one in versions if not reads_version(caller, one))
    return max((at for at in hidden if at is not None), default=None)


def _is_published(article: Article, file: Attachment) -> bool:
    """Tell whether a file went on the shelf with the article: attached to it, not to a task, before it was shelved."""
    return file.task_id is None and article.shelved_at is not None and file.uploaded_at <= article.shelved_at
