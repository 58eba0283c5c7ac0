"""Messages and signals: to the right one, once, and nobody stops the others."""

import pytest

from engine.errors import NotFound
from engine.handler import Handler, JobContext
from engine.model.job import JobStatus
from engine.services import incidents, jobs, messages
from tests.builders.diagrams import chain, diagram, files, flows, service_task, user_task
from tests.builders.world import World

Handlers = dict[str, Handler]
NEWS = '<bpmn:message id="news" name="news"/>'
ALARM = '<bpmn:signal id="alarm" name="alarm"/>'


def wait(element_id: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}"><bpmn:messageEventDefinition id="{element_id}_m" '
        'messageRef="news" zhili:correlationKey="= case_id"/></bpmn:intermediateCatchEvent>'
    )


@pytest.fixture
def sender(handlers: Handlers) -> str:
    """Give the diagram of a process that sends two messages at once to the case `c`."""

    def send(job: JobContext) -> dict[str, object]:
        return {"taken": [job.send_message("news", "c", {text: True}) for text in ("one", "two")]}

    handlers["t.send"] = send
    return chain(service_task("send", "t.send"), names=("send",))


def test_a_second_message_reaches_the_next_one_who_waits_for_it(world: World, sender: str) -> None:
    twice = chain(wait("first"), wait("second"), user_task("look"), names=("first", "second", "look"))
    world.deploy(files(p_bpmn=diagram("p", twice, roots=NEWS), q_bpmn=diagram("q", sender)))
    instance = world.start("p", case_id="c")
    world.start("q")
    world.worker.run_due()
    assert [task.name for task in world.inbox("alice")] == ["look"]
    assert {"one", "two"} <= set(world.instance(instance.id).variables)


def test_a_message_for_whom_nobody_waits_any_more_is_no_incident(world: World, sender: str) -> None:
    once = chain(wait("first"), user_task("look"), names=("first", "look"))
    world.deploy(files(p_bpmn=diagram("p", once, roots=NEWS), q_bpmn=diagram("q", sender)))
    world.start("p", case_id="c")
    world.start("q")
    for _ in range(5):
        world.later(hours=1)
    assert [task.name for task in world.inbox("alice")] == ["look"]
    with world.open(read_only=True) as uow:
        assert jobs.list_page(uow).items == ()
        assert incidents.list_page(uow).items == ()


def test_a_message_without_a_key_reaches_no_case_that_waits_for_its_own(world: World) -> None:
    throw = chain(
        '<bpmn:intermediateThrowEvent id="throw"><bpmn:messageEventDefinition id="m" messageRef="news"/>'
        "</bpmn:intermediateThrowEvent>",
        names=("throw",),
    )
    once = chain(wait("first"), user_task("look"), names=("first", "look"))
    world.deploy(files(p_bpmn=diagram("p", once, roots=NEWS), q_bpmn=diagram("q", throw, roots=NEWS)))
    world.start("p", case_id="c")
    world.start("q")
    world.worker.run_due()
    assert world.inbox("alice") == []
    with world.open() as uow, pytest.raises(NotFound):
        messages.correlate(uow, "news", correlation_key=None, variables={}, by="x")


def test_a_case_that_cannot_go_on_does_not_keep_a_signal_from_the_others(world: World) -> None:
    body = (
        '<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition id="s" '
        'signalRef="alarm"/></bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="choice"/>'
        + user_task("look")
        + '<bpmn:endEvent id="end"/>'
        + flows("start>wait", "wait>choice", "choice>look[open = true]", "look>end")
    )
    world.deploy(files(p_bpmn=diagram("p", body, roots=ALARM)))
    stuck = world.start(business_key="c1", open=False)
    world.start(business_key="c2", open=True)
    with world.open() as uow:
        assert messages.broadcast(uow, "alarm", variables={}, by="x") == 2
    assert [task.business_key for task in world.inbox("alice")] == ["c2"]
    for _ in range(4):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [job] = jobs.list_page(uow).items
        [incident] = incidents.list_page(uow, status="open").items
    assert (job.instance_id, job.status, incident.job_id) == (stuck.id, JobStatus.FAILED, job.id)
