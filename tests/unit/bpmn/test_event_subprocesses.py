"""Event sub-processes: begun by every kind of trigger, interrupting or not, in the process and in sub-processes."""

from datetime import timedelta

import pytest

from engine import bpmn
from engine.model.step import Ending, MessageAwaited, Position, SignalAwaited, TimerOpened
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    end,
    flow,
    mapping,
    model_of,
    node,
    path,
    script,
    service,
    start,
    throw,
    timer,
    user,
)

CONDITION = "<conditionalEventDefinition><condition>= level &gt; 3</condition></conditionalEventDefinition>"
ESCALATION = '<escalationEventDefinition escalationRef="X"/>'


def triggered(definition: str, *, interrupting: bool = True, id_: str = "ev", inside: str = "") -> str:
    """An event sub-process with one user task `<id>_u`."""
    begin = node("startEvent", f"{id_}_s", inside + definition, f'isInterrupting="{str(interrupting).lower()}"')
    content = begin + user(f"{id_}_u") + end(f"{id_}_e") + path(f"{id_}_s", f"{id_}_u", f"{id_}_e")
    return node("subProcess", id_, content, 'triggeredByEvent="true"')


def watched(definition: str, **options) -> str:
    """A process whose only task `u` runs while the event sub-process listens."""
    return start() + user("u") + end() + path("s", "u", "e") + triggered(definition, **options)


def happen(run: Run, element: str, kind: str) -> None:
    if kind == "timer":
        run.fire(element, timedelta(hours=1))
    elif kind == "conditional":
        run.set_variables({"level": 5})
    else:
        run.deliver(element, {"why": "fire"})


TRIGGERS = {"message": MESSAGE, "signal": SIGNAL, "timer": timer("PT1H"), "conditional": CONDITION}


@pytest.mark.parametrize("kind", TRIGGERS)
def test_an_interrupting_trigger_stops_the_scope_and_the_scope_ends_with_the_handler(kind):
    run = Run(model_of(watched(TRIGGERS[kind])))
    assert run.waiting == ["ev_s", "u"]

    happen(run, "ev_s", kind)

    assert run.waiting == ["ev_u"]
    assert ("u", "cancelled") in run.trace
    assert [name for name, event in run.trace if event == "entered"] == ["ev", "ev_s", "ev_u"]
    assert run.complete("ev_u").ended is Ending.COMPLETED
    assert run.passed[-3:] == ["ev_u", "ev_e", "ev"]


@pytest.mark.parametrize("kind", TRIGGERS)
def test_a_trigger_that_does_not_interrupt_runs_beside_the_scope(kind):
    run = Run(model_of(watched(TRIGGERS[kind], interrupting=False)))

    happen(run, "ev_s", kind)
    assert "u" in run.waiting
    assert "ev_u" in run.waiting

    assert run.complete("u").ended is None
    assert run.complete("ev_u").ended is Ending.COMPLETED


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_trigger_that_does_not_interrupt_comes_again_and_again(kind):
    run = Run(model_of(watched(TRIGGERS[kind], interrupting=False)))

    for _ in range(3):
        happen(run, "ev_s", kind)

    assert run.waiting.count("ev_u") == 3


def test_a_condition_fires_again_only_after_it_has_been_false():
    run = Run(model_of(watched(CONDITION, interrupting=False)))
    run.set_variables({"level": 5})
    run.set_variables({"level": 6})
    assert run.waiting.count("ev_u") == 1

    run.set_variables({"level": 1})
    run.set_variables({"level": 4})

    assert run.waiting.count("ev_u") == 2


def test_a_cycle_fires_as_often_as_it_says():
    run = Run(model_of(watched(timer("R3/PT1H", "timeCycle"), interrupting=False)))

    for _ in range(3):
        run.fire("ev_s", timedelta(hours=1))

    assert run.waiting == ["u", "ev_u", "ev_u", "ev_u"]


@pytest.mark.parametrize("kind", TRIGGERS)
def test_a_trigger_that_never_comes_does_not_hold_the_end_up(kind):
    run = Run(model_of(watched(TRIGGERS[kind])))
    expected = 0 if kind == "conditional" else 1

    step = run.complete("u")

    assert step.ended is Ending.COMPLETED
    assert [closed.outcome for closed in step.closed if closed.element_id == "ev_s"] == ["cancelled"] * expected
    assert run.positions == ()


def test_what_is_opened_names_the_start_event():
    opened = {}
    for kind, definition in TRIGGERS.items():
        (first, *_) = Run(model_of(watched(definition))).step.opened
        opened[kind] = type(first)
        assert first.element_id == ("u" if kind == "conditional" else "ev_s")
    assert opened["message"] is MessageAwaited
    assert opened["signal"] is SignalAwaited
    assert opened["timer"] is TimerOpened


