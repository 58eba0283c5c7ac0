"""签收, 处置, 结果审核, 核查: what the unit does, and how it is looked at."""

from engine.handler import JobContext, job_handler
from handlers.case_lifecycle.facts import entered, record, text
from registers.cases import CaseRegister


@job_handler("case.sign")
def sign(job: JobContext) -> None:
    """Take the case on.

    Reads    form sign
    """
    form = entered(job, "sign")
    case = job.get(CaseRegister).sign(job["case_id"])
    record(job, "case.signed", form, lead_unit=case.lead_unit)


@job_handler("case.feedback")
def feedback(job: JobContext) -> None:
    """Report what was done.

    Reads    form handle: result
    """
    form = entered(job, "handle")
    result = text(form.data, "result")
    case = job.get(CaseRegister).handle(job["case_id"], result=result)
    record(job, "case.handled", form, result=result, lead_unit=case.lead_unit)


@job_handler("case.review")
def review(job: JobContext) -> None:
    """Accept the result, have it checked on site, or send it back to be done again.

    Reads    form result_review: action approve|redo|check, opinion
    """
    form = entered(job, "result_review")
    if form.data.get("action") == "redo":
        job.get(CaseRegister).rework(job["case_id"], reason=text(form.data, "opinion"))
        record(job, "case.rework_ordered", form)
        return
    job.get(CaseRegister).review(job["case_id"])
    record(job, "case.reviewed", form)


@job_handler("case.check")
def check(job: JobContext) -> None:
    """Note what the check on site has shown; a failed one sends the case back to the unit.

    Reads    form field_check: action pass|fail, evidence
    """
    form = entered(job, "field_check")
    evidence = text(form.data, "evidence")
    if form.data.get("action") == "fail":
        job.get(CaseRegister).rework(job["case_id"], reason=evidence)
        record(job, "case.check_failed", form, evidence=evidence)
        return
    job.get(CaseRegister).review(job["case_id"])
    record(job, "case.check_passed", form, evidence=evidence)
