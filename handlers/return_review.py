"""Jobs of processes/return_review.bpmn (退回审核): a unit's objection against being the one who handles a case.

Who reviews it, and how many of them, is in the table return_level; here counts what the last of them said.
"""

from engine.handler import JobContext, MissingVariable, Submission, job_handler
from registers.cases import CaseRegister

CASE = "case"


@job_handler("return_review.agree")
def agree(job: JobContext) -> dict[str, object]:
    """Uphold the objection: the case waits to be dispatched again. The clock runs on with the objecting unit.

    Reads    form review_return; return_reason
    Returns  returns
    """
    form = _form(job)
    case = job.get(CaseRegister).give_back(job["case_id"], reason=str(job.find("return_reason", "")))
    _record(job, "return.agreed", returns=case.returns, by=form.by, opinion=form.data.get("opinion"))
    return {"returns": case.returns}


@job_handler("return_review.refuse")
def refuse(job: JobContext) -> dict[str, object]:
    """Refuse the objection: the unit signs.

    Reads    form review_return
    Returns  returns
    """
    form = _form(job)
    case = job.get(CaseRegister).count_return(job["case_id"])
    _record(job, "return.refused", returns=case.returns, by=form.by, opinion=form.data.get("opinion"))
    return {"returns": case.returns}


@job_handler("return_review.force")
def force(job: JobContext) -> dict[str, object]:
    """终审派单: the table allows no further objection; the unit signs.

    Returns  returns
    """
    case = job.get(CaseRegister).count_return(job["case_id"])
    _record(job, "return.forced", returns=case.returns, lead_unit=case.lead_unit)
    return {"returns": case.returns}


def _form(job: JobContext) -> Submission:
    """Return what the reviewer entered."""
    form = job.submission("review_return")
    if form is None:
        raise MissingVariable(job.topic, "submission of review_return")
    return form


def _record(job: JobContext, kind: str, **data: object) -> None:
    """Write what became of the objection, with its grounds."""
    grounds = {
        "reason": job.find("return_reason"),
        "basis": job.find("return_basis"),
        "suggested_unit": job.find("suggested_unit"),
        "return_kind": job.find("return_kind"),
    }
    job.record(kind, CASE, job["case_id"], **grounds, **data)
