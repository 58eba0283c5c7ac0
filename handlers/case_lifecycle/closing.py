"""回访, 重派, 归档: is the reporter content, does it begin again, and what stays in the file."""

from engine.handler import JobContext, Submission, job_handler
from handlers.case_lifecycle.facts import CASE, entered, only, record, stop_clock, tell_reporter, text
from registers.cases import Case, CaseRegister


@job_handler("case.callback")
def callback(job: JobContext) -> dict[str, object]:
    """Note what the reporter said; a content one, or one who could not be reached often enough, closes the case.

    Reads    form callback: action reached|unreached, satisfaction, solved; callback_attempts, max_attempts;
             decision satisfaction_rule
    Returns  callback_attempts, satisfied
    """
    form = entered(job, "callback")
    attempts = _count(job, "callback_attempts") + 1
    reached = form.data.get("action") == "reached"
    satisfied = _ask(job, form) if reached else False
    record(
        job,
        "case.called_back",
        form,
        attempt=attempts,
        satisfaction=form.data.get("satisfaction"),
        solved=form.data.get("solved"),
        satisfied=satisfied if reached else None,
    )
    if satisfied or (not reached and attempts >= _count(job, "max_attempts")):
        _close(job, "回访满意" if satisfied else "多次回访未接通")
    return {"callback_attempts": attempts, "satisfied": satisfied}


@job_handler("case.redispatch")
def redispatch(job: JobContext) -> dict[str, object]:
    """Begin a new round with a clock of its own, or close the case as reasonably done or at its last round.

    Reads    form redispatch: action redispatch|justified|escalate, reason; max_rounds
    Returns  round, callback_attempts
    """
    form = entered(job, "redispatch")
    reason = text(form.data, "reason")
    if form.data.get("action") == "justified":
        record(job, "case.found_reasonable", form, reason=reason)
        case = _close(job, reason)
        return {"round": case.round, "callback_attempts": 0}
    case = job.get(CaseRegister).redispatch(job["case_id"], reason=reason)
    kind = "case.escalated" if form.data.get("action") == "escalate" else "case.redispatched"
    record(job, kind, form, reason=reason, round=case.round)
    if case.round > _count(job, "max_rounds"):
        _close(job, "已达重派轮次上限")
    else:
        _restart_clock(job, case)
    return {"round": case.round, "callback_attempts": 0}


@job_handler("case.archive")
def archive(job: JobContext) -> None:
    """Put the case into the archive, where nothing changes it any more; or have the file completed first.

    Reads    form archive: action archive|return, missing, knowledge_candidate
    """
    form = entered(job, "archive")
    if form.data.get("action") == "return":
        record(job, "case.archiving_returned", form, missing=text(form.data, "missing"))
        return
    cases = job.get(CaseRegister)
    stop_clock(job, job["case_id"], "归档")
    case = cases.archive(job["case_id"])
    followers = cases.list_followers(case.id)
    for follower in followers:
        tell_reporter(job, follower, "case.master_archived", "您反映的事项已办结", case.result or "")
    record(
        job,
        "case.archived",
        form,
        outcome=case.outcome,
        followers=[follower.id for follower in followers],
        knowledge_candidate=form.data.get("knowledge_candidate") is True,
    )


@job_handler("case.correct")
def correct(job: JobContext) -> None:
    """Note how the file was completed.

    Reads    form correct: correction
    """
    form = entered(job, "correct")
    record(job, "case.file_corrected", form, correction=text(form.data, "correction"))


def _ask(job: JobContext, form: Submission) -> bool:
    """Keep the reporter's verdict and ask the table what it means."""
    satisfaction, solved = form.data.get("satisfaction"), form.data.get("solved")
    job.get(CaseRegister).note_callback(
        job["case_id"],
        satisfaction=None if satisfaction is None else str(satisfaction),
        solved=solved if isinstance(solved, bool) else None,
    )
    return only(job.decide("satisfaction_rule", satisfaction=satisfaction, solved=solved), "satisfied") is True


def _close(job: JobContext, reason: str) -> Case:
    """Close the case and stop its clock."""
    case = job.get(CaseRegister).close(job["case_id"], reason=reason)
    stop_clock(job, case.id, "结案")
    tell_reporter(job, case, "case.closed", "您反映的事项已办结", case.result or "")
    record(job, "case.closed", reason=reason)
    return case


def _restart_clock(job: JobContext, case: Case) -> None:
    """Give the new round the same budget again: the time of the last round was not the next unit's."""
    known = job.find_deadline(CASE, (CASE, case.id))
    if known is None:
        return
    job.stop_deadline(known.id, reason="重派")
    job.open_deadline(
        CASE,
        (CASE, case.id),
        name=known.name,
        value=known.value,
        unit=known.unit,
        calendar=known.calendar_key,
        holder=None,
        source=known.source,
    )


def _count(job: JobContext, name: str) -> int:
    """Read a counter or a limit."""
    return int(str(job.find(name, 0)))
