"""Jobs of processes/knowledge_correction.bpmn (知识纠错): a reader finds a mistake, and it is put right."""

from engine.handler import JobContext, MissingVariable, Submission, job_handler
from registers.articles import (
    Article,
    ArticleNotices,
    ArticleRegister,
    Correction,
    CorrectionRegister,
    CorrectionStatus,
    VersionState,
)
from registers.articles.telling import administrators, subject_of

CORRECTION = "article_correction"
PUBLISHED = "published"
# How the mistake is put right: by a version of its own, by one that its author is writing, or after one in review.
OWN, JOINED, LATER = "own", "joined", "later"


@job_handler("correction.open")
def open_correction(job: JobContext) -> dict[str, object]:
    """Take up what a reader has filed.

    Reads    correction_id
    Returns  article_id, subject, owner_unit
    """
    correction = _correction(job)
    article = _article(job, correction)
    job.get(CorrectionRegister).attach_instance(correction.id, str(job.instance_id))
    _record(job, "correction.filed", by=correction.reader, version=correction.version, text=correction.text)
    return {"article_id": article.id, "subject": subject_of(article), "owner_unit": article.unit}


@job_handler("correction.refuse")
def refuse(job: JobContext) -> None:
    """Nothing is wrong: the reader is told why.

    Reads    form review_correction: opinion
    """
    form = _decision(job)
    answer = _text(form, "opinion")
    correction = job.get(CorrectionRegister).refuse(job["correction_id"], by=form.by, answer=answer)
    _record(job, "correction.refused", by=form.by, action=form.data.get("action"), opinion=answer)
    _tell_reader(job, correction, "correction.refused", "您的纠错未采纳", answer)


@job_handler("correction.begin")
def begin(job: JobContext) -> dict[str, object]:
    """Find the way in which the mistake is put right, and tell the author.

    Reads    form review_correction, the article
    Returns  way: `own` a version is opened for it; `joined` the author is writing one anyway; `later` one is in review
             and must be finished first
    """
    form, correction = _decision(job), _correction(job)
    articles, corrections = job.get(ArticleRegister), job.get(CorrectionRegister)
    article = articles.lock(correction.article_id)
    if correction.status is CorrectionStatus.OPEN:
        opinion = _text(form, "opinion")
        corrections.accept(correction.id, by=form.by, answer=opinion or None)
        _record(job, "correction.accepted", by=form.by, action=form.data.get("action"), opinion=opinion or None)
    author = job.get(ArticleNotices).find_author(article.author)
    if article.open_version is None:
        reason = f"纠错：{correction.text}"
        version = articles.open_revision(article.id, author=author, reason=reason, correction_id=correction.id)
        way = OWN
    else:
        version = articles.get_version(article.id, article.open_version)
        way = JOINED if version.state is VersionState.DRAFT else LATER
    corrections.await_version(correction.id, version.version)
    if way != LATER:
        _tell_author(job, article, correction, author, version.author)
    return {"way": way}


@job_handler("correction.close")
def close(job: JobContext) -> None:
    """Tell the reader whether the mistake has been put right.

    Reads    outcome: `published`, or how else the version ended
    """
    done = job.find("outcome") == PUBLISHED
    correction = job.get(CorrectionRegister).close(job["correction_id"], done=done)
    _record(job, "correction.closed", done=done, version=correction.revised_in)
    said = f"已在第 {correction.revised_in} 版更正，感谢您的反馈。" if done else "经办人没有完成修改，您可以再次提出。"
    _tell_reader(job, correction, "correction.closed", "您的纠错已办结", said)


def _tell_author(job: JobContext, article: Article, correction: Correction, *writers: str | None) -> None:
    """Tell who writes the article what is to be put right; where she is gone, the administrators of the unit."""
    notices = job.get(ArticleNotices)
    told = [notices.find_author(writer) for writer in writers]
    recipients = told if any(told) else [administrators(article)]
    notices.tell(article, ("correction.accepted", job.id), "知识需要更正", correction.text, *recipients)


def _tell_reader(job: JobContext, correction: Correction, kind: str, title: str, said: str) -> None:
    """Tell the reader who filed the correction; the same job tells her once."""
    article = _article(job, correction)
    job.get(ArticleNotices).tell(article, (kind, job.id), title, said, correction.reader)


def _record(job: JobContext, kind: str, **data: object) -> None:
    """Write down what happened to the correction."""
    job.record(kind, CORRECTION, job["correction_id"], **data)


def _correction(job: JobContext) -> Correction:
    """Return the correction of the process."""
    return job.get(CorrectionRegister).get(job["correction_id"])


def _article(job: JobContext, correction: Correction) -> Article:
    """Return the article that a correction is about."""
    return job.get(ArticleRegister).get(correction.article_id)


def _decision(job: JobContext) -> Submission:
    """Return what the reviewer has entered; a flow that comes here without it is broken."""
    form = job.submission("review_correction")
    if form is None:
        raise MissingVariable(job.topic, "submission of review_correction")
    return form


def _text(form: Submission, name: str) -> str:
    """Return a text that was entered, or an empty one."""
    value = form.data.get(name)
    return value.strip() if isinstance(value, str) else ""
