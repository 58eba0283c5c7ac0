"""What people do outside of their tasks: they report, register, plan, take back; each by the interface's own function.

What a test does not say is taken from the first row of the demonstration's data, so that `case: {}` is a whole case.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from api.article_flow import (
    correct_article,
    rate_article,
    remove_article,
    report_article,
    revise_article,
    withdraw_article,
)
from api.case_reporting import report_case
from api.city_loading import read_rows
from api.credentials import Caller
from api.dispute_loading import read_disputes
from api.dispute_reporting import new_dispute, register_dispute
from api.patrol_plans import change_plan, order_patrols, plan_patrols, switch_plan, take_back
from api.patrol_work import check_in, report_finding
from api.process_tests.nodes import plain
from api.schemas.articles import NewArticleSchema
from api.schemas.cases import NewCaseSchema
from api.schemas.disputes import NewDisputeSchema
from api.schemas.patrol_plans import NewPatrolTemplateSchema
from api.schemas.patrols import NewCheckSchema, NewPatrolFindingSchema, NewPatrolTaskSchema
from engine.errors import Invalid, NotFound, Problem
from engine.ports import UnitOfWork
from registers.articles import ArticleRegister, CorrectionRegister
from registers.cases import CaseRegister, NewCase
from registers.disputes import DisputeRecordRegister, DisputeRegister
from registers.patrols import PatrolObjectRegister, PatrolTaskRegister, PatrolTemplateRegister

CITY = "city"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a test is about: its kind, and its id, which is the business key of its process."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What an act has at hand: the transaction, who acts, the thing it is about, the demonstration's data, today."""

    uow: UnitOfWork
    who: Caller
    thing: Thing | None
    rules: Path
    today: date

    @property
    def id(self) -> str:
        """Return the id of the thing; raises NotFound where there is none yet."""
        if self.thing is None:
            raise NotFound(kind="thing", id="of")
        return self.thing.id


Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act, and the permission that somebody needs who does it unless a test names her."""

    run: Callable[[Scene, Data], Thing | None]
    permission: str


def record_of(uow: UnitOfWork, thing: Thing) -> object:
    """Return what the register holds about a thing, as JSON. Raises NotFound."""
    ways: Mapping[str, Callable[[], Any]] = {
        "case": lambda: uow.get(CaseRegister).get(thing.id),
        "article": lambda: uow.get(ArticleRegister).get(thing.id),
        "correction": lambda: uow.get(CorrectionRegister).get(thing.id),
        "patrol_plan": lambda: uow.get(PatrolTemplateRegister).get(thing.id),
        "patrol_task": lambda: uow.get(PatrolTaskRegister).get(thing.id),
    }
    if thing.kind == "dispute":
        return plain(_file_of(uow, thing.id))
    return plain(asdict(ways[thing.kind]())) if thing.kind in ways else {}


def _file_of(uow: UnitOfWork, dispute_id: str) -> dict[str, object]:
    """Return a dispute with what its file holds: parties, invitations and records, each in their order."""
    disputes, file = uow.get(DisputeRegister), uow.get(DisputeRecordRegister)
    return asdict(disputes.get(dispute_id)) | {
        "parties": [asdict(one) for one in disputes.parties_of(dispute_id)],
        "invitations": [asdict(one) for one in file.invitations_of(dispute_id)],
        "records": [asdict(one) for one in file.list_of(dispute_id)],
    }


def _loaded(schema: Schema, data: Data) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        reason = json.dumps(error.messages, ensure_ascii=False)
        message = f"What is given does not fit: {reason}."
        raise Invalid(problems=[Problem("process-test-data", "", message, {"reason": reason})]) from error
    return loaded


def _first_row(rules: Path, name: str, columns: tuple[str, ...]) -> dict[str, Any]:
    row = next(iter(read_rows(rules / CITY / name)))
    return {column: row[column] for column in columns if row[column]}


# ---------------------------------------------------------------------------------------------------- cases

CASE_COLUMNS = ("channel", "title", "detail", "region_code", "address", "reporter_name", "reporter_phone")


def _report_case(scene: Scene, data: Data) -> Thing:
    usual = _first_row(scene.rules, "cases.csv", CASE_COLUMNS) | {"reported_at": scene.uow.clock.now().isoformat()}
    body = {**usual, **data}
    case, _ = report_case(scene.uow, NewCase(**_loaded(NewCaseSchema(), body)), by=scene.who.login)
    return Thing("case", case.id)


# ------------------------------------------------------------------------------------------------- articles

ARTICLE_COLUMNS = ("topic", "scope", "title", "basis", "keywords", "body", "unit")


def _report_article(scene: Scene, data: Data) -> Thing:
    body = {**_first_row(scene.rules, "articles.csv", ARTICLE_COLUMNS), **data}
    return Thing("article", report_article(scene.uow, scene.who, _loaded(NewArticleSchema(), body)).id)


def _revise(scene: Scene, data: Data) -> None:
    revise_article(scene.uow, scene.who, scene.id, str(data.get("reason", "内容更新")))


def _withdraw_article(scene: Scene, data: Data) -> None:
    withdraw_article(scene.uow, scene.who, scene.id, str(data.get("reason", "暂不发布")))


def _remove(scene: Scene, data: Data) -> None:
    remove_article(scene.uow, scene.who, scene.id, str(data.get("reason", "内容过时")))


def _rate(scene: Scene, data: Data) -> None:
    rate_article(scene.uow, scene.who, scene.id, {"stars": 5, "tags": (), "comment": None, **data})


def _correct(scene: Scene, data: Data) -> Thing:
    made = correct_article(scene.uow, scene.who, scene.id, str(data.get("text", "电话号码已经变更，请核对。")))
    return Thing("correction", made.id)


# ------------------------------------------------------------------------------------------------- disputes


def _register_dispute(scene: Scene, data: Data) -> Thing:
    usual = asdict(read_disputes(scene.rules, scene.today, scene.who.login)[0][1])
    known = NewDisputeSchema().fields
    given = {name: value for name, value in usual.items() if name in known and value is not None}
    given["parties"] = [
        {name: value for name, value in party.items() if value is not None} for party in usual["parties"]
    ]
    body = _loaded(NewDisputeSchema(), {**given, **data})
    dispute = register_dispute(scene.uow, new_dispute(scene.uow, body, scene.who), by=scene.who.login)
    return Thing("dispute", dispute.id)


# -------------------------------------------------------------------------------------------------- patrols


def _usual_plan(scene: Scene) -> dict[str, Any]:
    plans = json.loads((scene.rules / CITY / "patrol_templates.json").read_text(encoding="utf-8"))
    return {name: value for name, value in plans[0].items() if name != "planner"}


def _with_objects(scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    """Return a plan whose objects, given by code, are named by id."""
    objects = scene.uow.get(PatrolObjectRegister)

    def ids(codes: list[str]) -> list[str]:
        return [code if (found := objects.find_by_code(code)) is None else found.id for code in codes]

    each = [{**one, "objects": ids(one["objects"])} for one in body.get("assignments", ())]
    return {**body, "objects": ids(body.get("objects", [])), **({"assignments": each} if each else {})}


def _plan(scene: Scene, data: Data) -> Thing:
    body = _with_objects(scene, {**_usual_plan(scene), **data})
    return Thing("patrol_plan", plan_patrols(scene.uow, _loaded(NewPatrolTemplateSchema(), body), scene.who).id)


def _change_plan(scene: Scene, data: Data) -> None:
    template = scene.uow.get(PatrolTemplateRegister).get(scene.id)
    body = _with_objects(scene, {**_usual_plan(scene), **data})
    change_plan(scene.uow, template, _loaded(NewPatrolTemplateSchema(), body), scene.who, None)


def _switch_plan(scene: Scene, data: Data) -> None:
    template = scene.uow.get(PatrolTemplateRegister).get(scene.id)
    switch_plan(scene.uow, template, on=bool(data.get("on")), by=scene.who.login, revision=None)


def _order(scene: Scene, data: Data) -> Thing:
    known = NewPatrolTaskSchema().fields
    usual = {name: value for name, value in _usual_plan(scene).items() if name in known}
    usual["members"] = usual["members"][:1]
    body = _with_objects(scene, {**usual, **data})
    tasks = order_patrols(scene.uow, _loaded(NewPatrolTaskSchema(), body), scene.who)
    return Thing("patrol_task", tasks[0].id)


def _check_in(scene: Scene, data: Data) -> None:
    tasks = scene.uow.get(PatrolTaskRegister)
    task = tasks.get(scene.id)
    objects = tasks.objects_of(task.id)
    wanted = data.get("object")
    visited = next(one for one in objects if wanted in (None, one.object.code))
    place = asdict(visited.object)
    body = {name: place[name] for name in ("longitude", "latitude", "coordinate_system")}
    body |= {"object_id": place["id"], "accuracy_m": 10.0, "result": "normal"}
    answers = {item.key: {"yes_no": True, "number": 0, "text": "正常"}[item.kind] for item in task.checklist}
    body |= {"answers": answers} | {name: value for name, value in data.items() if name != "object"}
    check_in(scene.uow, task, _loaded(NewCheckSchema(), body))


def _find(scene: Scene, data: Data) -> None:
    task = scene.uow.get(PatrolTaskRegister).get(scene.id)
    body = {"title": "消防通道堆放杂物", "detail": "巡查时发现消防通道堆放杂物。", **data}
    report_finding(scene.uow, task, _loaded(NewPatrolFindingSchema(), body))


def _take_back(scene: Scene, data: Data) -> None:
    task = scene.uow.get(PatrolTaskRegister).get(scene.id)
    take_back(scene.uow, task, str(data.get("reason", "计划调整")), by=scene.who.login)


ACTS: Mapping[str, Act] = {
    "case.report": Act(_report_case, "case.report_for_others"),
    "article.report": Act(_report_article, "article.write"),
    "article.revise": Act(_revise, "article.write"),
    "article.withdraw": Act(_withdraw_article, "article.write"),
    "article.remove": Act(_remove, "article.remove"),
    "article.rate": Act(_rate, "article.rate"),
    "article.correct": Act(_correct, "article.correct"),
    "dispute.register": Act(_register_dispute, "dispute.register"),
    "patrol.plan": Act(_plan, "patrol.plan"),
    "patrol.change": Act(_change_plan, "patrol.plan"),
    "patrol.switch": Act(_switch_plan, "patrol.plan"),
    "patrol.order": Act(_order, "patrol.plan"),
    "patrol.check_in": Act(_check_in, "patrol.work"),
    "patrol.find": Act(_find, "patrol.work"),
    "patrol.take_back": Act(_take_back, "patrol.plan"),
}
