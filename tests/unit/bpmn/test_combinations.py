"""Constructs that meet: each right by itself, and still right inside, beside and at the boundary of each other."""

from datetime import timedelta

import pytest

from engine.bpmn import ExecutionError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    ANY_ERROR,
    ERROR,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    Run,
    boundary,
    catch,
    end,
    flow,
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

XOR, AND, OR, EVENT = "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"
COMPENSATE, CANCEL = "<compensateEventDefinition/>", "<cancelEventDefinition/>"
ESCALATION = '<escalationEventDefinition escalationRef="X"/>'
WITHDRAW = '<messageEventDefinition messageRef="M2"/>'
CONDITION = "<conditionalEventDefinition><condition>= level &gt; 3</condition></conditionalEventDefinition>"
LINK = '<linkEventDefinition name="there"/>'
UNDOES = 'isForCompensation="true"'
TWICE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
AGAIN = "<standardLoopCharacteristics><loopCondition>= again</loopCondition></standardLoopCharacteristics>"


def sub(id_: str, *ids: str, parts: str = "", inside: str = "", type_: str = "subProcess", last: str = "") -> str:
    """A sub-process with a start event, the user tasks named (or nodes given in `parts`) in a row, and an end event."""
    first, final = f"{id_}_first", f"{id_}_last"
    tasks = "".join(user(one) for one in ids if f'id="{one}"' not in parts)
    content = start(first) + tasks + parts + end(final, last) + path(first, *ids, final)
    return node(type_, id_, content + inside)


def triggered(id_: str, definition: str, *ids: str, parts: str = "", interrupting: bool = True, last: str = "") -> str:
    """An event sub-process with the nodes named in a row."""
    first, final = f"{id_}_s", f"{id_}_e"
    begin = node("startEvent", first, definition, f'isInterrupting="{str(interrupting).lower()}"')
    tasks = "".join(user(one) for one in ids if f'id="{one}"' not in parts)
    content = begin + tasks + parts + end(final, last) + path(first, *ids, final)
    return node("subProcess", id_, content, 'triggeredByEvent="true"')


def undone(host: str, handler: str | None = None) -> str:
    """A compensation event at a host, and its handler `undo_<host>`."""
    xml = node("boundaryEvent", f"c_{host}", COMPENSATE, f'attachedToRef="{host}"')
    xml += handler or user(f"undo_{host}", attributes=UNDOES)
    return xml + f'<association id="as_{host}" sourceRef="c_{host}" targetRef="undo_{host}"/>'


def tasks(run: Run) -> list[str]:
    """The user tasks that wait, oldest first."""
    return [position.element_id for position in run.positions if position.kind == "user_task"]


# -- event sub-processes ---------------------------------------------------------------------------------------------


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


# -- boundary events -------------------------------------------------------------------------------------------------


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


# -- joins -----------------------------------------------------------------------------------------------------------


def guarded_branches(*after_boundary: str) -> Run:
    """Two branches of an inclusive split; a guard of the first that does not interrupt leads along `after_boundary`."""
    return Run(model_of(
        start(), node(OR, "f"), user("a"), boundary("t", "a", timer("PT1H"), interrupting=False), user("x"), user("b"),
        node(OR, "j"), user("z"), end(), flow("s", "f"), flow("f", "a", "true"), flow("f", "b", "true"),
        path("a", "j", "z", "e"), path("b", "j"), path("t", "x", *after_boundary),
    ))  # fmt: skip


def test_an_inclusive_join_waits_for_a_token_on_the_path_of_a_boundary_event():
    run = guarded_branches("j")
    run.fire("t", timedelta(hours=1))
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["x"]

    run.complete("x")

    assert run.waiting == ["z"]
    assert run.passed.count("j") == 1


def test_an_inclusive_join_does_not_wait_for_a_boundary_event_that_leads_past_it():
    run = guarded_branches("e")
    run.fire("t", timedelta(hours=1))
    run.complete("a")

    run.complete("b")

    assert sorted(tasks(run)) == ["x", "z"]


def test_an_inclusive_join_goes_on_when_the_branch_it_waits_for_is_interrupted():
    run = Run(model_of(
        start(), node(OR, "f"), user("a"), boundary("t", "a", MESSAGE), user("b"), node(OR, "j"), user("z"), end(),
        end("e2"), flow("s", "f"), flow("f", "a", "true"), flow("f", "b", "true"), path("a", "j", "z", "e"),
        path("b", "j"), path("t", "e2"),
    ))  # fmt: skip
    run.complete("b")
    assert tasks(run) == ["a"]

    run.deliver("t")

    assert tasks(run) == ["z"]


