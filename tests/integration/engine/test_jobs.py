"""A machine's part: handlers, retries, incidents, timers, messages, called processes."""

from datetime import timedelta

import pytest

from engine.errors import NotFound
from engine.handler import BpmnError, Handler, JobContext, RetryLater
from engine.model.process_instance import InstanceStatus
from engine.services import history, incidents, jobs, messages, process_instances
from tests.builders.diagrams import chain, diagram, files, flows, service_task, table, user_task
from tests.builders.world import World

Handlers = dict[str, Handler]


def _retries(text: str) -> str:
    return (
        "<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>"
        f"{text}</camunda:failedJobRetryTimeCycle></bpmn:extensionElements>"
    )


def test_a_handler_runs_in_the_transaction_that_reaches_it(world: World, handlers: Handlers) -> None:
    handlers["t.double"] = lambda job: {"amount": job.variables["amount"] * 2}
    body = chain(service_task("double", "t.double"), user_task("look"), names=("double", "look"))
    world.deploy(files(p_bpmn=diagram("p", body)))
    instance = world.start(amount=21)
    assert instance.variables["amount"] == 42
    assert [task.name for task in world.inbox("alice")] == ["look"]
    with world.open(read_only=True) as uow:
        assert jobs.list_page(uow).items == ()


def test_a_failing_handler_is_retried_with_a_growing_pause_and_then_an_incident(
    world: World, handlers: Handlers
) -> None:
    calls = []

    def fail(job: JobContext) -> None:
        calls.append(job.now)
        job.record("t.tried", "case", "1")
        raise RuntimeError("the world is broken")

    handlers["t.fail"] = fail
    body = chain(service_task("fail", "t.fail", inner=_retries("R3/PT1M")), user_task("look"), names=("fail", "look"))
    world.deploy(files(p_bpmn=diagram("p", body)))
    instance = world.start()
    assert len(calls) == 1
    world.later(seconds=59)
    assert len(calls) == 1
    world.later(seconds=1)
    assert len(calls) == 2
    world.later(seconds=61)
    assert len(calls) == 2
    world.later(seconds=60)
    assert len(calls) == 3
    world.later(days=1)
    assert len(calls) == 3

    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
        assert (incident.element_id, incident.attempts) == ("fail", 3)
        assert "the world is broken" in incident.message
        recorded = history.events(uow, instance_id=instance.id, kinds=("t.tried",)).items
        assert recorded == ()  # what a failed attempt did is undone

    handlers["t.fail"] = lambda _job: {"mended": True}
    with world.open() as uow:
        incidents.retry(uow, incident.id, by="operator")
    world.worker.run_due()
    assert [task.name for task in world.inbox("alice")] == ["look"]
    with world.open(read_only=True) as uow:
        assert incidents.list_page(uow, status="open").items == ()


def test_patience_costs_no_retry(world: World, handlers: Handlers) -> None:
    answers = iter([RetryLater(timedelta(minutes=5), "busy")] * 9)

    def wait(_job: JobContext) -> dict[str, object]:
        for answer in answers:
            raise answer
        return {"done": True}

    handlers["t.wait"] = wait
    world.deploy(files(p_bpmn=diagram("p", chain(service_task("wait", "t.wait"), names=("wait",)))))
    instance = world.start()
    for _ in range(9):
        world.later(minutes=5)
    assert world.instance(instance.id).status is InstanceStatus.COMPLETED


def test_a_modelled_error_takes_the_boundary_path_and_undoes_the_handler(world: World, handlers: Handlers) -> None:
    def refuse(job: JobContext) -> None:
        job.record("t.half_done", "case", "1")
        raise BpmnError("NOBODY", "no mediator", {"why": "none serves here"})

    handlers["t.refuse"] = refuse
    body = (
        '<bpmn:startEvent id="start"/>'
        + service_task("refuse", "t.refuse")
        + '<bpmn:boundaryEvent id="nobody" attachedToRef="refuse"><bpmn:errorEventDefinition id="ed" '
        'errorRef="e"/></bpmn:boundaryEvent><bpmn:endEvent id="end"/>'
        + user_task("street")
        + '<bpmn:endEvent id="end2"/>'
        + flows("start>refuse", "refuse>end", "nobody>street", "street>end2")
    )
    roots = '<bpmn:error id="e" name="nobody" errorCode="NOBODY"/>'
    world.deploy(files(p_bpmn=diagram("p", body, roots=roots)))
    instance = world.start()
    [task] = world.inbox("alice")
    assert task.name == "street"
    assert world.instance(instance.id).variables["why"] == "none serves here"
    with world.open(read_only=True) as uow:
        assert history.events(uow, instance_id=instance.id, kinds=("t.half_done",)).items == ()


def test_a_missing_handler_refuses_the_deployment_by_element_and_line(world: World, handlers: Handlers) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  the problems are looked at below
        world.deploy(files(p_bpmn=diagram("p", chain(service_task("s", "t.none"), names=("s",)))))
    [problem] = caught.value.problems
    assert (problem.code, problem.where, problem.file) == ("missing-handler", "s", "p.bpmn")
    assert problem.line is not None
    with world.open(read_only=True) as uow:
        assert uow.deployments.newest_id() == ""


