"""Jobs of processes/knowledge_offshelf.bpmn (知识下架): an article on the shelf, until it leaves it."""

from datetime import timedelta

from engine.handler import JobContext, MissingVariable, job_handler
from registers.articles import Article, ArticleNotices, ArticleRegister, RatingRegister, RemovalKind, VersionState
from registers.articles.telling import administrators, begin_of, day_of, subject_of

ARTICLE, SYSTEM = "article", "system"
ONE_DAY = timedelta(days=1)
NEXT_LOOK = timedelta(minutes=1)
REMOVED = {
    RemovalKind.EXPIRED: "到失效日期，自动下架",
    RemovalKind.MANUAL: "人工下架",
    RemovalKind.LOW_SCORE: "评分差，自动下架",
}


@job_handler("knowledge.watch")
def watch(job: JobContext) -> dict[str, object]:
    """Look up until when the version on the shelf holds, and count the votes that came before the watch began.

    Reads    article_id
    Returns  subject, owner_unit, expires_at (instant)
    Raises   MissingVariable   an article without a last day is bad data: every version gets one when it is approved
    """
    article = _article(job)
    expires_on = article.content.expires_on
    if expires_on is None:
        raise MissingVariable(job.topic, "last day of the article")
    job.get(RatingRegister).refresh(article)
    expires_at = begin_of(expires_on)
    if _is_replaced_today(job, article):
        expires_at = max(expires_at, job.now + NEXT_LOOK)
    return {"subject": subject_of(article), "owner_unit": article.unit, "expires_at": expires_at.isoformat()}


@job_handler("knowledge.expire")
def expire(job: JobContext) -> dict[str, object]:
    """Take an article off because its last day has come; not where a new version takes its place today.

    Returns  expired
    """
    article = _article(job)
    expires_on = article.content.expires_on
    if _is_replaced_today(job, article) or (expires_on is not None and expires_on > day_of(job.now)):
        return {"expired": False}
    _remove(job, article, RemovalKind.EXPIRED, reason="到失效日期", by=SYSTEM)
    return {"expired": True}


@job_handler("knowledge.take_off")
def take_off(job: JobContext) -> None:
    """Take an article off because somebody asked for it.

    Reads    removed_by, removal_reason from the message
    """
    _remove(job, _article(job), RemovalKind.MANUAL, reason=job["removal_reason"], by=job["removed_by"])


@job_handler("knowledge.assess")
def assess(job: JobContext) -> dict[str, object]:
    """Work the score out anew, and gather what the table knowledge_score (D15) wants to know.

    Returns  votes, average, low_days: for how many days the score has been low
    """
    article = _article(job)
    score = job.get(RatingRegister).refresh(article)
    low_days = 0.0 if article.low_since is None else (job.now - article.low_since) / ONE_DAY
    return {"votes": score.votes, "average": score.average, "low_days": round(low_days, 4)}


@job_handler("knowledge.note_score")
def note_score(job: JobContext) -> dict[str, object]:
    """Remember since when the score is low, or that it has recovered; tell who can do something about it.

    Reads    low, votes, average, clause
    Returns  newly_low
    """
    before = _article(job)
    low = job.find("low") is True
    after = job.get(ArticleRegister).note_score(before.id, low=low)
    facts = {"votes": job.find("votes"), "average": job.find("average")}
    newly_low = low and before.low_since is None
    if newly_low:
        job.record("article.score_low", ARTICLE, after.id, **facts, clause=job.find("clause"))
        said = f"{facts['votes']} 人评价，平均 {facts['average']} 星；观察期满仍未好转的将自动下架，请及时修订。"
        _tell(job, after, "article.score_low", "知识评分差", said)
    elif not low and before.low_since is not None:
        job.record("article.score_recovered", ARTICLE, after.id, **facts)
    return {"newly_low": newly_low}


@job_handler("knowledge.drop")
def drop(job: JobContext) -> None:
    """Take an article off because its score has stayed low.

    Reads    votes, average, clause
    """
    reason = f"{job.find('clause')}：{job.find('votes')} 人评价，平均 {job.find('average')} 星"
    _remove(job, _article(job), RemovalKind.LOW_SCORE, reason=reason, by=SYSTEM)


def _is_replaced_today(job: JobContext, article: Article) -> bool:
    """Tell whether an approved version waits for this very day: which of two timers comes first is chance."""
    waiting = job.get(ArticleRegister).open_versions([article.id]).get(article.id)
    if waiting is None or waiting.state is not VersionState.APPROVED:
        return False
    begins_on = waiting.content.effective_on
    return begins_on is None or begins_on <= day_of(job.now)


def _remove(job: JobContext, article: Article, kind: RemovalKind, *, reason: str, by: str) -> None:
    """Take an article off the shelf, write down who, when and why, and tell its author and its unit."""
    job.get(ArticleRegister).remove(article.id, kind=kind, reason=reason, by=by)
    facts = {"version": article.version, "removal_kind": kind.value, "reason": reason, "by": by}
    job.record("article.removed", ARTICLE, article.id, **facts)
    _tell(job, article, "article.removed", "知识下架", f"{REMOVED[kind]}（{reason}）")


def _tell(job: JobContext, article: Article, kind: str, title: str, said: str) -> None:
    """Tell the author, while her account is there, and the administrators of the owner unit; the same job once."""
    notices = job.get(ArticleNotices)
    notices.tell(article, (kind, job.id), title, said, notices.find_author(article.author), administrators(article))


def _article(job: JobContext) -> Article:
    """Return the article of the process."""
    return job.get(ArticleRegister).get(job["article_id"])
