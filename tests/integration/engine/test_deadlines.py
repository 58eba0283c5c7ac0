"""The legal clock at work: limits, lights and rungs from tables; each rung exactly once; extension moves them all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.handler import Handler, JobContext
from engine.jobs.executor import Executor
from engine.model.deadline import DeadlineStatus
from engine.model.deployment import Resource
from engine.services import deadlines, process_instances, user_tasks
from tests.builders.diagrams import chain, diagram, files, service_task, table, user_task
from tests.builders.world import World

SETTINGS = b"""{"zone": "Asia/Shanghai", "published_through": 2026, "day_ends_at": "closing", "hours_per_day": 8,
 "office_hours": {"default": ["08:00-12:00", "14:00-18:00"]}}"""
POLICY = (
    'zhili:assignmentDecision="people" zhili:limitDecision="limits" zhili:rungDecisions="cards" '
    'zhili:lightDecision="lights"'
)
PEOPLE = table(
    "people",
    {"element": "string"},
    ("groups", "priority"),
    (('"check"', '["clerks"]', "7"), ('not("check")', '["leaders"]', "5")),
)
LIMITS = table(
    "limits",
    {"element": "string"},
    ("value", "unit", "calendar"),
    (
        ('"check"', "4", '"工作时"', '"city"'),
        ('not("check")', "null", "null", "null"),
    ),
)
LIGHTS = table(
    "lights",
    {"kind": "string"},
    ("light", "from_fraction", "after"),
    (
        ("-", '"绿"', "0", "false"),
        ("-", '"黄"', "0.7", "false"),
        ("-", '"红"', "1", "true"),
    ),
    policy="RULE ORDER",
)
CARDS = table(
    "cards",
    {"kind": "string"},
    ("rung", "kind", "fraction", "offset_value", "offset_unit", "after"),
    (
        ("-", '"W1"', '"warn"', "0.75", "null", "null", "false"),
        ("-", '"Y1"', '"yellow"', "1", "null", "null", "true"),
        ("-", '"R1"', '"red"', "2", "5", '"工作日"', "false"),
    ),
    policy="COLLECT",
)


@pytest.fixture
def city(world: World, handlers: dict[str, Handler]) -> World:
    fired: list[tuple[str, str, str]] = []
    for kind in ("warn", "yellow", "red"):
        handlers[f"deadline.{kind}"] = lambda job: fired.append(
            (str(job.payload["rung"]), str(job.payload["due_at"]), str(job.payload["holder"]))
        )
    world.fired = fired
    return world


def deploy(world: World, body: str) -> None:
    world.deploy(city_files(body))


def city_files(body: str) -> list[Resource]:
    return files(
        p_bpmn=diagram("p", body, attributes=POLICY),
        people_dmn=PEOPLE,
        limits_dmn=LIMITS,
        lights_dmn=LIGHTS,
        cards_dmn=CARDS,
        calendars__city_csv=b"date,kind,name,source\n2026-12-31,holiday,test,test\n",
        calendars__city_json=SETTINGS,
    )


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of November 2026 by the clock of the city (UTC+8)."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


def test_people_limit_and_priority_come_from_the_tables(city: World) -> None:
    deploy(city, chain(user_task("check", groups=""), names=("check",)))
    city.start()
    [task] = city.inbox("alice")
    assert (task.candidate_groups, task.priority) == (("clerks",), 7)
    # Monday 09:00 plus four office hours: the lunch break does not count.
    assert task.due_at == local(23, 15)


def test_lights_agree_between_task_filter_count_and_deadline(city: World) -> None:
    deploy(city, chain(user_task("check", groups=""), names=("check",)))
    city.start()
    seen = []
    for minutes in (0, 167, 1, 192, 1):  # 70 % of four hours is 2 h 48 min
        city.later(minutes=minutes)
        [task] = city.inbox("alice")
        light = user_tasks.user_task_light(task, city.clock.now())
        assert city.inbox("alice", lights=(light,)) == [task]
        with city.open(read_only=True) as uow:
            query = user_tasks.InboxQuery(user="alice", groups=("clerks",), now=city.clock.now())
            counts = user_tasks.count(uow, query)
            [deadline] = deadlines.list_for(uow, "user_task", task.id)
        assert {name: number for name, number in counts.items() if number} == {"total": 1, light: 1}
        assert deadlines.light_of(deadline, city.clock.now()) == light
        seen.append((city.clock.now(), light))
    assert [light for _, light in seen] == ["绿", "绿", "黄", "黄", "红"]


def test_every_rung_fires_exactly_once_over_many_workers_and_after_downtime(city: World) -> None:
    deploy(city, chain(user_task("check", groups=""), names=("check",)))
    for number in range(5):
        city.start(business_key=f"case-{number}")
    city.later(days=60)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: Executor(city.open, owner=f"w{n}").run_due(), range(4)))
    rungs = sorted(rung for rung, _, _ in city.fired)
    assert rungs == ["R1"] * 5 + ["W1"] * 5 + ["Y1"] * 5
    due = {rung: instant for rung, instant, _ in city.fired}
    assert datetime.fromisoformat(due["W1"]) == local(23, 12)
    # The earlier of twice the budget and five workdays late.
    assert datetime.fromisoformat(due["R1"]) == local(24, 9)


def test_a_finished_task_earns_no_card(city: World) -> None:
    deploy(city, chain(user_task("check", groups=""), names=("check",)))
    city.start()
    city.later(hours=5)
    assert [rung for rung, _, _ in city.fired] == ["W1"]
    [task] = city.inbox("alice")
    city.complete(task)
    city.later(days=60)
    assert [rung for rung, _, _ in city.fired] == ["W1"]
    with city.open(read_only=True) as uow:
        [deadline] = deadlines.list_for(uow, "user_task", task.id)
        statuses = {rung.rung: rung.status.value for rung in uow.deadlines.rungs(deadline.id)}
    assert statuses == {"W1": "fired", "Y1": "stopped", "R1": "stopped"}
    assert deadlines.light_of(deadline, city.clock.now()) == "黄"


def test_the_holder_is_the_first_group_that_has_the_work(city: World) -> None:
    deploy(city, chain(user_task("check", groups=""), names=("check",)))
    city.start()
    city.later(days=1)
    assert {holder for _, _, holder in city.fired} == {"clerks"}


def test_an_extension_moves_the_due_instant_the_lights_and_the_rungs_of_the_case(
    city: World, handlers: dict[str, Handler]
) -> None:
    def file(job: JobContext) -> None:
        job.open_deadline(
            "case",
            ("case", job.business_key or ""),
            name="办结",
            value=Decimal(2),
            unit="工作日",
            calendar="city",
            holder="lead",
            source={"decision": "x", "version": 1},
        )

    def extend(job: JobContext) -> None:
        deadline = job.find_deadline("case", ("case", job.business_key or ""))
        assert deadline is not None
        job.extend_deadline(deadline.id, value=Decimal(3), unit="工作日", reason="rain", approver="bob")

    handlers["t.file"], handlers["t.extend"] = file, extend
    body = chain(
        service_task("file", "t.file"),
        user_task("ask", groups="clerks"),
        service_task("extend", "t.extend"),
        user_task("handle", groups="clerks"),
        names=("file", "ask", "extend", "handle"),
    )
    deploy(city, body)
    city.start()
    [ask] = city.inbox("alice")
    assert ask.due_at == local(25, 18)  # the case's clock, since the table has no limit for this node
    city.complete(ask)
    [handle] = city.inbox("alice")
    assert handle.due_at == local(30, 18)
    with city.open(read_only=True) as uow:
        [deadline] = deadlines.list_for(uow, "case", "case-1")
        segments, rungs = deadlines.ledger(uow, deadline.id)
    assert [segment.kind for segment in segments] == ["run", "extend"]
    assert {rung.rung: rung.due_at for rung in rungs}["Y1"] > local(30, 18)
    city.later(days=5)
    assert "Y1" not in [rung for rung, _, _ in city.fired]


@pytest.fixture
def limited(city: World, handlers: dict[str, Handler]) -> World:
    """Give a city whose process starts a clock of two workdays for its case, and then asks `handle`."""

    def file(job: JobContext) -> None:
        limit = {
            "value": Decimal(2),
            "unit": "工作日",
            "calendar": "city",
            "holder": "lead",
            "source": {"decision": "x"},
        }
        job.open_deadline("case", ("case", job.business_key or ""), name="办结", **limit)

    handlers["t.file"] = file
    deploy(city, chain(service_task("file", "t.file"), user_task("handle"), names=("file", "handle")))
    return city


def test_a_case_that_is_cancelled_earns_no_card(limited: World) -> None:
    instance = limited.start()
    with limited.open() as uow:
        process_instances.cancel(uow, instance.id, reason="a mistake", by="bob")
    limited.later(days=60)
    assert limited.fired == []
    with limited.open(read_only=True) as uow:
        [deadline] = deadlines.list_of_case(uow, "case-1")
    assert deadline.status is DeadlineStatus.STOPPED


def test_a_machine_whose_clock_is_behind_can_end_a_task(city: World) -> None:
    deploy(city, chain(user_task("check", groups=""), names=("check",)))
    city.start()
    city.clock.advance(timedelta(minutes=-5))
    [task] = city.inbox("alice")
    city.complete(task)
    with city.open(read_only=True) as uow:
        [deadline] = deadlines.list_for(uow, "user_task", task.id)
    assert deadline.stopped_at == task.created_at


def test_a_task_that_was_read_before_an_extension_does_not_put_the_old_due_instant_back(limited: World) -> None:
    limited.start()
    [seen] = limited.inbox("alice")
    with limited.open() as uow:
        deadlines.extend(uow, seen.deadline_id or "", value=Decimal(3), unit="工作日", reason="rain", approver="bob")
        uow.user_tasks.save(replace(seen, draft={"text": "typed"}))
        uow.commit()
    [task] = limited.inbox("alice")
    assert (seen.due_at, task.due_at, task.draft) == (local(25, 18), local(30, 18), {"text": "typed"})