def test_an_inclusive_join_waits_for_a_token_that_a_link_will_bring():
    run = Run(model_of(
        start(), node(OR, "f"), user("a"), throw("l", LINK), catch("c", LINK), user("x"), user("b"), node(OR, "j"),
        user("z"), end(), flow("s", "f"), flow("f", "a", "true"), flow("f", "b", "true"),
        path("a", "l"), path("c", "x", "j", "z", "e"), path("b", "j"),
    ))  # fmt: skip
    run.complete("b")
    assert tasks(run) == ["a"]

    run.complete("a")
    run.complete("x")

    assert tasks(run) == ["z"]


def test_links_with_several_throws_lead_to_the_one_catch_once_for_each_token():
    run = Run(model_of(
        start(), node(AND, "f"), user("a"), user("b"), throw("l1", LINK), throw("l2", LINK), catch("c", LINK),
        user("x"), end(), path("s", "f", "a", "l1"), path("f", "b", "l2"), path("c", "x", "e"),
    ))  # fmt: skip
    run.complete("a")
    assert sorted(tasks(run)) == ["b", "x"]
    run.complete("b")

    assert tasks(run) == ["x", "x"]


def test_an_event_based_gateway_that_is_entered_again_waits_anew():
    run = Run(model_of(
        start(), node(XOR, "m"), node(EVENT, "g"), catch("r", MESSAGE), catch("t", timer("PT1H")), end(),
        path("s", "m", "g", "r", "m"), path("g", "t", "e"),
    ))  # fmt: skip
    run.deliver("r")
    run.deliver("r")
    assert run.waiting == ["r", "t"]

    assert run.fire("t", timedelta(hours=1)).ended is Ending.COMPLETED


# -- throwing and catching across scopes -------------------------------------------------------------------------------


def test_a_signal_reaches_every_scope_at_once_and_interrupts_its_own_thrower():
    thrower = node(
        "subProcess", "m", start("is") + user("u") + throw("t", SIGNAL) + user("never") + end("ie")
        + path("is", "u", "t", "never", "ie"),
    )  # fmt: skip
    listener = node(
        "subProcess", "n", start("js") + catch("c", SIGNAL) + user("heard") + end("je") + path("js", "c", "heard", "je")
    )
    run = Run(model_of(
        start(), node(AND, "f"), thrower, boundary("b", "m", SIGNAL), user("x"), listener, end(),
        path("s", "f", "m", "e"), path("f", "n", "e"), path("b", "x", "e"),
    ))  # fmt: skip

    step = run.complete("u")

    assert sorted(run.waiting) == ["heard", "x"]
    assert ("m", "cancelled") in run.history
    assert [thrown.kind for thrown in step.thrown] == ["signal"]


def test_an_escalation_end_event_in_an_instance_interrupts_all_instances_at_their_boundary():
    body = sub("m", "u", inside=TWICE, last=ESCALATION)
    run = Run(model_of(
        start(), body, boundary("b", "m", ESCALATION), user("x"), end(), path("s", "m", "e"), path("b", "x", "e"),
    ))  # fmt: skip

    run.complete("u")

    assert run.waiting == ["x"]


def test_a_called_process_may_escalate_twice_and_then_fail():
    call = node("callActivity", "c", attributes='calledElement="q"')
    run = Run(model_of(
        start(), call, boundary("late", "c", ESCALATION, interrupting=False), boundary("no", "c", ERROR), user("told"),
        user("undo"), end(), path("s", "c", "e"), path("late", "told", "e"), path("no", "undo", "e"),
    ))  # fmt: skip
    run.escalate("c", "LATE")
    run.escalate("c", "LATE")
    assert tasks(run) == ["told", "told"]

    run.fail("c", "NO_MEDIATOR")

    assert tasks(run) == ["told", "told", "undo"]


def test_an_error_of_another_code_passes_the_boundary_and_is_caught_further_out():
    inner = sub("n", "j", parts=service("j"))
    outer = node(
        "subProcess",
        "m",
        start("is") + inner + boundary("b", "n", ERROR) + end("ie") + path("is", "n", "ie") + path("b", "ie"),
    )
    run = Run(model_of(
        start(), outer, boundary("c", "m", ANY_ERROR), user("x"), end(), path("s", "m", "e"), path("c", "x", "e"),
    ))  # fmt: skip

    run.fail("j", "OTHER")

    assert run.waiting == ["x"]


