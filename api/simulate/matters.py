"""What robots know and do about matters that are no cases: articles, disputes, patrols."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from random import Random
from typing import Any

from api.patrol_work import check_in
from api.schemas.patrols import NewCheckSchema
from api.simulate.forms import Facts
from engine.ports import UnitOfWork
from registers.articles import ArticleRegister
from registers.disputes import InstitutionQuery, InstitutionRegister, MediatorQuery, MediatorRegister
from registers.local_time import LOCAL_ZONE
from registers.patrols import PatrolTaskRegister, TaskStatus

# The task during which a member goes round; everything else is done at the desk.
PATROL = "patrol"
# How much is found on the way, and how far from the object a phone thinks that it is (degrees).
ABNORMAL, REPORTED, STRAY, ACCURACY_M = 0.04, 0.5, 0.0002, 12.0
WRITE_FIELDS = ("title", "topic", "body", "basis", "keywords", "scope", "effective_on", "expires_on")
ANSWERS: dict[str, object] = {"yes_no": True, "number": 0, "text": "正常"}
FINDINGS = ("消防通道堆放杂物", "监控镜头被遮挡", "围栏破损", "灭火器压力不足", "井盖松动有响声", "门口占道经营")


def facts_of(uow: UnitOfWork, key: str) -> Facts:
    """Return what a robot knows about a matter that is no case."""
    today = uow.clock.now().astimezone(LOCAL_ZONE).date()
    return Facts(
        case={},
        unit=lambda: None,
        candidates=list,
        choices=lambda widget: _choices(uow, widget),
        entered=_draft(uow, key),
        today=today,
    )


def run_errand(uow: UnitOfWork, element: str, key: str, random: Random) -> None:
    """Do what has to be done outside before a task is finished: on patrol, look at every object that is left."""
    if element != PATROL:
        return
    tasks = uow.get(PatrolTaskRegister)
    task = tasks.get(key)
    if task.status is not TaskStatus.RECEIVED:
        return
    kinds = [(item.key, item.kind) for item in task.checklist]
    for visited in tasks.objects_of(key):
        if visited.checked_at is None:
            body = visit(kinds, asdict(visited.object), random)
            check_in(uow, tasks.get(key), NewCheckSchema().load(body))


def visit(kinds: Iterable[tuple[str, str]], place: Mapping[str, Any], random: Random) -> dict[str, object]:
    """Return a check-in beside an object; now and then something is found there.

    kinds   key and kind of every question of the checklist
    place   id, longitude, latitude and coordinate_system of the object
    """
    abnormal = random.random() < ABNORMAL
    return {
        "object_id": place["id"],
        "longitude": place["longitude"] + random.uniform(-STRAY, STRAY),
        "latitude": place["latitude"] + random.uniform(-STRAY, STRAY),
        "coordinate_system": place["coordinate_system"],
        "accuracy_m": ACCURACY_M,
        "result": "abnormal" if abnormal else "normal",
        "finding": random.choice(FINDINGS) if abnormal else None,
        "answers": {key: ANSWERS[kind] for key, kind in kinds},
        "report_case": abnormal and random.random() < REPORTED,
    }


def _choices(uow: UnitOfWork, widget: str) -> Sequence[str]:
    """Return whom or what a widget offers."""
    if widget == "mediator":
        return [one.login for one in uow.get(MediatorRegister).list_mediators(MediatorQuery(enabled=True))]
    return [one.unit for one in uow.get(InstitutionRegister).list_institutions(InstitutionQuery(enabled=True))]


def _draft(uow: UnitOfWork, key: str) -> dict[str, object]:
    """Return the content of the version of an article that is being written; empty for everything else."""
    version = uow.get(ArticleRegister).open_versions([key]).get(key)
    if version is None:
        return {}
    written = {name: getattr(version.content, name) for name in WRITE_FIELDS}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) for name, value in written.items() if value
    }
