"""What robots know and do about matters that are no cases: articles, disputes, patrols."""

from collections.abc import Sequence
from random import Random

from api.patrol_work import check_in
from api.schemas.patrols import NewCheckSchema
from api.simulate.forms import Facts
from engine.ports import UnitOfWork
from registers.articles import ArticleRegister
from registers.disputes import InstitutionQuery, InstitutionRegister, MediatorQuery, MediatorRegister
from registers.local_time import LOCAL_ZONE
from registers.patrols import PatrolObject, PatrolTask, PatrolTaskRegister, TaskStatus

# The task during which a member goes round; everything else is done at the desk.
PATROL = "patrol"
# How much is found on the way, and how far from the object a phone thinks that it is (degrees).
ABNORMAL, REPORTED, STRAY, ACCURACY_M = 0.04, 0.5, 0.0002, 12.0
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
    for visited in tasks.objects_of(key):
        if visited.checked_at is None:
            check_in(uow, tasks.get(key), _visit(task, visited.object, random))


def _visit(task: PatrolTask, place: PatrolObject, random: Random) -> dict[str, object]:
    """Return a check-in beside an object; now and then something is found there."""
    abnormal = random.random() < ABNORMAL
    found = random.choice(FINDINGS) if abnormal else None
    body = {
        "object_id": place.id,
        "longitude": place.longitude + random.uniform(-STRAY, STRAY),
        "latitude": place.latitude + random.uniform(-STRAY, STRAY),
        "coordinate_system": place.coordinate_system,
        "accuracy_m": ACCURACY_M,
        "result": "abnormal" if abnormal else "normal",
        "finding": found,
        "answers": {item.key: ANSWERS[item.kind] for item in task.checklist},
        "report_case": abnormal and random.random() < REPORTED,
    }
    loaded: dict[str, object] = NewCheckSchema().load(body)
    return loaded


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
    content = version.content
    days = {"effective_on": content.effective_on, "expires_on": content.expires_on}
    texts: dict[str, object] = {
        "title": content.title,
        "topic": content.topic,
        "body": content.body,
        "basis": content.basis,
        "keywords": content.keywords,
        "scope": content.scope.value,
    }
    return {name: value for name, value in texts.items() if value} | {
        name: day.isoformat() for name, day in days.items() if day is not None
    }