# -- ends ------------------------------------------------------------------------------------------------------------


def test_a_terminate_end_event_in_an_instance_ends_that_instance_alone():
    """BPMN 2.0.2 §13.5.6: of a multi-instance sub-process only the affected instance is terminated."""
    ends = end("ie", TERMINATE) + end("je")
    body = node("subProcess", "m", start("is") + node(AND, "f") + user("a") + user("b") + ends
                + path("is", "f", "a", "ie") + path("f", "b", "je") + TWICE)  # fmt: skip
    run = Run(model_of(start(), body, user("after"), end(), path("s", "m", "after", "e")))

    run.complete("a")

    assert sorted(tasks(run)) == ["a", "b"]
    run.complete("a")
    assert tasks(run) == ["after"]


def test_a_terminate_end_event_inside_an_activity_of_an_ad_hoc_sub_process_ends_that_activity_alone():
    until = "<completionCondition>enough</completionCondition>"
    ends = end("ie", TERMINATE) + end("je")
    inner = node("subProcess", "m", start("is") + node(AND, "f") + user("a") + user("b") + ends
                 + path("is", "f", "a", "ie") + path("f", "b", "je"))  # fmt: skip
    body = node("adHocSubProcess", "h", inner + user("c") + until)
    run = Run(model_of(start(), body, end(), path("s", "h", "e")), {"enough": False})

    run.complete("a")

    assert tasks(run) == ["c"]
    assert run.complete("c", {"enough": True}).ended is Ending.COMPLETED


def test_a_terminate_end_event_of_the_process_ends_handlers_and_branches_too():
    run = Run(model_of(
        start(), node(AND, "f"), user("a"), user("b"), end("e", TERMINATE), end("e2"), path("s", "f", "a", "e"),
        path("f", "b", "e2"), triggered("h", MESSAGE, "hu", interrupting=False),
    ))  # fmt: skip
    run.deliver("h_s")

    step = run.complete("a")

    assert step.ended is Ending.TERMINATED
    assert run.positions == ()


def test_a_completion_condition_ends_the_instances_that_are_deep_inside():
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
        "<completionCondition>nrOfCompletedInstances &gt;= 1</completionCondition></multiInstanceLoopCharacteristics>"
    )
    inner = sub("n", "u") + boundary("t", "n", timer("PT1H"), interrupting=False) + user("late")
    body = node(
        "subProcess", "m", start("is") + inner + end("ie") + path("is", "n", "ie") + path("t", "late", "ie") + marker
    )
    run = Run(model_of(start(), body, user("after"), end(), path("s", "m", "after", "e")))
    run.fire("t", timedelta(hours=1))
    run.complete("u")
    assert sorted(tasks(run)) == ["late", "u", "u"]

    run.complete("late")

    assert run.waiting == ["after"]


# -- compensation and transactions ----------------------------------------------------------------------------------


def tx(id_: str, content: str, after: str, off: str) -> str:
    """A transaction with its cancel event, which leads to `off`."""
    return (
        node("transaction", id_, content)
        + boundary(f"{id_}_off", id_, CANCEL)
        + path(f"{id_}_off", off)
        + path(id_, after)
    )


def nested(inner_end: str, outer_end: str) -> Run:
    """A transaction in a transaction; `a` in the inner and `b` in the outer one can be undone."""
    inner = start("is") + user("a") + undone("a") + end("ie", inner_end) + path("is", "a", "ie")
    content = (
        start("os") + tx("in", inner, "b", "b") + user("b") + undone("b") + end("oe", outer_end) + path("os", "in")
        + path("b", "oe")
    )  # fmt: skip
    return Run(model_of(start(), tx("out", content, "fine", "lost"), user("fine"), user("lost"), end(),
                        path("s", "out"), path("fine", "e"), path("lost", "e")))  # fmt: skip


def test_the_cancellation_of_an_inner_transaction_leaves_the_outer_one_running():
    run = nested(CANCEL, "")
    run.complete("a")
    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")
    assert tasks(run) == ["b"]

    run.complete("b")

    assert tasks(run) == ["fine"]


