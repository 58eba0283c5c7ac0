"""Boundary events: on every activity that waits, interrupting or not."""

from datetime import timedelta

import pytest

from engine import bpmn
from engine.bpmn import ExecutionError
from engine.errors import Conflict
from engine.model.step import Closed, Ending, ErrorThrown, MessageAwaited, SignalAwaited, TimerOpened
from tests.unit.bpmn.diagrams import (
    ANY_ERROR,
    ERROR,
    MESSAGE,
    NOW,
    SIGNAL,
    Run,
    boundary,
    end,
    mapping,
    model_of,
    node,
    path,
    service,
    start,
    timer,
    user,
)

INNER = start("is") + user("iu") + end("ie") + path("is", "iu", "ie")
HOSTS = {
    "userTask": user("h"),
    "serviceTask": service("h"),
    "receiveTask": node("receiveTask", "h", attributes='messageRef="M2"'),
    "businessRuleTask": node("businessRuleTask", "h", attributes='camunda:decisionRef="D"'),
    "callActivity": node("callActivity", "h", attributes='calledElement="q"'),
    "subProcess": node("subProcess", "h", INNER),
}


def guarded(host: str, *events: str):
    follow = "".join(path(name, f"after_{name}", "e") + user(f"after_{name}") for name in ("b",))
    return model_of(start(), host, *events, end(), path("s", "h", "e"), follow)


@pytest.mark.parametrize("type_", HOSTS)
def test_an_interrupting_timer_ends_the_activity_and_goes_on_outside(type_):
    run = Run(guarded(HOSTS[type_], boundary("b", "h", timer("P1D"))))
    timers = [opened for opened in run.step.opened if isinstance(opened, TimerOpened)]
    assert [(opened.element_id, opened.due_at) for opened in timers] == [("b", NOW + timedelta(days=1))]
    inside = run.waiting[0] if type_ != "subProcess" else "iu"

    step = run.fire("b")

    assert run.waiting == ["after_b"]
    assert ("h", "cancelled") in run.trace
    assert ("b", "entered") in run.trace
    outcomes = {closed.element_id: closed.outcome for closed in step.closed}
    assert outcomes == {"b": "completed", inside: "cancelled"}
    assert run.complete("after_b").ended is Ending.COMPLETED


@pytest.mark.parametrize("type_", HOSTS)
def test_a_completed_activity_disarms_its_boundary_events_without_a_trace(type_):
    run = Run(guarded(HOSTS[type_], boundary("b", "h", timer("P1D")), boundary("c", "h", SIGNAL) + path("c", "e")))
    armed = {run.activity("b"), run.activity("c")}

    step = run.complete("iu" if type_ == "subProcess" else "h")

    assert step.ended is Ending.COMPLETED
    assert {closed.activity for closed in step.closed if closed.outcome == "cancelled"} == armed
    assert not [element for element, _event in run.history if element in {"b", "c"}]


def test_an_interrupting_message_writes_its_payload():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", MESSAGE)))
    assert MessageAwaited(3, "b", "report", None) in run.step.opened

    run.deliver("b", {"withdrawn": True})

    assert run.waiting == ["after_b"]
    assert run.variables == {"withdrawn": True}


def test_an_interrupting_signal_maps_its_payload():
    event = boundary("b", "h", SIGNAL, inside=mapping(None, {"why": "= reason"}))
    run = Run(guarded(HOSTS["userTask"], event))
    assert SignalAwaited(3, "b", "alarm") in run.step.opened

    run.deliver("b", {"reason": "flood", "noise": 1})

    assert run.variables == {"why": "flood"}


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL])
def test_a_non_interrupting_event_fires_any_number_of_times(definition):
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", definition, interrupting=False)))
    armed = run.activity("b")

    for turn in range(1, 4):
        step = run.deliver("b", {"turn": turn})
        assert step.closed == ()
        assert run.activity("b") == armed
        assert run.waiting.count("after_b") == turn
    assert run.variables == {"turn": 3}

    run.complete("h")
    assert run.waiting == ["after_b"] * 3
    for _ in range(3):
        run.complete("after_b")
    assert run.step.ended is Ending.COMPLETED


