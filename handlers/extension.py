"""Jobs of processes/extension.bpmn (延期): more time for a case, granted by rule or level by level by people."""

from datetime import datetime
from decimal import Decimal

from engine.handler import JobContext, MissingVariable, Submission, job_handler
from registers.cases import CaseRegister
from registers.extensions import GRANTED, REFUSED, ExtensionRegister, ExtensionRequest
from registers.local_time import day_begin

CASE = "case"
BY_RULE = "rule"
REVIEW = "extension_review"


@job_handler("extension.assess")
def assess(job: JobContext) -> dict[str, object]:
    """Note the request, and gather what the table extension_rule wants to know.

    A case without a clock has nothing to extend.
    Reads    requested_value, requested_unit, extension_reason, lead_unit
    Returns  granted (extensions so far), before_expiry, original_value, original_unit, recent_requests (of the unit on
             this day, this one included)
    """
    case = job.get(CaseRegister).get(job["case_id"])
    deadline = job.find_deadline(CASE, (CASE, case.id))
    requests = job.get(ExtensionRegister)
    requests.request(_request(job, case.lead_unit))
    recent = 1 if case.lead_unit is None else requests.count_since(case.lead_unit, day_begin(job.now))
    facts: dict[str, object] = {
        "granted": case.extensions,
        "before_expiry": deadline is not None and job.now <= deadline.due_at,
        "original_value": None if deadline is None else _plain(deadline.value),
        "original_unit": None if deadline is None else deadline.unit,
        "recent_requests": recent,
    }
    job.record("extension.requested", CASE, case.id, **_wish(job), **facts)
    return facts


@job_handler("extension.grant")
def grant(job: JobContext) -> None:
    """Give the time that was asked for.

    Reads    requested_value, requested_unit, extension_reason; form extension_review, none where the table grants
    """
    deadline = job.find_deadline(CASE, (CASE, job["case_id"]))
    if deadline is None:
        raise MissingVariable(job.topic, "deadline of the case")
    form = job.submission(REVIEW)
    extended = job.extend_deadline(
        deadline.id,
        value=Decimal(str(job.find("requested_value"))),
        unit=job["requested_unit"],
        reason=str(job.find("extension_reason", "")),
        approver=BY_RULE if form is None else form.by,
    )
    job.get(CaseRegister).count_extension(job["case_id"])
    _conclude(job, GRANTED, form, extended.due_at)


@job_handler("extension.refuse")
def refuse(job: JobContext) -> None:
    """Refuse more time; the clock runs on as it did.

    Reads    form extension_review; none where the table refuses
    """
    _conclude(job, REFUSED, job.submission(REVIEW))


def _conclude(job: JobContext, outcome: str, form: Submission | None, due_at: datetime | None = None) -> None:
    """Write down what became of the request, who decided it and on which ground."""
    kind, clause = (_text(job, name) for name in ("extension_kind", "extension_clause"))
    by = BY_RULE if form is None else form.by
    job.get(ExtensionRegister).conclude(_instance(job), outcome, by=by, kind=kind, clause=clause, due_at=due_at)
    verdict = {"by": by, "opinion": None if form is None else form.data.get("opinion"), "clause": clause}
    due = {} if due_at is None else {"due_at": due_at.isoformat()}
    job.record(f"extension.{outcome}", CASE, job["case_id"], **_wish(job), extension_kind=kind, **verdict, **due)


def _request(job: JobContext, unit: str | None) -> ExtensionRequest:
    """Return what is asked for, as a row of the register."""
    return ExtensionRequest(
        instance_id=_instance(job),
        case_id=job["case_id"],
        unit=unit,
        requested_by=job.actor,
        requested_at=job.now,
        value=Decimal(str(job.find("requested_value", 0))),
        time_unit=job["requested_unit"],
        reason=str(job.find("extension_reason", "")),
    )


def _instance(job: JobContext) -> str:
    """Return the instance that decides on this request."""
    if job.instance_id is None:
        raise MissingVariable(job.topic, "instance")
    return job.instance_id


def _wish(job: JobContext) -> dict[str, object]:
    """Return what was asked for."""
    return {name: job.find(name) for name in ("requested_value", "requested_unit", "extension_reason", "engineering")}


def _text(job: JobContext, name: str) -> str | None:
    """Return a text that the table gave, if it did."""
    value = job.find(name)
    return value if isinstance(value, str) else None


def _plain(value: Decimal) -> int | float:
    """Return a number that JSON knows."""
    return int(value) if value == value.to_integral_value() else float(value)
