"""Jobs of processes/dispatch.bpmn (分拨): who handles a case, found by the responsibility list or by a person."""

from collections.abc import Iterable, Mapping

from engine.handler import JobContext, MissingVariable, Submission, job_handler
from registers.cases import CaseRegister
from registers.notices import NewNotice, NoticeRegister
from registers.org import UnitRegister

CASE = "case"


@job_handler("dispatch.automatic")
def automatic(job: JobContext) -> dict[str, object]:
    """Dispatch to the one entry of the responsibility list (D03) that matched: 系统分拨.

    Reads    matches
    Returns  lead_unit, co_units, supervisor_unit
    """
    matches = job.find("matches")
    if not isinstance(matches, list) or len(matches) != 1 or not isinstance(matches[0], Mapping):
        raise MissingVariable(job.topic, "matches (exactly one)")
    return _dispatch(job, matches[0], mode="automatic", basis=matches[0].get("basis"))


@job_handler("dispatch.manual")
def manual(job: JobContext) -> dict[str, object]:
    """Dispatch to the units that the dispatcher, or for a hard case the duty leader, has chosen.

    Reads    form leader_dispatch or manual_dispatch, whichever came last: lead_unit, co_units, supervisor_unit
    Returns  lead_unit, co_units, supervisor_unit
    """
    form = _last(job)
    mode = "leader" if form.element_id == "leader_dispatch" else "manual"
    return _dispatch(job, form.data, mode=mode, **_who(form))


@job_handler("dispatch.answer")
def answer(job: JobContext) -> None:
    """Answer the reporter directly: the case needs no unit.

    Reads    form leader_dispatch or manual_dispatch, whichever came last: answer
    """
    form = _last(job)
    result = _text(form.data.get("answer")) or ""
    case = job.get(CaseRegister).answer(job["case_id"], result=result)
    deadline = job.find_deadline(CASE, (CASE, case.id))
    if deadline is not None:
        job.stop_deadline(deadline.id, reason="直接答复")
    if case.reporter_code is not None:
        notice = NewNotice(
            kind="case.answered",
            title="您反映的事项已答复",
            text=f"《{case.title}》：{result}",
            business_key=case.id,
            subject=case.id,
            rung=job.id,
        )
        job.get(NoticeRegister).send(notice, [case.reporter_code])
    job.record("case.answered", CASE, case.id, result=result, **_who(form))


def _dispatch(job: JobContext, chosen: Mapping[str, object], **data: object) -> dict[str, object]:
    """Name the units, hand the clock over to the lead unit, and say how it came about."""
    lead, supervisor = _text(chosen.get("lead_unit")), _text(chosen.get("supervisor_unit"))
    if lead is None:
        raise MissingVariable(job.topic, "lead_unit")
    listed = chosen.get("co_units")
    helpers = [str(unit) for unit in listed] if isinstance(listed, Iterable) and not isinstance(listed, str) else []
    job.get(UnitRegister).require([lead, *helpers, *([supervisor] if supervisor else [])], "lead_unit")
    case = job.get(CaseRegister).dispatch(job["case_id"], lead_unit=lead, co_units=helpers, supervisor_unit=supervisor)
    deadline = job.find_deadline(CASE, (CASE, case.id))
    if deadline is not None:
        job.transfer_deadline(deadline.id, holder=lead, reason="分拨")
    units = {"lead_unit": lead, "co_units": list(case.co_units), "supervisor_unit": supervisor}
    job.record("case.dispatched", CASE, case.id, **units, round=case.round, **data)
    return dict(units)


def _last(job: JobContext) -> Submission:
    """Return the form that was filled in last."""
    forms = [job.submission(element_id) for element_id in ("manual_dispatch", "leader_dispatch")]
    filled = [form for form in forms if form is not None]
    if not filled:
        raise MissingVariable(job.topic, "submission of manual_dispatch")
    # Of two forms of one instant the leader's counts: it answers the dispatcher's.
    return max(reversed(filled), key=lambda form: form.at)


def _who(form: Submission) -> dict[str, object]:
    """Return who decided, and her opinion."""
    return {"by": form.by, "action": form.data.get("action"), "opinion": _text(form.data.get("opinion"))}


def _text(value: object) -> str | None:
    """Return a text, or None where nothing was entered."""
    return (value.strip() or None) if isinstance(value, str) else None