def test_each_firing_of_a_non_interrupting_event_is_an_activity_of_its_own():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", MESSAGE, interrupting=False)))
    numbers = set()
    for _ in range(3):
        step = run.deliver("b")
        numbers |= {trace.activity for trace in step.trace if trace.element_id == "b"}

    assert len(numbers) == 3
    assert run.activity("b") not in numbers


def test_a_non_interrupting_timer_fires_once_when_it_is_no_cycle():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer("P1D"), interrupting=False)))

    step = run.fire("b")

    assert run.waiting == ["h", "after_b"]
    assert step.closed == (Closed(3, "b", "completed"),)


def test_a_cycle_fires_as_often_as_it_says_and_is_armed_again_each_time():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer("R3/PT1H", "timeCycle"), interrupting=False)))
    assert [opened for opened in run.step.opened if opened.element_id == "b"] == [
        TimerOpened(3, "b", NOW + timedelta(hours=1), 3)
    ]

    seen = []
    for _ in range(2):
        before = run.activity("b")
        step = run.fire("b", after=timedelta(hours=1))
        assert Closed(before, "b", "completed") in step.closed
        seen += [(opened.due_at, opened.remaining) for opened in step.opened if isinstance(opened, TimerOpened)]
    last = run.fire("b", after=timedelta(hours=1))

    assert seen == [(NOW + timedelta(hours=2), 2), (NOW + timedelta(hours=3), 1)]
    assert not [opened for opened in last.opened if isinstance(opened, TimerOpened)]
    assert run.waiting == ["h", "after_b", "after_b", "after_b"]


def test_a_cycle_that_was_late_fires_once_and_stays_on_its_grid():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer("R/PT1H", "timeCycle"), interrupting=False)))

    step = run.fire("b", after=timedelta(hours=5, minutes=20))

    (opened,) = [opened for opened in step.opened if isinstance(opened, TimerOpened)]
    assert opened.due_at == NOW + timedelta(hours=6)
    assert opened.remaining is None
    assert run.waiting.count("after_b") == 1


def test_a_cycle_with_an_end_is_armed_up_to_there():
    text = f"R/PT1H/{(NOW + timedelta(minutes=90)).isoformat()}"
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer(text, "timeCycle"), interrupting=False)))
    assert [(one.due_at, one.remaining) for one in run.step.opened if isinstance(one, TimerOpened)] == [
        (NOW + timedelta(minutes=30), 2)
    ]

    step = run.fire("b", after=timedelta(minutes=30))
    assert [one.due_at for one in step.opened if isinstance(one, TimerOpened)] == [NOW + timedelta(minutes=90)]

    run.fire("b", after=timedelta(hours=1))
    assert run.waiting == ["h", "after_b", "after_b"]


def test_a_cycle_that_is_late_beyond_its_end_is_not_armed_again():
    text = f"R3/{(NOW + timedelta(hours=1)).isoformat()}/PT1H"
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer(text, "timeCycle"), interrupting=False)))

    run.fire("b", after=timedelta(days=1))

    assert run.waiting == ["h", "after_b"]


def test_a_cycle_whose_rounds_lie_behind_is_not_armed_and_its_activity_goes_on_without():
    text = "R3/2020-01-01T00:00:00Z/PT1H"
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer(text, "timeCycle"), interrupting=False)))
    assert not [one for one in run.step.opened if isinstance(one, TimerOpened)]
    assert run.waiting == ["h"]

    run.complete("h")

    assert run.step.ended is not None


def test_a_closed_boundary_timer_cannot_fire_again():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer("R2/PT1H", "timeCycle"), interrupting=False)))
    armed = run.activity("b")
    run.fire("b")

    with pytest.raises(Conflict):
        bpmn.fire_timer(run.model, run.state, armed, now=NOW)


def test_a_boundary_timer_sees_the_input_parameters_of_its_activity():
    run = Run(guarded(user("h", mapping({"span": "= hours"})), boundary("b", "h", timer("= span"))), {"hours": "PT3H"})

    assert [o.due_at for o in run.step.opened if isinstance(o, TimerOpened)] == [NOW + timedelta(hours=3)]


