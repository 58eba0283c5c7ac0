"""What several nodes of a round of mediation need: the dispute, forms, notices, the history."""

from collections.abc import Iterable, Mapping

from engine.handler import JobContext, MissingVariable, Submission
from registers.disputes import Dispute, DisputeRegister, entered_text, notice_about
from registers.notices import NoticeRegister

DISPUTE = "dispute"
# The period of mediation stands under this name, with the business key.
CLOCK = "case"


def dispute_of(job: JobContext) -> Dispute:
    """Return the dispute of the job."""
    return job.get(DisputeRegister).get(job["dispute_id"])


def entered(job: JobContext, element_id: str) -> Submission:
    """Return what was entered last in a user task; a flow that comes here without it is broken."""
    submission = job.submission(element_id)
    if submission is None:
        raise MissingVariable(job.topic, f"submission of {element_id}")
    return submission


def outputs(answer: object, name: str) -> Mapping[str, object]:
    """Return what a decision has answered, by name; `name` is the output of one that answers with a value alone."""
    return answer if isinstance(answer, Mapping) else {name: answer}


def record(job: JobContext, kind: str, dispute: Dispute, form: Submission | None = None, **data: object) -> None:
    """Write what happened into the history, with who decided it; what was said stays in the file of the dispute."""
    if form is not None:
        data = {"by": form.by, "action": form.data.get("action"), "opinion": entered_text(form.data, "opinion"), **data}
    job.record(kind, DISPUTE, dispute.id, round=dispute.round, **data)


def tell(job: JobContext, dispute: Dispute, recipients: Iterable[str | None], kind: str, title: str, said: str) -> None:
    """Tell accounts and groups something about the dispute; the same job tells each once."""
    notice = notice_about(dispute, kind, title, said, job.id)
    job.get(NoticeRegister).send(notice, [one for one in recipients if one])