def test_the_cancellation_of_an_outer_transaction_undoes_the_inner_one_that_had_succeeded():
    run = nested("", CANCEL)
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]
    run.complete("undo_b")
    assert tasks(run) == ["undo_a"]

    run.complete("undo_a")

    assert tasks(run) == ["lost"]


def test_what_an_inner_cancellation_has_undone_is_not_undone_by_the_outer_one_again():
    run = nested(CANCEL, CANCEL)
    run.complete("a")
    run.complete("undo_a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]

    run.complete("undo_b")

    assert tasks(run) == ["lost"]


def test_an_error_in_a_handler_leaves_the_cancelled_transaction_by_its_error_event():
    handler = service("undo_a", attributes=UNDOES)
    content = start("is") + user("a") + undone("a", handler) + end("ie", CANCEL) + path("is", "a", "ie")
    run = Run(model_of(
        start(), tx("t", content, "e", "lost"), boundary("hazard", "t", ANY_ERROR), user("lost"), user("help"), end(),
        path("s", "t"), path("lost", "e"), path("hazard", "help", "e"),
    ))  # fmt: skip
    run.complete("a")

    run.fail("undo_a", "NO_MEDIATOR")

    assert tasks(run) == ["help"]


def test_a_handler_that_does_not_interrupt_may_undo_what_its_sub_process_has_done():
    handler = triggered("h", MESSAGE, "t", parts=throw("t", COMPENSATE), interrupting=False)
    body = node(
        "subProcess",
        "m",
        start("is") + user("a") + undone("a") + user("u") + end("ie") + path("is", "a", "u", "ie") + handler,
    )
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))
    run.complete("a")

    run.deliver("h_s")

    assert sorted(tasks(run)) == ["u", "undo_a"]
    run.complete("undo_a")
    assert run.complete("u").ended is Ending.COMPLETED


def test_every_round_of_a_loop_is_undone():
    run = Run(model_of(
        start(), user("a", AGAIN), undone("a"), end("t", COMPENSATE), path("s", "a", "t")
    ), {"again": True})  # fmt: skip
    run.complete("a")
    run.complete("a", {"again": False})
    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")

    assert tasks(run) == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_sub_process_that_was_interrupted_is_not_undone():
    """BPMN 2.0.2 §13.5.5: only what has completed is compensated."""
    body = node(
        "subProcess", "m", start("is") + user("a") + undone("a") + user("u") + end("ie") + path("is", "a", "u", "ie")
    )
    run = Run(model_of(
        start(), body, boundary("b", "m", MESSAGE), user("k"), undone("k"), end("t", COMPENSATE), end(),
        path("s", "m", "e"), path("b", "k", "t"),
    ))  # fmt: skip
    run.complete("a")
    run.deliver("b")

    run.complete("k")

    assert tasks(run) == ["undo_k"]
    assert run.complete("undo_k").ended is Ending.COMPLETED


def test_an_event_in_a_sub_process_undoes_nothing_outside_it():
    body = node("subProcess", "m", start("is") + user("b") + undone("b") + end("t", COMPENSATE) + path("is", "b", "t"))
    run = Run(model_of(start(), user("a"), undone("a"), body, end(), path("s", "a", "m", "e")))
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]

    assert run.complete("undo_b").ended is Ending.COMPLETED
    assert ("undo_a", "entered") not in run.history


def test_a_multi_instance_sub_process_is_undone_instance_by_instance_newest_first():
    says = 'isSequential="true" camunda:collection="people" camunda:elementVariable="who"'
    collected = f"<multiInstanceLoopCharacteristics {says}/>"
    undo = user("undo_a", attributes=f'{UNDOES} camunda:assignee="= who"')
    body = node(
        "subProcess", "m", start("is") + user("a") + undone("a", undo) + end("ie") + path("is", "a", "ie") + collected
    )
    run = Run(model_of(start(), body, end("t", COMPENSATE), path("s", "m", "t")), {"people": ["li", "wang"]})
    run.complete("a")
    run.complete("a")

    for who in ("wang", "li"):
        assert tasks(run) == ["undo_a"]
        assert run.step.opened[0].local.get("who", who) == who
        run.complete("undo_a")
    assert run.step.ended is Ending.COMPLETED


