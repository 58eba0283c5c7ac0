"""权利义务告知, 调查, 调解, 延期: what a mediator does, each time with a record in the file."""

from decimal import Decimal

from engine.handler import JobContext, MissingVariable, job_handler
from handlers.mediation_round.facts import CLOCK, dispute_of, entered, record, tell
from registers.disputes import DisputeRecordRegister, DisputeRegister, RecordKind, entered_text, record_from


@job_handler("mediation.note_rights")
def note_rights(job: JobContext) -> None:
    """Note that both sides know their rights and duties, or that one of them does not want mediation.

    Reads    form rights_notice: action noticed|refused_by_party, content, refusal_reason
    """
    form = entered(job, "rights_notice")
    dispute = dispute_of(job)
    refused = form.data.get("action") == "refused_by_party"
    content = entered_text(form.data, "refusal_reason" if refused else "content") or "已告知双方当事人权利义务。"
    new = record_from(
        form.data,
        kind=RecordKind.RIGHTS_NOTICE,
        by=form.by,
        content=content,
        result="refused" if refused else "noticed",
    )
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    record(job, "dispute.party_refused" if refused else "dispute.rights_noticed", dispute, form)


@job_handler("mediation.note_investigation")
def note_investigation(job: JobContext) -> None:
    """Note what was found out before the first session.

    Reads    form investigate: findings
    """
    form = entered(job, "investigate")
    dispute = dispute_of(job)
    findings = entered_text(form.data, "findings")
    new = record_from(form.data, kind=RecordKind.INVESTIGATION, by=form.by, content=findings)
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    record(job, "dispute.investigated", dispute, form)


@job_handler("mediation.note_session")
def note_session(job: JobContext) -> None:
    """Note a session and how it ended; one that is held counts.

    Reads    form mediation_session: action, content
    """
    form = entered(job, "mediation_session")
    dispute = job.get(DisputeRegister).count_session(job["dispute_id"])
    said, action = entered_text(form.data, "content"), str(form.data.get("action"))
    new = record_from(form.data, kind=RecordKind.SESSION, by=form.by, content=said, result=action)
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    record(job, "dispute.session_held", dispute, form, session=dispute.sessions)


@job_handler("mediation.assess_extension")
def assess_extension(job: JobContext) -> dict[str, object]:
    """Gather what the table mediation_extension wants to know.

    Reads    both_consent
    Returns  consent, before_expiry, granted (extensions so far)
    """
    dispute = dispute_of(job)
    deadline = job.find_deadline(CLOCK, (CLOCK, dispute.id))
    return {
        "consent": bool(job.find("both_consent", default=False)),
        "before_expiry": deadline is not None and job.now <= deadline.due_at,
        "granted": dispute.extensions,
    }


@job_handler("mediation.extend")
def extend(job: JobContext) -> None:
    """Give more time, with the consent of both sides.

    Reads    extension_days, extension_unit, extension_clause; form mediation_session: consent_evidence
    """
    dispute = dispute_of(job)
    deadline = job.find_deadline(CLOCK, (CLOCK, dispute.id))
    if deadline is None:
        raise MissingVariable(job.topic, "the clock of the dispute")
    form = entered(job, "mediation_session")
    clause = str(job.find("extension_clause", ""))
    extended = job.extend_deadline(
        deadline.id,
        value=Decimal(str(job.find("extension_days"))),
        unit=job["extension_unit"],
        reason=entered_text(form.data, "consent_evidence") or clause,
        approver=form.by,
    )
    dispute = job.get(DisputeRegister).count_extension(dispute.id)
    facts = {"days": job.find("extension_days"), "due_at": extended.due_at.isoformat(), "clause": clause}
    record(job, "dispute.extension_granted", dispute, form, **facts)


@job_handler("mediation.refuse_extension")
def refuse_extension(job: JobContext) -> None:
    """Refuse more time; the period runs on as it did, and mediation goes on.

    Reads    extension_days, extension_clause
    """
    form = entered(job, "mediation_session")
    dispute = dispute_of(job)
    days, clause = job.find("extension_days"), str(job.find("extension_clause", ""))
    tell(job, dispute, [dispute.mediator], "dispute.extension_refused", "调解期限未延长", f"{clause}。")
    record(job, "dispute.extension_refused", dispute, form, days=days, clause=clause)
