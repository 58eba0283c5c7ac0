"""What several nodes of the case flow need: a form that was filled in, a place as variables, the clock of the case."""

from collections.abc import Mapping

from engine.handler import JobContext, MissingVariable, Submission
from registers.cases import Case
from registers.notices import NewNotice, NoticeRegister
from registers.regions import RegionRegister

CASE = "case"


def entered(job: JobContext, element_id: str) -> Submission:
    """Return what was entered last in a user task; a flow that comes here without it is broken."""
    submission = job.submission(element_id)
    if submission is None:
        raise MissingVariable(job.topic, f"submission of {element_id}")
    return submission


def text(values: Mapping[str, object], name: str) -> str:
    """Return a text that was entered, or an empty one."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def only(answer: object, name: str) -> object:
    """Return one output of a decision, whether the table answers with several or with this one alone."""
    return answer.get(name) if isinstance(answer, Mapping) else answer


def place_of(job: JobContext, case: Case) -> dict[str, object]:
    """Return where a case is as process variables: region, community (or null), street, district."""
    place = job.get(RegionRegister).resolve(case.region_code)
    return {
        "region": case.region_code,
        "community": None if place.community is None else place.community.unit_code,
        "street": case.street,
        "district": case.district,
    }


def stop_clock(job: JobContext, case_id: str, reason: str) -> None:
    """Stop the deadline of the case, where one is running."""
    deadline = job.find_deadline(CASE, (CASE, case_id))
    if deadline is not None:
        job.stop_deadline(deadline.id, reason=reason)


def tell_reporter(job: JobContext, case: Case, kind: str, title: str, said: str) -> None:
    """Tell the reporter, where she has an account; the same job tells her once."""
    if case.reporter_code is None:
        return
    subject = f"《{case.title}》：{said}" if said else f"《{case.title}》"
    notice = NewNotice(kind=kind, title=title, text=subject, business_key=case.id, subject=case.id, rung=job.id)
    job.get(NoticeRegister).send(notice, [case.reporter_code])


def record(job: JobContext, kind: str, submission: Submission | None = None, **data: object) -> None:
    """Write what happened to the case, with who decided it and her opinion."""
    if submission is not None:
        data = {
            "by": submission.by,
            "action": submission.data.get("action"),
            "opinion": text(submission.data, "opinion") or None,
            **data,
        }
    job.record(kind, CASE, job["case_id"], **data)
