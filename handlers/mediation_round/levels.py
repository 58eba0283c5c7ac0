"""提级: a committee hands a dispute to the one above it, 村/社区 → 街/镇 → 区/县."""

from engine.handler import BpmnError, JobContext, MissingVariable, job_handler
from handlers.mediation_round.facts import CLOCK, dispute_of, entered, record, tell
from registers.disputes import DisputeRegister, Level, committee_group, entered_text, upper_committee
from registers.org import UnitRegister

TOP = "已是最高一级调委会，不能再提级；可以继续调解、邀请调解机构协同，或者结束调解并告知仲裁、行政和诉讼途径。"


@job_handler("mediation.escalate")
def escalate(job: JobContext) -> dict[str, object]:
    """Ask the committee above to take the dispute over.

    Returns  upper_unit
    Raises   BpmnError("TOP_LEVEL")   there is none above: it stays where it is (boundary event)
    """
    dispute = dispute_of(job)
    upper = upper_committee(dispute, job.get(UnitRegister))
    if upper is None:
        raise BpmnError("TOP_LEVEL")
    tell(job, dispute, [committee_group(upper.code)], "dispute.escalated", "下级调委会提请提级调解", "请决定是否接办。")
    record(job, "dispute.escalated", dispute, from_unit=dispute.committee_unit, to_unit=upper.code)
    return {"upper_unit": upper.code}


@job_handler("mediation.refuse_escalation")
def refuse_escalation(job: JobContext) -> None:
    """Say that there is no committee above, and what can be done instead."""
    dispute = dispute_of(job)
    people = [dispute.mediator, committee_group(dispute.committee_unit)]
    tell(job, dispute, people, "dispute.top_level", "不能再提级", TOP)
    record(job, "dispute.escalation_refused", dispute, level=dispute.level.value)


@job_handler("mediation.take_over")
def take_over(job: JobContext) -> dict[str, object]:
    """Move the dispute to the upper committee; the clock runs on, and is its time from now on.

    Reads    upper_unit; form take_over_dispute
    Returns  committee_unit, level, mediator: null
    """
    form = entered(job, "take_over_dispute")
    unit = job.get(UnitRegister).get(job["upper_unit"])
    before = dispute_of(job)
    level = Level(unit.kind.value)
    dispute = job.get(DisputeRegister).move_up(before.id, level=level, committee_unit=unit.code)
    deadline = job.find_deadline(CLOCK, (CLOCK, dispute.id))
    if deadline is None:
        raise MissingVariable(job.topic, "the clock of the dispute")
    job.transfer_deadline(deadline.id, holder=unit.code, reason="提级")
    people = [before.mediator, committee_group(before.committee_unit)]
    tell(job, dispute, people, "dispute.taken_over", "纠纷已由上级调委会接办", f"{unit.name}已接办。")
    record(job, "dispute.taken_over", dispute, form, committee=unit.code, level=level.value)
    return {"committee_unit": unit.code, "level": level.value, "mediator": None}


@job_handler("mediation.return_dispute")
def return_dispute(job: JobContext) -> None:
    """Leave the dispute with the lower committee, with a reason.

    Reads    form take_over_dispute: opinion
    """
    form = entered(job, "take_over_dispute")
    dispute = dispute_of(job)
    people = [dispute.mediator, committee_group(dispute.committee_unit)]
    said = entered_text(form.data, "opinion") or "请继续调解。"
    tell(job, dispute, people, "dispute.takeover_refused", "上级调委会未接办", said)
    record(job, "dispute.takeover_refused", dispute, form)
