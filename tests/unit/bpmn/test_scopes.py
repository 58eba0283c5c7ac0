"""Sub-processes and multi-instances."""

import pytest

from engine.bpmn import ExecutionError
from engine.model.step import CallOpened, Ending, TimerOpened, UserTaskOpened
from tests.unit.bpmn.diagrams import (
    ERROR,
    TERMINATE,
    Run,
    boundary,
    end,
    mapping,
    model_of,
    node,
    path,
    script,
    service,
    start,
    timer,
    user,
)


def sub(id_: str, *parts: str) -> str:
    return node("subProcess", id_, "".join(parts))


def multi(inside: str = "", attributes: str = "", *, sequential: bool = False) -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" {attributes}>{inside}'
        "</multiInstanceLoopCharacteristics>"
    )


OVER = 'camunda:collection="= voters" camunda:elementVariable="voter"'
COLLECTING = f'{OVER} zhili:outputCollection="votes" zhili:outputElement="= vote"'


def voting(inside: str = "", attributes: str = OVER, *, sequential: bool = False, io: str = ""):
    vote = user("vote", io + multi(inside, attributes, sequential=sequential))
    return model_of(start(), vote, user("after"), end(), path("s", "vote", "after", "e"))


def test_a_subprocess_is_over_when_nothing_is_left_inside():
    inner = start("is") + node("parallelGateway", "f") + user("a") + user("b") + end("i1") + end("i2")
    model = model_of(
        start(), sub("sub", inner, path("is", "f", "a", "i1"), path("f", "b", "i2")), user("after"), end(),
        path("s", "sub", "after", "e"),
    )  # fmt: skip
    run = Run(model)

    run.complete("b")
    assert run.waiting == ["a"]
    run.complete("a", {"x": 1})

    assert run.waiting == ["after"]
    assert run.variables == {"x": 1}
    assert run.trace[:3] == [("a", "completed"), ("i1", "entered"), ("i1", "completed")]
    assert run.trace[3] == ("sub", "completed")


def test_a_terminate_end_event_inside_ends_only_its_subprocess():
    inner = start("is") + node("parallelGateway", "f") + user("a") + user("b") + end("kill", TERMINATE) + end("ie")
    model = model_of(
        start(), sub("sub", inner, path("is", "f", "a", "kill"), path("f", "b", "ie")), user("after"), end(),
        path("s", "sub", "after", "e"),
    )  # fmt: skip
    run = Run(model)

    step = run.complete("a")

    assert step.ended is None
    assert run.waiting == ["after"]
    assert ("b", "cancelled") in run.trace
    assert ("sub", "completed") in run.trace


def test_a_subprocess_with_mappings_keeps_what_happens_inside():
    io = mapping({"limit": "= 5"}, {"result": "= limit + points"})
    inner = start("is") + user("a") + end("ie") + path("is", "a", "ie")
    model = model_of(start(), sub("sub", io, inner), user("after"), end(), path("s", "sub", "after", "e"))
    run = Run(model, {"points": 1})
    assert run.step.opened == (UserTaskOpened(4, "a", {"limit": 5}),)

    run.complete("a", {"points": 7})

    assert run.variables == {"points": 1, "result": 12}


def test_nothing_of_a_finished_subprocess_stays_in_the_document():
    inner = start("is") + user("a") + end("ie") + path("is", "a", "ie")
    model = model_of(start(), sub("sub", inner), user("after"), end(), path("s", "sub", "after", "e"))
    run = Run(model)
    run.complete("a")

    assert [position.element_id for position in run.positions] == ["after"]


def test_subprocesses_nest_and_cancel_from_the_inside():
    inner = sub("s2", start("is2"), user("deep"), end("ie2"), path("is2", "deep", "ie2"))
    model = model_of(
        start(), sub("s1", start("is1"), inner, end("ie1"), path("is1", "s2", "ie1")),
        boundary("b", "s1", timer("P1D")), end(), path("s", "s1", "e"), path("b", "e"),
    )  # fmt: skip
    run = Run(model)
    deep = next(position for position in run.positions if position.element_id == "deep")
    assert deep.scope == next(p.activity for p in run.positions if p.element_id == "s2")

    run.fire("b")

    cancelled = [element for element, event in run.trace if event == "cancelled"]
    assert cancelled == ["deep", "s2", "s1"]
    assert run.step.ended is Ending.COMPLETED


