"""What several nodes of the mediation flow need: forms, notices, the history and the clock of a dispute."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.handler import JobContext, MissingVariable, Submission
from registers.disputes import Dispute, entered_text, notice_about
from registers.local_time import LOCAL_ZONE
from registers.notices import NoticeRegister

DISPUTE = "dispute"
# A user task without a limit of its own shows the clock that stands under this name for its business key.
CLOCK = "case"
CLOCK_NAME = "调解期限"


def entered(job: JobContext, element_id: str) -> Submission:
    """Return what was entered last in a user task; a flow that comes here without it is broken."""
    submission = job.submission(element_id)
    if submission is None:
        raise MissingVariable(job.topic, f"submission of {element_id}")
    return submission


def outputs(answer: object, name: str) -> Mapping[str, object]:
    """Return what a decision has answered, by name; `name` is the output of one that answers with a value alone."""
    return answer if isinstance(answer, Mapping) else {name: answer}


def in_charge(dispute: Dispute) -> dict[str, object]:
    """Return who has the dispute now, as process variables: a round that is interrupted hands none back."""
    return {"mediator": dispute.mediator, "committee_unit": dispute.committee_unit, "level": dispute.level.value}


def record(job: JobContext, kind: str, dispute: Dispute, form: Submission | None = None, **data: object) -> None:
    """Write what happened into the history, with who decided it; what was said stays in the file of the dispute."""
    if form is not None:
        data = {"by": form.by, "action": form.data.get("action"), "opinion": entered_text(form.data, "opinion"), **data}
    job.record(kind, DISPUTE, dispute.id, round=dispute.round, **data)


def tell(job: JobContext, dispute: Dispute, recipients: Iterable[str | None], kind: str, title: str, said: str) -> None:
    """Tell accounts and groups something about the dispute; the same job tells each once."""
    notice = notice_about(dispute, kind, title, said, job.id)
    job.get(NoticeRegister).send(notice, [one for one in recipients if one])


def end_of(day: date) -> datetime:
    """Return the instant at which a day of the city ends."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL_ZONE)


def start_clock(job: JobContext, dispute: Dispute) -> None:
    """Start the period of mediation: a month, or what the superior has left of it (D11)."""
    due_on = dispute.superior_due_on
    hours_left = None if due_on is None else (end_of(due_on) - job.now) // timedelta(hours=1)
    answer = job.decide("mediation_time_limit", limited=due_on is not None, hours_left=hours_left)
    limit = outputs(answer, "value")
    job.open_deadline(
        CLOCK,
        (CLOCK, dispute.id),
        name=CLOCK_NAME,
        value=Decimal(str(limit["value"])),
        unit=str(limit["unit"]),
        calendar=str(limit["calendar"]),
        holder=dispute.committee_unit,
        source={"decision": "mediation_time_limit", "clause": limit["clause"]},
    )


def stop_clock(job: JobContext, dispute: Dispute, reason: str) -> None:
    """Stop the period of mediation, where it runs."""
    deadline = job.find_deadline(CLOCK, (CLOCK, dispute.id))
    if deadline is not None:
        job.stop_deadline(deadline.id, reason=reason)
