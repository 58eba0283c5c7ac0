"""Data inputs and outputs of activities, sub-processes and the process, and their associations."""

import pytest

from engine.bpmn import ExecutionError
from engine.bpmn.runtime import start as start_instance
from engine.errors import Invalid
from tests.unit.bpmn.data_parts import AMOUNT, TOTAL, data_in, data_out, refused, spec, sub
from tests.unit.bpmn.diagrams import (
    NOW,
    Run,
    end,
    model_of,
    node,
    path,
    script,
    service,
    start,
    user,
)


@pytest.mark.parametrize("make", [user, service])
def test_data_inputs_are_copied_in_and_data_outputs_out(make):
    inside = spec("given", "made") + data_in("r1", "givenI") + data_out("madeO", "r2")
    run = Run(model_of(AMOUNT, TOTAL, start(), make("u", inside), end(), path(*"sue")), {"amount": 3})

    assert run.positions[0].local == {"given": 3}
    run.complete("u", {"made": 9})

    assert run.variables == {"amount": 3, "total": 9}
    assert run.step.ended is not None


def test_a_data_input_may_be_called_as_the_data_object_that_feeds_another():
    crossed = spec("amount total") + data_in("r1", "totalI") + data_in("r2", "amountI")
    run = Run(model_of(AMOUNT, TOTAL, start(), user("u", crossed), end(), path(*"sue")), {"amount": 1, "total": 2})

    assert run.positions[0].local == {"amount": 2, "total": 1}


def test_a_data_input_keeps_its_value_while_the_data_object_changes():
    reader = user("u", spec("given") + data_in("r1", "givenI"))
    fork = '<parallelGateway id="g"/>'
    flows = path("s", "g", "u", "e") + path("g", "v", "e3")
    run = Run(model_of(AMOUNT, start(), fork, reader, user("v"), end(), end("e3"), flows), {"amount": 1})

    run.complete("v", {"amount": 2})

    assert run.variables["amount"] == 2
    assert [p.local for p in run.positions if p.element_id == "u"] == [{"given": 1}]


def test_a_result_without_a_required_data_output_is_refused_and_nothing_has_happened():
    run = Run(model_of(AMOUNT, start(), user("u", spec(outputs="made") + data_out("madeO", "r1")), end(), path(*"sue")))

    with pytest.raises(ExecutionError) as caught:
        run.complete("u", {"other": 1})

    assert caught.value.key == "data-output-missing"
    assert run.waiting == ["u"]


def test_an_optional_data_output_that_is_missing_is_null_whatever_else_is_called_so():
    inside = '<ioSpecification><dataOutput id="o" name="made"/><inputSet/><outputSet><dataOutputRefs>o</dataOutputRefs>'
    inside += "<optionalOutputRefs>o</optionalOutputRefs></outputSet></ioSpecification>" + data_out("o", "r1")
    run = Run(model_of(AMOUNT, start(), user("u", inside), end(), path(*"sue")), {"made": "outer"})

    run.complete("u", {})

    assert run.variables == {"amount": None, "made": "outer"}


def test_what_a_result_says_beside_its_data_outputs_goes_where_it_always_goes():
    run = Run(model_of(AMOUNT, start(), user("u", spec(outputs="made") + data_out("madeO", "r1")), end(), path(*"sue")))

    run.complete("u", {"made": 1, "other": 2})

    assert run.variables == {"amount": 1, "other": 2}


def test_a_transformation_gives_the_whole_target_from_several_sources():
    inside = spec("sum") + data_in("r1 r2", "sumI", "<transformation>= amount + total</transformation>")
    run = Run(model_of(AMOUNT, TOTAL, start(), user("u", inside), end(), path(*"sue")), {"amount": 1, "total": 2})

    assert run.positions[0].local == {"sum": 3}


def test_assignments_fill_entries_of_their_target_in_order():
    one = "<assignment><from>amount</from><to>form.money.sum</to></assignment>"
    two = '<assignment><from>"CNY"</from><to>form.money.unit</to></assignment>'
    run = Run(
        model_of(AMOUNT, start(), user("u", spec("form") + data_in("r1", "formI", one + two)), end(), path(*"sue")),
        {"amount": 1},
    )

    assert run.positions[0].local == {"form": {"money": {"sum": 1, "unit": "CNY"}}}


def test_an_assignment_on_the_way_out_changes_only_its_entry():
    change = "<assignment><from>made * 2</from><to>amount.sum</to></assignment>"
    inside = spec(outputs="made") + data_out("madeO", "r1", change)
    run = Run(model_of(AMOUNT, start(), user("u", inside), end(), path(*"sue")), {"amount": {"sum": 1, "unit": "CNY"}})

    run.complete("u", {"made": 4})

    assert run.variables["amount"] == {"sum": 8, "unit": "CNY"}


