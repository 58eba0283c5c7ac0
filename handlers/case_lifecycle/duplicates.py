"""判重比对, 判重: the same matter, reported twice."""

from decimal import Decimal

from engine.handler import BpmnError, JobContext, job_handler
from handlers.case_lifecycle.facts import entered, only, record, tell_reporter, text
from registers.cases import Case, CaseRegister, DuplicateRegister, LinkKind, MasterUnfit


@job_handler("case.find_duplicates")
def find_duplicates(job: JobContext) -> dict[str, object]:
    """Compare the case with its neighbours in matter, place and time; the table says which are candidates.

    Reads    the case; decisions duplicate_window (days, limit), duplicate_check (candidate)
    Returns  duplicates: how many candidates a person has to look at
    """
    case = job.get(CaseRegister).get(job["case_id"])
    window = job.decide("duplicate_window", category=case.category)
    days, limit = _number(only(window, "days")), _number(only(window, "limit"))
    register = job.get(DuplicateRegister)
    alike = register.compare(case, days=float(days), limit=int(limit))
    kept = [
        like
        for like in alike
        if only(
            job.decide(
                "duplicate_check",
                score=like.score,
                same_reporter=like.same_reporter,
                hours=like.hours,
                distance_m=like.distance_m,
            ),
            "candidate",
        )
        is True
    ]
    candidates = register.keep(case.id, kept)
    record(job, "case.compared", compared=len(alike), candidates=[c.other_id for c in candidates])
    return {"duplicates": len(candidates)}


@job_handler("case.merge")
def merge(job: JobContext) -> None:
    """Make the case a follower of the one it repeats; its reporter gets the master's result.

    Reads    form duplicate: other_case_id
    Raises   BpmnError("MASTER_UNFIT")   the other case follows this one meanwhile, or has ended unanswered: judge again
    """
    form = entered(job, "duplicate")
    master = _other(job, text(form.data, "other_case_id"))
    try:
        case = job.get(CaseRegister).merge(job["case_id"], master_case_id=master.id)
    except MasterUnfit as unfit:
        raise BpmnError("MASTER_UNFIT", str(unfit)) from unfit
    job.get(DuplicateRegister).link(case.id, str(case.master_case_id), LinkKind.MERGED, by=form.by)
    tell_reporter(job, case, "case.merged", "您反映的事项已并入同一事项办理", "办理结果将一并告知")
    record(job, "case.merged", form, master_case_id=case.master_case_id)


@job_handler("case.relate")
def relate(job: JobContext) -> None:
    """Link the case with another one, or note that it stands alone.

    Reads    form duplicate: action related|distinct, other_case_id
    """
    form = entered(job, "duplicate")
    if form.data.get("action") != "related":
        record(job, "case.found_distinct", form)
        return
    other = _other(job, text(form.data, "other_case_id"))
    job.get(DuplicateRegister).link(job["case_id"], other.id, LinkKind.RELATED, by=form.by)
    record(job, "case.related", form, other_case_id=other.id)


def _other(job: JobContext, named: str) -> Case:
    """Return the other case, named by its id or by its case number; an unknown one is bad data."""
    cases = job.get(CaseRegister)
    return cases.find_by_reference(named) or cases.get(named)


def _number(value: object) -> Decimal:
    """Read a number that a table answered."""
    return Decimal(str(value))
