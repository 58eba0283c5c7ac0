"""Events with several definitions: one is enough, or with parallelMultiple all must come. §10.5.5."""

from datetime import timedelta

import pytest

from engine import bpmn
from engine.bpmn import read_processes
from engine.errors import DeploymentError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    definitions,
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

BOTH = MESSAGE + SIGNAL
ALL = 'parallelMultiple="true"'
KINDS = {"message": 0, "signal": 1, "timer": 2, "conditional": 3}
FOUR = MESSAGE + SIGNAL + timer("PT1H") + (
    "<conditionalEventDefinition><condition>level &gt; 3</condition></conditionalEventDefinition>"
)  # fmt: skip


def waits(definitions: str, attributes: str = ""):
    event = node("intermediateCatchEvent", "c", definitions, attributes)
    return model_of(start(), event, user("after"), end(), path("s", "c", "after", "e"))


def come(run: Run, kind: str) -> None:
    activity = next(p.activity for p in run.positions if p.kind == kind and p.element_id in {"c", "b", "ev_s"})
    do = run.twins.do
    if kind == "timer":
        run._take(do(bpmn.fire_timer, run.model, run.state, activity, now=run.now + timedelta(hours=1)))
    elif kind == "conditional":
        run.set_variables({"level": 5})
    else:
        run._take(do(bpmn.deliver, run.model, run.state, activity, {kind: 1}, now=run.now))


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_of_several_events_goes_on_and_the_others_are_given_up(kind):
    run = Run(waits(FOUR))
    assert sorted(p.kind for p in run.positions) == ["conditional", "message", "scope", "signal", "timer"]

    come(run, kind)

    assert run.waiting == ["after"]
    assert [(name, event) for name, event in run.trace if name == "c"] == [("c", "completed")]


def test_all_of_several_events_must_come_whatever_their_order():
    run = Run(waits(FOUR, ALL))
    for kind in ("timer", "signal", "conditional"):
        come(run, kind)
        assert run.waiting != ["after"]

    come(run, "message")

    assert run.waiting == ["after"]
    assert run.variables == {"level": 5, "signal": 1, "message": 1}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_one_of_several_events_at_the_boundary(kind, interrupting):
    event = boundary("b", "u", FOUR, interrupting=interrupting)
    run = Run(model_of(start(), user("u"), event, user("told"), end(), path("s", "u", "e"), path("b", "told", "e")))

    come(run, kind)

    assert [p.element_id for p in run.positions if p.kind == "user_task"] == (
        ["told"] if interrupting else ["u", "told"]
    )


def test_several_events_at_the_boundary_that_interrupt_nothing_come_again():
    event = boundary("b", "u", BOTH, interrupting=False)
    run = Run(model_of(start(), user("u"), event, user("told"), end(), path("s", "u", "e"), path("b", "told", "e")))

    for kind in ("message", "signal", "message"):
        come(run, kind)

    assert run.waiting.count("told") == 3


def test_all_events_at_the_boundary_must_come():
    event = node("boundaryEvent", "b", BOTH, f'attachedToRef="u" {ALL}')
    run = Run(model_of(start(), user("u"), event, user("told"), end(), path("s", "u", "e"), path("b", "told", "e")))
    come(run, "signal")
    assert "u" in run.waiting

    come(run, "message")

    assert run.waiting == ["told"]


def test_a_position_of_one_of_several_events_names_the_activity_that_it_guards():
    event = boundary("b", "u", BOTH)
    run = Run(model_of(start(), user("u"), event, end(), path("s", "u", "e"), path("b", "e")))
    task = run.activity("u")

    assert {p.host for p in run.positions if p.kind in KINDS} == {task}


def test_several_events_begin_an_event_sub_process():
    begin = node("startEvent", "ev_s", BOTH) + user("ev_u") + end("ev_e") + path("ev_s", "ev_u", "ev_e")
    handler = node("subProcess", "ev", begin, 'triggeredByEvent="true"')
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), handler))

    come(run, "signal")

    assert run.waiting == ["ev_u"]


def test_a_throw_event_throws_all_that_it_names():
    inside = mapping({"why": "= 1"}) + MESSAGE + SIGNAL + '<escalationEventDefinition escalationRef="X"/>'
    run = Run(model_of(start(), throw("t", inside), end(), path("s", "t", "e")))

    assert [(thrown.kind, thrown.name) for thrown in run.step.thrown] == [
        ("message", "report"), ("signal", "alarm"), ("escalation", "LATE"),
    ]  # fmt: skip
    assert run.step.ended is Ending.COMPLETED


def test_an_end_event_throws_all_that_it_names_and_ends():
    run = Run(model_of(start(), end("e", MESSAGE + SIGNAL), path("s", "e")))

    assert [thrown.kind for thrown in run.step.thrown] == ["message", "signal"]
    assert run.step.ended is Ending.COMPLETED


def test_a_process_starts_by_any_of_several_events():
    model = model_of(node("startEvent", "s", BOTH), user("u"), end(), path("s", "u", "e"))

    assert [(point.element_id, point.kind, point.name) for point in model.start_events] == [
        ("s", "message", "report"), ("s", "signal", "alarm"),
    ]  # fmt: skip
    assert Run(model, start_event="s").waiting == ["u"]


def test_behind_an_event_based_gateway_several_events_are_one_rival():
    gateway = node("eventBasedGateway", "g") + node("intermediateCatchEvent", "c", BOTH)
    gateway += node("intermediateCatchEvent", "w", timer("P1D")) + user("x") + user("y") + end()
    run = Run(model_of(start(), gateway, path("s", "g", "c", "x", "e"), path("g", "w", "y", "e")))

    come(run, "signal")

    assert run.waiting == ["x"]


ERROR = '<errorEventDefinition errorRef="E"/>'


@pytest.mark.parametrize(
    "parts",
    [
        start() + end("x", MESSAGE + ERROR) + path("s", "x"),
        start() + throw("x", MESSAGE + "<compensateEventDefinition/>") + end() + path("s", "x", "e"),
        node("startEvent", "x", BOTH, ALL) + end() + path("x", "e"),
    ],
)
def test_what_cannot_be_one_of_several_is_refused_by_name(parts):
    with pytest.raises(DeploymentError) as caught:
        model_of(parts)

    assert "x" in {problem.where for problem in caught.value.problems}


def test_an_event_definition_may_stand_beside_the_processes():
    event = node("intermediateCatchEvent", "c", "<eventDefinitionRef>shared</eventDefinitionRef>")
    process = f'<process id="p">{start()}{event}{end()}{path("s", "c", "e")}</process>'
    (model,) = read_processes(definitions('<signalEventDefinition id="shared" signalRef="S"/>' + process), "f.bpmn")
    run = Run(model)

    assert run.deliver("c").ended is Ending.COMPLETED


def test_a_cycle_as_one_of_several_events_is_refused():
    cycle = timer("R3/PT1H", "timeCycle")
    with pytest.raises(DeploymentError) as caught:
        model_of(
            start(),
            user("u"),
            boundary("b", "u", MESSAGE + cycle, interrupting=False),
            end(),
            path("s", "u", "e"),
            path("b", "e"),
        )

    assert ("timer-cycle-here", "b") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_all_together_with_a_timer_come_once_and_then_swallow_nothing():
    event = node("boundaryEvent", "b", MESSAGE + timer("PT1H"), f'attachedToRef="u" cancelActivity="false" {ALL}')
    run = Run(model_of(start(), user("u"), event, user("told"), end(), path("s", "u", "e"), path("b", "told", "e")))
    come(run, "message")
    come(run, "timer")

    assert run.waiting == ["u", "told"]
