"""Data objects with scope, and properties."""

import pytest

from tests.unit.bpmn.data_parts import AMOUNT, TOTAL, data_in, data_out, refused, spec, sub, warned
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    Run,
    catch,
    end,
    model_of,
    path,
    script,
    start,
    user,
)


def test_a_data_object_of_the_process_is_a_variable_that_is_null_at_first():
    run = Run(
        model_of(
            AMOUNT, start(), script("c", "if amount = null then 1 else 2", "seen"), user("u"), end(), path(*"scue")
        )
    )

    assert run.variables == {"amount": None, "seen": 1}


def test_a_data_object_takes_the_value_that_the_instance_starts_with():
    run = Run(model_of(AMOUNT, start(), user("u"), end(), path("s", "u", "e")), {"amount": 7})

    assert run.variables == {"amount": 7}


def test_expressions_write_a_data_object_by_its_name():
    run = Run(model_of(AMOUNT, start(), script("c", "5", "amount"), user("u"), end(), path(*"scue")))

    assert run.variables["amount"] == 5


@pytest.mark.parametrize(
    ("attributes", "variable"),
    [
        ('id="d" name="amount"', "amount"),
        ('id="d" name="申请金额"', "申请金额"),
        ('id="d" name="two words"', "d"),
        ('id="d" name="for"', "d"),
        ('id="d" name="true"', "d"),
        ('id="d"', "d"),
    ],
)
def test_a_data_object_is_called_by_its_name_where_an_expression_can_read_it_else_by_its_id(attributes, variable):
    run = Run(model_of(f"<dataObject {attributes}/>", start(), user("u"), end(), path("s", "u", "e")))

    assert run.variables == {variable: None}


def test_a_data_object_that_no_expression_could_read_is_refused():
    assert ("data-name", "p") in refused(
        '<dataObject id="a-b" name="two words"/>', start(), user("u"), end(), path(*"sue")
    )


def test_two_data_objects_of_one_scope_with_one_name_are_refused():
    other = '<dataObject id="d9" name="amount"/>'
    assert ("data-name-clash", "p") in refused(AMOUNT, other, start(), user("u"), end(), path(*"sue"))


def test_several_references_stand_for_one_data_object():
    again = '<dataObjectReference id="r9" dataObjectRef="d1"><dataState id="st" name="approved"/></dataObjectReference>'
    tasks = user("u", spec(outputs="x") + data_out("xO", "r1")) + user("v", spec("y") + data_in("r9", "yI"))
    run = Run(model_of(AMOUNT, again, start(), tasks, end(), path(*"suve")))

    run.complete("u", {"x": 3})

    assert run.positions[0].local == {"y": 3}


def test_a_reference_to_an_unknown_data_object_is_refused_by_id():
    lost = '<dataObjectReference id="r9" dataObjectRef="nothing"/>'
    assert ("reference-unresolved", "r9") in refused(lost, start(), user("u"), end(), path(*"sue"))


def test_a_reference_that_is_drawn_under_another_name_is_doubted():
    other = '<dataObjectReference id="r9" name="sum" dataObjectRef="d1"/>'
    assert ("data-object-label", "r9") in warned(AMOUNT, other, start(), user("u"), end(), path(*"sue"))


def test_a_data_object_of_a_sub_process_is_invisible_outside_and_gone_afterwards():
    inner = sub(AMOUNT, script("c", "5", "amount"), user("u"), path("s2", "c", "u", "e2"))
    run = Run(model_of(start(), inner, user("v"), end(), path("s", "sub", "v", "e")))

    assert run.variables == {}
    assert run.positions[-1].local == {"amount": 5}
    run.complete("u", {"amount": 6})

    assert run.variables == {}
    assert run.positions[0].local == {}


def test_a_data_object_of_a_sub_process_is_null_again_each_time_it_begins():
    seen = script("c", "append(if seen = null then [] else seen, amount)", "seen")
    inner = sub(AMOUNT, seen, user("u"), path("s2", "c", "u", "e2"), type_="subProcess")
    loop = (
        '<standardLoopCharacteristics loopMaximum="2"><loopCondition>true</loopCondition></standardLoopCharacteristics>'
    )
    inner = inner.replace("</subProcess>", f"{loop}</subProcess>")
    run = Run(model_of('<dataObject id="seen"/>', start(), inner, end(), path("s", "sub", "e")))

    run.complete("u", {"amount": 6})
    run.complete("u", {"amount": 7})

    assert run.variables == {"seen": [None, None]}


