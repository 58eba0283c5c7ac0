"""Traps of the library: what it accepts and runs wrongly. `test_traps` has the rows."""

from datetime import timedelta

import pytest

from engine import bpmn
from engine.bpmn import ExecutionError
from engine.errors import Conflict
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    catch,
    end,
    model_of,
    node,
    path,
    process,
    script,
    start,
    start_for,
    throw,
    timer,
    user,
)
from tests.unit.bpmn.trap_parts import refusals, triggered, within


def test_a_link_leads_to_its_catch():
    """link events."""
    link = '<linkEventDefinition name="there"/>'
    run = Run(
        model_of(start(), throw("l", link), catch("c", link), user("z"), end(), path("s", "l"), path("c", "z", "e"))
    )
    assert run.waiting == ["z"]

    assert run.complete("z").ended is Ending.COMPLETED


@pytest.mark.parametrize(("definition", "names"), [(SIGNAL, ["alarm"]), (MESSAGE + SIGNAL, ["report", "alarm"])])
def test_an_end_event_throws_its_signal(definition, names):
    """signal end event; signal in a multiple end event."""
    run = Run(model_of(start(), end("e", definition), path("s", "e")))

    assert [thrown.name for thrown in run.step.thrown] == names


HANDLED = {
    "error": ERROR,
    "escalation": '<escalationEventDefinition escalationRef="X"/>',
    "compensation": "<compensateEventDefinition/>",
}


@pytest.mark.parametrize("kind", HANDLED)
def test_nothing_is_handled_that_was_not_thrown(kind):
    """error, escalation or compensation start event of an event sub-process."""
    body = within("u", inside=triggered(HANDLED[kind]))
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))
    assert run.waiting == ["u"]

    assert run.complete("u").ended is Ending.COMPLETED
    assert "ev" not in run.passed


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_what_is_thrown_is_handled(kind):
    """error, escalation or compensation start event of an event sub-process."""
    body = within("u", last=HANDLED[kind], inside=triggered(HANDLED[kind]))
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))
    run.complete("u")

    assert run.waiting == ["hu"]
    assert run.complete("hu").ended is Ending.COMPLETED


def test_an_interrupting_event_sub_process_stops_what_it_interrupts():
    """interrupting event sub-process."""
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), triggered(MESSAGE)))
    assert [(position.element_id, position.kind) for position in run.positions] == [
        ("ev_s", "message"),
        ("u", "user_task"),
    ]

    run.deliver("ev_s")

    assert run.waiting == ["hu"]
    assert ("u", "cancelled") in run.history


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL])
def test_an_event_sub_process_inside_a_sub_process_is_begun(definition, interrupting):
    """event sub-process inside a sub-process."""
    body = within("u", inside=triggered(definition, interrupting=interrupting))
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))

    run.deliver("ev_s")

    assert [task for task in run.waiting if task != "ev_s"] == (["hu"] if interrupting else ["u", "hu"])


def test_a_timer_that_was_not_needed_holds_nothing_up():
    """timer event sub-process not triggered."""
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), triggered(timer("PT1H"))))

    assert run.complete("u").ended is Ending.COMPLETED


def test_an_error_that_nobody_catches_ends_the_instance():
    """uncaught error end event in a sub-process."""
    run = Run(model_of(start(), within("u", last=ERROR), user("z"), end(), path("s", "m", "z", "e")))

    step = run.complete("u")

    assert (step.ended, step.error and step.error.code) == (Ending.ERROR, "NO_MEDIATOR")
    assert ("z", "entered") not in run.history


def test_a_message_at_the_boundary_comes_again_and_again():
    """non-interrupting message boundary event."""
    run = Run(model_of(
        start(), user("u"), boundary("b", "u", MESSAGE, interrupting=False), user("x"), end(), path("s", "u", "e"),
        path("b", "x", "e"),
    ))  # fmt: skip
    for _ in range(3):
        run.deliver("b")

    assert sorted(run.waiting) == ["b", "u", "x", "x", "x"]


def test_a_condition_sees_what_another_branch_has_written():
    """condition that becomes true through another branch."""
    condition = "<conditionalEventDefinition><condition>level &gt; 3</condition></conditionalEventDefinition>"
    run = Run(model_of(
        start(), node("parallelGateway", "f"), user("a"), catch("c", condition), user("x"), end(),
        path("s", "f", "a", "e"), path("f", "c", "x", "e"),
    ), {"level": 1})  # fmt: skip

    run.complete("a", {"level": 5})

    assert run.waiting == ["x"]


def test_a_signal_is_caught_inside_and_told_outside():
    """signal caught in the throwing instance."""
    run = Run(model_of(
        start(), node("parallelGateway", "f"), user("u"), throw("t", SIGNAL), catch("c", SIGNAL), user("x"), end(),
        path("s", "f", "c", "x", "e"), path("f", "u", "t", "e"),
    ))  # fmt: skip

    step = run.complete("u")

    assert run.waiting == ["x"]
    assert [(thrown.kind, thrown.name) for thrown in step.thrown] == [("signal", "alarm")]


def test_a_message_starts_at_its_own_start_event():
    """start by message when there is a none start event too; several start events."""
    model = model_of(
        start(), start("m", MESSAGE), user("a"), user("b"), end(), path("s", "a", "e"), path("m", "b", "e")
    )

    assert Run(model).waiting == ["a"]
    assert Run(model, {}, start_for(model, "message", "report")).waiting == ["b"]


