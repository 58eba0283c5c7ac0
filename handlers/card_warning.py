"""Jobs of the rungs of deadlines (rules/warnings.dmn, rules/cards.dmn): warnings, yellow cards, red cards.

No diagram calls these: a rung that is reached does, with the row of the table that set it as its source.
"""

from collections.abc import Mapping
from datetime import datetime

from engine.handler import JobContext, MissingVariable, job_handler
from registers.cards import Card, CardColour, CardRegister, NewCard
from registers.cases import Case, CaseRegister
from registers.local_time import local_minute
from registers.notices import NewNotice, NoticeRegister

CASE = "case"
AT = "@"
CARD_NAMES = {CardColour.YELLOW: "黄牌", CardColour.RED: "红牌"}


@job_handler("deadline.warn")
def warn(job: JobContext) -> None:
    """Tell the groups that the rule names that time is running out, or has run out.

    Reads    the rung: deadline_id, rung, round, due_at, holder, notify, name, subject
    """
    told = _tell(job, "时限提醒", "请及时办理")
    job.record("deadline.warned", *_subject(job), rung=_text(job, "rung"), told=told, rule=_proof(job))


@job_handler("deadline.yellow")
def yellow(job: JobContext) -> None:
    """Give a yellow card, once per deadline, rung and round."""
    _issue(job, CardColour.YELLOW)


@job_handler("deadline.red")
def red(job: JobContext) -> None:
    """Give a red card, once per deadline, rung and round."""
    _issue(job, CardColour.RED)


def _issue(job: JobContext, colour: CardColour) -> None:
    """Give a card with its proof, tell the groups, and write it down."""
    subject_type, subject_id = _subject(job)
    holder = job.find("holder")
    case = _case(job)
    card, is_new = job.get(CardRegister).issue(
        NewCard(
            colour=colour,
            case_id=None if case is None else case.id,
            subject_type=subject_type,
            subject_id=subject_id,
            deadline_id=job["deadline_id"],
            rung=job["rung"],
            round=_round(job),
            holder=None if holder is None else str(holder),
            unit=_unit(job),
            name=_text(job, "name"),
            rule=_proof(job),
        )
    )
    told = _tell(job, CARD_NAMES[colour], "已超时限，请立即办理")
    if is_new:
        _record_card(job, card, told)


def _record_card(job: JobContext, card: Card, told: list[str]) -> None:
    """Write down that a card was given."""
    facts = {"colour": card.colour.value, "name": card.name, "holder": card.holder, "unit": card.unit}
    job.record("card.issued", "card", card.id, **facts, rung=card.rung, round=card.round, told=told, rule=card.rule)


def _tell(job: JobContext, title: str, request: str) -> list[str]:
    """Send the notice of the rung; returns the groups that the rule names."""
    groups = _groups(job)
    case, name = _case(job), _text(job, "name")
    which = "" if case is None else f"《{case.title}》"
    due = local_minute(datetime.fromisoformat(job["due_at"]))
    notice = NewNotice(
        kind=job.topic,
        title=f"{title}：{name}",
        text=f"{which}「{name}」{title}（{due}）：{request}。",
        business_key=job.business_key,
        subject=_subject(job)[1],
        rung=f"{job['deadline_id']}:{job['rung']}"[-64:],
        round=_round(job),
    )
    job.get(NoticeRegister).send(notice, groups)
    return groups


def _groups(job: JobContext) -> list[str]:
    """Return the groups to tell: `role@unit` as it stands; a bare role is the role at the holder's unit."""
    named = job.find("notify")
    listed = named if isinstance(named, list) else [named] if isinstance(named, str) else []
    unit = _unit(job)
    groups = [str(name) if AT in str(name) else f"{name}{AT}{unit}" for name in listed if AT in str(name) or unit]
    return list(dict.fromkeys(groups))


def _unit(job: JobContext) -> str | None:
    """Return the unit that answers: the holder's, or the lead unit of the case."""
    holder = job.find("holder")
    if isinstance(holder, str) and holder:
        return holder.rpartition(AT)[2]
    case = _case(job)
    return None if case is None else case.lead_unit


def _case(job: JobContext) -> Case | None:
    """Return the case whose time it is, where it is a case's."""
    return None if job.business_key is None else job.get(CaseRegister).find(job.business_key)


def _subject(job: JobContext) -> tuple[str, str]:
    """Return what is late: a case or a user task."""
    return job["subject_type"], job["subject_id"]


def _proof(job: JobContext) -> dict[str, object]:
    """Return the decision, version, row and clause that set the rung."""
    row = job.find("source")
    if not isinstance(row, Mapping):
        raise MissingVariable(job.topic, "source")
    source = row.get("source")
    proof = dict(source) if isinstance(source, Mapping) else dict(row)
    return proof | {"clause": row.get("clause") or proof.get("clause")}


def _round(job: JobContext) -> int:
    """Return which round of the deadline it is."""
    return int(str(job.find("round", 1)))


def _text(job: JobContext, name: str) -> str:
    """Return a text of the rung, or an empty one."""
    value = job.find(name)
    return value if isinstance(value, str) else ""