def test_a_script_and_a_plain_task_have_data_too():
    calculate = script("c", "given * 2", "made").replace(
        "</scriptTask>", spec("given", "made") + data_in("r1", "givenI") + data_out("madeO", "r2") + "</scriptTask>"
    )
    copying = node(
        "task", "t", spec("x") + data_in("r2", "xI") + data_out("xI", "r1", "<transformation>x + 1</transformation>")
    )
    assert ("data-association-end", "t") in refused(AMOUNT, TOTAL, start(), copying, end(), path(*"ste"))
    plain = node("task", "t", data_out("r2", "r1", "<transformation>total + 1</transformation>"))

    run = Run(model_of(AMOUNT, TOTAL, start(), calculate, plain, user("u"), end(), path(*"sctue")), {"amount": 4})

    assert run.variables == {"amount": 9, "total": 8}


def test_camunda_parameters_and_associations_apply_together_in_the_order_of_the_file():
    parameters = (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="a">= amount + 1</camunda:inputParameter>'
        '<camunda:outputParameter name="b">= made + 1</camunda:outputParameter></camunda:inputOutput>'
        "</extensionElements>"
    )
    inside = parameters + spec("given", "made") + data_in("r1", "givenI") + data_out("madeO", "r2")
    run = Run(model_of(AMOUNT, TOTAL, start(), user("u", inside), end(), path(*"sue")), {"amount": 1})

    assert run.positions[0].local == {"a": 2, "given": 1}
    run.complete("u", {"made": 5, "other": 1})

    assert run.variables == {"amount": 1, "total": 5, "b": 6}


PLACEHOLDER = '<property id="ph" name="__targetRef_placeholder"/>'


@pytest.mark.parametrize("target", [None, "ph"])
def test_an_association_that_is_only_drawn_hands_over_the_data_object_under_its_own_name(target):
    inside = (PLACEHOLDER if target else "") + data_in("r1", target) + data_out(None, "r2")
    run = Run(model_of(AMOUNT, TOTAL, start(), user("u", inside), end(), path(*"sue")), {"amount": 1})

    assert run.positions[0].local == {"amount": 1}
    run.complete("u", {"total": 2, "other": 3})

    assert run.variables == {"amount": 1, "total": 2, "other": 3}


def test_a_drawn_association_lets_the_data_object_pass_beside_output_parameters():
    parameters = (
        '<extensionElements><camunda:inputOutput><camunda:outputParameter name="b">= x</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    run = Run(model_of(TOTAL, start(), user("u", parameters + data_out(None, "r2")), end(), path(*"sue")))

    run.complete("u", {"total": 2, "x": 3})

    assert run.variables == {"total": 2, "b": 3}


def test_a_sub_process_has_data_inputs_and_outputs_of_its_own():
    inside = spec("amount", "made") + data_in("r1", "amountI") + data_out("madeO", "r2")
    inner = sub(script("c", "amount + 1", "made"), user("u"), path("s2", "c", "u", "e2"), inside=inside)
    run = Run(model_of(AMOUNT, TOTAL, start(), inner, end(), path("s", "sub", "e")), {"amount": 1})

    assert run.positions[-1].local == {"amount": 1, "made": 2}
    run.complete("u", {"amount": 7, "free": 1})

    assert run.variables == {"amount": 1, "total": 2, "free": 1}


def test_tasks_inside_a_sub_process_use_its_data_by_association():
    inside = spec("given", "made") + data_in("r1", "givenI") + data_out("madeO", "r2")
    work = user(
        "u",
        '<ioSpecification><dataInput id="xI" name="x"/><dataOutput id="yO" name="y"/><inputSet/><outputSet/>'
        "</ioSpecification>" + data_in("givenI", "xI") + data_out("yO", "madeO"),
    )
    run = Run(
        model_of(AMOUNT, TOTAL, start(), sub(work, path("s2", "u", "e2"), inside=inside), end(), path("s", "sub", "e")),
        {"amount": 1},
    )

    assert run.positions[-1].local == {"given": 1, "made": None, "x": 1}
    run.complete("u", {"y": 5})

    assert run.variables == {"amount": 1, "total": 5}


def test_a_required_data_input_of_the_process_must_be_given_at_the_start():
    model = model_of(spec("needed may", "answer", optional="may"), start(), user("u"), end(), path(*"sue"))

    with pytest.raises(Invalid) as caught:
        start_instance(model, {}, now=NOW)

    assert (caught.value.key, caught.value.details["names"]) == ("start-input-missing", "needed")
    assert Run(model, {"needed": 1}).variables == {"needed": 1, "may": None, "answer": None}
