"""Files of an article: readers see those of the version on the shelf, insiders all of them."""

from api.article_access import is_insider
from api.credentials import Caller
from engine.errors import NotFound
from engine.ports import UnitOfWork
from registers.articles import Article
from registers.media import Attachment, AttachmentRegister


def article_files(uow: UnitOfWork, article: Article, caller: Caller) -> list[Attachment]:
    """Return the files that she may see, oldest first."""
    inside = is_insider(uow, caller, article)
    return [one for one in uow.get(AttachmentRegister).list_for(article.id) if inside or _is_published(article, one)]


def article_file(uow: UnitOfWork, article: Article, caller: Caller, attachment_id: str) -> tuple[Attachment, bytes]:
    """Return a file with its bytes, or raise NotFound where it is another article's or not hers to see."""
    for one in article_files(uow, article, caller):
        if one.id == attachment_id:
            return one, uow.get(AttachmentRegister).content_of(attachment_id)
    raise NotFound(kind="attachment", id=attachment_id)


def _is_published(article: Article, file: Attachment) -> bool:
    """Tell whether a file went on the shelf with the article: attached to it, not to a task, before it was shelved."""
    return file.task_id is None and article.shelved_at is not None and file.uploaded_at <= article.shelved_at
