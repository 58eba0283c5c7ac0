"""Standard loops: rounds as long as a condition holds, before or after each of them."""

import pytest

from engine.bpmn import ExecutionError
from engine.errors import DeploymentError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import Run, boundary, end, model_of, node, path, script, start, timer, user


def loop(condition: str, attributes: str = "") -> str:
    return (
        f"<standardLoopCharacteristics {attributes}><loopCondition>{condition}</loopCondition>"
        "</standardLoopCharacteristics>"
    )


def asking(condition: str, attributes: str = "") -> Run:
    return Run(
        model_of(start(), user("ask", loop(condition, attributes)), end(), path("s", "ask", "e")), {"open": True}
    )


def test_a_round_follows_as_long_as_the_condition_holds():
    run = asking("= open")

    run.complete("ask")
    run.complete("ask")
    assert run.waiting == ["ask"]
    run.complete("ask", {"open": False})

    assert run.step.ended is Ending.COMPLETED
    assert run.passed.count("ask") == 3


def test_without_a_test_before_there_is_always_one_round():
    run = asking("= false")

    assert run.waiting == ["ask"]
    run.complete("ask")
    assert run.step.ended is Ending.COMPLETED


def test_a_test_before_may_leave_out_every_round():
    run = asking("= not(open)", 'testBefore="true"')

    assert run.step.ended is Ending.COMPLETED
    assert run.passed.count("ask") == 1


def test_the_rounds_are_counted_for_the_condition():
    run = asking("loopCounter &lt; 2")

    run.complete("ask")
    run.complete("ask")

    assert run.step.ended is Ending.COMPLETED


def test_a_maximum_ends_the_rounds_whatever_the_condition_says():
    run = asking("= true", 'loopMaximum="2"')

    run.complete("ask")
    run.complete("ask")

    assert run.step.ended is Ending.COMPLETED


def test_null_ends_the_rounds():
    run = asking("= missing")
    run.complete("ask")

    assert run.step.ended is Ending.COMPLETED


def test_a_sub_process_repeats_with_everything_in_it():
    inside = loop("= n &lt; 3") + start("s2") + script("add", "n + 1", "n") + end("e2") + path("s2", "add", "e2")
    run = Run(model_of(start(), node("subProcess", "sub", inside), end(), path("s", "sub", "e")), {"n": 0})

    assert run.variables == {"n": 3}
    assert run.step.ended is Ending.COMPLETED


def test_a_boundary_event_guards_all_rounds_together():
    model = model_of(
        start(),
        user("ask", loop("= true")),
        boundary("late", "ask", timer("P1D")),
        end(),
        end("e2"),
        path("s", "ask", "e"),
        path("late", "e2"),
    )
    run = Run(model)
    run.complete("ask")
    assert sorted(run.waiting) == ["ask", "late"]
    run.fire("late")

    assert run.step.ended is Ending.COMPLETED


def test_a_loop_without_a_wait_is_stopped():
    model = model_of(
        start(),
        node("subProcess", "sub", loop("= true") + start("s2") + end("e2") + path("s2", "e2")),
        end(),
        path("s", "sub", "e"),
    )
    with pytest.raises(ExecutionError) as caught:
        Run(model)

    assert caught.value.key == "step-budget-exceeded"


def test_a_condition_that_is_no_boolean_is_an_error():
    run = asking("= 1")
    with pytest.raises(ExecutionError) as caught:
        run.complete("ask")

    assert caught.value.key == "loop-not-boolean"


@pytest.mark.parametrize(
    ("marker", "code"),
    [
        (loop("${again}"), "expression-foreign"),
        (loop("="), "expression-empty"),
        (loop("true", 'loopMaximum="0"'), "attribute-value"),
        (loop("true", 'testBefore="yes"'), "attribute-value"),
        (
            loop("true") + "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
            "</multiInstanceLoopCharacteristics>",
            "loop-twice",
        ),
    ],
)
def test_a_loop_that_cannot_run_is_refused(marker, code):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), user("x", marker), end(), path("s", "x", "e"))

    assert (code, "x") in [(problem.code, problem.where) for problem in caught.value.problems]
