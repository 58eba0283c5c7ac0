"""Jobs of processes/extension.bpmn (延期): more time for a case, granted by rule or by a person."""

from decimal import Decimal

from engine.handler import JobContext, MissingVariable, Submission, job_handler
from registers.cases import CaseRegister

CASE = "case"
BY_RULE = "rule"


@job_handler("extension.assess")
def assess(job: JobContext) -> dict[str, object]:
    """Gather what the table extension_rule wants to know. A case without a clock has nothing to extend.

    Returns  granted (extensions so far), before_expiry, original_value, original_unit
    """
    case = job.get(CaseRegister).get(job["case_id"])
    deadline = job.find_deadline(CASE, (CASE, case.id))
    facts: dict[str, object] = {
        "granted": case.extensions,
        "before_expiry": deadline is not None and job.now <= deadline.due_at,
        "original_value": None if deadline is None else _plain(deadline.value),
        "original_unit": None if deadline is None else deadline.unit,
    }
    job.record("extension.requested", CASE, case.id, **_wish(job), **facts)
    return facts


@job_handler("extension.grant")
def grant(job: JobContext) -> None:
    """Give the time that was asked for.

    Reads    requested_value, requested_unit, extension_reason; form extension_review_leader or extension_review,
             whichever came last; none where the table grants by itself
    """
    deadline = job.find_deadline(CASE, (CASE, job["case_id"]))
    if deadline is None:
        raise MissingVariable(job.topic, "deadline of the case")
    form = _last(job)
    approver = BY_RULE if form is None else form.by
    extended = job.extend_deadline(
        deadline.id,
        value=Decimal(str(job.find("requested_value"))),
        unit=job["requested_unit"],
        reason=str(job.find("extension_reason", "")),
        approver=approver,
    )
    job.get(CaseRegister).count_extension(job["case_id"])
    due = {"due_at": extended.due_at.isoformat()}
    job.record("extension.granted", CASE, job["case_id"], **_wish(job), **_verdict(job, form), **due)


@job_handler("extension.refuse")
def refuse(job: JobContext) -> None:
    """Refuse more time; the clock runs on as it did.

    Reads    form extension_review_leader or extension_review, whichever came last; none where the table refuses
    """
    job.record("extension.refused", CASE, job["case_id"], **_wish(job), **_verdict(job, _last(job)))


def _last(job: JobContext) -> Submission | None:
    """Return the form that was filled in last, or None where no person was asked."""
    forms = [job.submission(element_id) for element_id in ("extension_review", "extension_review_leader")]
    return max((form for form in forms if form is not None), key=lambda form: form.at, default=None)


def _wish(job: JobContext) -> dict[str, object]:
    """Return what was asked for."""
    return {name: job.find(name) for name in ("requested_value", "requested_unit", "extension_reason")}


def _verdict(job: JobContext, form: Submission | None) -> dict[str, object]:
    """Return who decided and on which ground."""
    ground = {"level": job.find("level"), "clause": job.find("extension_clause")}
    if form is None:
        return {**ground, "by": BY_RULE, "opinion": None}
    return {**ground, "by": form.by, "opinion": form.data.get("opinion")}


def _plain(value: Decimal) -> int | float:
    """Return a number that JSON knows."""
    return int(value) if value == value.to_integral_value() else float(value)
