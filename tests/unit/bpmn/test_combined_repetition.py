"""Elements combined: loops, quantities, ad-hoc sub-processes, and conditions that read them."""

from datetime import timedelta

import pytest

from engine.bpmn import ExecutionError
from engine.model.step import Ending
from tests.unit.bpmn.combining import (
    AGAIN,
    AND,
    ESCALATION,
    TWICE,
    XOR,
    sub,
    tasks,
    triggered,
)
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    Run,
    boundary,
    end,
    flow,
    model_of,
    node,
    path,
    script,
    service,
    start,
    timer,
    user,
)


def test_a_loop_hands_its_tokens_out_once_when_all_rounds_are_done():
    run = Run(model_of(
        start(), user("a", AGAIN, 'completionQuantity="2"'), user("b"), end(), path("s", "a", "b", "e")
    ), {"again": True})  # fmt: skip
    run.complete("a")
    assert tasks(run) == ["a"]

    run.complete("a", {"again": False})

    assert tasks(run) == ["b", "b"]


def test_a_multi_instance_begins_with_as_many_tokens_as_it_needs_and_once():
    run = Run(model_of(
        start(), node(AND, "f"), user("a"), user("b"), user("c", TWICE, 'startQuantity="2"'),
        boundary("t", "c", timer("PT1H")), end(), path("s", "f", "a", "c", "e"), path("f", "b", "c"), path("t", "e"),
    ))  # fmt: skip
    run.complete("a")
    assert tasks(run) == ["b"]
    assert [p.kind for p in run.positions if p.element_id == "t"] == []

    run.complete("b")

    assert tasks(run) == ["c", "c"]
    assert [p.kind for p in run.positions if p.element_id == "t"] == ["timer"]


def test_an_ad_hoc_sub_process_that_repeats_asks_its_condition_in_each_round():
    until = "<completionCondition>enough</completionCondition>"
    body = node("adHocSubProcess", "h", user("a") + user("b") + until + AGAIN)
    run = Run(model_of(start(), body, end(), path("s", "h", "e")), {"again": True, "enough": True})
    run.complete("a")
    assert tasks(run) == ["a", "b"]

    assert run.complete("b", {"again": False}).ended is Ending.COMPLETED


def test_an_ad_hoc_sub_process_is_left_by_an_escalation_or_error_from_inside():
    until = "<completionCondition>enough</completionCondition>"
    body = node("adHocSubProcess", "h", service("a") + user("b") + until)
    run = Run(model_of(
        start(), body, boundary("t", "h", ERROR), boundary("l", "h", ESCALATION, interrupting=False), user("x"),
        user("y"), end(), path("s", "h", "e"), path("t", "x", "e"), path("l", "y", "e"),
    ), {"enough": False})  # fmt: skip
    run.escalate("a", "LATE")
    assert sorted(tasks(run)) == ["b", "y"]

    run.fail("a", "NO_MEDIATOR")

    assert sorted(tasks(run)) == ["x", "y"]


def test_a_loop_around_a_sub_process_is_left_by_an_error_in_any_round():
    body = sub("m", "j", parts=service("j"), inside=AGAIN)
    run = Run(model_of(
        start(), body, boundary("b", "m", ERROR), user("x"), end(), path("s", "m", "e"), path("b", "x", "e")
    ), {"again": True})  # fmt: skip
    run.complete("j")

    run.fail("j", "NO_MEDIATOR")

    assert run.waiting == ["x"]


def test_a_signal_that_begins_itself_for_ever_without_a_wait_is_stopped():
    begin = node("startEvent", "h_s", SIGNAL, 'isInterrupting="false"')
    handler = node("subProcess", "h", begin + end("h_e", SIGNAL) + path("h_s", "h_e"), 'triggeredByEvent="true"')
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), handler))

    with pytest.raises(ExecutionError) as caught:
        run.deliver("h_s")

    assert caught.value.key == "step-budget-exceeded"


def test_a_handler_beside_a_sequential_ad_hoc_sub_process_does_not_hold_its_activities_up():
    until = "<completionCondition>enough</completionCondition>"
    content = user("a") + user("b") + triggered("ev", MESSAGE, "hu", interrupting=False) + until
    body = node("adHocSubProcess", "h", content, 'ordering="Sequential"')
    run = Run(model_of(start(), body, end(), path("s", "h", "e")), {"enough": False})
    run.deliver("ev_s")

    run.complete("a")

    assert sorted(tasks(run)) == ["b", "hu"]


def test_an_interrupted_sequential_ad_hoc_sub_process_begins_nothing_more():
    until = "<completionCondition>enough</completionCondition>"
    body = node("adHocSubProcess", "h", user("a") + user("b") + triggered("ev", MESSAGE, "hu") + until,
                'ordering="Sequential"')  # fmt: skip
    run = Run(model_of(start(), body, user("after"), end(), path("s", "h", "after", "e")), {"enough": False})
    run.deliver("ev_s")

    run.complete("hu")

    assert tasks(run) == ["after"]
    assert ("b", "entered") not in run.history