def test_of_several_timers_after_an_event_based_gateway_one_fires():
    """several timers after an event-based gateway."""
    run = Run(model_of(
        start(), node("eventBasedGateway", "g"), catch("a", timer("PT1H")), catch("b", timer("PT2H")), user("x"),
        user("y"), end(), path("s", "g", "a", "x", "e"), path("g", "b", "y", "e"),
    ))  # fmt: skip
    late = run.activity("b")

    run.fire("a", timedelta(hours=3))

    assert run.waiting == ["x"]
    with pytest.raises(Conflict):
        bpmn.fire_timer(run.model, run.state, late, now=run.now)


@pytest.mark.parametrize("type_", ["task", "manualTask"])
def test_a_task_that_nobody_is_told_of_is_passed(type_):
    """task without type."""
    assert Run(model_of(start(), node(type_, "t"), end(), path("s", "t", "e"))).step.ended is Ending.COMPLETED


@pytest.mark.parametrize("language", ["javascript", "groovy", "python", "text/x-python", ""])
def test_a_script_in_another_language_is_refused(language):
    """`scriptFormat`."""
    task = node("scriptTask", "x", "<script>y = 1</script>", f'scriptFormat="{language}" camunda:resultVariable="y"')

    codes = {code for code, where in refusals(process(start(), task, end(), path("s", "x", "e"))) if where == "x"}

    assert codes & {"script-format", "script-foreign"}


def test_quantities_of_tokens_are_what_the_diagram_says():
    """`startQuantity`, `completionQuantity`."""
    run = Run(model_of(
        start(), user("a", attributes='completionQuantity="3"'), user("b", attributes='startQuantity="3"'), end(),
        path("s", "a", "b", "e"),
    ))  # fmt: skip

    run.complete("a")

    assert run.waiting == ["b"]
    assert run.complete("b").ended is Ending.COMPLETED


@pytest.mark.parametrize("behavior", ["None", "One", "Complex"])
def test_another_behavior_of_a_multi_instance_is_refused(behavior):
    """multi-instance behaviour none/one/complex."""
    marker = f'<multiInstanceLoopCharacteristics behavior="{behavior}"><loopCardinality>2</loopCardinality>'
    task = user("x", f"{marker}</multiInstanceLoopCharacteristics>")

    assert ("attribute-value", "x") in refusals(process(start(), task, end(), path("s", "x", "e")))


@pytest.mark.parametrize(
    "marker",
    [
        '<standardLoopCharacteristics loopMaximum="-1"/>',
        "<multiInstanceLoopCharacteristics><loopCardinality>-1</loopCardinality></multiInstanceLoopCharacteristics>",
    ],
)
def test_a_negative_number_of_rounds_or_instances_is_refused(marker):
    """negative `loopMaximum` or cardinality."""
    assert ("attribute-value", "x") in refusals(process(start(), user("x", marker), end(), path("s", "x", "e")))


def test_a_negative_cardinality_that_is_computed_is_an_error():
    """negative `loopMaximum` or cardinality."""
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>= n</loopCardinality></multiInstanceLoopCharacteristics>"
    )

    with pytest.raises(ExecutionError) as caught:
        Run(model_of(start(), user("x", marker), end(), path("s", "x", "e")), {"n": -1})

    assert caught.value.key == "cardinality-invalid"


def test_data_associations_map_the_names_of_an_io_specification():
    """data associations with an ioSpecification."""
    declared = (
        '<ioSpecification id="io"><dataInput id="i1" name="given"/><dataOutput id="o1" name="made"/><inputSet id="is1">'
        '<dataInputRefs>i1</dataInputRefs></inputSet><outputSet id="os1"><dataOutputRefs>o1</dataOutputRefs>'
        '</outputSet></ioSpecification><dataInputAssociation id="di"><sourceRef>r1</sourceRef><targetRef>i1</targetRef>'
        '</dataInputAssociation><dataOutputAssociation id="do"><sourceRef>o1</sourceRef><targetRef>r1</targetRef>'
        "</dataOutputAssociation>"
    )
    data = '<dataObject id="amount"/><dataObjectReference id="r1" dataObjectRef="amount"/>'
    run = Run(model_of(data, start(), user("u", declared), end(), path("s", "u", "e")), {"amount": 3})
    assert run.positions[0].local == {"given": 3}

    run.complete("u", {"made": 9})

    assert run.variables == {"amount": 9}


BROKEN = {
    "broken script syntax": (script("x", "1 +", "y"), path("s", "x", "e"), "expression-invalid"),
    "invalid durations": (catch("x", timer("next week")), path("s", "x", "e"), "timer-invalid"),
    "orphan nodes": (user("x"), path("s", "e"), "element-unreachable"),
}


@pytest.mark.parametrize("row", BROKEN)
def test_what_would_fail_later_is_refused_at_deployment(row):
    """broken script syntax; invalid durations; orphan nodes."""
    part, flows, code = BROKEN[row]

    assert (code, "x") in refusals(process(start(), part, end(), flows))


def test_a_called_process_is_named_to_whoever_deploys():
    """missing called process: the deployment asks for everything that a model requires."""
    model = model_of(
        start(), node("callActivity", "c", attributes='calledElement="nobody"'), end(), path("s", "c", "e")
    )

    assert [(need.kind, need.key, need.element_id) for need in model.required] == [("process", "nobody", "c")]
