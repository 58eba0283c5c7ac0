"""How a process or sub-process begins and ends without start and end events, and how many tokens an activity takes."""

import pytest

from engine.bpmn import ExecutionError
from engine.errors import DeploymentError, Invalid
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    Run,
    catch,
    end,
    flow,
    mapping,
    model_of,
    node,
    path,
    start,
    throw,
    timer,
    user,
)


def test_a_process_without_events_begins_wherever_no_flow_leads_and_ends_with_its_last_token():
    run = Run(model_of(user("a"), user("b"), user("c"), path("a", "c")))
    assert run.waiting == ["a", "b"]
    run.complete("a")
    run.complete("b")

    assert run.complete("c").ended is Ending.COMPLETED


def test_a_sub_process_without_events_does_too():
    sub = node("subProcess", "sub", user("a") + user("b"))
    run = Run(model_of(start(), sub, user("after"), end(), path("s", "sub", "after", "e")))
    run.complete("a")
    run.complete("b")

    assert run.waiting == ["after"]


def test_a_process_with_a_start_event_may_end_without_one():
    run = Run(model_of(start(), user("a"), path("s", "a")))

    assert run.complete("a").ended is Ending.COMPLETED


def test_a_receive_task_starts_an_instance_by_its_message():
    task = node("receiveTask", "r", mapping(outputs={"what": "= text"}), 'messageRef="M" instantiate="true"')
    model = model_of(task, user("u"), end(), path("r", "u", "e"))

    assert [(p.element_id, p.kind, p.name) for p in model.start_events] == [("r", "message", "report")]
    run = Run(model, {"text": "fire"}, start_event="r")
    assert run.waiting == ["u"]
    assert run.variables["what"] == "fire"
    assert run.passed == ["r"]
    with pytest.raises(Invalid):
        Run(model)


GATE = node("eventBasedGateway", "g", attributes='instantiate="true"')
BEHIND = catch("m", MESSAGE) + catch("n", SIGNAL) + user("x") + user("y") + path("g", "m", "x") + path("g", "n", "y")


def test_an_event_based_gateway_starts_an_instance_by_the_event_that_comes():
    model = model_of(GATE, BEHIND)

    assert {(p.element_id, p.kind, p.name) for p in model.start_events} == {
        ("m", "message", "report"),
        ("n", "signal", "alarm"),
    }
    assert Run(model, start_event="m").waiting == ["x"]
    assert Run(model, start_event="n").waiting == ["y"]


def test_a_parallel_event_based_gateway_waits_for_its_other_events():
    gate = node("eventBasedGateway", "g", attributes='instantiate="true" eventGatewayType="Parallel"')
    run = Run(model_of(gate, BEHIND), start_event="n")
    assert sorted(run.waiting) == ["m", "y"]
    run.complete("y")
    assert run.step.ended is None

    run.deliver("m")

    assert run.complete("x").ended is Ending.COMPLETED


@pytest.mark.parametrize(
    ("xml", "code", "where"),
    [
        (start() + GATE + BEHIND + path("s", "g"), "instantiate-with-flow", "g"),
        (
            start()
            + node("eventBasedGateway", "g", attributes='eventGatewayType="Parallel"')
            + BEHIND
            + path("s", "g"),
            "event-gateway-parallel",
            "g",
        ),
        (start() + end() + path("s", "e") + user("lost"), "element-dead-end", "lost"),
        (start() + user("a") + path("s", "a") + user("lost"), "element-unreachable", "lost"),
        (start() + user("a", attributes='startQuantity="0"') + path("s", "a"), "attribute-value", "a"),
        (start() + user("a", attributes='completionQuantity="x"') + path("s", "a"), "attribute-value", "a"),
        (
            node("startEvent", "s", MESSAGE, 'isInterrupting="false"') + user("a") + path("s", "a"),
            "start-never-interrupting",
            "s",
        ),
    ],
)
def test_a_beginning_that_the_standard_forbids_is_refused(xml, code, where):
    with pytest.raises(DeploymentError) as caught:
        model_of(xml)

    assert (code, where) in {(problem.code, problem.where) for problem in caught.value.problems}


def test_an_activity_hands_out_as_many_tokens_as_it_says():
    run = Run(model_of(start(), user("a", attributes='completionQuantity="3"'), user("b"), path("s", "a", "b")))

    run.complete("a")

    assert run.waiting == ["b", "b", "b"]