def test_an_inner_data_object_hides_an_outer_one():
    inner = sub(
        AMOUNT.replace("d1", "d3").replace("r1", "r3"),
        script("c", "5", "amount"),
        user("u"),
        path("s2", "c", "u", "e2"),
    )
    run = Run(model_of(AMOUNT, start(), inner, end(), path("s", "sub", "e")), {"amount": 1})

    assert run.positions[-1].local == {"amount": 5}
    run.complete("u", {"amount": 6})

    assert run.variables == {"amount": 1}
    assert run.step.ended is not None


def test_instances_of_a_multi_instance_sub_process_have_data_objects_of_their_own_and_share_outer_ones():
    many = '<multiInstanceLoopCharacteristics camunda:collection="[1, 2]" camunda:elementVariable="one"/>'
    inner = sub(
        AMOUNT,
        user("u"),
        script("c", "(if total = null then 0 else total) + amount", "total"),
        path("s2", "u", "c", "e2"),
    )
    inner = inner.replace("</subProcess>", f"{many}</subProcess>")
    run = Run(model_of(TOTAL, start(), inner, end(), path("s", "sub", "e")))

    run.complete("u", {"amount": 10}, 1)
    assert run.variables == {"total": 10}
    assert run.positions[-1].local == {"amount": None, "loopCounter": 1, "one": 1}
    run.complete("u", {"amount": 5})

    assert run.variables == {"total": 15}


def test_an_association_to_data_that_something_nearer_hides_is_refused():
    inner = sub(
        AMOUNT.replace("d1", "d3").replace("r1", "r3"),
        user("u", spec("a") + data_in("r1", "aI")),
        path("s2", "u", "e2"),
    )
    assert ("data-hidden", "u") in refused(AMOUNT, start(), inner, end(), path("s", "sub", "e"))


def test_an_association_with_data_of_a_scope_that_is_not_around_is_refused():
    inner = sub(AMOUNT, user("u"), path("s2", "u", "e2"))
    reader = user("v", spec("a") + data_in("r1", "aI"))
    assert ("reference-unresolved", "v") in refused(start(), inner, reader, end(), path("s", "sub", "v", "e"))


def test_a_property_of_the_process_is_a_process_variable():
    run = Run(model_of('<property id="p1" name="note"/>', start(), user("u"), end(), path(*"sue")))

    assert run.variables == {"note": None}


def test_a_property_of_a_sub_process_is_its_own():
    inner = sub(user("u"), path("s2", "u", "e2"), inside='<property id="p1" name="note"/>')
    run = Run(model_of(start(), inner, end(), path("s", "sub", "e")))

    run.complete("u", {"note": "x", "other": 1})

    assert run.variables == {"other": 1}


def test_a_property_of_an_activity_is_local_and_can_be_the_source_of_an_association():
    inside = '<property id="p1" name="note"/>' + data_out("p1", "r1")
    run = Run(model_of(AMOUNT, start(), user("u", inside), end(), path(*"sue")))

    assert run.positions[0].local == {"note": None}
    run.complete("u", {"note": 4})

    assert run.variables == {"amount": 4}


def test_a_property_can_be_the_target_of_an_association():
    inside = '<property id="p1" name="note"/>' + data_in("r1", "p1")
    run = Run(model_of(AMOUNT, start(), user("u", inside), end(), path(*"sue")), {"amount": 3})

    assert run.positions[0].local == {"note": 3}


def test_a_property_of_an_event_is_its_own():
    inside = '<property id="p1" name="note"/>' + MESSAGE + '<dataOutput id="o" name="x"/>' + data_out("o", "p1")
    run = Run(model_of(start(), catch("m", inside), user("u"), end(), path(*"smue")))

    run.deliver("m", {"x": 1, "y": 2})

    assert run.variables == {"y": 2}
