"""Conditional events: they fire when their condition becomes true, through whatever branch or command. §10.5.5."""

import pytest

from engine.bpmn import ExecutionError
from engine.errors import DeploymentError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    Run,
    boundary,
    catch,
    end,
    mapping,
    model_of,
    node,
    path,
    script,
    start,
    timer,
    user,
)


def when(condition: str) -> str:
    return f"<conditionalEventDefinition><condition>{condition}</condition></conditionalEventDefinition>"


HIGH = when("level &gt; 3")
CATCH = start() + catch("c", HIGH) + end() + path("s", "c", "e")


def test_a_catch_waits_for_its_condition():
    run = Run(model_of(CATCH), {"level": 1})
    assert run.waiting == ["c"]
    assert run.positions[0].kind == "conditional"

    assert run.set_variables({"level": 3}).ended is None
    assert run.set_variables({"level": 4}).ended is Ending.COMPLETED


def test_a_catch_whose_condition_holds_already_is_passed_at_once():
    assert Run(model_of(CATCH), {"level": 4}).step.ended is Ending.COMPLETED


def test_null_is_not_true():
    assert Run(model_of(CATCH)).waiting == ["c"]


def test_a_condition_that_becomes_true_through_another_branch_is_noticed():
    parts = node("parallelGateway", "f") + catch("c", HIGH) + user("u") + script("set", "5", "level")
    parts += node("parallelGateway", "j") + end()
    run = Run(model_of(start(), parts, path("s", "f", "c", "j", "e"), path("f", "u", "set", "j")))

    assert run.complete("u").ended is Ending.COMPLETED


def test_the_result_of_a_task_is_noticed():
    parts = node("parallelGateway", "f") + catch("c", HIGH) + user("u") + node("parallelGateway", "j") + end()
    run = Run(model_of(start(), parts, path("s", "f", "c", "j", "e"), path("f", "u", "j")))

    assert run.complete("u", {"level": 9}).ended is Ending.COMPLETED


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_boundary_event_fires_when_its_condition_becomes_true(interrupting):
    event = boundary("b", "u", HIGH, interrupting=interrupting)
    run = Run(model_of(start(), user("u"), event, user("high"), end(), path("s", "u", "e"), path("b", "high", "e")))
    assert sorted(run.waiting) == ["b", "u"]

    run.set_variables({"level": 4})

    assert sorted(run.waiting) == (["high"] if interrupting else ["b", "high", "u"])


def test_a_boundary_event_reads_the_local_variables_of_its_activity():
    event = boundary("b", "u", when("limit &lt; level"))
    task = user("u", mapping({"limit": "= 7"}))
    run = Run(model_of(start(), task, event, user("high"), end(), path("s", "u", "e"), path("b", "high", "e")))
    run.set_variables({"level": 7})
    assert sorted(run.waiting) == ["b", "u"]

    run.set_variables({"level": 8})

    assert run.waiting == ["high"]


def test_behind_an_event_based_gateway_it_is_a_rival_like_others():
    parts = node("eventBasedGateway", "g") + catch("c", HIGH) + catch("m", MESSAGE) + catch("w", timer("PT1H")) + end()
    model = model_of(start(), parts, path("s", "g", "c", "e"), path("g", "m", "e"), path("g", "w", "e"))
    run = Run(model)
    assert sorted(run.waiting) == ["c", "m", "w"]

    assert run.set_variables({"level": 4}).ended is Ending.COMPLETED
    assert "m" not in run.passed

    other = Run(model)
    assert other.deliver("m").ended is Ending.COMPLETED
    assert "c" not in other.passed


def test_two_conditions_that_become_true_together_both_fire():
    events = boundary("b", "u", HIGH, interrupting=False) + boundary("d", "u", HIGH, interrupting=False)
    parts = script("lower", "0", "level") + user("x") + user("y") + end()
    run = Run(
        model_of(
            start(), user("u"), events, parts, path("s", "u", "e"), path("b", "lower", "x", "e"), path("d", "y", "e")
        )
    )

    run.set_variables({"level": 4})

    assert sorted(run.waiting) == ["b", "d", "u", "x", "y"]


def test_a_condition_that_is_no_boolean_stops_the_command_and_names_the_event():
    run = Run(model_of(start(), catch("c", when("level")), end(), path("s", "c", "e")))

    with pytest.raises(ExecutionError) as caught:
        run.set_variables({"level": 4})

    assert (caught.value.key, caught.value.element_id) == ("event-condition-not-boolean", "c")
    assert run.waiting == ["c"]


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("<conditionalEventDefinition/>", "attribute-missing"),
        (when(""), "expression-empty"),
        (when("level &gt;"), "expression-invalid"),
        (when("${level > 3}"), "expression-foreign"),
        (
            when("x").replace("<conditionalEventDefinition>", '<conditionalEventDefinition camunda:variableName="x">'),
            "attribute-unsupported",
        ),
    ],
)
def test_a_condition_that_could_not_be_asked_is_refused(definition, code):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), catch("c", definition), end(), path("s", "c", "e"))

    assert (code, "c") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_it_opens_nothing_and_closes_nothing():
    run = Run(model_of(CATCH))

    assert run.step.opened == ()
    assert run.set_variables({"level": 4}).closed == ()


def test_cancelling_the_instance_takes_it_away():
    run = Run(model_of(CATCH))

    assert run.cancel().closed == ()
    assert ("c", "cancelled") in run.history
