"""What several steps of a patrol need: the forms, the notices, the history, the clock."""

from engine.handler import JobContext, MissingVariable, Submission
from registers.notices import NewNotice, NoticeRegister
from registers.patrols import PatrolTask

CASE = "case"
TASK = "patrol_task"


def entered(job: JobContext, element_id: str) -> Submission:
    """Return what was entered last in a user task; a flow that comes here without it is broken."""
    submission = job.submission(element_id)
    if submission is None:
        raise MissingVariable(job.topic, f"submission of {element_id}")
    return submission


def text(form: Submission, name: str) -> str:
    """Return a text that was entered, or an empty one."""
    value = form.data.get(name)
    return value.strip() if isinstance(value, str) else ""


def tell(
    job: JobContext, task: PatrolTask, kind: str, title: str, said: str, recipients: list[str], occasion: str = ""
) -> None:
    """Send a notice about a task; the same occasion tells the same recipient once."""
    whole = f"《{task.title}》：{said}。"
    notice = NewNotice(kind=kind, title=title, text=whole, business_key=task.id, subject=task.id, rung=occasion[-64:])
    job.get(NoticeRegister).send(notice, recipients)


def record(job: JobContext, task: PatrolTask, kind: str, **data: object) -> None:
    """Write what happened to a task."""
    job.record(kind, TASK, task.id, **data)


def close(job: JobContext, task: PatrolTask, kind: str, ending: str, **data: object) -> None:
    """Stop the clock of a task that has ended, and write down how."""
    deadline = job.find_deadline(CASE, (CASE, task.id))
    if deadline is not None:
        job.stop_deadline(deadline.id, reason=ending)
    record(job, task, kind, done=task.done, total=task.total, **data)
