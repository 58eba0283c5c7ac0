"""Data of events: payloads out and in."""

import pytest

from engine.bpmn import ExecutionError
from tests.unit.bpmn.data_parts import AMOUNT, TOTAL, data_in, data_out, refused, spec
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    catch,
    end,
    model_of,
    node,
    path,
    start,
    throw,
    user,
)


def thrown_data(definition: str) -> str:
    return throw("t", definition, '<dataInput id="i" name="sum"/>' + data_in("r1", "i"))


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL])
def test_data_of_a_throwing_event_are_its_payload(definition):
    run = Run(model_of(AMOUNT, start(), thrown_data(definition), end(), path(*"ste")), {"amount": 3})

    assert [one.variables for one in run.step.thrown] == [{"sum": 3}]


def test_a_drawn_association_of_a_throwing_event_sends_the_data_object_under_its_own_name():
    run = Run(model_of(AMOUNT, start(), throw("t", MESSAGE, data_in("r1", None)), end(), path(*"ste")), {"amount": 3})

    assert [one.variables for one in run.step.thrown] == [{"amount": 3}]


CAUGHT = '<dataOutput id="o" name="sum"/><outputSet><dataOutputRefs>o</dataOutputRefs></outputSet>'


@pytest.mark.parametrize("payload", [{"sum": 3}, {"called_otherwise": 3}])
def test_data_of_a_catching_event_take_the_payload(payload):
    run = Run(model_of(AMOUNT, start(), catch("m", MESSAGE + CAUGHT + data_out("o", "r1")), end(), path(*"sme")))

    run.deliver("m", payload)

    assert run.variables == {"amount": 3}


def test_a_payload_of_several_entries_without_the_data_output_is_refused():
    run = Run(model_of(AMOUNT, start(), catch("m", MESSAGE + CAUGHT + data_out("o", "r1")), end(), path(*"sme")))

    with pytest.raises(ExecutionError) as caught:
        run.deliver("m", {"a": 1, "b": 2})

    assert caught.value.key == "data-output-missing"


def test_data_of_a_boundary_event_take_the_payload():
    guard = boundary("b", "u", MESSAGE + CAUGHT + data_out("o", "r1"), interrupting=False)
    run = Run(model_of(AMOUNT, start(), user("u"), guard, end(), end("e2"), path(*"sue"), path("b", "e2")))

    run.deliver("b", {"sum": 4})

    assert run.variables == {"amount": 4}
    assert run.waiting == ["u", "b"]


def test_data_of_a_start_event_take_what_the_message_brings():
    begin = node("startEvent", "m", MESSAGE + CAUGHT + data_out("o", "r1"))
    run = Run(model_of(AMOUNT, begin, user("u"), end(), path(*"mue")), {"sum": 4}, start_event="m")

    assert run.variables == {"amount": 4}


def test_data_of_an_event_sub_process_go_to_its_own_data_objects():
    begin = node("startEvent", "m", MESSAGE + CAUGHT + data_out("o", "r1"), 'isInterrupting="false"')
    handler = node(
        "subProcess", "h", AMOUNT + begin + user("v") + end("e2") + path("m", "v", "e2"), 'triggeredByEvent="true"'
    )
    run = Run(model_of(start(), user("u"), handler, end(), path(*"sue")))

    run.deliver("m", {"sum": 4})

    assert run.variables == {}
    assert [p.local for p in run.positions if p.element_id == "v"] == [{"amount": 4}]


@pytest.mark.parametrize("definition", ["", "<terminateEventDefinition/>"])
def test_an_event_that_carries_nothing_has_no_data(definition):
    last = node("endEvent", "e", definition + data_in("r1", None))
    assert ("data-not-carried", "e") in refused(AMOUNT, start(), user("u"), last, path(*"sue"))


def test_the_start_event_of_the_process_takes_what_the_instance_starts_with():
    begin = node("startEvent", "s", '<dataOutput id="o" name="sum"/>' + data_out("o", "r1"))
    run = Run(model_of(AMOUNT, begin, user("u"), end(), path(*"sue")), {"sum": 4, "other": 1})

    assert run.variables == {"amount": 4, "other": 1}