# -- multi-instance ---------------------------------------------------------------------------------------------------


def test_a_parallel_multi_instance_opens_one_task_per_element_with_its_element_and_number():
    run = Run(voting(), {"voters": ["li", "wang", "zhao"]})

    assert [opened.local for opened in run.step.opened if isinstance(opened, UserTaskOpened)] == [
        {"loopCounter": 1, "voter": "li"},
        {"loopCounter": 2, "voter": "wang"},
        {"loopCounter": 3, "voter": "zhao"},
    ]
    for _ in range(3):
        assert "after" not in run.waiting
        run.complete("vote")
    assert run.waiting == ["after"]
    assert "voter" not in run.variables
    assert "loopCounter" not in run.variables


def test_a_sequential_multi_instance_opens_one_after_the_other():
    run = Run(voting(sequential=True), {"voters": ["li", "wang"]})

    for name in ("li", "wang"):
        assert [o.local["voter"] for o in run.step.opened if isinstance(o, UserTaskOpened)] == [name]
        assert run.waiting == ["vote"]
        run.complete("vote")

    assert run.waiting == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_multi_instance_over_nothing_is_passed_and_traced_once(sequential):
    run = Run(voting(attributes=COLLECTING, sequential=sequential), {"voters": []})

    assert run.waiting == ["after"]
    assert run.variables["votes"] == []
    assert run.history[2:4] == [("vote", "entered"), ("vote", "completed")]


def test_output_is_collected_in_the_order_of_the_elements_whoever_comes_first():
    run = Run(voting(attributes=COLLECTING), {"voters": ["li", "wang", "zhao"]})

    run.complete("vote", {"vote": "no"}, nth=2)
    run.complete("vote", {"vote": "yes"}, nth=0)
    run.complete("vote", {"vote": "abstain"}, nth=0)

    assert run.variables == {"voters": ["li", "wang", "zhao"], "votes": ["yes", "abstain", "no"]}


def test_sixty_per_cent_of_the_votes_end_the_vote():
    """The completion condition sees counters and collected votes, and is asked after each instance."""
    condition = '<completionCondition>count(votes[item = "yes"]) / nrOfInstances &gt;= 0.6</completionCondition>'
    run = Run(voting(condition, COLLECTING), {"voters": ["a", "b", "c", "d", "e"]})

    run.complete("vote", {"vote": "yes"})
    run.complete("vote", {"vote": "no"})
    run.complete("vote", {"vote": "yes"})
    assert run.waiting == ["vote", "vote"]
    step = run.complete("vote", {"vote": "yes"})

    assert run.waiting == ["after"]
    assert [(c.element_id, c.outcome) for c in step.closed] == [("vote", "completed"), ("vote", "cancelled")]
    assert run.variables["votes"] == ["yes", "no", "yes", "yes", None]


@pytest.mark.parametrize(
    ("condition", "turns"),
    [
        ("nrOfCompletedInstances = 2", 2),
        ("nrOfActiveInstances = 1", 3),
        ("nrOfInstances = 4", 1),
        ("nrOfCompletedInstances / nrOfInstances &gt;= 0.5", 2),
        ("enough", 2),
    ],
)
def test_the_completion_condition_sees_the_counters_and_the_process_variables(condition, turns):
    run = Run(voting(f"<completionCondition>{condition}</completionCondition>"), {"voters": [1, 2, 3, 4]})

    for turn in range(1, turns + 1):
        assert "after" not in run.waiting
        run.complete("vote", {"enough": turn == 2})

    assert run.waiting == ["after"]


def test_a_sequential_multi_instance_stops_when_its_condition_holds():
    run = Run(
        voting("<completionCondition>stop</completionCondition>", sequential=True), {"voters": [1, 2, 3], "stop": False}
    )

    run.complete("vote")
    run.complete("vote", {"stop": True})

    assert run.waiting == ["after"]
    assert run.passed.count("vote") == 2


@pytest.mark.parametrize("text", ["3", "= n"])
def test_a_cardinality_is_a_number_or_an_expression(text):
    run = Run(voting(f"<loopCardinality>{text}</loopCardinality>", ""), {"n": 3})

    assert run.waiting == ["vote"] * 3


