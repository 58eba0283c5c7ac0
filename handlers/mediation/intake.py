"""登记, 受理审查, 撤回, 更换调解员: what committees and applicants decide before and during mediation."""

from engine.handler import JobContext, job_handler
from handlers.mediation.facts import entered, in_charge, outputs, record, start_clock, stop_clock, tell
from registers.codes import CodeRegister
from registers.disputes import (
    Dispute,
    DisputeRecordRegister,
    DisputeRegister,
    Level,
    committee_at,
    committee_group,
    entered_text,
    subject_of,
)
from registers.org import UnitRegister

WITHDRAWN, REPLACED = "申请人撤回申请", "调委会更换调解员"


@job_handler("mediation.register")
def register(job: JobContext) -> dict[str, object]:
    """Find out how large the dispute is and whose committee mediates it first.

    Reads    the dispute; decisions dispute_scale, dispute_level
    Returns  subject, the place, committee_unit, level, and what gateways and tables read later, at its start
    """
    dispute = job.get(DisputeRegister).get(job["dispute_id"])
    scale = str(outputs(job.decide("dispute_scale", people_involved=dispute.people_involved), "scale")["scale"])
    first = outputs(job.decide("dispute_level", severity=dispute.severity, scale=scale), "level")
    committee = committee_at(dispute, Level(str(first["level"])), job.get(UnitRegister))
    level, unit = dispute.level, dispute.committee_unit
    if committee is not None:
        level, unit = Level(committee.kind.value), committee.code
    dispute = job.get(DisputeRegister).classify(dispute.id, scale=scale, level=level, committee_unit=unit)
    facts = {"source": dispute.source.value, "scale": scale, "level": level.value, "committee_unit": unit}
    record(job, "dispute.registered", dispute, None, **facts, clause=first["clause"])
    tell(
        job, dispute, [committee_group(unit)], "dispute.registered", "有新的矛盾纠纷待受理", "请在时限内决定是否受理。"
    )
    return {
        "subject": subject_of(dispute),
        "dispute_type": dispute.type,
        **facts,
        "severity": dispute.severity,
        "limited": dispute.superior_due_on is not None,
        **_place(dispute),
        "mediator": None,
        "institution": None,
        "extension_days": None,
        "both_consent": False,
        "urgings": 0,
    }


@job_handler("mediation.accept")
def accept(job: JobContext) -> dict[str, object]:
    """Accept the dispute, with type and severity put right: it gets its number, and the month begins to run.

    Reads    form accept_dispute: type, severity
    Returns  dispute_type, severity
    """
    form = entered(job, "accept_dispute")
    disputes = job.get(DisputeRegister)
    corrected = {name: value for name in ("type", "severity") if (value := entered_text(form.data, name)) is not None}
    dispute = disputes.correct(job["dispute_id"], **corrected)
    dispute = disputes.accept(dispute.id)
    start_clock(job, dispute)
    record(job, "dispute.accepted", dispute, form, dispute_no=dispute.dispute_no, type=dispute.type)
    said = f"已受理，编号 {dispute.dispute_no}。"
    tell(job, dispute, [dispute.applicant_login], "dispute.accepted", "您的调解申请已受理", said)
    return {"dispute_type": dispute.type, "severity": dispute.severity}


@job_handler("mediation.refuse")
def refuse(job: JobContext) -> None:
    """Refuse the dispute for one of the listed reasons, and tell the applicant.

    Reads    form accept_dispute: reason (code table dispute_refusals)
    """
    form = entered(job, "accept_dispute")
    code = entered_text(form.data, "reason") or ""
    reason = job.get(CodeRegister).name_of("dispute_refusals", code)
    dispute = job.get(DisputeRegister).refuse(job["dispute_id"], reason=reason)
    people = [dispute.applicant_login, dispute.registered_by]
    tell(job, dispute, people, "dispute.refused", "调解申请不予受理", f"{reason}。")
    record(job, "dispute.refused", dispute, form, code=code, reason=reason)


@job_handler("mediation.withdraw")
def withdraw(job: JobContext) -> None:
    """End the dispute because its applicant took it back.

    Reads    withdraw_reason from the message
    """
    reason = entered_text(job.variables, "withdraw_reason") or WITHDRAWN
    before = job.get(DisputeRegister).get(job["dispute_id"])
    dispute = job.get(DisputeRegister).withdraw(before.id, reason=reason)
    job.get(DisputeRecordRegister).close_invitations(dispute.id, reason=WITHDRAWN)
    stop_clock(job, dispute, WITHDRAWN)
    people = [dispute.mediator, committee_group(dispute.committee_unit)]
    tell(job, dispute, people, "dispute.withdrawn", "申请人已撤回调解申请", reason)
    record(job, "dispute.withdrawn", dispute, reason=reason)


@job_handler("mediation.release")
def release(job: JobContext) -> dict[str, object]:
    """Take the dispute from its mediator because the committee replaces her; mediation begins again at the choice.

    Institutions that have not answered yet are let go: the new mediator asks anew.

    Reads    change_reason, exclude_mediator from the message
    Returns  replaced_mediator: who is not chosen this time; mediator: null; committee_unit, level as the round that
             was cut short has left them
    """
    before = job.get(DisputeRegister).get(job["dispute_id"])
    excluded = bool(job.find("exclude_mediator", default=False))
    dispute = job.get(DisputeRegister).release(before.id, exclude=excluded)
    job.get(DisputeRecordRegister).close_invitations(dispute.id, reason=REPLACED)
    reason = entered_text(job.variables, "change_reason")
    said = reason or f"{REPLACED}。"
    tell(job, dispute, [before.mediator], "dispute.mediator_released", "您不再调解该纠纷", said)
    record(job, "dispute.mediator_released", dispute, mediator=before.mediator, reason=reason, excluded=excluded)
    return {**in_charge(dispute), "replaced_mediator": before.mediator}


def _place(dispute: Dispute) -> dict[str, object]:
    """Return where the dispute is, as process variables."""
    return {
        "district": dispute.district,
        "street": dispute.street,
        "upper_unit": None,
        "round": dispute.round,
    }