def test_an_error_of_a_job_takes_the_boundary_event_for_its_code():
    catcher = boundary(
        "b",
        "h",
        '<errorEventDefinition errorRef="E" camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/>',
    )
    other = boundary("c", "h", ANY_ERROR) + path("c", "e")
    run = Run(guarded(HOSTS["serviceTask"], catcher, other))

    step = run.fail("h", "NO_MEDIATOR", "nobody is free", {"tried": 3})

    assert run.waiting == ["after_b"]
    assert run.variables == {"tried": 3, "code": "NO_MEDIATOR", "text": "nobody is free"}
    assert step.closed == (Closed(2, "h", "cancelled"),)
    assert step.ended is None


def test_an_error_without_its_own_boundary_event_takes_the_one_for_all():
    run = Run(guarded(HOSTS["serviceTask"], boundary("c", "h", ERROR) + path("c", "e"), boundary("b", "h", ANY_ERROR)))

    run.fail("h", "SOMETHING")

    assert run.waiting == ["after_b"]


def test_an_error_that_nobody_catches_ends_the_instance():
    run = Run(guarded(HOSTS["serviceTask"], boundary("b", "h", ERROR)))

    step = run.fail("h", "OTHER", "no")

    assert step.ended is Ending.ERROR
    assert step.error == ErrorThrown("OTHER", "no", "h")
    assert run.positions == ()


@pytest.mark.parametrize("type_", ["userTask", "serviceTask", "businessRuleTask", "callActivity"])
def test_an_error_of_an_activity_inside_reaches_the_boundary_of_the_subprocess(type_):
    inner = HOSTS[type_].replace('id="h"', 'id="x"')
    sub = node("subProcess", "h", start("is") + inner + end("ie") + path("is", "x", "ie"))
    run = Run(guarded(sub, boundary("b", "h", ERROR)))

    run.fail("x", "NO_MEDIATOR")

    assert run.waiting == ["after_b"]
    assert ("x", "cancelled") in run.trace
    assert ("h", "cancelled") in run.trace


def test_an_error_end_event_takes_the_nearest_scope_that_catches_it():
    innermost = node("subProcess", "s2", start("is2") + end("bad", ERROR) + path("is2", "bad"))
    middle = node("subProcess", "h", start("is") + innermost + end("ie") + path("is", "s2", "ie"))
    run = Run(guarded(middle, boundary("b", "h", ERROR)))

    assert run.waiting == ["after_b"]
    assert run.history[-5:-3] == [("s2", "cancelled"), ("h", "cancelled")]


def test_an_error_end_event_that_only_another_code_would_catch_ends_the_instance():
    sub = node("subProcess", "h", start("is") + end("bad", ERROR) + path("is", "bad"))
    event = boundary("b", "h", '<errorEventDefinition errorRef="E2"/>')

    assert Run(guarded(sub, event)).step.ended is Ending.ERROR


def test_cancelling_the_instance_cancels_armed_events():
    run = Run(guarded(HOSTS["userTask"], boundary("b", "h", timer("P1D"))))

    step = run.cancel()

    assert {(closed.element_id, closed.outcome) for closed in step.closed} == {("h", "cancelled"), ("b", "cancelled")}


def test_what_is_opened_and_closed_in_one_step_is_neither_opened_nor_closed():
    """The join ends the sub-process in the same step in which its second task would open."""
    sub = node(
        "subProcess",
        "h",
        start("is")
        + node("parallelGateway", "f")
        + user("iu")
        + end("bad", ERROR)
        + end("ie")
        + path("is", "f", "iu", "ie")
        + path("f", "bad"),
    )
    run = Run(guarded(sub, boundary("b", "h", ERROR)))

    assert [opened.element_id for opened in run.step.opened] == ["after_b"]
    assert run.step.closed == ()


def test_a_cycle_value_that_is_wrong_at_run_time_is_an_error():
    model = guarded(HOSTS["userTask"], boundary("b", "h", timer("= c", "timeCycle"), interrupting=False))

    with pytest.raises(ExecutionError) as caught:
        Run(model, {"c": "R3/PT1S"})

    assert caught.value.key == "timer-value"
