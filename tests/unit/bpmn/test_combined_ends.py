"""Elements combined: joins, what is thrown across scopes, and ends."""

from datetime import timedelta

from engine.model.step import Ending
from tests.unit.bpmn.combining import (
    AND,
    ESCALATION,
    EVENT,
    LINK,
    OR,
    TWICE,
    XOR,
    sub,
    tasks,
    triggered,
)
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
    service,
    start,
    throw,
    timer,
    user,
)


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
