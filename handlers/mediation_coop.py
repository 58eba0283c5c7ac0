"""Jobs of processes/mediation_coop.bpmn (机构协同调解): an institution helps, and both write into one file."""

from collections.abc import Iterable, Mapping

from engine.handler import BpmnError, JobContext, MissingVariable, Submission, job_handler
from registers.disputes import (
    Dispute,
    DisputeRecordRegister,
    DisputeRegister,
    InstitutionRegister,
    InvitationStatus,
    RecordKind,
    entered_text,
    notice_about,
    record_from,
)
from registers.notices import NoticeRegister


@job_handler("mediation.invite")
def invite(job: JobContext) -> dict[str, object]:
    """Ask the institution to help; from now on its people see the dispute.

    Reads    institution; decision mediation_assignment
    Returns  coop_groups: who of the institution may mediate
    Raises   BpmnError("NO_INSTITUTION")   unknown or disabled: the mediator goes on alone (boundary event)
    """
    dispute = _dispute(job)
    institution = job.get(InstitutionRegister).find_enabled(str(job.find("institution", "")))
    if institution is None:
        raise BpmnError("NO_INSTITUTION")
    job.get(DisputeRecordRegister).invite(dispute.id, institution.unit)
    answer = job.decide("mediation_assignment", element="joint_session", institution=institution.unit)
    people = answer.get("groups") if isinstance(answer, Mapping) else answer
    groups = [str(group) for group in people] if isinstance(people, list) else [str(people)]
    _tell(job, dispute, groups, "dispute.institution_invited", "邀请协同调解", "请在时限内决定是否参加。")
    _record(job, "dispute.institution_invited", dispute, institution=institution.unit, name=institution.name)
    return {"coop_groups": groups}


@job_handler("mediation.explain_institution")
def explain_institution(job: JobContext) -> None:
    """Tell the mediator that the institution cannot be asked, and that she may ask another one.

    Reads    institution
    """
    dispute = _dispute(job)
    said = "所选的不是合作中的调解机构，请另选机构或继续调解。"
    _tell(job, dispute, [dispute.mediator], "dispute.institution_unfit", "不能邀请该机构", said)
    _record(job, "dispute.institution_unfit", dispute, institution=job.find("institution"))


@job_handler("mediation.join")
def join(job: JobContext) -> None:
    """Note that the institution helps.

    Reads    institution; form accept_coop
    """
    form = _entered(job, "accept_coop")
    dispute = _dispute(job)
    job.get(DisputeRecordRegister).answer(dispute.id, job["institution"], status=InvitationStatus.JOINED)
    _tell(job, dispute, [dispute.mediator], "dispute.institution_joined", "机构已同意协同调解", "请商定协同调解时间。")
    _record(job, "dispute.institution_joined", dispute, form, institution=job["institution"])


@job_handler("mediation.decline")
def decline(job: JobContext) -> None:
    """Note that the institution does not help, and why; it no longer sees the dispute.

    Reads    institution; form accept_coop: reason
    """
    form = _entered(job, "accept_coop")
    dispute = _dispute(job)
    reason = entered_text(form.data, "reason") or ""
    status = InvitationStatus.DECLINED
    job.get(DisputeRecordRegister).answer(dispute.id, job["institution"], status=status, reason=reason)
    _tell(job, dispute, [dispute.mediator], "dispute.institution_declined", "机构未参加协同调解", reason)
    _record(job, "dispute.institution_declined", dispute, form, institution=job["institution"], reason=reason)


@job_handler("mediation.note_joint_session")
def note_joint_session(job: JobContext) -> None:
    """Note a joint session in the file of the dispute; it counts like any other.

    Reads    institution; form joint_session: action, content
    """
    form = _entered(job, "joint_session")
    dispute = job.get(DisputeRegister).count_session(job["dispute_id"])
    new = record_from(
        form.data,
        kind=RecordKind.JOINT_SESSION,
        by=form.by,
        content=entered_text(form.data, "content"),
        result=str(form.data.get("action")),
        institution=job["institution"],
    )
    job.get(DisputeRecordRegister).add(dispute.id, dispute.round, new)
    _record(job, "dispute.joint_session_held", dispute, form, session=dispute.sessions, institution=job["institution"])


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
