"""Elements combined: event sub-processes and boundary events in and around what repeats."""

from datetime import timedelta

import pytest

from engine.model.step import Ending
from tests.unit.bpmn.combining import (
    AGAIN,
    CONDITION,
    ESCALATION,
    TWICE,
    sub,
    tasks,
    triggered,
)
from tests.unit.bpmn.diagrams import (
    ANY_ERROR,
    ERROR,
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    end,
    model_of,
    node,
    path,
    script,
    service,
    start,
    throw,
    timer,
    user,
)

WITHDRAW = '<messageEventDefinition messageRef="M2"/>'


def handled_twice(guard: str, *after: str) -> Run:
    """Two instances of a sub-process, each with a handler that does not interrupt, and a guard around both."""
    handler = triggered("h", MESSAGE, "hu", interrupting=False)
    body = sub("m", "u", inside=handler + TWICE)
    return Run(model_of(start(), body, guard, *after, end(), path("s", "m", "e")))


def test_the_guard_of_a_multi_instance_ends_the_handlers_of_its_instances_too():
    run = handled_twice(boundary("b", "m", SIGNAL), user("after"), path("b", "after", "e"))
    run.deliver("h_s")
    assert sorted(tasks(run)) == ["hu", "u", "u"]

    run.deliver("b")

    assert tasks(run) == ["after"]
    assert run.waiting == ["after"]


def test_a_handler_keeps_only_its_own_instance_open():
    run = handled_twice(boundary("b", "m", SIGNAL), user("after"), path("b", "after", "e"))
    run.deliver("h_s")
    run.complete("u")
    run.complete("u")
    assert tasks(run) == ["hu"]

    assert run.complete("hu").ended is Ending.COMPLETED


def test_an_error_in_one_instance_that_is_handled_inside_leaves_the_others_alone():
    body = sub("m", "j", parts=service("j"), inside=triggered("h", ERROR, "hu") + TWICE)
    run = Run(model_of(start(), body, boundary("b", "m", ANY_ERROR), end(), path("s", "m", "e"), path("b", "e")))

    run.fail("j", "NO_MEDIATOR")

    assert sorted(run.waiting) == ["hu", "j"]
    run.complete("hu")
    assert run.complete("j").ended is Ending.COMPLETED
    assert "b" not in run.passed


def test_an_error_in_one_instance_that_nobody_handles_inside_ends_them_all():
    body = sub("m", "j", parts=service("j"), inside=TWICE)
    run = Run(model_of(
        start(), body, boundary("b", "m", ANY_ERROR), user("after"), end(), path("s", "m", "e"),
        path("b", "after", "e"),
    ))  # fmt: skip

    run.fail("j", "OTHER")

    assert run.waiting == ["after"]


def test_an_escalation_out_of_a_handler_is_caught_by_the_boundary_and_not_by_the_handler_itself():
    handler = triggered("h", ESCALATION, "hu", interrupting=False, last=ESCALATION)
    body = node(
        "subProcess",
        "m",
        start("is") + throw("t", ESCALATION) + user("u") + end("ie") + path("is", "t", "u", "ie") + handler,
    )
    run = Run(model_of(
        start(), body, boundary("b", "m", ESCALATION, interrupting=False), user("told"), end(),
        path("s", "m", "e"), path("b", "told", "e"),
    ))  # fmt: skip
    assert sorted(tasks(run)) == ["hu", "u"]

    run.complete("hu")

    assert sorted(tasks(run)) == ["told", "u"]


def test_an_error_out_of_a_nested_handler_reaches_the_boundary_of_the_sub_process_around():
    handler = triggered("h", MESSAGE, "hu", last=ERROR)
    run = Run(model_of(
        start(), sub("m", "u", inside=handler), boundary("b", "m", ERROR), user("after"), end(),
        path("s", "m", "e"), path("b", "after", "e"),
    ))  # fmt: skip
    run.deliver("h_s")

    run.complete("hu")

    assert run.waiting == ["after"]


def test_a_signal_that_a_handler_throws_begins_the_same_handler_again():
    handler = triggered("h", SIGNAL, "hu", interrupting=False, last=SIGNAL)
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), handler))
    run.deliver("h_s")

    run.complete("hu")

    assert sorted(tasks(run)) == ["hu", "u"]
    run.complete("u")
    assert tasks(run) == ["hu"]


def test_an_interrupting_handler_of_an_ad_hoc_sub_process_ends_it_whatever_the_condition():
    """BPMN 2.0.2 §13.5.4: an interrupting event sub-process that has ended ends the sub-process around it."""
    until = "<completionCondition>enough</completionCondition>"
    body = node("adHocSubProcess", "h", user("a") + user("b") + triggered("ev", MESSAGE, "hu") + until)
    run = Run(model_of(start(), body, user("after"), end(), path("s", "h", "after", "e")), {"enough": False})
    run.deliver("ev_s")
    assert tasks(run) == ["hu"]

    run.complete("hu")

    assert tasks(run) == ["after"]


def test_a_handler_beside_an_ad_hoc_sub_process_holds_its_end_up():
    until = "<completionCondition>enough</completionCondition>"
    body = node("adHocSubProcess", "h", user("a") + triggered("ev", MESSAGE, "hu", interrupting=False) + until,
                'cancelRemainingInstances="false"')  # fmt: skip
    run = Run(model_of(start(), body, user("after"), end(), path("s", "h", "after", "e")), {"enough": False})
    run.deliver("ev_s")
    run.complete("a", {"enough": True})
    assert tasks(run) == ["hu"]

    run.complete("hu")

    assert tasks(run) == ["after"]