@pytest.mark.parametrize("kind", TRIGGERS)
def test_the_trigger_listens_in_a_sub_process_as_long_as_that_runs(kind):
    inner = start("is") + user("iu") + end("ie") + path("is", "iu", "ie") + triggered(TRIGGERS[kind])
    run = Run(model_of(start(), node("subProcess", "sub", inner), user("after"), end(), path("s", "sub", "after", "e")))

    happen(run, "ev_s", kind)
    assert run.waiting == ["ev_u"]
    run.complete("ev_u")

    assert run.waiting == ["after"]
    assert ("sub", "completed") in run.history


def test_each_instance_of_a_multi_instance_has_its_own_trigger():
    marker = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    inner = start("is") + user("iu") + end("ie") + path("is", "iu", "ie") + triggered(MESSAGE)
    run = Run(model_of(start(), node("subProcess", "sub", inner + marker), end(), path("s", "sub", "e")))
    assert sorted(run.waiting) == ["ev_s", "ev_s", "iu", "iu"]

    run.deliver("ev_s")

    assert sorted(run.waiting) == ["ev_s", "ev_u", "iu"]


def test_the_payload_of_the_trigger_reaches_the_scope():
    run = Run(model_of(watched(MESSAGE)))

    run.deliver("ev_s", {"why": "fire"})

    assert run.variables == {"why": "fire"}


def test_output_parameters_of_the_start_event_choose_from_the_payload():
    run = Run(model_of(watched(MESSAGE, inside=mapping(outputs={"reason": "= why"}))))

    run.deliver("ev_s", {"why": "fire"})

    assert run.variables == {"reason": "fire"}


ERROR_START = '<errorEventDefinition errorRef="E" camunda:errorCodeVariable="code"/>'


def test_an_error_begins_its_event_sub_process_and_the_rest_is_cancelled():
    parts = node("parallelGateway", "f") + service("a") + user("b") + node("parallelGateway", "j")
    run = Run(model_of(
        start(), parts, end(), path("s", "f", "a", "j", "e"), path("f", "b", "j"), triggered(ERROR_START),
    ))  # fmt: skip
    assert run.waiting == ["a", "b"]

    run.fail("a", "NO_MEDIATOR", variables={"seen": 1})

    assert run.waiting == ["ev_u"]
    assert run.variables == {"code": "NO_MEDIATOR", "seen": 1}
    assert run.complete("ev_u").ended is Ending.COMPLETED


def test_nothing_runs_that_was_not_thrown():
    run = Run(model_of(watched(ERROR_START)))

    assert run.waiting == ["u"]
    assert run.complete("u").ended is Ending.COMPLETED
    assert "ev" not in {name for name, _ in run.history}


def test_an_error_end_event_inside_is_caught_inside_before_it_is_caught_at_the_boundary():
    inner = start("is") + end("ie", ERROR) + path("is", "ie") + triggered(ERROR)
    sub = node("subProcess", "sub", inner) + boundary("b", "sub", ERROR)
    run = Run(model_of(start(), sub, user("caught"), end(), path("s", "sub", "e"), path("b", "caught", "e")))

    assert run.waiting == ["ev_u"]
    run.complete("ev_u")
    assert run.step.ended is Ending.COMPLETED
    assert "b" not in run.passed


def test_an_error_thrown_in_the_event_sub_process_itself_goes_outwards():
    begin = node("startEvent", "ev_s", ERROR)
    handler = node("subProcess", "ev", begin + end("ev_e", ERROR) + path("ev_s", "ev_e"), 'triggeredByEvent="true"')
    inner = start("is") + end("ie", ERROR) + path("is", "ie") + handler
    sub = node("subProcess", "sub", inner) + boundary("b", "sub", ERROR)
    run = Run(model_of(start(), sub, user("caught"), end(), path("s", "sub", "e"), path("b", "caught", "e")))

    assert run.waiting == ["caught"]


def test_an_error_that_nobody_catches_ends_the_instance():
    run = Run(model_of(start(), service("a"), end(), path("s", "a", "e"), triggered(ERROR_START)))

    step = run.fail("a", "OTHER")

    assert step.ended is Ending.ERROR
    assert run.positions == ()


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_begins_its_event_sub_process(interrupting):
    parts = throw("t", ESCALATION) + user("after")
    run = Run(model_of(
        start(), parts, end(), path("s", "t", "after", "e"), triggered(ESCALATION, interrupting=interrupting),
    ))  # fmt: skip

    assert sorted(run.waiting) == (["ev_u"] if interrupting else ["after", "ev_u"])


