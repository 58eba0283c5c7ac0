"""Several workers and several people at once: everything ends, nothing twice, nobody gets an unexpected error."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from engine.errors import Conflict
from engine.handler import Handler, JobContext
from engine.jobs.executor import Executor
from engine.model.process_instance import InstanceStatus
from engine.services import history, incidents, jobs
from tests.builders.diagrams import diagram, flows, service_task, user_task
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


def test_everything_ends_and_nothing_happens_twice(world: World, handlers: dict[str, Handler]) -> None:
    chance = random.Random(7)
    fired: Counter[tuple[str, str]] = Counter()

    def flaky(_job: JobContext) -> None:
        if chance.random() < 0.3:
            raise RuntimeError("the world is broken for a moment")

    handlers["t.note"] = lambda job: job.record("t.noted", "case", str(job.business_key), element=job.element_id)
    handlers["t.flaky"] = flaky
    for kind in ("warn", "yellow", "red"):
        handlers[f"deadline.{kind}"] = lambda job: fired.update([(str(job.business_key), str(job.payload["rung"]))])
    world.deploy(city_files(BODY))
    started = [world.start(business_key=f"case-{number}") for number in range(CASES)]

    def person(seed: int) -> int:
        return sum(_work(world, random.Random(seed)) for _ in range(60))

    def worker(number: int) -> None:
        executor = Executor(world.open, owner=f"worker-{number}")
        for _ in range(60):
            executor.run_due()

    def time() -> None:
        for _ in range(60):
            world.clock.advance(timedelta(minutes=20))

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(person, seed) for seed in range(3)]
        futures += [pool.submit(worker, number) for number in range(3)]
        futures.append(pool.submit(time))
        for future in futures:
            future.result(timeout=120)
    for _ in range(200):
        world.later(hours=2)
        _work(world, chance)

    assert {world.instance(one.id).status for one in started} == {InstanceStatus.COMPLETED}
    assert set(fired.values()) <= {1}
    with world.open(read_only=True) as uow:
        assert incidents.list_page(uow, status="open").items == ()
        assert jobs.list_page(uow).items == ()
        for one in started:
            events = history.events(uow, instance_id=one.id, limit=200).items
            kinds = Counter(event.kind for event in events)
            assert kinds["user_task.completed"] == 1
            noted = Counter(event.data["element"] for event in events if event.kind == "t.noted")
            assert noted["note"] == 1
            assert noted["nudged"] <= 3


def _work(world: World, chance: random.Random) -> int:
    """Take any task of the inbox and finish it; somebody may be faster."""
    tasks = world.inbox("alice", limit=5)
    if not tasks:
        return 0
    try:
        world.complete(chance.choice(tasks), "alice")
    except Conflict:
        return 0
    return 1