def test_a_timer_fires_once_over_two_workers_and_after_downtime(world: World) -> None:
    body = chain(
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT1H'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
        user_task("look"),
        names=("wait", "look"),
    )
    world.deploy(files(p_bpmn=diagram("p", body)))
    world.start()
    assert world.later(minutes=59) == 0
    assert world.later(days=30) == 1
    assert world.worker.run_due() == 0
    assert [task.name for task in world.inbox("alice")] == ["look"]


def test_an_interrupting_boundary_timer_takes_the_task_out_of_every_inbox(world: World) -> None:
    body = (
        '<bpmn:startEvent id="start"/>'
        + user_task("slow")
        + '<bpmn:boundaryEvent id="late" attachedToRef="slow"><bpmn:timerEventDefinition id="t">'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        + user_task("rescue", groups="leaders")
        + '<bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>'
        + flows("start>slow", "slow>end", "late>rescue", "rescue>end2")
    )
    world.deploy(files(p_bpmn=diagram("p", body)))
    world.start()
    world.later(days=2)
    assert world.inbox("alice") == []
    assert [task.name for task in world.inbox("bob")] == ["rescue"]


def test_a_message_reaches_the_one_case_that_its_key_names(world: World) -> None:
    body = chain(
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="m" messageRef="news" '
        'zhili:correlationKey="= case_id"/></bpmn:intermediateCatchEvent>',
        user_task("look"),
        names=("wait", "look"),
    )
    world.deploy(files(p_bpmn=diagram("p", body, roots='<bpmn:message id="news" name="news"/>')))
    first, second = (world.start(business_key=key, case_id=key) for key in ("c1", "c2"))
    with world.open() as uow:
        assert messages.correlate(uow, "news", correlation_key="c2", variables={"text": "hello"}, by="x") == 1
    assert "text" not in world.instance(first.id).variables
    assert world.instance(second.id).variables["text"] == "hello"
    with world.open() as uow, pytest.raises(NotFound):
        messages.correlate(uow, "news", correlation_key="c3", variables={}, by="x")


CALLER = chain(
    '<bpmn:callActivity id="call" calledElement="child"><bpmn:extensionElements>'
    '<camunda:in source="amount" target="n"/><camunda:out source="n" target="result"/>'
    "</bpmn:extensionElements></bpmn:callActivity>",
    names=("call",),
)
CHILD = chain(service_task("double", "t.double"), user_task("look"), names=("double", "look"))


def test_a_called_process_is_an_instance_of_its_own_that_hands_its_result_back(
    world: World, handlers: Handlers
) -> None:
    handlers["t.double"] = lambda job: {"n": job.variables["n"] * 2}
    world.deploy(files(p_bpmn=diagram("p", CALLER), child_bpmn=diagram("child", CHILD)))
    parent = world.start(amount=4)
    [task] = world.inbox("alice")
    assert task.business_key == "case-1"
    assert task.root_id == parent.id != task.instance_id
    world.complete(task)
    ended = world.instance(parent.id)
    assert (ended.status, ended.variables["result"]) == (InstanceStatus.COMPLETED, 8)


def test_cancelling_a_case_ends_what_it_called(world: World, handlers: Handlers) -> None:
    handlers["t.double"] = lambda _job: {}
    world.deploy(files(p_bpmn=diagram("p", CALLER), child_bpmn=diagram("child", CHILD)))
    parent = world.start(amount=4)
    [task] = world.inbox("alice")
    with world.open() as uow:
        process_instances.cancel(uow, parent.id, reason="a mistake", by="bob")
    assert world.inbox("alice") == []
    assert world.instance(task.instance_id).status is InstanceStatus.CANCELLED


def test_a_decision_that_answers_twice_becomes_an_incident_that_names_the_table_and_the_rows(world: World) -> None:
    size = table("size", {"amount": "number"}, ("size",), (("> 0", '"some"'), ("> 10", '"many"')), policy="ANY")
    task = (
        '<bpmn:businessRuleTask id="rule" camunda:decisionRef="size" camunda:resultVariable="size" '
        'camunda:mapDecisionResult="singleEntry"/>'
    )
    body = chain(task, user_task("look"), names=("rule", "look"))
    refused = files(p_bpmn=diagram("p", body), size_dmn=size)
    with pytest.raises(Exception) as caught:  # noqa: PT011  the problems are looked at below
        world.deploy(refused)
    assert any("size" in str(problem) for problem in caught.value.problems)

    good = table("size", {"amount": "number"}, ("size",), (("<= 10", '"some"'), ("> 10", '"many"')), policy="UNIQUE")
    world.deploy(files(p_bpmn=diagram("p", body), size_dmn=good))
    fine = world.start(amount=11)
    assert fine.variables["size"] == "many"
    world.start(business_key="case-2")
    for _ in range(4):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert incident.element_id == "rule"
    assert "size" in incident.message
