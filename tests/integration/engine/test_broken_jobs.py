"""A job that breaks in an unusual way is one more failed attempt: it stops neither its worker nor anybody else."""

from decimal import Decimal

import pytest

from engine.errors import Conflict
from engine.handler import Handler, JobContext
from engine.persistence.history import HistoryRepository
from engine.services import incidents
from tests.builders.diagrams import chain, diagram, files, service_task, user_task
from tests.builders.world import World

Handlers = dict[str, Handler]
LATER = 'camunda:asyncBefore="true"'


def test_a_handler_that_records_what_no_document_holds_fails_alone(world: World, handlers: Handlers) -> None:
    handlers["t.bad"] = lambda job: job.record("t.done", "case", "1", amount=Decimal("1.5"))
    body = chain(user_task("look"), service_task("bad", "t.bad"), names=("look", "bad"))
    world.deploy(files(p_bpmn=diagram("p", body)))
    world.start()
    [task] = world.inbox("alice")
    world.complete(task)
    assert world.inbox("alice") == []
    for _ in range(3):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert incident.element_id == "bad"


def test_a_job_whose_history_cannot_be_written_does_not_stop_those_after_it(
    world: World, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    broken: list[str] = []
    flush = HistoryRepository.flush

    def refuse(repository: HistoryRepository) -> None:
        if broken:
            broken.clear()
            raise ValueError("cannot be written")
        flush(repository)

    handlers["t.bad"] = lambda _job: broken.append("now")
    handlers["t.good"] = lambda _job: done.append("good")
    bad = chain(service_task("bad", "t.bad", attributes=LATER), names=("bad",))
    good = chain(service_task("good", "t.good", attributes=LATER), names=("good",))
    world.deploy(files(p_bpmn=diagram("p", bad), q_bpmn=diagram("q", good)))
    world.start("p")
    world.start("q")
    monkeypatch.setattr(HistoryRepository, "flush", refuse)
    world.worker.run_due()
    assert done == ["good"]
    for _ in range(3):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert (incident.element_id, incident.attempts) == ("bad", 3)


@pytest.mark.parametrize("said", ["\x00", "\ud800"])
def test_an_error_that_no_column_holds_is_kept_all_the_same(world: World, handlers: Handlers, said: str) -> None:
    def fail(_job: JobContext) -> None:
        raise RuntimeError(f"strange {said} words")

    handlers["t.fail"] = fail
    world.deploy(files(p_bpmn=diagram("p", chain(service_task("fail", "t.fail"), names=("fail",)))))
    world.start()
    for _ in range(3):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert "strange ? words" in incident.message


def test_a_job_may_be_tried_as_often_as_its_diagram_says(world: World, handlers: Handlers) -> None:
    def fail(_job: JobContext) -> None:
        raise RuntimeError("the world is broken")

    handlers["t.fail"] = fail
    cycle = (
        "<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R60/PT1M</camunda:failedJobRetryTimeCycle>"
        "</bpmn:extensionElements>"
    )
    world.deploy(files(p_bpmn=diagram("p", chain(service_task("fail", "t.fail", inner=cycle), names=("fail",)))))
    world.start()
    for _ in range(60):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert incident.attempts == 60


def test_an_incident_is_resolved_once(world: World, handlers: Handlers) -> None:
    def fail(_job: JobContext) -> None:
        raise RuntimeError("the world is broken")

    handlers["t.fail"] = fail
    world.deploy(files(p_bpmn=diagram("p", chain(service_task("fail", "t.fail"), names=("fail",)))))
    world.start()
    for _ in range(3):
        world.later(hours=1)
    with world.open() as uow:
        [seen] = incidents.list_page(uow, status="open").items
        incidents.resolve(uow, seen.id, resolution="mended", by="bob")
    with world.open() as uow, pytest.raises(Conflict):
        uow.incidents.close(seen, at=world.clock.now(), by="charlie", resolution="mine")
    with world.open(read_only=True) as uow:
        assert incidents.get(uow, seen.id).resolved_by == "bob"