def test_a_timer_of_a_handler_counts_from_the_begin_of_its_own_instance():
    marker = (
        '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    run = Run(
        model_of(
            start(), sub("m", "u", inside=triggered("h", timer("PT1H"), "hu") + marker), end(), path("s", "m", "e")
        )
    )
    first = next(p.due_at for p in run.positions if p.kind == "timer")
    run.now += timedelta(minutes=20)
    run.complete("u")

    assert next(p.due_at for p in run.positions if p.kind == "timer") == first + timedelta(minutes=20)
    run.fire("h_s", timedelta(hours=1))
    assert tasks(run) == ["hu"]
    assert run.complete("hu").ended is Ending.COMPLETED


@pytest.mark.parametrize("interrupting", [True, False])
def test_several_events_at_the_boundary_of_a_multi_instance_guard_it_as_a_whole(interrupting):
    run = Run(model_of(
        start(), user("u", TWICE), boundary("b", "u", MESSAGE + SIGNAL, interrupting=interrupting), user("x"), end(),
        path("s", "u", "e"), path("b", "x", "e"),
    ))  # fmt: skip

    run.deliver("b")

    assert sorted(tasks(run)) == (["x"] if interrupting else ["u", "u", "x"])


def test_an_interrupting_event_at_a_loop_ends_the_loop_and_begins_no_further_round():
    run = Run(model_of(
        start(), user("u", AGAIN), boundary("b", "u", timer("PT1H")), user("x"), end(),
        path("s", "u", "e"), path("b", "x", "e"),
    ), {"again": True})  # fmt: skip
    run.complete("u")
    run.complete("u")
    assert sorted(run.waiting) == ["b", "u"]

    run.fire("b", timedelta(hours=1))

    assert run.waiting == ["x"]


def test_the_timer_at_a_loop_counts_from_the_first_round():
    run = Run(model_of(
        start(), user("u", AGAIN), boundary("b", "u", timer("PT1H"), interrupting=False), user("x"), end(),
        path("s", "u", "e"), path("b", "x", "e"),
    ), {"again": True})  # fmt: skip
    due = next(p.due_at for p in run.positions if p.kind == "timer")
    run.now += timedelta(minutes=30)
    run.complete("u")

    assert next(p.due_at for p in run.positions if p.kind == "timer") == due
    run.fire("b", timedelta(minutes=30))
    run.complete("u", {"again": False})
    assert run.waiting == ["x"]


def test_a_cycle_at_a_sub_process_fires_as_often_as_it_says_and_its_branches_outlive_the_sub_process():
    run = Run(model_of(
        start(), sub("m", "u"), boundary("b", "m", timer("R2/PT1H", "timeCycle"), interrupting=False), user("x"), end(),
        path("s", "m", "e"), path("b", "x", "e"),
    ))  # fmt: skip
    run.fire("b", timedelta(hours=1))
    run.fire("b", timedelta(hours=1))
    assert sorted(run.waiting) == ["u", "x", "x"]

    run.complete("u")
    run.complete("x")

    assert run.complete("x").ended is Ending.COMPLETED


def test_two_flows_out_of_a_boundary_event_are_both_taken():
    run = Run(model_of(
        start(), user("u"), boundary("b", "u", MESSAGE), user("x"), user("y"), end(),
        path("s", "u", "e"), path("b", "x", "e"), path("b", "y", "e"),
    ))  # fmt: skip

    run.deliver("b")

    assert run.waiting == ["x", "y"]


def test_what_follows_a_boundary_event_is_outside_its_activity():
    run = Run(model_of(
        start(), user("u"), boundary("b", "u", MESSAGE), boundary("c", "u", ERROR), service("j"), end(), end("f"),
        path("s", "u", "e"), path("b", "j", "e"), path("c", "f"),
    ))  # fmt: skip
    run.deliver("b")

    step = run.fail("j", "NO_MEDIATOR")

    assert step.ended is Ending.ERROR
    assert "c" not in run.passed


def test_half_of_several_events_is_forgotten_when_the_activity_ends():
    both = node(
        "boundaryEvent", "b", MESSAGE + SIGNAL, 'attachedToRef="u" cancelActivity="true" parallelMultiple="true"'
    )
    run = Run(model_of(start(), user("u", AGAIN), both, user("v"), end(), path("s", "u", "v", "e"), path("b", "e")))
    run.deliver("b")

    run.complete("u")

    assert run.waiting == ["v"]


def test_a_condition_at_a_sub_process_ends_it_before_its_next_step():
    body = node(
        "subProcess",
        "m",
        start("is") + script("raise", "5", "level") + user("u") + end("ie") + path("is", "raise", "u", "ie"),
    )
    run = Run(model_of(
        start(), body, boundary("b", "m", CONDITION), user("x"), end(), path("s", "m", "e"), path("b", "x", "e")
    ))  # fmt: skip

    assert run.waiting == ["x"]
    assert ("u", "entered") not in run.history


def test_two_guards_that_do_not_interrupt_both_go_with_the_end_of_their_activity():
    run = Run(model_of(
        start(), user("u"), boundary("b", "u", MESSAGE, interrupting=False),
        boundary("c", "u", timer("PT1H"), interrupting=False), end(), path("s", "u", "e"), path("b", "e"),
        path("c", "e"),
    ))  # fmt: skip
    run.deliver("b")

    assert run.complete("u").ended is Ending.COMPLETED
