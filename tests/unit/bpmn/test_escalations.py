"""Escalations: the nearest event catches one; where nobody does, everything goes on. BPMN 2.0.2 §10.5.4."""

import pytest

from engine.errors import Conflict, DeploymentError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    Run,
    boundary,
    catch,
    end,
    mapping,
    model_of,
    node,
    path,
    start,
    throw,
    timer,
    user,
)

LATE = '<escalationEventDefinition escalationRef="X"/>'
LOUD = '<escalationEventDefinition escalationRef="X2"/>'
ANY = "<escalationEventDefinition/>"


def guarded(inner: str, *events: str):
    sub = node("subProcess", "sub", start("is") + inner)
    return model_of(
        start(), sub, *events, user("on"), user("caught"), end(), path("s", "sub", "on", "e"), path("b", "caught", "e")
    )


THROWN = throw("t", LATE) + user("iu") + end("ie") + path("is", "t", "iu", "ie")


def test_an_escalation_that_does_not_interrupt_runs_beside_the_activity():
    run = Run(guarded(THROWN, boundary("b", "sub", LATE, interrupting=False)))

    assert sorted(run.waiting) == ["caught", "iu"]
    run.complete("iu")
    assert sorted(run.waiting) == ["caught", "on"]


def test_an_escalation_that_interrupts_ends_the_activity():
    run = Run(guarded(THROWN, boundary("b", "sub", LATE)))

    assert run.waiting == ["caught"]
    assert ("sub", "cancelled") in run.history


@pytest.mark.parametrize(("caught", "code"), [(LOUD, False), (ANY, True)])
def test_a_code_is_caught_by_its_own_event_or_by_the_one_for_all(caught, code):
    run = Run(guarded(THROWN, boundary("b", "sub", caught, interrupting=False)))

    assert ("caught" in run.waiting) is code


def test_the_event_for_the_code_comes_before_the_one_for_all():
    run = Run(
        guarded(THROWN, boundary("b", "sub", LATE), boundary("z", "sub", ANY), user("all"), path("z", "all", "e"))
    )

    assert run.waiting == ["caught"]


def test_an_escalation_end_event_ends_the_sub_process_after_it_is_caught():
    run = Run(guarded(end("t", LATE) + path("is", "t"), boundary("b", "sub", LATE, interrupting=False)))

    assert sorted(run.waiting) == ["caught", "on"]


def test_the_nearest_scope_catches_it():
    inner = node("subProcess", "deep", start("ds") + end("de", LATE) + path("ds", "de"))
    inner += (
        boundary("near", "deep", LATE)
        + user("near_u")
        + end("ie")
        + path("is", "deep", "ie")
        + path("near", "near_u", "ie")
    )
    run = Run(guarded(inner, boundary("b", "sub", LATE)))

    assert run.waiting == ["near_u"]


def test_what_nobody_catches_leaves_the_instance_and_everything_goes_on():
    run = Run(
        model_of(start(), throw("t", LATE, mapping({"hours": "= 4"})), user("u"), end(), path("s", "t", "u", "e"))
    )

    assert run.waiting == ["u"]
    (thrown,) = run.step.thrown
    assert (thrown.kind, thrown.name, thrown.element_id, thrown.variables) == ("escalation", "LATE", "t", {"hours": 4})


def test_the_code_and_what_was_thrown_reach_the_scope():
    event = '<escalationEventDefinition escalationRef="X" camunda:escalationCodeVariable="why"/>'
    inner = throw("t", LATE, mapping({"hours": "= 4"})) + end("ie") + path("is", "t", "ie")
    run = Run(guarded(inner, boundary("b", "sub", event)))

    assert run.variables == {"why": "LATE", "hours": 4}


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_called_process_escalates_at_its_call_activity(interrupting):
    call = node("callActivity", "call", attributes='calledElement="q"')
    event = boundary("b", "call", LATE, interrupting=interrupting)
    run = Run(model_of(start(), call, event, user("caught"), end(), path("s", "call", "e"), path("b", "caught", "e")))

    run.escalate("call", "LATE", {"hours": 4})

    assert sorted(run.waiting) == (["caught"] if interrupting else ["call", "caught"])
    assert run.variables == {"hours": 4}


def test_an_escalation_at_an_activity_that_has_ended_is_a_conflict():
    run = Run(model_of(start(), user("u"), user("v"), end(), path("s", "u", "v", "e")))
    activity = run.activity("u")
    run.complete("u")

    with pytest.raises(Conflict):
        run.twins.do(
            __import__("engine.bpmn").bpmn.throw_escalation, run.model, run.state, activity, "LATE", now=run.now
        )


def test_a_multi_instance_escalates_from_each_instance():
    marker = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    sub = node("subProcess", "sub", start("is") + THROWN + marker) + boundary("b", "sub", LATE, interrupting=False)
    run = Run(model_of(start(), sub, user("caught"), end(), path("s", "sub", "e"), path("b", "caught", "e")))

    assert sorted(run.waiting) == ["caught", "caught", "iu", "iu"]


def test_it_waits_and_is_stored_between_throwing_and_ending():
    inner = throw("t", LATE) + catch("c", timer("PT1H")) + end("ie", LATE) + path("is", "t", "c", "ie")
    run = Run(guarded(inner, boundary("b", "sub", LATE, interrupting=False)))
    assert sorted(run.waiting) == ["c", "caught"]

    run.fire("c")

    assert sorted(run.waiting) == ["caught", "caught", "on"]
    for _ in range(2):
        run.complete("caught")
    assert run.complete("on").ended is Ending.COMPLETED


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (throw("t", ANY), "attribute-missing"),
        (throw("t", '<escalationEventDefinition escalationRef="nobody"/>'), "reference-unresolved"),
    ],
)
def test_a_thrown_escalation_needs_its_code(xml, code):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), xml, end(), path("s", "t", "e"))

    assert (code, "t") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_two_events_for_the_same_escalation_are_refused():
    with pytest.raises(DeploymentError) as caught:
        guarded(THROWN, boundary("b", "sub", LATE), boundary("z", "sub", LATE), path("z", "e"))

    assert ("escalation-duplicate", "z") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_an_error_end_event_brings_its_data_to_who_catches_it():
    error = '<errorEventDefinition errorRef="E"/>'
    inner = end("t", mapping({"hours": "= 2 + 2"}) + error) + path("is", "t")
    run = Run(guarded(inner, boundary("b", "sub", error)))

    assert run.waiting == ["caught"]
    assert run.variables == {"hours": 4}


@pytest.mark.parametrize("definition", ["", "<terminateEventDefinition/>"])
def test_data_at_an_end_that_carries_none_are_refused(definition):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), end("t", mapping({"hours": "= 4"}) + definition), path("s", "t"))

    assert ("event-input", "t") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_data_out_of_an_event_that_throws_are_refused():
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), end("t", mapping(outputs={"hours": "= 4"}) + LATE), path("s", "t"))

    assert ("event-output", "t") in {(problem.code, problem.where) for problem in caught.value.problems}
