"""Called processes that fail, are cancelled or call themselves: the caller always goes on, or somebody is told."""

import pytest

from engine.handler import BpmnError, Handler, JobContext
from engine.model.process_instance import InstanceStatus
from engine.services import call_limits, incidents, jobs
from tests.builders.diagrams import chain, diagram, files, flows, service_task, user_task
from tests.builders.world import World

Handlers = dict[str, Handler]
ERROR = '<bpmn:error id="e" name="nobody" errorCode="NOBODY"/>'
CALL = '<bpmn:callActivity id="call" calledElement="child"/>'
# Calls itself unless something says that it is enough, which nothing ever does.
AGAIN = chain(
    '<bpmn:exclusiveGateway id="enough" default="enough_again"/><bpmn:endEvent id="stop"/>',
    '<bpmn:callActivity id="again" calledElement="p">{}</bpmn:callActivity>',
    names=("enough", "again"),
) + flows("enough>stop[enough = true]")
RESCUED = (
    '<bpmn:startEvent id="start"/>'
    + CALL
    + '<bpmn:boundaryEvent id="nobody" attachedToRef="call"><bpmn:errorEventDefinition id="ed" errorRef="e"/>'
    '</bpmn:boundaryEvent><bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>'
    + user_task("rescue")
    + flows("start>call", "call>end", "nobody>rescue", "rescue>end2")
)


def refuse(_job: JobContext) -> None:
    raise BpmnError("NOBODY", "nobody serves here")


def test_an_error_in_a_called_process_takes_the_boundary_path_of_its_caller(world: World, handlers: Handlers) -> None:
    handlers["t.refuse"] = refuse
    child = chain(user_task("look"), service_task("refuse", "t.refuse"), names=("look", "refuse"))
    world.deploy(files(p_bpmn=diagram("p", RESCUED, roots=ERROR), child_bpmn=diagram("child", child)))
    world.start()
    [look] = world.inbox("alice")
    world.complete(look)
    assert [task.name for task in world.inbox("alice")] == ["rescue"]
    assert world.instance(look.instance_id).status is InstanceStatus.FAILED
    with world.open(read_only=True) as uow:
        assert jobs.list_page(uow).items == ()


def test_an_error_in_a_called_process_that_nobody_catches_ends_its_caller_with_an_incident(
    world: World, handlers: Handlers
) -> None:
    handlers["t.refuse"] = refuse
    child = chain(service_task("refuse", "t.refuse"), names=("refuse",))
    world.deploy(files(p_bpmn=diagram("p", chain(CALL, names=("call",))), child_bpmn=diagram("child", child)))
    instance = world.start()
    assert world.instance(instance.id).status is InstanceStatus.FAILED
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert (incident.instance_id, incident.job_id) == (instance.id, None)


def test_a_process_that_calls_itself_becomes_an_incident(world: World) -> None:
    world.deploy(files(p_bpmn=diagram("p", AGAIN.format(""))))
    world.start()
    for _ in range(3):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        assert len(uow.process_instances.list_page(limit=100).items) == 9
        [incident] = incidents.list_page(uow, status="open").items
    assert "calls itself" not in incident.topic
    assert "call itself" in incident.message


def test_processes_that_call_many_of_themselves_stop_at_a_number_and_not_at_a_depth_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_limits, "MOST_IN_TREE", 40)
    many = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>5</bpmn:loopCardinality>"
    world.deploy(files(p_bpmn=diagram("p", AGAIN.format(f"{many}</bpmn:multiInstanceLoopCharacteristics>"))))
    world.start()
    for _ in range(6):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        assert len(uow.process_instances.list_page(limit=100).items) == 40
        found = incidents.list_page(uow, status="open").items
    assert found
    assert all("more than 40" in incident.message.lower() for incident in found)


def test_automatic_work_that_is_cancelled_before_a_worker_took_it_leaves_no_job(
    world: World, handlers: Handlers
) -> None:
    handlers["t.later"], handlers["t.refuse"] = (lambda _job: {}), refuse
    body = (
        '<bpmn:startEvent id="start"/><bpmn:subProcess id="both"><bpmn:startEvent id="inside"/>'
        '<bpmn:parallelGateway id="fork"/>'
        + service_task("later", "t.later", attributes='camunda:asyncBefore="true"')
        + service_task("refuse", "t.refuse")
        + '<bpmn:endEvent id="end_a"/><bpmn:endEvent id="end_b"/>'
        + flows("inside>fork", "fork>later", "fork>refuse", "later>end_a", "refuse>end_b")
        + '</bpmn:subProcess><bpmn:boundaryEvent id="nobody" attachedToRef="both">'
        '<bpmn:errorEventDefinition id="ed" errorRef="e"/></bpmn:boundaryEvent>'
        '<bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>'
        + user_task("rescue")
        + flows("start>both", "both>end", "nobody>rescue", "rescue>end2")
    )
    world.deploy(files(p_bpmn=diagram("p", body, roots=ERROR)))
    world.start()
    assert [task.name for task in world.inbox("alice")] == ["rescue"]
    with world.open(read_only=True) as uow:
        assert jobs.list_page(uow).items == ()
