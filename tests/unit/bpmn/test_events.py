"""Start, intermediate and end events."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn import ExecutionError
from engine.errors import Invalid
from engine.model.step import Ending, ErrorThrown, MessageAwaited, SignalAwaited, Thrown, TimerOpened
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    NOW,
    SIGNAL,
    TERMINATE,
    Run,
    boundary,
    catch,
    end,
    flow,
    mapping,
    model_of,
    node,
    path,
    script,
    start,
    start_for,
    throw,
    timer,
    user,
)


def several_starts():
    return model_of(
        start(), start("by_message", MESSAGE), start("by_signal", SIGNAL), user("a"), user("b"), user("c"), end(),
        path("s", "a", "e"), path("by_message", "b", "e"), path("by_signal", "c", "e"),
    )  # fmt: skip


@pytest.mark.parametrize(("chosen", "waiting"), [(None, "a"), ("s", "a"), ("by_message", "b"), ("by_signal", "c")])
def test_exactly_the_start_event_that_was_asked_for_starts(chosen, waiting):
    assert Run(several_starts(), {}, chosen).waiting == [waiting]


def test_a_model_says_which_start_event_a_message_or_signal_starts():
    model = several_starts()

    assert start_for(model, "message", "report") == "by_message"
    assert start_for(model, "signal", "alarm") == "by_signal"
    assert start_for(model, "message", "alarm") is None


def test_an_unknown_start_event_or_a_missing_plain_one_is_refused():
    only_message = model_of(start("s", MESSAGE), user("a"), end(), path("s", "a", "e"))

    with pytest.raises(Invalid) as caught:
        Run(only_message)
    assert caught.value.key == "start-event-unknown"
    with pytest.raises(Invalid):
        Run(several_starts(), {}, "a")
    assert Run(only_message, {"text": "x"}, "s").waiting == ["a"]


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("PT90M", "timeDuration", NOW + timedelta(minutes=90)),
        ("P1M", "timeDuration", datetime(2026, 12, 23, 1, tzinfo=UTC)),
        ("= span", "timeDuration", NOW + timedelta(days=2)),
        ("2026-12-01T08:00:00+08:00", "timeDate", datetime(2026, 12, 1, tzinfo=UTC)),
        ("= day", "timeDate", datetime(2026, 12, 24, 1, 30, tzinfo=UTC)),
        ('= date and time("2026-12-01T08:00:00+08:00")', "timeDate", datetime(2026, 12, 1, tzinfo=UTC)),
        ('= duration("PT2H")', "timeDuration", NOW + timedelta(hours=2)),
    ],
)
def test_a_timer_knows_its_instant_when_it_is_entered(text, kind, due):
    model = model_of(start(), catch("t", timer(text, kind)), end(), path("s", "t", "e"))
    run = Run(model, {"span": "P2D", "day": "2026-12-24T01:30:00Z"})

    assert run.step.opened == (TimerOpened(2, "t", due, 1),)
    assert run.positions[0].due_at == due
    assert run.fire("t").ended is Ending.COMPLETED


@pytest.mark.parametrize("value", [None, 5, "tomorrow", "P", "PT0S", "-PT1H", "2026-12-01", "2026-12-01T08:00:00"])
def test_a_timer_value_that_is_no_instant_or_duration_is_an_error(value):
    model = model_of(start(), catch("t", timer("= x")), end(), path("s", "t", "e"))

    with pytest.raises(ExecutionError) as caught:
        Run(model, {"x": value})

    assert caught.value.key == "timer-value"
    assert caught.value.element_id == "t"


def test_an_intermediate_message_event_waits_and_takes_the_payload():
    event = node(
        "intermediateCatchEvent", "m", mapping(None, {"reply": "= text"}) + MESSAGE, 'zhili:correlationKey="= n"'
    )
    run = Run(model_of(start(), event, end(), path("s", "m", "e")), {"n": 7})

    assert run.step.opened == (MessageAwaited(2, "m", "report", "7"),)
    run.deliver("m", {"text": "yes", "noise": 1})

    assert run.variables == {"n": 7, "reply": "yes"}


def test_an_intermediate_signal_event_waits():
    run = Run(model_of(start(), catch("x", SIGNAL), end(), path("s", "x", "e")))

    assert run.step.opened == (SignalAwaited(2, "x", "alarm"),)
    assert run.deliver("x", {"level": 3}).ended is Ending.COMPLETED
    assert run.variables == {"level": 3}


def test_thrown_messages_and_signals_carry_their_input_parameters_and_nothing_else():
    thrown = node("intermediateThrowEvent", "t", mapping({"case": "= id"}) + MESSAGE, 'zhili:correlationKey="= id"')
    last = end("e", mapping({"why": "closed"}) + SIGNAL)
    run = Run(model_of(start(), thrown, last, path("s", "t", "e")), {"id": "C-1", "secret": "x"})

    assert run.step.thrown == (
        Thrown("message", "report", {"case": "C-1"}, "t", "C-1"),
        Thrown("signal", "alarm", {"why": "closed"}, "e", None),
    )
    assert run.step.ended is Ending.COMPLETED
    assert run.variables == {"id": "C-1", "secret": "x"}


def test_a_none_throw_event_is_passed():
    assert Run(model_of(start(), throw("t"), end(), path("s", "t", "e"))).passed == ["s", "t", "e"]


def test_a_signal_reaches_every_catcher_of_the_throwing_instance_at_once():
    model = model_of(
        start(), node("parallelGateway", "f"), catch("x", SIGNAL), catch("y", SIGNAL), user("u"),
        throw("t", SIGNAL, mapping({"level": "= 3"})), end(),
        path("s", "f", "x", "e"), path("f", "y", "e"), path("f", "u", "t", "e"),
    )  # fmt: skip
    run = Run(model)

    step = run.complete("u")

    assert step.ended is Ending.COMPLETED
    assert {closed.element_id for closed in step.closed} == {"u", "x", "y"}
    assert run.variables == {"level": 3}


def test_a_signal_does_not_reach_a_catcher_that_begins_to_wait_after_it():
    model = model_of(start(), throw("t", SIGNAL), catch("x", SIGNAL), end(), path("s", "t", "x", "e"))

    assert Run(model).waiting == ["x"]


def test_a_signal_reaches_outer_scopes_first_so_that_what_they_interrupt_never_hears_it():
    inner = start("is") + catch("x", SIGNAL) + user("heard") + end("ie") + path("is", "x", "heard", "ie")
    model = model_of(
        start(), node("parallelGateway", "f"), node("subProcess", "sub", inner), boundary("b", "sub", SIGNAL),
        user("u"), throw("t", SIGNAL), end(),
        path("s", "f", "sub", "e"), path("b", "e"), path("f", "u", "t", "e"),
    )  # fmt: skip
    run = Run(model)

    step = run.complete("u")

    assert {closed.element_id: closed.outcome for closed in step.closed} == {
        "u": "completed",
        "b": "completed",
        "x": "cancelled",
    }
    assert step.ended is Ending.COMPLETED


def test_a_message_is_not_delivered_inside_but_handed_to_the_caller():
    model = model_of(
        start(), node("parallelGateway", "f"), catch("x", MESSAGE), user("u"), throw("t", MESSAGE), end(),
        path("s", "f", "x", "e"), path("f", "u", "t", "e"),
    )  # fmt: skip
    run = Run(model)

    step = run.complete("u")

    assert run.waiting == ["x"]
    assert [thrown.name for thrown in step.thrown] == ["report"]


def test_a_message_end_event_throws():
    run = Run(model_of(start(), end("e", MESSAGE), path("s", "e")))

    assert [(thrown.kind, thrown.name) for thrown in run.step.thrown] == [("message", "report")]


def test_a_terminate_end_event_ends_everything():
    model = model_of(
        start(), node("parallelGateway", "f"), user("a"), user("b"), end(), end("kill", TERMINATE),
        path("s", "f", "a", "kill"), path("f", "b", "e"),
    )  # fmt: skip
    run = Run(model)

    step = run.complete("a")

    assert step.ended is Ending.TERMINATED
    assert [(closed.element_id, closed.outcome) for closed in step.closed] == [("a", "completed"), ("b", "cancelled")]
    assert run.positions == ()


def test_an_uncaught_error_end_event_ends_the_instance_with_the_error():
    model = model_of(
        start(), node("parallelGateway", "f"), user("a"), user("b"), end(), end("bad", ERROR),
        path("s", "f", "a", "bad"), path("f", "b", "e"),
    )  # fmt: skip
    run = Run(model)

    step = run.complete("a")

    assert step.ended is Ending.ERROR
    assert step.error == ErrorThrown("NO_MEDIATOR", "", "bad")
    assert ("b", "cancelled") in run.trace
    assert run.positions == ()


def test_a_link_continues_at_its_catch_and_several_throws_may_share_it():
    link = '<linkEventDefinition name="archive"/>'
    model = model_of(
        start(), node("exclusiveGateway", "g", attributes='default="g_l1"'), throw("l1", link), throw("l2", link),
        catch("there", link), user("u"), end(),
        flow("s", "g"), flow("g", "l1"), flow("g", "l2", "x"), path("there", "u", "e"),
    )  # fmt: skip

    assert Run(model).waiting == ["u"]
    run = Run(model, {"x": True})
    assert run.passed == ["s", "g", "l2", "there"]
    assert run.complete("u").ended is Ending.COMPLETED


def test_a_script_sees_the_payload_of_the_start_message():
    model = model_of(start("s", MESSAGE), script("x", "n + 1", "m"), end(), path("s", "x", "e"))

    assert Run(model, {"n": 1}, "s").variables == {"n": 1, "m": 2}


def test_a_signal_thrown_in_a_subprocess_reaches_its_boundary_before_the_scope_runs_on():
    inner = start("is") + throw("t", SIGNAL) + script("after", "1", "ran") + user("iu") + end("ie")
    model = model_of(
        start(), node("subProcess", "sub", inner + path("is", "t", "after", "iu", "ie")),
        boundary("b", "sub", SIGNAL), user("caught"), end(),
        path("s", "sub", "e"), path("b", "caught", "e"),
    )  # fmt: skip
    run = Run(model)

    assert run.waiting == ["caught"]
    assert "ran" not in run.variables
    assert "after" not in run.passed
