"""人工审核: one level after the other, as the table knowledge_review_level says; never by the author herself."""

from engine.handler import JobContext, job_handler
from handlers.knowledge_publish.facts import article_of, entered, open_version, record, text
from handlers.knowledge_publish.findings import keep_findings
from registers.articles import ArticleRegister


@job_handler("knowledge.begin_review")
def begin_review(job: JobContext) -> None:
    """Hand the draft over to people, with what the check has found.

    Reads    verdict, findings, facts
    """
    keep_findings(job)
    job.get(ArticleRegister).begin_review(job["article_id"])


@job_handler("knowledge.review")
def review(job: JobContext) -> dict[str, object]:
    """Take a reviewer's word down, unless she is the author or has passed an earlier level: then another one is asked.

    Reads    form review_article: action pass|return, opinion; level
    Returns  eligible; level: the next one, where she has passed this one
    """
    form = entered(job, "review_article")
    article = article_of(job)
    version = open_version(job, article)
    level = int(str(job.find("level", 1)))
    facts = {"version": version.version, "level": level, "level_name": job.find("level_name")}
    if form.by == version.author or form.by in version.reviewers:
        cause = "author" if form.by == version.author else "reviewed_before"
        record(job, "article.review_declined", form, **facts, cause=cause)
        return {"eligible": False}
    record(job, "article.reviewed", form, **facts)
    if form.data.get("action") == "return":
        return {"eligible": True}
    job.get(ArticleRegister).note_review(article.id, reviewer=form.by, opinion=text(form.data, "opinion") or None)
    return {"eligible": True, "level": level + 1}