def test_an_activity_begins_when_it_has_as_many_tokens_as_it_needs():
    parts = node("parallelGateway", "f") + user("a") + user("b") + user("c") + user("d", attributes='startQuantity="3"')
    run = Run(model_of(start(), parts, path("s", "f", "a", "d"), path("f", "b", "d"), path("f", "c", "d")))
    run.complete("a")
    run.complete("b")
    assert [p.kind for p in run.positions] == ["user_task", "join", "join"]

    run.complete("c")

    assert run.waiting == ["d"]
    assert run.complete("d").ended is Ending.COMPLETED


def test_an_activity_that_can_never_have_enough_tokens_is_told():
    run = Run(model_of(start(), user("a"), user("d", attributes='startQuantity="2"'), path("s", "a", "d")))

    with pytest.raises(ExecutionError) as caught:
        run.complete("a")

    assert (caught.value.key, caught.value.element_id) == ("stuck-at-join", "d")


def test_tokens_handed_out_and_taken_in_again_balance():
    first = user("a", attributes='completionQuantity="4"')
    second = user("b", attributes='startQuantity="2"')
    run = Run(model_of(start(), first, second, path("s", "a", "b")))
    run.complete("a")
    assert run.waiting == ["b", "b"]
    run.complete("b")

    assert run.complete("b").ended is Ending.COMPLETED


@pytest.mark.parametrize(
    "task",
    [
        node("task", "t"),
        node("manualTask", "t"),
        node("sendTask", "t", attributes='messageRef="M"'),
        throw("t", SIGNAL),
    ],
    ids=["task", "manual", "send", "throw"],
)
def test_what_nobody_does_is_passed_at_once(task):
    assert Run(model_of(start(), task, end(), path("s", "t", "e"))).step.ended is Ending.COMPLETED


def test_a_send_task_sends_its_message_with_its_parameters():
    task = node("sendTask", "t", mapping({"text": "= note"}), 'messageRef="M" zhili:correlationKey="= key"')
    run = Run(model_of(start(), task, end(), path("s", "t", "e")), {"note": "hello", "key": "K1"})

    (thrown,) = run.step.thrown
    assert (thrown.kind, thrown.name, thrown.variables, thrown.correlation_key) == (
        "message",
        "report",
        {"text": "hello"},
        "K1",
    )


def test_the_order_of_conditions_is_the_order_in_which_the_gateway_lists_its_flows():
    listed = "<outgoing>g_b</outgoing><outgoing>g_a</outgoing><outgoing>g_c</outgoing>"
    gateway = node("exclusiveGateway", "g", listed, 'default="g_c"') + user("a") + user("b") + user("c") + end()
    ways = flow("g", "a", "true") + flow("g", "b", "true") + flow("g", "c")
    run = Run(model_of(start(), gateway, path("s", "g"), ways, path("a", "e"), path("b", "e"), path("c", "e")))

    assert run.waiting == ["b"]


def test_a_loop_without_condition_runs_as_often_as_its_maximum():
    task = user("a", '<standardLoopCharacteristics loopMaximum="3"/>')
    run = Run(model_of(start(), task, end(), path("s", "a", "e")))
    run.complete("a")
    run.complete("a")

    assert run.complete("a").ended is Ending.COMPLETED


@pytest.mark.parametrize("kind", ["scriptTask", "task", "manualTask", "sendTask"])
def test_every_kind_of_task_can_be_a_multi_instance(kind):
    marker = (
        '<multiInstanceLoopCharacteristics camunda:collection="= [1, 2, 3]" camunda:elementVariable="x"'
        ' zhili:outputCollection="all" zhili:outputElement="= x * 2"/>'
    )
    inside = "<script>x</script>" if kind == "scriptTask" else ""
    more = {"scriptTask": 'scriptFormat="feel" camunda:resultVariable="y"', "sendTask": 'messageRef="M"'}.get(kind, "")
    run = Run(model_of(start(), node(kind, "t", inside + marker, more), end(), path("s", "t", "e")))

    assert run.variables["all"] == [2, 4, 6]
    assert run.passed.count("t") == 3


def test_a_timer_behind_an_event_gateway_that_starts_is_refused_or_a_start_point():
    model = model_of(GATE, catch("w", timer("PT1H")), catch("m", MESSAGE), path("g", "w"), path("g", "m"))

    assert [(p.element_id, p.kind) for p in model.start_events] == [("w", "timer"), ("m", "message")]
