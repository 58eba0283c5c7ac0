"""智能审核: the facts about a draft; the tables say what they mean."""

from collections.abc import Mapping

from engine.handler import JobContext, job_handler
from handlers.knowledge_publish.facts import article_of, place_of, record
from registers.articles import ArticleDuplicates, ArticleRegister, Content, Facts, Template
from registers.articles.findings import (
    add_months,
    basis_form,
    missing_parts,
    personal_numbers,
    sensitive_words,
    texts_of,
    validity_of,
)
from registers.articles.telling import day_of
from registers.codes import CodeRegister

WORDS = "sensitive_words"


@job_handler("knowledge.check")
def check(job: JobContext) -> dict[str, object]:
    """Look at a draft that was handed in: parts, words, personal data, duplicates, validity, form of the basis.

    Reads    the version that is being worked on; decisions knowledge_template, knowledge_validity
    Returns  facts, topic, theme, scope, subject; level: the reviews begin anew
    """
    article = article_of(job)
    version = job.get(ArticleRegister).begin_check(article.id)
    place = place_of(job, article, version.content)
    facts = _facts(job, version.content, theme=str(place["theme"]))
    record(job, "article.checked", version=version.version, facts=facts.as_variables())
    return {**place, "facts": facts.as_variables(), "level": 1, "withdrawn_by": None, "withdraw_reason": None}


def _facts(job: JobContext, content: Content, *, theme: str) -> Facts:
    """Find out everything that the tables ask for."""
    template = _template(job, theme)
    words, sensitivity = sensitive_words(content, _words(job))
    nearest = job.get(ArticleDuplicates).find_nearest(content, but=job["article_id"])
    today = day_of(job.now)
    longest_on = add_months(max(content.effective_on or today, today), _months(job, theme))
    return Facts(
        missing=missing_parts(content, template),
        too_short=len(content.body) < template.min_length,
        words=words,
        sensitivity=sensitivity,
        personal=personal_numbers(content),
        duplicate_score=0.0 if nearest is None else nearest.score,
        duplicate_no=None if nearest is None else nearest.article.article_no,
        validity=validity_of(content, today=today, longest_on=longest_on),
        basis_form=basis_form(content.basis),
    )


def _template(job: JobContext, theme: str) -> Template:
    """Return what the table asks of a theme."""
    asked = job.decide("knowledge_template", theme=theme)
    rule: Mapping[str, object] = asked if isinstance(asked, Mapping) else {}
    length = rule.get("min_length")
    return Template(
        required=texts_of(rule.get("required")),
        sections=texts_of(rule.get("sections")),
        min_length=int(str(length)) if length is not None else 0,
    )


def _months(job: JobContext, theme: str) -> int:
    """Return for how many months an article of a theme may be valid at most."""
    rule = job.decide("knowledge_validity", theme=theme)
    months = rule.get("longest_months") if isinstance(rule, Mapping) else rule
    return int(str(months))


def _words(job: JobContext) -> list[tuple[str, str]]:
    """Return the sensitive words with their levels."""
    return [(code.code, str(code.data.get("level"))) for code in job.get(CodeRegister).list_codes(WORDS)]