def test_the_start_event_of_a_sub_process_and_the_catch_of_an_escalation_have_no_data():
    begin = node("startEvent", "s3", '<dataOutput id="o" name="sum"/>' + data_out("o", "r1"))
    inner = node("subProcess", "sub", begin + user("u") + end("e2") + path("s3", "u", "e2"))
    assert ("data-not-carried", "s3") in refused(AMOUNT, start(), inner, end(), path("s", "sub", "e"))

    guard = boundary("b", "u", "<escalationEventDefinition/>" + '<dataOutput id="o" name="x"/>' + data_out("o", "r1"))
    parts = (AMOUNT, start(), user("u"), guard, end(), end("e2"), path(*"sue"), path("b", "e2"))
    assert ("data-not-carried", "b") in refused(*parts)


def test_a_thrown_escalation_brings_its_data_to_who_catches_it():
    late = throw(
        "t", '<escalationEventDefinition escalationRef="X"/>', '<dataInput id="i" name="sum"/>' + data_in("r1", "i")
    )
    inner = node("subProcess", "sub", start("s2") + late + user("u") + end("e2") + path("s2", "t", "u", "e2"))
    guard = boundary("b", "sub", '<escalationEventDefinition escalationRef="X"/>')
    run = Run(
        model_of(AMOUNT, start(), inner, guard, user("v"), end(), path("s", "sub", "e"), path("b", "v", "e")),
        {"amount": 2},
    )

    assert run.variables == {"amount": 2, "sum": 2}


def test_a_thrown_error_brings_its_data_to_who_catches_it():
    sends = '<dataInput id="i" name="sum"/>' + data_in("r1", "i") + '<errorEventDefinition errorRef="E"/>'
    inner = node("subProcess", "sub", start("s2") + node("endEvent", "e2", sends) + path("s2", "e2"))
    guard = boundary("b", "sub", '<errorEventDefinition errorRef="E"/>')
    parts = (AMOUNT, start(), inner, guard, user("v"), end(), path("s", "sub", "e"), path("b", "v", "e"))

    assert Run(model_of(*parts), {"amount": 2}).variables == {"amount": 2, "sum": 2}


def test_a_called_message_that_begins_an_instance_at_a_receive_task_has_data_outputs():
    inside = spec(outputs="made") + data_out("madeO", "r1")
    first = node("receiveTask", "r", inside, 'messageRef="M" instantiate="true"')
    run = Run(model_of(AMOUNT, first, user("u"), end(), path("r", "u", "e")), {"made": 3}, start_event="r")

    assert (run.variables, run.waiting) == ({"amount": 3}, ["u"])


def test_a_send_task_sends_its_data_inputs():
    task = node("sendTask", "t", spec("sum") + data_in("r1", "sumI"), 'messageRef="M"')
    run = Run(model_of(AMOUNT, start(), task, end(), path(*"ste")), {"amount": 3})

    assert [one.variables for one in run.step.thrown] == [{"sum": 3}]


def test_outputs_of_a_task_that_only_sends_are_written_too():
    double = data_out("r1", "r2", "<transformation>amount * 2</transformation>")
    run = Run(
        model_of(AMOUNT, TOTAL, start(), node("sendTask", "t", double, 'messageRef="M"'), end(), path(*"ste")),
        {"amount": 3},
    )

    assert run.variables == {"amount": 3, "total": 6}


def test_data_of_an_ad_hoc_sub_process_decide_when_it_is_over():
    inner = '<dataObject id="done"/>' + user("u") + user("v") + "<completionCondition>done = true</completionCondition>"
    run = Run(model_of(start(), node("adHocSubProcess", "sub", inner), end(), path("s", "sub", "e")))

    run.complete("u", {"done": False})
    assert run.step.ended is None
    run.complete("v", {"done": True})

    assert run.variables == {}
    assert run.step.ended is not None


def test_a_handler_that_undoes_reads_and_writes_what_was_local_to_its_sub_process():
    undo = user("undo", attributes='isForCompensation="true"')
    mark = boundary("cb", "w", "<compensateEventDefinition/>")
    inner = node(
        "subProcess",
        "sub",
        AMOUNT
        + start("s2")
        + user("w")
        + mark
        + undo
        + '<association id="a" sourceRef="cb" targetRef="undo" associationDirection="One"/>'
        + end("e2")
        + path("s2", "w", "e2"),
    )
    last = throw("t", "<compensateEventDefinition/>")
    run = Run(model_of(start(), inner, last, end(), path("s", "sub", "t", "e")))
    run.complete("w", {"amount": 5})

    assert [p.local for p in run.positions if p.element_id == "undo"] == [{"amount": 5}]
    run.complete("undo", {"amount": 0})

    assert run.variables == {}
    assert run.step.ended is not None
