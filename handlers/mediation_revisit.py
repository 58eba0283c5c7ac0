"""Jobs of processes/mediation_revisit.bpmn (调解回访): is the agreement performed, and what if it is not."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from engine.handler import JobContext, MissingVariable, Submission, job_handler
from registers.disputes import (
    Dispute,
    DisputeRecordRegister,
    DisputeRegister,
    NewRecord,
    RecordKind,
    entered_text,
    notice_about,
    record_from,
)
from registers.notices import NoticeRegister

FIRST, AGAIN = "performance_due", "urged"
SUIT = "协议未履行，可以就协议的履行向人民法院提起诉讼（人民调解法第三十二条）。"


@job_handler("mediation.plan_revisit")
def plan_revisit(job: JobContext) -> dict[str, object]:
    """Fix when the grid worker goes to see the applicant.

    Reads    occasion: null before the first visit; decision mediation_revisit_wait
    Returns  revisit_at, occasion
    """
    occasion = str(job.find("occasion", FIRST))
    wait = job.decide("mediation_revisit_wait", occasion=occasion)
    if not isinstance(wait, Mapping):
        raise MissingVariable(job.topic, "outputs of mediation_revisit_wait")
    at = job.now + timedelta(days=float(str(wait["days"])))
    _record(job, "dispute.revisit_planned", _dispute(job), revisit_at=at.isoformat(), clause=wait["clause"])
    return {"revisit_at": at.isoformat(), "occasion": occasion}


@job_handler("mediation.note_revisit")
def note_revisit(job: JobContext) -> dict[str, object]:
    """Note how the agreement is performed, and what the applicant thinks of it.

    Reads    form revisit: performance, satisfaction, sued, escalating, content, measures
    Returns  performance, sued, escalating: what the table mediation_revisit_rule reads
    """
    form = _entered(job, "revisit")
    performance = entered_text(form.data, "performance") or "not"
    satisfaction = entered_text(form.data, "satisfaction")
    dispute = job.get(DisputeRegister).note_revisit(
        job["dispute_id"], performance=performance, satisfaction=satisfaction
    )
    measures = entered_text(form.data, "measures")
    content = (entered_text(form.data, "content") or "") + (f"\n采取的措施：{measures}" if measures else "")
    new = record_from(form.data, kind=RecordKind.REVISIT, by=form.by, content=content, result=performance)
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    flags: dict[str, object] = {name: form.data.get(name) is True for name in ("sued", "escalating")}
    _record(job, "dispute.revisited", dispute, form, performance=performance, satisfaction=satisfaction, **flags)
    return {"performance": performance, **flags}


@job_handler("mediation.note_urging")
def note_urging(job: JobContext) -> dict[str, object]:
    """Note that the mediator has urged the party who does not perform.

    Reads    form urge_performance: content, result
    Returns  urgings, occasion
    """
    form = _entered(job, "urge_performance")
    dispute = job.get(DisputeRegister).count_urging(job["dispute_id"])
    content, way = entered_text(form.data, "content"), entered_text(form.data, "way")
    new = record_from(form.data, kind=RecordKind.URGING, by=form.by, content=content, result=way)
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    _record(job, "dispute.urged", dispute, form, urgings=dispute.urgings)
    return {"urgings": dispute.urgings, "occasion": AGAIN}


@job_handler("mediation.advise_suit")
def advise_suit(job: JobContext) -> None:
    """Tell both sides that the agreement can be taken to court.

    Reads    revisit_clause
    """
    dispute = _dispute(job)
    advice = NewRecord(kind=RecordKind.ADVICE, content=f"已告知双方当事人：{SUIT}", recorded_by=job.actor)
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, advice)
    _tell(job, dispute, [dispute.applicant_login, dispute.mediator], "dispute.suit_advised", "可以向人民法院起诉", SUIT)
    _record(job, "dispute.suit_advised", dispute, clause=job.find("revisit_clause"))


def _dispute(job: JobContext) -> Dispute:
    """Return the dispute of the job."""
    return job.get(DisputeRegister).get(job["dispute_id"])


def _entered(job: JobContext, element_id: str) -> Submission:
    """Return what was entered last in a user task; a flow that comes here without it is broken."""
    submission = job.submission(element_id)
    if submission is None:
        raise MissingVariable(job.topic, f"submission of {element_id}")
    return submission


def _record(job: JobContext, kind: str, dispute: Dispute, form: Submission | None = None, **data: object) -> None:
    """Write what happened into the history, with who decided it; what was said stays in the file of the dispute."""
    if form is not None:
        data = {"by": form.by, "action": form.data.get("action"), "opinion": entered_text(form.data, "opinion"), **data}
    job.record(kind, "dispute", dispute.id, round=dispute.round, **data)


def _tell(job: JobContext, dispute: Dispute, people: Iterable[str | None], kind: str, title: str, said: str) -> None:
    """Tell accounts and groups something about the dispute; the same job tells each once."""
    notice = notice_about(dispute, kind, title, said, job.id)
    job.get(NoticeRegister).send(notice, [one for one in people if one])