def test_a_handler_may_be_a_call_activity_and_is_undone_when_that_has_come_back():
    call = node("callActivity", "undo_a", attributes=f'calledElement="q" {UNDOES}')
    run = Run(model_of(start(), user("a"), undone("a", call), end("t", COMPENSATE), path("s", "a", "t")))
    run.complete("a")
    assert [position.kind for position in run.positions] == ["scope", "call"]

    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_handler_may_be_a_multi_instance():
    undo = user("undo_a", TWICE, UNDOES)
    run = Run(model_of(start(), user("a"), undone("a", undo), end("t", COMPENSATE), path("s", "a", "t")))
    run.complete("a")
    assert tasks(run) == ["undo_a", "undo_a"]
    run.complete("undo_a")

    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_cancel_end_event_deep_in_a_multi_instance_cancels_the_transaction_around_all():
    body = sub("m", "u", inside=TWICE, last=CANCEL)
    content = start("is") + user("a") + undone("a") + body + end("ie") + path("is", "a", "m", "ie")
    run = Run(model_of(start(), tx("t", content, "e", "lost"), user("lost"), end(), path("s", "t"), path("lost", "e")))
    run.complete("a")

    run.complete("u")

    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")
    assert tasks(run) == ["lost"]


# -- loops and quantities -------------------------------------------------------------------------------------------


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


# -- every event at every activity, wherever it stands -----------------------------------------------------------------

UNTIL = "<completionCondition>enough</completionCondition>"
RECEIVE = 'messageRef="M2"'
# Activities `h`, and what is open inside them while they wait.
HOSTS: dict[str, tuple[str, list[str]]] = {
    "user task": (user("h"), ["h"]),
    "service task": (service("h"), ["h"]),
    "receive task": (node("receiveTask", "h", attributes=RECEIVE), ["h"]),
    "call activity": (node("callActivity", "h", attributes='calledElement="q"'), ["h"]),
    "sub-process": (sub("h", "in"), ["in"]),
    "transaction": (sub("h", "in", type_="transaction"), ["in"]),
    "ad-hoc sub-process": (node("adHocSubProcess", "h", user("in") + UNTIL), ["in"]),
    "multi-instance": (user("h", TWICE), ["h", "h"]),
    "loop": (user("h", AGAIN), ["h"]),
    "multi-instance sub-process": (sub("h", "in", inside=TWICE), ["in", "in"]),
    "loop of a sub-process": (sub("h", "in", inside=AGAIN), ["in"]),
    "multi-instance of calls": (node("callActivity", "h", TWICE, 'calledElement="q"'), ["h", "h"]),
}
GUARDS: dict[str, str] = {
    "message": MESSAGE,
    "signal": SIGNAL,
    "timer": timer("PT1H"),
    "conditional": CONDITION,
    "multiple": MESSAGE + SIGNAL,
    "error": ANY_ERROR,
    "escalation": ESCALATION,
}


