"""确定调解员, 回避: who mediates, found by the table D17 or by the committee."""

from dataclasses import asdict

from engine.handler import BpmnError, JobContext, job_handler
from handlers.mediation_round.facts import dispute_of, entered, outputs, record, tell
from registers.disputes import DisputeRegister, MediatorFacts, MediatorRegister, committee_group, entered_text

# What keeps a mediator out of a dispute whoever asks her; a full desk only keeps the table from asking.
FORBIDDEN = frozenset({"party", "related", "objected"})


@job_handler("mediation.choose_mediator")
def choose_mediator(job: JobContext) -> dict[str, object]:
    """Name the mediator with the highest score; of equal ones the one with less at work, then by name.

    Reads    the dispute, its parties, the mediators of its district; decision mediator_choice (D17);
             replaced_mediator: the mediator whom the committee has just taken off the dispute is not asked this time
    Returns  mediator, replaced_mediator: null
    Raises   BpmnError("NO_MEDIATOR")   the committee chooses by hand (boundary event)
    """
    disputes, register = job.get(DisputeRegister), job.get(MediatorRegister)
    dispute = dispute_of(job)
    replaced = job.find("replaced_mediator")
    found: list[tuple[float, MediatorFacts, str]] = []
    for facts in register.facts_for(dispute, disputes.parties_of(dispute.id)):
        if facts.login == replaced:
            continue
        answer = outputs(job.decide("mediator_choice", **_inputs(facts)), "eligible")
        if answer["eligible"]:
            found.append((float(str(answer["score"])), facts, str(answer["clause"])))
    if not found:
        raise BpmnError("NO_MEDIATOR")
    score, best, clause = min(found, key=lambda one: (-one[0], one[1].load, one[1].name, one[1].login))
    return _appoint(job, best.login, by="rule", score=score, candidates=len(found), clause=clause)


@job_handler("mediation.appoint")
def appoint(job: JobContext) -> dict[str, object]:
    """Name the mediator whom the committee has chosen.

    Reads    form choose_mediator: mediator
    Returns  mediator, replaced_mediator: null
    Raises   BpmnError("MEDIATOR_BARRED")   unknown, disabled, party, related or objected to: the committee
                                         chooses again
    """
    form = entered(job, "choose_mediator")
    dispute, mediators = dispute_of(job), job.get(MediatorRegister)
    chosen = mediators.find_enabled(entered_text(form.data, "mediator") or "")
    if chosen is None:
        raise BpmnError("MEDIATOR_BARRED")
    parties = job.get(DisputeRegister).parties_of(dispute.id)
    facts = mediators.facts_of(chosen.login, dispute, parties)
    if outputs(job.decide("mediator_bar", **_inputs(facts)), "bar")["bar"] in FORBIDDEN:
        raise BpmnError("MEDIATOR_BARRED")
    return _appoint(job, facts.login, by=form.by, opinion=entered_text(form.data, "opinion"))


@job_handler("mediation.explain_bar")
def explain_bar(job: JobContext) -> None:
    """Tell the committee that it must choose somebody else.

    Reads    form choose_mediator: mediator
    """
    form = entered(job, "choose_mediator")
    dispute = dispute_of(job)
    chosen = entered_text(form.data, "mediator")
    said = "所选的人不是在任调解员，或者是当事人、与当事人有利害关系、已被要求回避，请另行指定。"
    people = [form.by, committee_group(dispute.committee_unit)]
    tell(job, dispute, people, "dispute.mediator_barred", "所选调解员不能指定", said)
    record(job, "dispute.mediator_barred", dispute, form, mediator=chosen)


@job_handler("mediation.avoid")
def avoid(job: JobContext) -> dict[str, object]:
    """Take the dispute from a mediator to whom a party objects (回避); she is not asked again in this dispute.

    Reads    form rights_notice: avoidance_reason
    Returns  mediator: null
    """
    form = entered(job, "rights_notice")
    before = dispute_of(job)
    dispute = job.get(DisputeRegister).release(before.id, exclude=True)
    reason = entered_text(form.data, "avoidance_reason")
    record(job, "dispute.mediator_avoided", dispute, form, mediator=before.mediator, reason=reason)
    return {"mediator": None}


def _inputs(facts: MediatorFacts) -> dict[str, object]:
    """Return what the tables read."""
    return {name: value for name, value in asdict(facts).items() if name not in {"login", "name"}}


def _appoint(job: JobContext, login: str, *, by: str, **data: object) -> dict[str, object]:
    """Name the mediator, tell her, and write it down; whoever was replaced may be asked again from now on."""
    dispute = job.get(DisputeRegister).appoint(job["dispute_id"], mediator=login)
    tell(job, dispute, [login], "dispute.mediator_appointed", "您被指定为调解员", "请告知双方权利义务并开始调解。")
    record(job, "dispute.mediator_appointed", dispute, None, mediator=login, by=by, **data)
    return {"mediator": login, "replaced_mediator": None}
