"""Gateways: who goes on, who waits, who meets whom."""

import pytest

from engine.bpmn import ExecutionError
from engine.bpmn.workflow import STEP_BUDGET
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    catch,
    end,
    flow,
    model_of,
    node,
    path,
    start,
    timer,
    user,
)

XOR, AND, OR, EVENT = "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"


def exclusive(default: str = 'default="g_c"'):
    return model_of(
        start(),
        node(XOR, "g", attributes=default),
        user("a"),
        user("b"),
        user("c"),
        end(),
        flow("s", "g"),
        flow("g", "a", "level &gt; 2"),
        flow("g", "b", '= level &gt; 1 and kind = "井盖"'),
        flow("g", "c", None if default else "false"),
        path("a", "e") + path("b", "e") + path("c", "e"),
    )


@pytest.mark.parametrize(
    ("variables", "taken"),
    [
        ({"level": 3, "kind": "井盖"}, "a"),
        ({"level": 2, "kind": "井盖"}, "b"),
        ({"level": 2, "kind": "路灯"}, "c"),
        ({}, "c"),
    ],
)
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(variables, taken):
    assert Run(exclusive(), variables).waiting == [taken]


def test_no_true_flow_and_no_default_is_an_error_that_names_the_variables_read():
    with pytest.raises(ExecutionError) as caught:
        Run(exclusive(default=""), {"level": 0})

    assert caught.value.key == "no-flow-taken"
    assert caught.value.element_id == "g"
    assert caught.value.details["variables"] == {"level": 0, "kind": None}


def test_a_condition_that_is_neither_true_nor_false_is_an_error():
    model = model_of(
        start(), node(XOR, "g", attributes='default="g_e"'), user("a"), end(),
        flow("s", "g"), flow("g", "a", "level"), flow("g", "e"), flow("a", "e"),
    )  # fmt: skip

    with pytest.raises(ExecutionError) as caught:
        Run(model, {"level": "yes"})

    assert caught.value.key == "condition-not-boolean"


def test_a_condition_sees_what_another_branch_has_written():
    model = model_of(
        start(), node(AND, "f"), user("a"), user("b"), node(XOR, "g", attributes='default="g_no"'),
        user("yes"), user("no"), end(),
        path("s", "f", "a", "e"), path("f", "b", "g"), flow("g", "yes", "seen"), flow("g", "no"),
        path("yes", "e"), path("no", "e"),
    )  # fmt: skip
    run = Run(model)

    run.complete("a", {"seen": True})
    run.complete("b")

    assert run.waiting == ["yes"]


def split_and_join(kind=AND):
    return model_of(
        start(), node(kind, "f"), user("a"), user("b"), node(kind, "j"), user("after"), end(),
        path("s", "f", "a", "j", "after", "e"), path("f", "b", "j"),
    )  # fmt: skip


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_parallel_gateway_waits_for_every_branch_and_goes_on_once(order):
    run = Run(split_and_join())
    assert run.waiting == ["a", "b"]

    run.complete(order[0])
    assert run.waiting == [order[1], "j"]
    run.complete(order[1])

    assert run.waiting == ["after"]
    assert run.complete("after").ended is Ending.COMPLETED
    assert run.passed.count("j") == 1


def test_branches_write_into_one_set_of_variables_and_the_last_word_counts():
    run = Run(split_and_join(), {"list": [1, 2, 3]})

    run.complete("a", {"list": [9], "by": "a"})
    run.complete("b", {"other": 1, "by": "b"})

    assert run.variables == {"list": [9], "by": "b", "other": 1}


def test_a_parallel_join_inside_a_loop_needs_both_branches_again():
    model = model_of(
        start(), node(XOR, "m"), node(AND, "f"), user("a"), user("b"), node(AND, "j"),
        node(XOR, "g", attributes='default="g_m"'), end(),
        path("s", "m", "f", "a", "j", "g"), path("f", "b", "j"), flow("g", "e", "done"), flow("g", "m"),
    )  # fmt: skip
    run = Run(model, {"done": False})

    for turn in range(1, 4):
        run.complete("b")
        assert run.waiting == ["a", "j"]
        run.complete("a", {"done": turn == 3})

    assert run.step.ended is Ending.COMPLETED
    assert run.passed.count("j") == 3