def test_the_boundary_of_the_sub_process_still_guards_while_the_handler_runs():
    inner = start("is") + user("iu") + end("ie") + path("is", "iu", "ie") + triggered(MESSAGE)
    sub = node("subProcess", "sub", inner) + boundary("b", "sub", timer("P1D"))
    run = Run(model_of(start(), sub, user("late"), end(), path("s", "sub", "e"), path("b", "late", "e")))
    run.deliver("ev_s")
    assert run.waiting == ["b", "ev_u"]

    run.fire("b", timedelta(days=1))

    assert run.waiting == ["late"]


def test_the_first_interrupting_trigger_silences_the_others():
    run = Run(model_of(watched(MESSAGE), triggered(SIGNAL, id_="other")))
    assert run.waiting == ["ev_s", "other_s", "u"]

    run.deliver("ev_s")

    assert run.waiting == ["ev_u"]


def test_the_specification_is_the_same_for_the_next_instance():
    """T4: the library changes the shared specification when an event sub-process fires."""
    model = model_of(watched(MESSAGE))
    first = Run(model)
    first.deliver("ev_s")

    assert Run(model).waiting == ["ev_s", "u"]


def test_a_signal_thrown_inside_begins_it_in_the_throwing_instance():
    run = Run(model_of(start(), throw("t", SIGNAL), user("u"), end(), path("s", "t", "u", "e"), triggered(SIGNAL)))

    assert run.waiting == ["ev_u"]


def test_a_position_tells_that_the_start_event_guards_no_activity():
    run = Run(model_of(watched(MESSAGE)))
    (waiting, _) = run.positions

    assert (waiting.element_id, waiting.kind, waiting.host, waiting.scope) == ("ev_s", "message", None, None)


def test_it_can_be_cancelled_with_everything_in_it():
    run = Run(model_of(watched(MESSAGE, interrupting=False)))
    run.deliver("ev_s")

    run.cancel()

    assert run.positions == ()
    assert {name for name, event in run.trace if event == "cancelled"} == {"u", "ev", "ev_u"}


def test_a_terminate_end_event_in_it_ends_it_alone():
    begin = node("startEvent", "ev_s", MESSAGE, 'isInterrupting="false"')
    content = begin + end("ev_e", "<terminateEventDefinition/>") + path("ev_s", "ev_e")
    handler = node("subProcess", "ev", content, 'triggeredByEvent="true"')
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), handler))

    run.deliver("ev_s")

    assert run.waiting == ["ev_s", "u"]


def test_nested_event_sub_processes_listen_while_theirs_runs():
    inner = triggered(SIGNAL, id_="deep")
    begin = node("startEvent", "ev_s", MESSAGE)
    content = begin + user("ev_u") + end("ev_e") + path("ev_s", "ev_u", "ev_e") + inner
    run = Run(
        model_of(
            start(), user("u"), end(), path("s", "u", "e"), node("subProcess", "ev", content, 'triggeredByEvent="true"')
        )
    )
    assert run.waiting == ["ev_s", "u"]

    run.deliver("ev_s")
    assert run.waiting == ["deep_s", "ev_u"]
    run.deliver("deep_s")

    assert run.waiting == ["deep_u"]
    assert run.complete("deep_u").ended is Ending.COMPLETED


def test_a_variable_written_by_an_automatic_step_fires_a_condition_before_the_next_step():
    parts = script("raise", "5", "level") + script("lower", "1", "level") + user("u")
    run = Run(model_of(start(), parts, end(), path("s", "raise", "lower", "u", "e"), triggered(CONDITION)))

    assert run.waiting == ["ev_u"]
    assert "lower" not in run.passed


def test_positions_are_plain_values():
    run = Run(model_of(watched(CONDITION)))

    assert [p.kind for p in run.positions] == ["conditional", "user_task"]
    assert all(isinstance(p, Position) for p in bpmn.positions(run.model, run.state))


def test_flows_after_the_trigger_may_have_conditions():
    begin = node("startEvent", "ev_s", MESSAGE)
    gateway = node("exclusiveGateway", "g", attributes='default="g_y"')
    ways = gateway + user("x") + user("y") + end("ev_e") + path("ev_s", "g") + path("x", "ev_e") + path("y", "ev_e")
    ways += flow("g", "x", "why = &quot;fire&quot;") + flow("g", "y")
    handler = node("subProcess", "ev", begin + ways, 'triggeredByEvent="true"')
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), handler))

    run.deliver("ev_s", {"why": "fire"})

    assert run.waiting == ["x"]