@pytest.mark.parametrize("value", [-1, 1.5, "many", None, True, 100000])
def test_a_cardinality_that_is_no_sane_number_is_an_error(value):
    with pytest.raises(ExecutionError) as caught:
        Run(voting("<loopCardinality>= n</loopCardinality>", ""), {"n": value})

    assert caught.value.key == "cardinality-invalid"


@pytest.mark.parametrize("value", ["li, wang", None, 3, {"a": 1}])
def test_a_collection_that_is_no_list_is_an_error(value):
    with pytest.raises(ExecutionError) as caught:
        Run(voting(), {"voters": value})

    assert caught.value.key == "collection-not-list"


def test_a_collection_that_is_too_long_is_an_error():
    with pytest.raises(ExecutionError) as caught:
        Run(voting(), {"voters": list(range(1001))})

    assert caught.value.key == "collection-too-large"


def test_loop_data_input_and_a_bare_variable_name_are_collections_too():
    inside = '<loopDataInputRef>voters</loopDataInputRef><inputDataItem id="item" name="voter"/>'
    run = Run(voting(inside, ""), {"voters": ["x"]})
    assert [o.local for o in run.step.opened if isinstance(o, UserTaskOpened)] == [{"loopCounter": 1, "voter": "x"}]

    assert Run(voting(attributes='camunda:collection="voters"'), {"voters": [1, 2]}).waiting == ["vote", "vote"]


def test_a_boundary_event_guards_the_whole_multi_instance():
    vote = user("vote", multi(attributes=COLLECTING))
    model = model_of(
        start(), vote, boundary("b", "vote", timer("P1D")), user("late"), end(),
        path("s", "vote", "e"), path("b", "late", "e"),
    )  # fmt: skip
    run = Run(model, {"voters": [1, 2, 3]})
    assert len([opened for opened in run.step.opened if isinstance(opened, TimerOpened)]) == 1
    run.complete("vote", {"vote": 1})

    run.fire("b")

    assert run.waiting == ["late"]
    assert "votes" not in run.variables


def test_an_error_in_one_instance_ends_all_of_them():
    job = service("j", multi(attributes=OVER))
    model = model_of(
        start(), job, boundary("b", "j", ERROR), user("late"), end(), path("s", "j", "e"), path("b", "late", "e")
    )
    run = Run(model, {"voters": [1, 2, 3]})

    step = run.fail("j", "NO_MEDIATOR")

    assert run.waiting == ["late"]
    assert [closed.outcome for closed in step.closed] == ["cancelled"] * 3


def test_instances_of_a_subprocess_never_mix_their_variables():
    inner = start("is") + user("ask") + user("check") + end("ie") + path("is", "ask", "check", "ie")
    attributes = f'{OVER} zhili:outputCollection="answers" zhili:outputElement="= voter + answer"'
    model = model_of(
        start(), sub("sub", inner, multi(attributes=attributes)), user("after"), end(), path("s", "sub", "after", "e")
    )
    run = Run(model, {"voters": ["a", "b"]})

    run.complete("ask", {"answer": "1"}, nth=0)
    run.complete("ask", {"answer": "2"}, nth=0)
    assert [position.local for position in run.positions if position.element_id == "check"] == [
        {"loopCounter": 1, "voter": "a", "answer": "1"},
        {"loopCounter": 2, "voter": "b", "answer": "2"},
    ]
    run.complete("check", nth=1)
    run.complete("check")

    assert run.waiting == ["after"]
    assert run.variables == {"voters": ["a", "b"], "answers": ["a1", "b2"]}


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_instances_of_a_subprocess_share_what_the_process_has_already(sequential):
    """BPMN 2.0.2 §10.4.1: data of the process can be read and written in its sub-processes."""
    inner = start("is") + script("add", "x + 1", "x") + end("ie") + path("is", "add", "ie")
    marker = f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>n</loopCardinality>'
    body = sub("sub", inner, f"{marker}</multiInstanceLoopCharacteristics>")
    run = Run(model_of(start(), body, end(), path("s", "sub", "e")), {"x": 0, "n": 3})

    assert run.variables == {"x": 3, "n": 3}