def test_a_terminated_instance_is_counted_as_terminated_and_not_as_completed():
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>"
        "numberOfTerminatedInstances = 1 and numberOfCompletedInstances = 1</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    )
    inner = start("is") + user("a") + node(XOR, "g", attributes='default="g_je"') + end("ie", TERMINATE) + end("je")
    body = node("subProcess", "m", inner + path("is", "a", "g") + flow("g", "ie", "bad") + flow("g", "je") + marker)
    run = Run(model_of(start(), body, user("after"), end(), path("s", "m", "after", "e")), {"bad": True})
    run.complete("a")
    assert tasks(run) == ["a", "a"]

    run.complete("a", {"bad": False})

    assert tasks(run) == ["after"]


def test_more_than_ten_thousand_tokens_at_once_are_an_error():
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    body = node(
        "subProcess",
        "m",
        start("is") + user("a", marker.format(100)) + end("ie") + path("is", "a", "ie") + marker.format("= n"),
    )
    model = model_of(start(), body, end(), path("s", "m", "e"))
    assert len(tasks(Run(model, {"n": 90}))) == 9_000

    with pytest.raises(ExecutionError) as caught:
        Run(model, {"n": 100})

    assert caught.value.key == "too-many-tokens"


def when(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"


COUNTING = {
    "counters of instances": (user("u", TWICE.replace("2", "3")), "nrOfCompletedInstances = 2"),
    "rounds of a loop": (user("u", '<standardLoopCharacteristics loopMaximum="5"/>'), "loopCounter = 2"),
}


@pytest.mark.parametrize("row", COUNTING)
def test_a_condition_at_what_repeats_sees_its_counters(row):
    activity, condition = COUNTING[row]
    run = Run(model_of(
        start(), activity, boundary("b", "u", when(condition)), user("x"), end(), path("s", "u", "e"),
        path("b", "x", "e"),
    ))  # fmt: skip
    run.complete("u")
    assert "x" not in run.waiting

    run.complete("u")

    assert run.waiting == ["x"]


def test_a_condition_at_a_sub_process_sees_the_data_of_its_own():
    inner = '<dataObject id="q"/>' + start("is") + user("a") + user("c") + end("ie") + path("is", "a", "c", "ie")
    run = Run(model_of(
        start(), node("subProcess", "m", inner), boundary("b", "m", when("q = 1")), user("x"), end(),
        path("s", "m", "e"), path("b", "x", "e"),
    ))  # fmt: skip

    run.complete("a", {"q": 1})

    assert run.waiting == ["x"]
    assert run.variables == {}


def test_a_condition_that_reads_the_clock_is_asked_in_every_command():
    run = Run(model_of(
        start(), node(AND, "f"), user("w"), user("w2"), user("u"),
        boundary("b", "u", when("now() &gt; date and time(&quot;2026-11-24T00:00:00Z&quot;)")), user("x"), end(),
        path("s", "f", "u", "e"), path("f", "w", "w2", "e"), path("b", "x", "e"),
    ))  # fmt: skip
    assert sorted(run.waiting) == ["b", "u", "w"]
    run.now += timedelta(days=2)

    run.complete("w")

    assert sorted(run.waiting) == ["w2", "x"]


def test_a_condition_that_comes_and_goes_within_one_command_fires_each_time():
    handler = triggered("ev", when("x = 1"), "hu", interrupting=False)
    scripts = script("s1", "1", "x") + script("s2", "0", "x") + script("s3", "1", "x")
    run = Run(model_of(start(), scripts, user("z"), end(), path("s", "s1", "s2", "s3", "z", "e"), handler))

    assert sorted(tasks(run)) == ["hu", "hu", "z"]


PASSING = start("is") + node("task", "a") + end("ie") + path("is", "a", "ie")


@pytest.mark.parametrize(
    ("marker", "condition"),
    [
        (TWICE.replace("2", "5"), "nrOfCompletedInstances = 2"),
        (TWICE.replace("2", "5").replace("istics>", 'istics isSequential="true">', 1), "nrOfCompletedInstances = 2"),
        ('<standardLoopCharacteristics loopMaximum="5"/>', "loopCounter = 2"),
    ],
)
def test_a_condition_sees_each_count_even_when_nothing_waits_in_between(marker, condition):
    run = Run(model_of(
        start(), node("subProcess", "m", PASSING + marker), boundary("b", "m", when(condition)), user("x"), end(),
        path("s", "m", "e"), path("b", "x", "e"),
    ))  # fmt: skip

    assert run.waiting == ["x"]
    assert run.passed.count("m") == 2
