"""审核通过, 上架: from when until when it holds, and what readers read from now on."""

from collections.abc import Mapping
from datetime import timedelta

from engine.handler import BpmnError, JobContext, job_handler
from handlers.knowledge_publish.facts import article_of, open_version, record, tell_author
from registers.articles import ArticleRegister, CorrectionRegister
from registers.articles.findings import add_months
from registers.articles.telling import begin_of, day_of

PUBLISHED = "published"


@job_handler("knowledge.approve")
def approve(job: JobContext) -> dict[str, object]:
    """Fix from when and until when the version holds.

    Reads    theme; decision knowledge_validity where the author has named no last day
    Returns  effective_at (instant, or null: at once), effective_in_future
    Raises   BpmnError("EXPIRED")   it has expired while it was reviewed: back to the author (boundary event)
    """
    article = article_of(job)
    content = open_version(job, article).content
    today = day_of(job.now)
    begins_on = max(content.effective_on or today, today)
    expires_on = content.expires_on or add_months(begins_on, _rule(job, "default_months"))
    if expires_on <= begins_on:
        raise BpmnError("EXPIRED", variables={"verdict": "expired"})
    version = job.get(ArticleRegister).approve(article.id, expires_on=expires_on)
    waits = begins_on > today
    record(
        job,
        "article.approved",
        version=version.version,
        reviewers=list(version.reviewers),
        effective_on=begins_on.isoformat(),
        expires_on=expires_on.isoformat(),
    )
    if waits:
        tell_author(job, article, "article.approved", "知识审核通过", f"将于 {begins_on.isoformat()} 上架。")
    return {"effective_at": begin_of(begins_on).isoformat() if waits else None, "effective_in_future": waits}


@job_handler("knowledge.shelve")
def shelve(job: JobContext) -> dict[str, object]:
    """Put the version on the shelf in place of the one before; corrections that waited for it are told.

    Reads    theme; decision knowledge_validity
    Returns  outcome
    """
    article = article_of(job)
    version = open_version(job, article)
    review_due_on = day_of(job.now) + timedelta(days=_rule(job, "review_days"))
    tell_author(job, article, "article.shelved", "知识已上架", f"第 {version.version} 版已上架。")
    job.get(ArticleRegister).shelve(article.id, review_due_on=review_due_on)
    expires_on = version.content.expires_on
    record(
        job,
        "article.shelved",
        version=version.version,
        reason=version.reason,
        expires_on=None if expires_on is None else expires_on.isoformat(),
        review_due_on=review_due_on.isoformat(),
    )
    for waiting in job.get(CorrectionRegister).list_waiting(article.id, version.version):
        job.send_message("revision_settled", waiting.id, {"outcome": PUBLISHED})
    return {"outcome": PUBLISHED}


def _rule(job: JobContext, name: str) -> int:
    """Return a number that the table of validity has for the theme."""
    rule = job.decide("knowledge_validity", theme=job["theme"])
    value = rule.get(name) if isinstance(rule, Mapping) else rule
    return int(str(value))
