"""Jobs of the rungs of the period of mediation (rules/mediation.dmn, mediation_rungs).

No diagram calls these: a rung that is reached does. Legal time comes from the ledger and reaches the diagram as a
message.
"""

from dataclasses import replace

from engine.handler import JobContext, MissingVariable, job_handler
from handlers.mediation.facts import CLOCK, record
from registers.disputes import Dispute, DisputeRegister, committee_group, notice_about
from registers.local_time import local_minute
from registers.notices import NoticeRegister

PERIOD_OVER = "mediation_period_over"


@job_handler("deadline.mediation_expiring")
def expiring(job: JobContext) -> None:
    """Remind the mediator and her committee to ask both sides whether they agree to more time.

    Reads    the rung: business_key, deadline_id, rung, round
    """
    dispute = _dispute(job)
    deadline = job.find_deadline(CLOCK, (CLOCK, dispute.id))
    until = "" if deadline is None else f"（{local_minute(deadline.due_at)}）"
    _tell(job, dispute, "调解期限将满", f"调解期限将满{until}，请征求双方当事人是否同意延长。")
    record(job, "dispute.expiry_announced", dispute, rung=job.find("rung"))


@job_handler("deadline.mediation_over")
def over(job: JobContext) -> None:
    """End mediation where it still goes on; where only the signatures are missing, tell those who collect them.

    Reads    the rung: business_key, deadline_id, rung, round
    """
    dispute = _dispute(job)
    ended = job.send_message(PERIOD_OVER, dispute.id, {})
    if not ended:
        _tell(job, dispute, "调解期限已满", "双方已达成一致，协议尚未签订，请立即办理。")
    record(job, "dispute.period_over", dispute, rung=job.find("rung"), ended=ended)


def _dispute(job: JobContext) -> Dispute:
    """Return the dispute whose period it is."""
    if job.business_key is None:
        raise MissingVariable(job.topic, "business_key")
    return job.get(DisputeRegister).get(job.business_key)


def _tell(job: JobContext, dispute: Dispute, title: str, said: str) -> None:
    """Tell the mediator and the committee, once per rung and round of the deadline."""
    notice = notice_about(dispute, job.topic, title, said, f"{job['deadline_id']}:{job['rung']}")
    notice = replace(notice, round=int(str(job.find("round", 1))))
    people = [dispute.mediator, committee_group(dispute.committee_unit)]
    job.get(NoticeRegister).send(notice, [one for one in people if one])