def test_what_is_new_inside_a_multi_instance_that_collects_nothing_is_a_variable_of_the_process():
    inner = start("is") + user("ask") + end("ie") + path("is", "ask", "ie")
    run = Run(
        model_of(start(), sub("sub", inner, multi(attributes=OVER)), end(), path("s", "sub", "e")), {"voters": [1]}
    )
    run.complete("ask", {"answer": "yes"})

    assert run.variables == {"voters": [1], "answer": "yes"}


def test_a_terminate_end_event_in_one_instance_ends_that_instance_only():
    inner = start("is") + node("parallelGateway", "f") + user("a") + user("b") + end("kill", TERMINATE) + end("ie")
    model = model_of(
        start(), sub("sub", inner, path("is", "f", "a", "kill"), path("f", "b", "ie"), multi(attributes=OVER)),
        user("after"), end(), path("s", "sub", "after", "e"),
    )  # fmt: skip
    run = Run(model, {"voters": [1, 2]})

    run.complete("a")
    assert run.waiting == ["a", "b"]
    run.complete("a")
    assert run.waiting == ["after"]


def test_calls_can_be_multiplied_and_collect_their_results():
    call = node(
        "callActivity",
        "c",
        '<extensionElements><camunda:in source="voter" target="who"/><camunda:out source="verdict" target="vote"/>'
        "</extensionElements>" + multi(attributes=COLLECTING),
        'calledElement="ask"',
    )
    run = Run(model_of(start(), call, user("after"), end(), path("s", "c", "after", "e")), {"voters": ["x", "y"]})

    assert [opened.variables for opened in run.step.opened if isinstance(opened, CallOpened)] == [
        {"who": "x"},
        {"who": "y"},
    ]
    run.complete("c", {"verdict": 1})
    run.complete("c", {"verdict": 2})
    assert run.variables == {"voters": ["x", "y"], "votes": [1, 2]}


def test_output_parameters_of_an_instance_leave_it_one_by_one():
    run = Run(voting(io=mapping(None, {"last": "= vote"}), attributes=COLLECTING), {"voters": [1, 2]})

    run.complete("vote", {"vote": "a"})
    assert run.variables["last"] == "a"
    run.complete("vote", {"vote": "b"})

    assert run.variables == {"voters": [1, 2], "last": "b", "votes": ["a", "b"]}


def test_the_innermost_of_several_variables_of_one_name_is_seen():
    task = user("ask", mapping({"voter": '= "chief " + voter'}))
    inner = start("is") + task + boundary("late", "ask", timer("= voter")) + end("ie")
    flows = path("is", "ask", "ie") + path("late", "ie")
    model = model_of(start(), sub("sub", inner, flows, multi(attributes=OVER)), end(), path("s", "sub", "e"))

    with pytest.raises(ExecutionError) as caught:
        Run(model, {"voters": ["li"], "voter": "nobody"})

    assert caught.value.details["value"] == "chief li"


def test_an_activity_is_shown_its_innermost_variables():
    task = user("ask", mapping({"voter": '= "chief " + voter'}))
    inner = start("is") + task + end("ie") + path("is", "ask", "ie")
    model = model_of(start(), sub("sub", inner, multi(attributes=OVER)), end(), path("s", "sub", "e"))
    run = Run(model, {"voters": ["li"], "voter": "nobody"})

    assert run.step.opened == (UserTaskOpened(5, "ask", {"loopCounter": 1, "voter": "chief li"}),)


def test_a_sequential_multi_instance_has_one_active_instance_at_a_time():
    condition = "<completionCondition>nrOfActiveInstances &gt; 1</completionCondition>"
    run = Run(voting(condition, sequential=True), {"voters": [1, 2, 3]})

    for _ in range(3):
        assert "after" not in run.waiting
        run.complete("vote")

    assert run.waiting == ["after"]


def test_multi_instances_nest():
    inner_task = user("t", multi(attributes='camunda:collection="= row" camunda:elementVariable="cell"'))
    inner = start("is") + inner_task + end("ie") + path("is", "t", "ie")
    outer = multi(attributes='camunda:collection="= rows" camunda:elementVariable="row"')
    run = Run(model_of(start(), sub("sub", inner, outer), end(), path("s", "sub", "e")), {"rows": [[1, 2], [3]]})

    assert [p.local["cell"] for p in run.positions if p.kind == "user_task"] == [1, 2, 3]
    for _ in range(3):
        run.complete("t")
    assert run.step.ended is Ending.COMPLETED