def placed(place: str, content: str) -> str:
    """A process that has the content, from `x0` to `x9`, at its top or inside another scope."""
    inner = node("startEvent", "x0") + content + end("x9")
    if place == "process":
        return inner
    if place == "event sub-process":
        begun = node("startEvent", "x0", '<messageEventDefinition messageRef="M2"/>') + content + end("x9")
        handler = node("subProcess", "outer", begun, 'triggeredByEvent="true"')
        return start() + user("u") + end() + path("s", "u", "e") + handler
    if place == "ad-hoc sub-process":
        scope = node("adHocSubProcess", "outer", node("subProcess", "one", inner) + UNTIL)
    elif place == "multi-instance":
        one = (
            "<multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        scope = node("subProcess", "outer", inner + one)
    else:
        scope = node(place, "outer", inner)
    return start() + scope + end() + path("s", "outer", "e")


def fires(run: Run, guard: str, inside: str) -> None:
    """Let the event at the boundary happen."""
    if guard == "timer":
        run.fire("b", timedelta(hours=1))
    elif guard == "conditional":
        run.set_variables({"level": 5})
    elif guard == "error":
        run.fail(inside, "NO_MEDIATOR")
    elif guard == "escalation":
        run.escalate(inside, "LATE")
    else:
        run.deliver("b")


PLACES = ("process", "subProcess", "transaction", "event sub-process", "ad-hoc sub-process", "multi-instance")
CANNOT_THROW = {("receive task", "error"), ("receive task", "escalation")}
MATRIX = [
    (host, guard, interrupting)
    for host in HOSTS
    for guard in GUARDS
    for interrupting in (True, False)
    if (host, guard) not in CANNOT_THROW and (interrupting or guard != "error")
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("host", "guard", "interrupting"), MATRIX)
def test_every_event_guards_every_activity_wherever_it_stands(host, guard, interrupting, place):
    activity, open_ = HOSTS[host]
    content = activity + boundary("b", "h", GUARDS[guard], interrupting=interrupting) + user("x")
    content += path("x0", "h", "x9") + path("b", "x", "x9")
    run = Run(model_of(placed(place, content)), {"again": True, "enough": False, "level": 1})
    if place == "event sub-process":
        run.deliver("x0")

    def working() -> list[str]:
        kinds = {"user_task", "service", "call", "message"}
        return sorted(p.element_id for p in run.positions if p.kind in kinds and p.element_id in {"h", "in", "x"})

    assert working() == open_
    fires(run, guard, open_[0])

    assert working() == (["x"] if interrupting else sorted([*open_, "x"]))
    run.complete("x")
    assert working() == ([] if interrupting else open_)
    if interrupting:
        assert [p.element_id for p in run.positions if p.host is not None] == []


def finishes(run: Run, inside: str) -> None:
    """Do what is open inside the activity `h` until it is over, two rounds of a loop."""
    rounds = 0
    while open_ := [p for p in run.positions if p.element_id == inside]:
        rounds += 1
        result = {"again": rounds < 2, "enough": True}
        run.deliver(inside) if open_[0].kind == "message" else run.complete(inside, result)


TIMES = {
    "multi-instance": 2,
    "loop": 2,
    "multi-instance sub-process": 2,
    "loop of a sub-process": 2,
    "multi-instance of calls": 2,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("host", HOSTS)
def test_every_activity_is_undone_once_for_each_time_it_completed_wherever_it_stands(host, place):
    activity, open_ = HOSTS[host]
    content = activity + undone("h") + throw("t", COMPENSATE) + user("x") + path("x0", "h", "t", "x", "x9")
    run = Run(model_of(placed(place, content)), {"again": True, "enough": False})
    if place == "event sub-process":
        run.deliver("x0")

    finishes(run, open_[0])

    for _ in range(TIMES.get(host, 1)):
        assert [task for task in tasks(run) if task != "u"] == ["undo_h"]
        run.complete("undo_h")
    assert [task for task in tasks(run) if task != "u"] == ["x"]


@pytest.mark.parametrize("host", HOSTS)
def test_every_activity_of_a_cancelled_transaction_is_undone(host):
    activity, open_ = HOSTS[host]
    content = start("is") + activity + undone("h") + end("ie", CANCEL) + path("is", "h", "ie")
    run = Run(model_of(start(), tx("t", content, "e", "lost"), user("lost"), end(), path("s", "t"), path("lost", "e")),
              {"again": True, "enough": False})  # fmt: skip

    finishes(run, open_[0])

    for _ in range(TIMES.get(host, 1)):
        assert tasks(run) == ["undo_h"]
        run.complete("undo_h")
    assert tasks(run) == ["lost"]


SCOPES = {
    "sub-process": ("subProcess", ""),
    "transaction": ("transaction", ""),
    "ad-hoc sub-process": ("adHocSubProcess", UNTIL),
    "multi-instance": ("subProcess", TWICE),
    "loop": ("subProcess", AGAIN),
    "ad-hoc multi-instance": ("adHocSubProcess", UNTIL + TWICE),
}


TRIGGERED = [(guard, way) for guard in GUARDS for way in (True, False) if way or guard != "error"]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("guard", "interrupting"), TRIGGERED)
def test_every_trigger_begins_its_handler_in_every_scope(scope, guard, interrupting):
    type_, marker = SCOPES[scope]
    handler = triggered("ev", GUARDS[guard], "hu", interrupting=interrupting)
    inner = service("j") if "ad-hoc" in scope else start("is") + service("j") + end("ie") + path("is", "j", "ie")
    body = node(type_, "h", inner + handler + marker)
    run = Run(model_of(start(), body, boundary("b", "h", ANY_ERROR), user("after"), end(), path("s", "h", "after", "e"),
                       path("b", "e")), {"again": False, "enough": False, "level": 1})  # fmt: skip
    instances = 2 if marker.endswith(TWICE) else 1
    assert run.waiting.count("j") == instances

    if guard in {"error", "escalation"}:
        fires(run, guard, "j")
        begun = 1
    elif guard == "conditional":
        fires(run, guard, "j")
        begun = instances
    else:
        run.fire("ev_s", timedelta(hours=1)) if guard == "timer" else run.deliver("ev_s")
        begun = 1

    assert tasks(run) == ["hu"] * begun
    assert run.waiting.count("j") == (instances - begun if interrupting else instances)
    run.complete("hu")
    if interrupting and instances == begun == 1:
        assert tasks(run) == ["after"]
    assert "b" not in run.passed


# -- compensation that is interrupted ----------------------------------------------------------------------------------


def booking(throwing: str, *after: str) -> str:
    """Two activities that can be undone, then the event `t`."""
    return user("a") + undone("a") + user("b") + undone("b") + throwing + "".join(after)


def test_a_cancellation_takes_over_what_a_compensation_had_still_to_do():
    """BPMN 2.0.2 §10.7: everything that has completed in a cancelled transaction is undone."""
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    content = start("is") + booking(aside, user("k"), end("ie", CANCEL)) + path("is", "a", "b", "t", "k", "ie")
    run = Run(
        model_of(start(), tx("tr", content, "e", "lost"), user("lost"), end(), path("s", "tr"), path("lost", "e"))
    )
    run.complete("a")
    run.complete("b")
    assert sorted(tasks(run)) == ["k", "undo_b"]

    run.complete("k")

    for handler in ("undo_b", "undo_a"):
        assert tasks(run) == [handler]
        run.complete(handler)
    assert tasks(run) == ["lost"]


def test_a_cancellation_does_not_undo_again_what_a_compensation_has_undone():
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    content = start("is") + booking(aside, user("k"), end("ie", CANCEL)) + path("is", "a", "b", "t", "k", "ie")
    run = Run(
        model_of(start(), tx("tr", content, "e", "lost"), user("lost"), end(), path("s", "tr"), path("lost", "e"))
    )
    for done in ("a", "b", "undo_b"):
        run.complete(done)

    run.complete("k")

    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")
    assert tasks(run) == ["lost"]


def test_a_handler_that_interrupts_a_compensation_can_do_it_itself():
    handler = triggered("ev", MESSAGE, "q", parts=throw("q", COMPENSATE))
    run = Run(model_of(
        start(), booking(throw("t", COMPENSATE), end()), path("s", "a", "b", "t", "e"), handler
    ))  # fmt: skip
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]

    run.deliver("ev_s")

    for undo in ("undo_b", "undo_a"):
        assert tasks(run) == [undo]
        run.complete(undo)
    assert run.step.ended is Ending.COMPLETED


