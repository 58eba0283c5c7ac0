"""What several steps of an article need: what was entered, what people are told, what is written down."""

from collections.abc import Mapping

from engine.handler import JobContext, MissingVariable, Submission
from registers.articles import Article, ArticleNotices, ArticleRegister, ArticleVersion, Content
from registers.articles.telling import administrators, subject_of

ARTICLE = "article"


def entered(job: JobContext, element_id: str) -> Submission:
    """Return what was entered last in a user task; a flow that comes here without it is broken."""
    submission = job.submission(element_id)
    if submission is None:
        raise MissingVariable(job.topic, f"submission of {element_id}")
    return submission


def text(values: Mapping[str, object], name: str) -> str:
    """Return a text that was entered, or an empty one."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def article_of(job: JobContext) -> Article:
    """Return the article of the process."""
    return job.get(ArticleRegister).get(job["article_id"])


def open_version(job: JobContext, article: Article) -> ArticleVersion:
    """Return the version that is being worked on; a flow without one is broken."""
    if article.open_version is None:
        raise MissingVariable(job.topic, "open version of the article")
    return job.get(ArticleRegister).get_version(article.id, article.open_version)


def place_of(job: JobContext, article: Article, content: Content) -> dict[str, object]:
    """Return what tables and inboxes read of a content: topic, its theme, scope, and the words of the subject."""
    return {
        "subject": subject_of(article, content.title),
        "topic": content.topic,
        "theme": job.get(ArticleNotices).theme_of(content.topic),
        "scope": content.scope.value,
    }


def tell_author(job: JobContext, article: Article, kind: str, title: str, said: str) -> None:
    """Tell the author of an article and who writes its open version; where they are gone, the administrators.

    The same job tells nobody twice.
    """
    notices = job.get(ArticleNotices)
    writer = None if article.open_version is None else open_version(job, article).author
    known = [login for login in map(notices.find_author, (article.author, writer)) if login is not None]
    notices.tell(article, (kind, job.id), title, said, *(known or [administrators(article)]))


def record(job: JobContext, kind: str, submission: Submission | None = None, **data: object) -> None:
    """Write down what happened to the article, with who decided it and her opinion."""
    if submission is not None:
        data = {
            "by": submission.by,
            "action": submission.data.get("action"),
            "opinion": text(submission.data, "opinion") or None,
            **data,
        }
    job.record(kind, ARTICLE, job["article_id"], **data)
