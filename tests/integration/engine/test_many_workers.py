"""Several workers and several people at once: everything ends, nothing twice, nobody gets an unexpected error."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from engine.errors import Conflict
from engine.handler import Handler, JobContext
from engine.jobs.executor import Executor
from engine.model.process_instance import InstanceStatus
from engine.services import history, incidents, jobs
from tests.builders.diagrams import flows, service_task, user_task
from tests.builders.world import World
from tests.integration.engine.test_deadlines import city_files

CASES = 12
BODY = (
    '<bpmn:startEvent id="start"/>'
    + service_task("note", "t.note", attributes='camunda:asyncBefore="true"')
    + user_task("check", groups="")
    + '<bpmn:boundaryEvent id="nudge" attachedToRef="check" cancelActivity="false"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeCycle>R3/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + service_task("nudged", "t.note")
    + service_task("flaky", "t.flaky")
    + '<bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>'
    + flows("start>note", "note>check", "check>flaky", "flaky>end", "nudge>nudged", "nudged>end2")
)


@pytest.fixture
def fired(world: World, handlers: dict[str, Handler]) -> Counter[tuple[str, str]]:
    """Deploy the diagram; give the count of every rung that fired."""
    chance = random.Random(7)
    fired: Counter[tuple[str, str]] = Counter()

    def flaky(_job: JobContext) -> None:
        if chance.random() < 0.3:
            raise RuntimeError("the world is broken for a moment")

    def card(job: JobContext) -> None:
        fired[str(job.business_key), str(job.payload["rung"])] += 1

    handlers["t.note"] = lambda job: job.record("t.noted", "case", str(job.business_key), element=job.element_id)
    handlers["t.flaky"] = flaky
    handlers.update(dict.fromkeys(("deadline.warn", "deadline.yellow", "deadline.red"), card))
    world.deploy(city_files(BODY))
    return fired


def test_everything_ends_and_nothing_happens_twice(world: World, fired: Counter[tuple[str, str]]) -> None:
    started = [world.start(business_key=f"case-{number}").id for number in range(CASES)]
    _work_at_once(world)
    for _ in range(200):
        world.later(hours=2)
        _work(world, random.Random(1))

    assert {world.instance(one).status for one in started} == {InstanceStatus.COMPLETED}
    assert set(fired.values()) <= {1}
    with world.open(read_only=True) as uow:
        assert incidents.list_page(uow, status="open").items == ()
        assert jobs.list_page(uow).items == ()
        for one in started:
            events = history.events(uow, instance_id=one, limit=200).items
            noted = Counter(event.data["element"] for event in events if event.kind == "t.noted")
            assert [event.kind for event in events].count("user_task.completed") == 1
            assert noted["note"] == 1
            assert noted["nudged"] <= 3


def _work_at_once(world: World) -> None:
    """Let three people and three workers loose while time passes."""

    def person(seed: int) -> None:
        for _ in range(60):
            _work(world, random.Random(seed))

    def worker(number: int) -> None:
        executor = Executor(world.open, owner=f"worker-{number}")
        for _ in range(60):
            executor.run_due()

    def time(_: int) -> None:
        for _ in range(60):
            world.clock.advance(timedelta(minutes=20))

    with ThreadPoolExecutor(7) as pool:
        parts = [pool.submit(part, number) for part in (person, worker) for number in range(3)]
        for part in [*parts, pool.submit(time, 0)]:
            part.result(timeout=120)


def _work(world: World, chance: random.Random) -> None:
    """Take any task of the inbox and finish it; somebody may be faster."""
    tasks = world.inbox("alice", limit=5)
    if tasks:
        with suppress(Conflict):
            world.complete(chance.choice(tasks), "alice")