@pytest.mark.parametrize("whole", [True, False])
def test_a_sub_process_whose_undoing_was_interrupted_is_undone_by_the_cancellation_to_its_end(whole):
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    inner = start("ns") + user("a") + undone("a") + user("b") + undone("b") + end("ne") + path("ns", "a", "b", "ne")
    content = (
        start("is") + node("subProcess", "n", inner) + aside + user("k") + end("ie", CANCEL)
        + path("is", "n", "t", "k", "ie")
    )  # fmt: skip
    run = Run(
        model_of(start(), tx("tr", content, "e", "lost"), user("lost"), end(), path("s", "tr"), path("lost", "e"))
    )
    run.complete("a")
    run.complete("b")
    assert sorted(tasks(run)) == ["k", "undo_b"]
    if not whole:
        run.complete("undo_b")

    run.complete("k")

    for undo in ("undo_b", "undo_a") if whole else ("undo_a",):
        assert tasks(run) == [undo]
        run.complete(undo)
    assert tasks(run) == ["lost"]


def test_a_timer_that_interrupts_a_sub_process_while_it_undoes_leaves_nothing_for_later():
    """What an interrupted sub-process had done is not compensated, whatever it had begun to undo."""
    content = start("is") + booking(throw("t", COMPENSATE), end("ie")) + path("is", "a", "b", "t", "ie")
    run = Run(model_of(
        start(), node("subProcess", "m", content), boundary("late", "m", timer("PT1H")), user("k"), undone("k"),
        end("z", COMPENSATE), end(), path("s", "m", "e"), path("late", "k", "z"),
    ))  # fmt: skip
    run.complete("a")
    run.complete("b")
    run.fire("late", timedelta(hours=1))

    run.complete("k")

    assert tasks(run) == ["undo_k"]
    assert run.complete("undo_k").ended is Ending.COMPLETED


# -- conditions and what they read -------------------------------------------------------------------------------------


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
