"""签订协议, 未达成, 重新调解, 结案: how mediation ends."""

from collections.abc import Mapping
from datetime import date

from engine.handler import JobContext, Submission, job_handler
from handlers.mediation.facts import end_of, entered, in_charge, record, start_clock, stop_clock, tell
from registers.disputes import (
    Dispute,
    DisputeRecordRegister,
    DisputeRegister,
    NewRecord,
    Outcome,
    RecordKind,
    committee_group,
    entered_text,
    record_from,
)

AT_ONCE = "on_the_spot"
WAYS = "可以依法申请仲裁、由行政机关处理，或者向人民法院提起诉讼（人民调解法第二十六条）。"
OUTCOMES = {"failed": Outcome.NOT_AGREED, "refused": Outcome.PARTY_REFUSED}


@job_handler("mediation.come_to_terms")
def come_to_terms(job: JobContext) -> None:
    """Note that the parties agree; what they agree on is still to be written down."""
    dispute = job.get(DisputeRegister).come_to_terms(job["dispute_id"])
    record(job, "dispute.came_to_terms", dispute)


@job_handler("mediation.conclude")
def conclude(job: JobContext) -> dict[str, object]:
    """Conclude the agreement, written (协议书) or oral (登记表): it gets its number, and the period ends.

    Reads    form sign_agreement: action written|oral, content, performance_manner, perform_by
    Returns  on_the_spot, performance_due_at: the end of the day by which it must be performed
    """
    form = entered(job, "sign_agreement")
    manner = entered_text(form.data, "performance_manner") or AT_ONCE
    perform_by = _day(form.data) if manner != AT_ONCE else None
    content = entered_text(form.data, "content") or ""
    dispute = job.get(DisputeRegister).agree(
        job["dispute_id"], form=str(form.data.get("action")), content=content, manner=manner, perform_by=perform_by
    )
    signed = dispute.agreement_form
    new = record_from(form.data, kind=RecordKind.AGREEMENT, by=form.by, content=content, result=signed)
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    stop_clock(job, dispute, "达成协议")
    said = f"协议编号 {dispute.agreement_no}。"
    people = [dispute.applicant_login, committee_group(dispute.committee_unit)]
    tell(job, dispute, people, "dispute.agreed", "纠纷已达成调解协议", said)
    facts = {
        "agreement_no": dispute.agreement_no,
        "manner": manner,
        "perform_by": perform_by and perform_by.isoformat(),
    }
    record(job, "dispute.agreed", dispute, form, **facts)
    due = job.now if perform_by is None else end_of(perform_by)
    return {"on_the_spot": perform_by is None, "performance_due_at": due.isoformat()}


@job_handler("mediation.fail")
def fail(job: JobContext) -> None:
    """End mediation without an agreement, and tell the parties which legal ways are open to them.

    Reads    round_result failed|refused; form sign_agreement where the parties did not sign after all: reason
    """
    form = _retraction(job)
    outcome = OUTCOMES.get(str(job.find("round_result")), Outcome.NOT_AGREED)
    reason = None if form is None else entered_text(form.data, "reason")
    dispute = _end(job, outcome, reason)
    record(job, "dispute.not_agreed", dispute, form, outcome=outcome.value)


@job_handler("mediation.lapse")
def lapse(job: JobContext) -> dict[str, object]:
    """End mediation because its period is over, and tell the parties which legal ways are open to them.

    Returns  mediator, committee_unit, level as the round that was cut short has left them
    """
    dispute = _end(job, Outcome.LAPSED, "调解期限已满")
    record(job, "dispute.lapsed", dispute)
    return in_charge(dispute)


@job_handler("mediation.reopen")
def reopen(job: JobContext) -> dict[str, object]:
    """Begin a new round because the agreement was not performed; the month runs anew, the mediator is chosen anew.

    Returns  round, urgings, occasion: null, mediator: null, replaced_mediator: null
    """
    before = job.get(DisputeRegister).get(job["dispute_id"])
    dispute = job.get(DisputeRegister).reopen(before.id)
    start_clock(job, dispute)
    people = [dispute.applicant_login, before.mediator, committee_group(dispute.committee_unit)]
    tell(job, dispute, people, "dispute.reopened", "纠纷重新调解", "协议未全部履行，重新调解。")
    record(job, "dispute.reopened", dispute)
    return {"round": dispute.round, "urgings": 0, "occasion": None, "mediator": None, "replaced_mediator": None}


@job_handler("mediation.close")
def close(job: JobContext) -> None:
    """Close the file with its report (结案报告).

    Reads    form close_dispute: report
    """
    form = entered(job, "close_dispute")
    dispute = job.get(DisputeRegister).close(job["dispute_id"], report=entered_text(form.data, "report") or "")
    outcome = None if dispute.outcome is None else dispute.outcome.value
    tell(job, dispute, [dispute.applicant_login], "dispute.closed", "您的纠纷已办结", "感谢配合。")
    record(job, "dispute.closed", dispute, form, outcome=outcome, performance=dispute.performance)


def _end(job: JobContext, outcome: Outcome, reason: str | None) -> Dispute:
    """End mediation: the clock stops, institutions that have not answered are let go, the parties are told."""
    dispute = job.get(DisputeRegister).end_without_agreement(job["dispute_id"], outcome=outcome, reason=reason)
    stop_clock(job, dispute, reason or "未达成协议")
    records = job.get(DisputeRecordRegister)
    records.close_invitations(dispute.id, reason="调解已结束")
    advice = NewRecord(kind=RecordKind.ADVICE, content=f"未达成协议，已告知双方当事人：{WAYS}", recorded_by=job.actor)
    records.add(dispute.id, dispute.round, advice)
    people = [dispute.applicant_login, dispute.mediator, committee_group(dispute.committee_unit)]
    tell(job, dispute, people, "dispute.not_agreed", "调解未达成协议", WAYS)
    return dispute


def _retraction(job: JobContext) -> Submission | None:
    """Return the form in which the parties did not sign after all, where that is what happened last."""
    form = job.submission("sign_agreement") if job.find("round_result") == "agreed" else None
    return form if form is not None and form.data.get("action") == "retracted" else None


def _day(values: Mapping[str, object]) -> date | None:
    """Return the day by which the agreement is to be performed."""
    written = entered_text(values, "perform_by")
    return None if written is None else date.fromisoformat(written)
