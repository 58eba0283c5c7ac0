"""撰写修改, 退回作者, 放弃: what becomes of a draft in the hands of its author."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.handler import JobContext, job_handler
from handlers.knowledge_publish.facts import article_of, entered, open_version, place_of, record, tell_author, text
from handlers.knowledge_publish.findings import keep_findings
from registers.articles import Article, ArticleNotices, ArticleRegister, CorrectionRegister, read_content

WITHDRAWN = "withdrawn"
# What the form itself cannot know.
UNKEPT = {
    "unknown-topic": "没有所填的主题，或者主题已停用，请重新选择。",
    "article-title-missing": "标题是空的。",
}
MACHINE_SAYS = frozenset({"unkept", "expired"})
EXPIRED = "审核期间已过失效日期，请重新填写。"


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a draft goes back to its author: the cause, who decided it, her opinion, and what the author is told."""

    cause: str
    by: str | None
    opinion: str | None
    said: str


@job_handler("knowledge.begin")
def begin(job: JobContext) -> dict[str, object]:
    """Take up the version that was opened for this round.

    Reads    article_id; decision knowledge_assignment
    Returns  subject, topic, theme, scope, owner_unit, level, outcome; author: who writes, null where her account is
             gone; editors: the groups that take over from her
    """
    article = article_of(job)
    version = open_version(job, article)
    author = job.get(ArticleNotices).find_author(version.author)
    job.get(ArticleRegister).attach_instance(article.id, str(job.instance_id))
    record(job, "article.opened", version=version.version, reason=version.reason, author=author)
    return {
        **place_of(job, article, version.content),
        "owner_unit": article.unit,
        "author": author,
        "editors": _editors(job, article),
        "level": 1,
        "outcome": "open",
    }


@job_handler("knowledge.write")
def write(job: JobContext) -> dict[str, object]:
    """Put down what the author has written, or that she gives up.

    Reads    form write_article
    Returns  kept; subject, topic, theme, scope, author; where it cannot be kept verdict and said: the reason
    """
    form = entered(job, "write_article")
    if form.data.get("action") == "withdraw":
        return {"kept": True}
    content = read_content(form.data)
    problems = job.get(ArticleRegister).find_problems(content)
    if problems:
        said = "；".join(UNKEPT.get(problem, problem) for problem in problems)
        return {"kept": False, "verdict": "unkept", "said": said}
    reason = text(form.data, "reason") or None
    version = job.get(ArticleRegister).write(job["article_id"], content, by=form.by, reason=reason)
    record(job, "article.written", form, version=version.version, reason=version.reason)
    return {"kept": True, **place_of(job, article_of(job), content), "author": form.by}


@job_handler("knowledge.give_back")
def give_back(job: JobContext) -> dict[str, object]:
    """Return the draft to its author with every reason: findings of the check, opinion of the reviewer, expiry.

    Reads    verdict, findings, facts; form review_article where a reviewer has returned it
    Returns  author: null where her account is gone by now
    """
    article = article_of(job)
    version = open_version(job, article)
    why = _why(job)
    job.get(ArticleRegister).give_back(article.id, opinion=why.opinion)
    record(
        job,
        "article.returned",
        version=version.version,
        cause=why.cause,
        by=why.by,
        opinion=why.opinion,
        said=why.said,
    )
    tell_author(job, article, "article.returned", "知识退回修改", why.said)
    return {"author": job.get(ArticleNotices).find_author(version.author)}


@job_handler("knowledge.withdraw")
def withdraw(job: JobContext) -> dict[str, object]:
    """Give the version up; what is on the shelf stays there, and corrections that waited for it are told.

    Reads    form write_article where it was given up there, else withdrawn_by and withdraw_reason of the message
    Returns  outcome
    """
    article = article_of(job)
    version = open_version(job, article)
    form = job.submission("write_article")
    by, reason = job.find("withdrawn_by"), text(job.variables, "withdraw_reason")
    if by is None and form is not None:
        by, reason = form.by, text(form.data, "opinion")
    job.get(ArticleRegister).withdraw(article.id)
    record(job, "article.withdrawn", version=version.version, by=by, reason=reason or None)
    for waiting in job.get(CorrectionRegister).list_waiting(article.id, version.version):
        job.send_message("revision_settled", waiting.id, {"outcome": WITHDRAWN})
    return {"outcome": WITHDRAWN}


def _editors(job: JobContext, article: Article) -> list[str]:
    """Return the groups of the owner unit that may write in the author's place."""
    people = job.decide("knowledge_assignment", element="write_article", owner_unit=article.unit)
    groups = people.get("groups") if isinstance(people, Mapping) else people
    return [str(group) for group in groups] if isinstance(groups, list) else []


def _why(job: JobContext) -> Returned:
    """Return why a draft goes back: the machine has decided it, or else a reviewer."""
    verdict = job.find("verdict")
    if verdict == "returned":
        reasons = [str(one["reason"]) for one in keep_findings(job) if one["severity"] == "return"]
        return Returned("check", None, None, "；".join(reasons))
    if verdict in MACHINE_SAYS:
        said = str(job.find("said")) if verdict == "unkept" else EXPIRED
        return Returned(str(verdict), None, said, said)
    form = entered(job, "review_article")
    opinion = text(form.data, "opinion")
    return Returned("review", form.by, opinion, opinion)
