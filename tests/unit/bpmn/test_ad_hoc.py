"""Ad-hoc sub-processes: any order, as often as needed, until the condition holds. BPMN 2.0.2 §10.3.5, §13.3.5."""

import pytest

from engine import bpmn
from engine.errors import Conflict, DeploymentError, Invalid
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import Run, boundary, end, model_of, node, path, script, start, timer, user


def ad_hoc(condition: str, *content: str, attributes: str = "", guard: str = ""):
    until = f"<completionCondition>{condition}</completionCondition>"
    sub = node("adHocSubProcess", "h", "".join(content) + until, attributes)
    return model_of(start(), sub, guard, user("after"), end(), path("s", "h", "after", "e"))


THREE = user("a") + user("b") + user("c")
PARALLEL, SEQUENTIAL = 'ordering="Parallel"', 'ordering="Sequential"'
KEEP = 'cancelRemainingInstances="false"'


def waiting(run: Run) -> list[str]:
    return [p.element_id for p in run.positions if p.kind == "user_task"]


@pytest.mark.parametrize("attributes", ["", PARALLEL])
def test_all_activities_are_offered_and_the_rest_is_cancelled_when_the_condition_holds(attributes):
    run = Run(ad_hoc("enough", THREE, attributes=attributes))
    assert waiting(run) == ["a", "b", "c"]
    run.complete("b", {"enough": False})
    assert waiting(run) == ["a", "c"]

    run.complete("c", {"enough": True})

    assert waiting(run) == ["after"]
    assert ("a", "cancelled") in run.history


def test_what_runs_may_be_waited_for():
    run = Run(ad_hoc("enough", THREE, attributes=KEEP))
    run.complete("c", {"enough": True})
    assert waiting(run) == ["a", "b"]
    run.complete("a")

    run.complete("b")

    assert waiting(run) == ["after"]


def test_a_sequential_one_does_one_activity_at_a_time():
    run = Run(ad_hoc("enough", THREE, attributes=SEQUENTIAL))
    assert waiting(run) == ["a"]
    run.complete("a")
    assert waiting(run) == ["b"]

    run.complete("b", {"enough": True})

    assert waiting(run) == ["after"]
    assert "c" not in {name for name, _ in run.history}


def test_flows_inside_are_followed():
    run = Run(ad_hoc("enough", THREE + path("a", "b")))
    assert waiting(run) == ["a", "c"]

    run.complete("a")

    assert waiting(run) == ["c", "b"]


def test_automatic_activities_run_until_the_condition_holds():
    run = Run(ad_hoc("x = 1 and y = 2", script("one", "1", "x") + script("two", "2", "y")))

    assert waiting(run) == ["after"]
    assert run.variables == {"x": 1, "y": 2}


def test_when_all_is_done_and_the_condition_does_not_hold_it_waits_for_data():
    run = Run(ad_hoc("enough", user("a")))
    run.complete("a", {"enough": False})
    assert [(p.element_id, p.kind) for p in run.positions] == [("h", "ad_hoc")]

    run.set_variables({"enough": True})

    assert waiting(run) == ["after"]


def test_an_activity_can_be_begun_once_more():
    run = Run(ad_hoc("enough", user("a") + user("b")))
    run.complete("a", {"enough": False})

    run.begin("h", "a")
    assert waiting(run) == ["b", "a"]
    run.complete("a", {"enough": True})

    assert waiting(run) == ["after"]


@pytest.mark.parametrize("element", ["b", "nobody", "after"])
def test_what_cannot_be_begun_is_refused_and_changes_nothing(element):
    run = Run(ad_hoc("enough", user("a") + user("b") + path("a", "b")))
    before = run.state

    with pytest.raises(Invalid) as caught:
        run.begin("h", element)

    assert caught.value.key == "ad-hoc-not-enabled"
    assert run.state == before


def test_a_sequential_one_begins_nothing_beside_what_runs():
    run = Run(ad_hoc("enough", THREE, attributes=SEQUENTIAL))

    with pytest.raises(Invalid):
        run.begin("h", "a")


def test_only_an_ad_hoc_sub_process_that_waits_can_be_told_to_begin():
    run = Run(ad_hoc("enough", user("a")))
    activity, task = run.activity("h"), run.activity("a")
    with pytest.raises(Invalid):
        bpmn.begin_activity(run.model, run.state, task, "a", now=run.now)
    run.complete("a", {"enough": True})

    with pytest.raises(Conflict):
        bpmn.begin_activity(run.model, run.state, activity, "a", now=run.now)


def test_a_boundary_event_ends_it():
    model = ad_hoc("enough", THREE, guard=boundary("late", "h", timer("P1D")) + path("late", "e"))
    run = Run(model)

    assert run.fire("late").ended is Ending.COMPLETED
    assert ("a", "cancelled") in run.history


def test_instances_of_a_multi_instance_are_counted_by_themselves():
    marker = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    run = Run(ad_hoc("enough", user("a") + marker))
    assert waiting(run) == ["a", "a"]

    run.complete("a", {"enough": True})
    assert waiting(run) == ["a"]
    run.complete("a", {"enough": True})

    assert waiting(run) == ["after"]


@pytest.mark.parametrize(
    ("xml", "code", "where"),
    [
        (node("adHocSubProcess", "h", user("a")), "ad-hoc-condition", "h"),
        (node("adHocSubProcess", "h", "<completionCondition>x</completionCondition>"), "start-missing", "h"),
        (
            node(
                "adHocSubProcess",
                "h",
                start("hs") + user("a") + path("hs", "a") + "<completionCondition>x</completionCondition>",
            ),
            "ad-hoc-content",
            "hs",
        ),
        (
            node("adHocSubProcess", "h", user("a") + "<completionCondition>${x}</completionCondition>"),
            "expression-foreign",
            "h",
        ),
        (
            node(
                "adHocSubProcess", "h", user("a") + "<completionCondition>x</completionCondition>", 'ordering="Random"'
            ),
            "attribute-value",
            "h",
        ),
    ],
)
def test_what_could_not_come_to_an_end_is_refused_by_name(xml, code, where):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), xml, end(), path("s", "h", "e"))

    assert (code, where) in {(problem.code, problem.where) for problem in caught.value.problems}
