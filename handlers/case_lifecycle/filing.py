"""核实, 立案: is it true, and under which condition and limit is it taken up."""

from collections.abc import Mapping
from decimal import Decimal

from engine.handler import JobContext, job_handler
from handlers.case_lifecycle.facts import CASE, entered, record, tell_reporter, text
from registers.cases import CaseRegister
from registers.codes import CodeRegister

CLOCK_NAME = "办理时限"


@job_handler("case.verify")
def verify(job: JobContext) -> None:
    """Note what was found on site; an unfounded report ends.

    Reads    form verify: action confirmed|unfounded|unverifiable, finding
    """
    form = entered(job, "verify")
    finding = text(form.data, "finding")
    if form.data.get("action") == "unfounded":
        case = job.get(CaseRegister).decline(job["case_id"], reason=finding)
        tell_reporter(job, case, "case.not_filed", "您反映的事项经核实不予立案", finding)
    record(job, "case.verified", form, finding=finding)


@job_handler("case.file")
def file(job: JobContext) -> None:
    """File the case: number, condition, closing condition and the clock; or decline or defer it.

    Reads    form file: action file|not_file|defer, condition, reason; decision filing_condition (D02)
    """
    form = entered(job, "file")
    action = form.data.get("action")
    if action == "not_file":
        reason = job.get(CodeRegister).name_of("refusal_reasons", text(form.data, "reason"))
        case = job.get(CaseRegister).decline(job["case_id"], reason=reason)
        tell_reporter(job, case, "case.not_filed", "您反映的事项不予立案", reason)
        record(job, "case.filing_declined", form, reason=reason)
    elif action == "defer":
        days = job.find("defer_days")
        record(job, "case.filing_deferred", form, reason=text(form.data, "reason"), days=days)
    else:
        _file(job, form.data)


def _file(job: JobContext, entries: Mapping[str, object]) -> None:
    """Fix everything that is fixed at this moment, and start the clock of the case."""
    cases = job.get(CaseRegister)
    case = cases.get(job["case_id"])
    condition = text(entries, "condition") or None
    rule = job.decide(
        "filing_condition",
        category=case.category,
        condition=condition,
        urgency=case.urgency,
        request_type=case.request_type,
    )
    fixed = rule if isinstance(rule, Mapping) else {}
    closing = fixed.get("closing_condition")
    case = cases.file(case.id, condition=condition, closing_condition=None if closing is None else str(closing))
    record(
        job,
        "case.filed",
        entered(job, "file"),
        case_no=case.case_no,
        condition=condition,
        closing_condition=case.closing_condition,
        meets_table=fixed.get("file"),
        clause=fixed.get("clause"),
        source=job.proof("filing_condition"),
    )
    if fixed.get("value") is None or job.find_deadline(CASE, (CASE, case.id)) is not None:
        return
    job.open_deadline(
        CASE,
        (CASE, case.id),
        name=CLOCK_NAME,
        value=Decimal(str(fixed["value"])),
        unit=str(fixed["unit"]),
        calendar=str(fixed["calendar"]),
        holder=None,
        source={"decision": "filing_condition", "clause": fixed.get("clause"), "condition": condition},
    )