def test_a_second_token_on_the_same_flow_waits_for_its_own_partner():
    """Two tokens arrive over one flow before one arrives over the other: one pair goes on, one token stays."""
    model = model_of(
        start(), node(AND, "f"), node(AND, "f2"), user("a"), user("a2"), node(XOR, "m"), user("b"), user("b2"),
        node(XOR, "m2"), node(AND, "j"), user("after"), end(),
        path("s", "f", "f2", "a", "m", "j", "after", "e"), path("f2", "a2", "m"),
        path("f", "b", "m2", "j"), path("f", "b2", "m2"),
    )  # fmt: skip
    run = Run(model)

    run.complete("a")
    run.complete("a2")
    run.complete("b")
    assert run.waiting == ["b2", "j", "after"]
    run.complete("b2")
    assert run.waiting == ["after", "after"]
    run.complete("after")
    assert run.step.ended is None
    assert run.complete("after").ended is Ending.COMPLETED


def test_a_task_with_several_flows_out_starts_them_all():
    run = Run(model_of(start(), user("u"), user("a"), user("b"), end(), path("s", "u", "a", "e"), path("u", "b", "e")))

    run.complete("u")

    assert run.waiting == ["a", "b"]


def conditional_task():
    return model_of(
        start(), user("u", attributes='default="u_c"'), user("a"), user("b"), user("c"), end(),
        flow("s", "u"), flow("u", "a", "x &gt; 1"), flow("u", "b", "x &gt; 2"), flow("u", "c"),
        path("a", "e"), path("b", "e"), path("c", "e"),
    )  # fmt: skip


@pytest.mark.parametrize(("x", "taken"), [(3, ["a", "b"]), (2, ["a"]), (1, ["c"])])
def test_conditional_flows_out_of_a_task_take_all_that_are_true_else_the_default(x, taken):
    run = Run(conditional_task())

    run.complete("u", {"x": x})

    assert run.waiting == taken


def inclusive():
    return model_of(
        start(), node(OR, "f", attributes='default="f_c"'), user("a"), user("b"), user("c"), node(OR, "j"),
        user("after"), end(),
        flow("s", "f"), flow("f", "a", "x &gt; 1"), flow("f", "b", "x &gt; 2"), flow("f", "c"),
        path("a", "j", "after", "e"), path("b", "j"), path("c", "j"),
    )  # fmt: skip


@pytest.mark.parametrize(("x", "taken"), [(3, ["a", "b"]), (2, ["a"]), (1, ["c"])])
def test_an_inclusive_join_waits_for_exactly_the_branches_that_were_taken(x, taken):
    run = Run(inclusive(), {"x": x})
    assert run.waiting == taken

    for element in taken:
        assert "after" not in run.waiting
        run.complete(element)

    assert run.waiting == ["after"]
    assert run.complete("after").ended is Ending.COMPLETED


def test_an_inclusive_join_does_not_wait_for_a_branch_that_left():
    model = model_of(
        start(), node(AND, "f"), user("a"), user("b"), node(XOR, "g", attributes='default="g_j"'),
        node(OR, "j"), user("after"), end(), end("e2"),
        path("s", "f", "a", "j", "after", "e"), path("f", "b", "g"), flow("g", "e2", "away"), flow("g", "j"),
    )  # fmt: skip
    run = Run(model)

    run.complete("a")
    assert run.waiting == ["b", "j"]
    run.complete("b", {"away": True})

    assert run.waiting == ["after"]


