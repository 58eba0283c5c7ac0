"""上报, 受理登记, 补充信息, 撤销: from the report to its acceptance, or to one of the early endings."""

from collections.abc import Mapping

from engine.handler import JobContext, MissingVariable, job_handler
from handlers.case_lifecycle.facts import entered, only, place_of, record, stop_clock, tell_reporter, text
from registers.cases import Case, CaseRegister
from registers.codes import CodeRegister

# What the acceptor may put right in the form `register`; the supplement form holds the place only.
CORRECTIONS = ("category", "request_type", "urgency", "region_code", "address", "confidential", "anonymous")


@job_handler("case.attach")
def attach(job: JobContext) -> None:
    """Write on a case that another flow has made which instance carries it.

    Reads    case_id; the instance itself
    """
    if job.instance_id is None:
        raise MissingVariable(job.topic, "instance")
    case = job.get(CaseRegister).attach_instance(job["case_id"], job.instance_id)
    record(job, "case.requested", channel=case.channel, external_id=case.external_id)


@job_handler("case.classify")
def classify(job: JobContext) -> dict[str, object]:
    """Find out what the case is about, how urgent it is and where it belongs; a reporter's own choice stands.

    Reads    the case; decisions category (D01), urgency (D21)
    Returns  channel, category, request_type, urgency, the place, and the counters at their start
    """
    cases = job.get(CaseRegister)
    case = cases.get(job["case_id"])
    said = f"{case.title}\n{case.detail}"
    matter = job.decide("category", label=case.label, text=said)
    category = case.category or str(only(matter, "category"))
    request_type = case.request_type or str(only(matter, "request_type"))
    rank = job.decide("urgency", category=category, text=said, request_type=request_type)
    urgency = case.urgency or str(only(rank, "urgency"))
    case = cases.classify(case.id, category=category, request_type=request_type, urgency=urgency)
    route = rank.get("route") if isinstance(rank, Mapping) else None
    record(job, "case.classified", category=category, request_type=request_type, urgency=urgency, route=route)
    return {
        "channel": case.channel,
        "category": category,
        "request_type": request_type,
        "urgency": urgency,
        **place_of(job, case),
        "duplicates": 0,
        "round": case.round,
        "returns": case.returns,
        "callback_attempts": 0,
        "satisfied": False,
    }


@job_handler("case.register")
def register(job: JobContext) -> dict[str, object]:
    """Accept the case with what the acceptor has put right.

    Reads    form register
    Returns  the place
    """
    form = entered(job, "register")
    case = _correct(job, form.data)
    case = job.get(CaseRegister).register(case.id)
    record(job, "case.registered", form, category=case.category, urgency=case.urgency)
    return place_of(job, case)


@job_handler("case.answer")
def answer(job: JobContext) -> None:
    """Answer at once: the case needs no unit.

    Reads    form register: answer
    """
    form = entered(job, "register")
    _correct(job, form.data)
    result = text(form.data, "answer")
    case = job.get(CaseRegister).answer(job["case_id"], result=result)
    tell_reporter(job, case, "case.answered", "您反映的事项已答复", result)
    record(job, "case.answered", form, result=result)


@job_handler("case.refuse")
def refuse(job: JobContext) -> None:
    """Refuse the case for one of the listed reasons.

    Reads    form register: reason (code table refusal_reasons)
    """
    form = entered(job, "register")
    _correct(job, form.data)
    code = text(form.data, "reason")
    reason = job.get(CodeRegister).name_of("refusal_reasons", code)
    case = job.get(CaseRegister).refuse(job["case_id"], reason=reason)
    tell_reporter(job, case, "case.refused", "您反映的事项不予受理", reason)
    record(job, "case.refused", form, code=code, reason=reason)


@job_handler("case.transfer")
def transfer(job: JobContext) -> None:
    """Hand the case over to an emergency line.

    Reads    form register: hotline (code table hotlines)
    """
    form = entered(job, "register")
    _correct(job, form.data)
    code = text(form.data, "hotline")
    hotline = job.get(CodeRegister).name_of("hotlines", code)
    case = job.get(CaseRegister).transfer(job["case_id"], reason=f"转{hotline}")
    tell_reporter(job, case, "case.transferred", "您反映的事项已转办", hotline)
    record(job, "case.transferred", form, hotline=code)


@job_handler("case.request_supplement")
def request_supplement(job: JobContext) -> None:
    """Ask the reporter for what is missing.

    Reads    form register: questions; supplement_days
    """
    form = entered(job, "register")
    questions = text(form.data, "questions")
    case = job.get(CaseRegister).await_supplement(job["case_id"], reason=questions)
    tell_reporter(job, case, "case.supplement_requested", "请补充您反映的事项", questions)
    record(job, "case.supplement_requested", form, questions=questions, days=job.find("supplement_days"))


@job_handler("case.supplement")
def supplement(job: JobContext) -> dict[str, object]:
    """Add what came: from the acceptor's call, from the reporter's message, or nothing when the period is over.

    Reads    form supplement where it was filled in after form register; else supplement_text from the message
    Returns  supplement_text: null, so that a later round does not take an old message for a new one
    """
    asked, form = entered(job, "register"), job.submission("supplement")
    cases = job.get(CaseRegister)
    if form is not None and form.at > asked.at:
        added = text(form.data, "supplement_text")
        _correct(job, {name: form.data.get(name) for name in ("region_code", "address")})
        source = "call"
    else:
        form = None
        added = text(job.variables, "supplement_text")
        source = "message" if added else "period_over"
    cases.supplement(job["case_id"], text=added)
    record(job, "case.supplemented", form, text=added, source=source)
    return {"supplement_text": None}


@job_handler("case.withdraw")
def withdraw(job: JobContext) -> None:
    """End the case because its reporter took it back.

    Reads    withdraw_reason from the message, where she gave one
    """
    reason = text(job.variables, "withdraw_reason") or "上报人撤销"
    job.get(CaseRegister).withdraw(job["case_id"], reason=reason)
    stop_clock(job, job["case_id"], reason)
    record(job, "case.withdrawn", reason=reason)


def _correct(job: JobContext, entries: Mapping[str, object]) -> Case:
    """Write what the acceptor has put right; fields that she left empty stay as they are."""
    corrected = {name: entries[name] for name in CORRECTIONS if entries.get(name) not in {None, ""}}
    region = corrected.pop("region_code", None)
    cases = job.get(CaseRegister)
    return cases.correct(job["case_id"], region_code=None if region is None else str(region), **corrected)
