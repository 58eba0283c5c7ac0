"""Complex gateways: n of m, the rest swallowed, then ready once more. BPMN 2.0.2 §13.4.5."""

import pytest

from engine.bpmn import ExecutionError, read_file
from engine.errors import DeploymentError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import Run, end, flow, model_of, node, path, process, start, user


def activation(text: str) -> str:
    return f"<activationCondition>{text}</activationCondition>"


def joined(condition: str, *after: str, loop: bool = False):
    """Three tasks in parallel, joined by the complex gateway `c`."""
    fork = node("parallelGateway", "f") + user("x") + user("y") + user("z")
    gateway = node("complexGateway", "c", activation(condition))
    ways = path("f", "x", "c") + path("f", "y", "c") + path("f", "z", "c")
    if loop:
        merge = node("exclusiveGateway", "m") + user("again") + path("s", "m", "f") + path("c", "again", "m")
        return model_of(start(), merge, fork, gateway, ways)
    return model_of(start(), fork, gateway, user("after"), end(), path("s", "f"), ways, path("c", "after", "e"), *after)


def test_the_second_of_three_tokens_opens_it_and_the_third_is_swallowed():
    run = Run(joined("activationCount &gt;= 2"))
    run.complete("x")
    assert "after" not in run.waiting

    run.complete("y")
    assert sorted(run.waiting) == ["after", "z"]
    run.complete("z")

    assert run.waiting == ["after"]
    assert run.complete("after").ended is Ending.COMPLETED


def test_the_end_may_come_before_the_last_token():
    run = Run(joined("activationCount &gt;= 1"))
    run.complete("x")
    run.complete("after")
    run.complete("y")

    assert run.complete("z").ended is Ending.COMPLETED
    assert run.passed.count("after") == 1


def test_it_counts_the_tokens_of_each_flow_by_the_id_of_the_flow():
    run = Run(joined("x_c &gt; 0 and z_c &gt; 0"))
    run.complete("x")
    run.complete("y")
    assert "after" not in run.waiting

    run.complete("z")

    assert run.waiting == ["after"]


def test_the_condition_may_read_data_and_is_asked_again_when_they_change():
    run = Run(joined("activationCount &gt;= needed"), {"needed": 3})
    run.complete("x")
    run.complete("y")
    assert "after" not in run.waiting

    run.complete("z", {"needed": 2})

    assert run.waiting == ["after"]


def test_after_the_rest_has_come_it_begins_anew():
    run = Run(joined("activationCount &gt;= 2", loop=True))
    for _ in range(3):
        run.complete("x")
        run.complete("y")
        run.complete("z")
        assert run.waiting == ["again"]
        run.complete("again")

    assert sorted(run.waiting) == ["x", "y", "z"]


def test_a_token_that_no_longer_comes_is_not_waited_for():
    choice = node("inclusiveGateway", "f", attributes='default="f_z"') + user("x") + user("y") + user("z")
    gateway = node("complexGateway", "c", activation("activationCount &gt;= 1"))
    ways = path("s", "f") + flow("f", "x", "a") + flow("f", "y", "b") + flow("f", "z")
    ways += path("x", "c") + path("y", "c") + path("z", "c", "after", "e")
    run = Run(model_of(start(), choice, gateway, user("after"), end(), ways), {"a": True, "b": False})
    run.complete("x")
    assert run.waiting == ["after"]

    assert run.complete("after").ended is Ending.COMPLETED


def test_a_flow_with_its_own_condition_for_the_second_phase_gets_a_token_when_the_rest_has_come():
    late = user("late") + flow("c", "late", "not(waitingForStart)") + path("late", "e")
    run = Run(joined("activationCount &gt;= 1", late))
    run.complete("x")
    assert sorted(run.waiting) == ["after", "y", "z"]
    run.complete("y")
    run.complete("z")

    assert sorted(run.waiting) == ["after", "late"]


def test_as_a_split_it_takes_every_flow_whose_condition_holds():
    gateway = node("complexGateway", "c", attributes='default="c_z"') + user("x") + user("y") + user("z") + end()
    ways = path("s", "c") + flow("c", "x", "a") + flow("c", "y", "b") + flow("c", "z")
    xml = process(start(), gateway, ways, path("x", "e"), path("y", "e"), path("z", "e"))
    file = read_file(xml, "f.bpmn")

    assert ("complex-activation", "c", "warning") in {(f.code, f.where, f.severity) for f in file.findings}
    assert Run(file.models[0], {"a": True, "b": True}).waiting == ["x", "y"]
    assert Run(file.models[0], {"a": False, "b": False}).waiting == ["z"]


def test_a_condition_that_never_holds_is_told_when_nothing_else_moves():
    run = Run(joined("activationCount &gt;= 4"))
    run.complete("x")
    run.complete("y")

    with pytest.raises(ExecutionError) as caught:
        run.complete("z")

    assert (caught.value.key, caught.value.element_id) == ("stuck-at-join", "c")


def test_a_condition_that_is_no_boolean_is_told():
    run = Run(joined("activationCount"))

    with pytest.raises(ExecutionError) as caught:
        run.complete("x")

    assert caught.value.key == "activation-not-boolean"


def test_a_join_without_condition_is_refused():
    fork = node("parallelGateway", "f") + user("x") + user("y") + node("complexGateway", "c") + end()
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), fork, path("s", "f", "x", "c", "e"), path("f", "y", "c"))

    assert ("complex-activation", "c") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_a_gateway_that_has_fired_does_not_send_on_what_comes_after_the_end():
    late = user("late") + flow("c", "late", "not(waitingForStart)") + path("late", "e")
    kill = end("kill", "<terminateEventDefinition/>")
    fork = (
        node("parallelGateway", "f")
        + user("x")
        + user("y")
        + node("complexGateway", "c", activation("activationCount &gt;= 1"))
    )
    ways = path("s", "f", "x", "c", "after", "kill") + path("f", "y", "c")
    run = Run(model_of(start(), fork, user("after"), late, kill, end(), ways))
    run.complete("x")

    assert run.complete("after").ended is Ending.TERMINATED
    assert run.positions == ()