def test_an_inclusive_join_goes_on_when_the_branch_it_waited_for_is_interrupted_away():
    model = model_of(
        start(), node(AND, "f"), user("a"), user("b"), boundary("t", "b", timer("P1D")), node(OR, "j"),
        user("after"), end(), end("e2"),
        path("s", "f", "a", "j", "after", "e"), path("f", "b", "j"), path("t", "e2"),
    )  # fmt: skip
    run = Run(model)

    run.complete("a")
    assert "after" not in run.waiting
    run.fire("t")

    assert run.waiting == ["after"]


def test_an_inclusive_join_waits_for_a_token_that_can_come_back_through_a_boundary_event():
    model = model_of(
        start(), node(AND, "f"), user("a"), user("b"), boundary("t", "b", timer("P1D")), user("late"),
        node(OR, "j"), user("after"), end(),
        path("s", "f", "a", "j", "after", "e"), path("f", "b", "e"), path("t", "late", "j"),
    )  # fmt: skip
    run = Run(model)

    run.complete("a")
    assert "after" not in run.waiting
    run.fire("t")
    assert "after" not in run.waiting
    run.complete("late")

    assert run.waiting == ["after"]


def test_an_inclusive_join_inside_a_loop_does_not_wait_for_itself():
    model = model_of(
        start(), node(OR, "j"), user("a"), node(XOR, "g", attributes='default="g_j"'), end(),
        path("s", "j", "a", "g"), flow("g", "e", "done"), flow("g", "j"),
    )  # fmt: skip
    run = Run(model, {"done": False})

    for turn in range(3):
        assert run.waiting == ["a"]
        run.complete("a", {"done": turn == 2})

    assert run.step.ended is Ending.COMPLETED


def test_an_inclusive_join_does_not_wait_for_a_token_that_may_still_come_where_one_already_is():
    """BPMN 2.0.2 §13.4.3: what can reach a flow that has a token does not hold the gateway up."""
    model = model_of(
        start(), node(AND, "f"), user("a"), node(XOR, "m"), user("b"), node(XOR, "g", attributes='default="g_j"'),
        node(OR, "j"), user("after"), end(),
        path("s", "f", "a", "m", "j", "after", "e"), path("f", "b", "g"), flow("g", "m", "same"), flow("g", "j"),
    )  # fmt: skip
    run = Run(model, {"same": False})

    run.complete("a")

    assert run.waiting == ["b", "after"]


def test_rivals_behind_an_event_based_gateway_count_as_one_token_for_an_inclusive_join():
    model = model_of(
        start(), node(AND, "f"), user("a"), node(XOR, "m"), node(EVENT, "v"), catch("x", MESSAGE), catch("y", SIGNAL),
        node(OR, "j"), user("after"), end(),
        path("s", "f", "a", "m", "j", "after", "e"), path("f", "v", "x", "m"), path("v", "y", "j"),
    )  # fmt: skip
    run = Run(model)

    run.complete("a")

    assert run.waiting == ["x", "y", "after"]


def test_an_inclusive_join_waits_for_a_token_that_reaches_the_filled_flow_only_through_the_join():
    model = model_of(
        start(), node(AND, "f"), user("x"), user("b"), node(XOR, "m"), node(OR, "j"), user("a"),
        node(XOR, "g", attributes='default="g_j"'), end(),
        path("s", "f", "x", "j", "m", "a", "g"), path("f", "b", "m"), flow("g", "e", "done"), flow("g", "j"),
    )  # fmt: skip
    run = Run(model, {"done": False})

    run.complete("b")
    run.complete("a")
    assert run.waiting == ["x", "j"]
    run.complete("x")

    assert run.waiting == ["a"]


@pytest.mark.parametrize(("alone", "fits"), [(98, True), (99, False)])
def test_a_step_passes_ten_thousand_elements_and_no_more(alone, fits):
    ids = [f"t{number}" for number in range(alone)]
    together = [f"h{number}" for number in range(98)]  # a hundred tokens pass them: 9,800 steps, and 100 at the end
    model = model_of(
        start(), *(node("task", id_) for id_ in (*ids, *together)), end(),
        node("task", "hundred", attributes='completionQuantity="100"'), path("s", *ids, "hundred", *together, "e"),
    )  # fmt: skip
    assert STEP_BUDGET == 1 + 98 + 1 + 100 * (98 + 1)
    if fits:
        assert Run(model).step.ended is Ending.COMPLETED
        return

    with pytest.raises(ExecutionError) as caught:
        Run(model)

    assert (caught.value.key, caught.value.element_id) == ("step-budget-exceeded", "e")


