"""What the tables made of the facts about a draft (D14), kept with the version for its author and its reviewers."""

from collections.abc import Mapping

from engine.handler import JobContext
from handlers.knowledge_publish.facts import record
from registers.articles import ArticleRegister

# Which fact a finding is shown with.
DETAILS = {
    "missing": "missing",
    "sensitive": "words",
    "sensitive_notice": "words",
    "personal_data": "personal",
    "duplicate": "duplicate_no",
    "similar": "duplicate_no",
}


def keep_findings(job: JobContext) -> list[dict[str, object]]:
    """Keep the findings, each with the words or the article that it is about; returns them.

    Reads  verdict, findings, facts
    """
    findings = _detailed(job)
    version = job.get(ArticleRegister).note_findings(job["article_id"], findings)
    record(job, "article.judged", version=version.version, verdict=job.find("verdict"), findings=findings)
    return findings


def _detailed(job: JobContext) -> list[dict[str, object]]:
    """Return the findings of the tables; the reason of each names what it is about."""
    facts, found = job.find("facts"), job.find("findings")
    known: Mapping[str, object] = facts if isinstance(facts, Mapping) else {}
    findings: list[dict[str, object]] = []
    for one in found if isinstance(found, list) else []:
        detail = known.get(DETAILS.get(str(one.get("finding")), ""))
        said = "、".join(str(part) for part in detail) if isinstance(detail, list) else detail
        reason = f"{one.get('reason')}：{said}" if said else str(one.get("reason"))
        findings.append({"finding": one.get("finding"), "severity": one.get("severity"), "reason": reason})
    return findings