def test_an_inclusive_split_without_a_true_flow_is_an_error():
    model = model_of(
        start(), node(OR, "f"), user("a"), user("b"), end(),
        flow("s", "f"), flow("f", "a", "x"), flow("f", "b", "y"), path("a", "e"), path("b", "e"),
    )  # fmt: skip

    with pytest.raises(ExecutionError) as caught:
        Run(model, {"x": False})

    assert caught.value.details["variables"] == {"x": False, "y": None}


def test_tokens_that_can_only_wait_for_each_other_are_refused_instead_of_hanging():
    model = model_of(
        start(), node("task", "two", attributes='completionQuantity="2"'),
        node("task", "one", attributes='startQuantity="2"'),
        node(XOR, "g", attributes='default="g_b"'), user("a"), user("b"), node(AND, "j"), end(),
        flow("s", "two"), path("two", "one", "g"), flow("g", "a", "x"), flow("g", "b"), path("a", "j", "e"),
        path("b", "j"),
    )  # fmt: skip
    run = Run(model)  # the deployment refuses it where it explores the states; with quantities it does not

    with pytest.raises(ExecutionError) as caught:
        run.complete("b")

    assert caught.value.key == "stuck-at-join"
    assert caught.value.element_id == "j"


def event_choice():
    return model_of(
        start(), node(EVENT, "g"), catch("m", MESSAGE), catch("t", timer("P1D")), catch("t2", timer("P2D")),
        catch("sig", SIGNAL), node("receiveTask", "r", attributes='messageRef="M2"'),
        user("a"), user("b"), end(),
        path("s", "g", "m", "a", "e"), path("g", "t", "b", "e"), path("g", "t2", "b"), path("g", "sig", "b"),
        path("g", "r", "b"),
    )  # fmt: skip


@pytest.mark.parametrize(("first", "next_"), [("m", "a"), ("t", "b"), ("t2", "b"), ("sig", "b"), ("r", "b")])
def test_behind_an_event_based_gateway_the_first_event_takes_all(first, next_):
    run = Run(event_choice())
    assert run.waiting == ["m", "t", "t2", "sig", "r"]

    step = run.fire(first) if first.startswith("t") else run.deliver(first)

    assert run.waiting == [next_]
    assert sorted((closed.element_id, closed.outcome) for closed in step.closed) == sorted(
        (name, "completed" if name == first else "cancelled") for name in ("m", "t", "t2", "sig", "r")
    )
    assert run.complete(next_).ended is Ending.COMPLETED


def test_two_tokens_behind_the_same_event_based_gateway_are_not_rivals_of_each_other():
    model = model_of(
        start(), node(AND, "f"), user("a"), user("b"), node(XOR, "x"), node(EVENT, "g"),
        catch("m", MESSAGE), catch("t", timer("P1D")), end(),
        path("s", "f", "a", "x", "g", "m", "e"), path("f", "b", "x"), path("g", "t", "e"),
    )  # fmt: skip
    run = Run(model)
    run.complete("a")
    run.complete("b")
    assert run.waiting == ["m", "t", "m", "t"]

    run.deliver("m")

    assert run.waiting == ["m", "t"]


def test_a_loop_that_never_waits_is_stopped_by_the_step_budget():
    model = model_of(
        start(), node(XOR, "m"), node("task", "t"), node(XOR, "g", attributes='default="g_m"'), end(),
        path("s", "m", "t", "g"), flow("g", "e", "done"), flow("g", "m"),
    )  # fmt: skip

    with pytest.raises(ExecutionError) as caught:
        Run(model)

    assert caught.value.key == "step-budget-exceeded"
    assert caught.value.element_id in {"m", "t", "g"}
