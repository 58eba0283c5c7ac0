"""Data of a diagram: data objects with scope, properties, data inputs and outputs, and their associations."""

import pytest

from engine.bpmn import ExecutionError, read_file
from engine.bpmn.runtime import start as start_instance
from engine.errors import DeploymentError, Invalid
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    NOW,
    SIGNAL,
    Run,
    boundary,
    catch,
    definitions,
    end,
    model_of,
    node,
    path,
    process,
    script,
    service,
    start,
    throw,
    user,
)

AMOUNT = '<dataObject id="d1" name="amount"/><dataObjectReference id="r1" name="amount" dataObjectRef="d1"/>'
TOTAL = '<dataObject id="d2" name="total"/><dataObjectReference id="r2" name="total" dataObjectRef="d2"/>'


def data_in(source: str, target: str | None, inside: str = "") -> str:
    end_ = "" if target is None else f"<targetRef>{target}</targetRef>"
    sources = "".join(f"<sourceRef>{one}</sourceRef>" for one in source.split())
    return f"<dataInputAssociation>{sources}{end_}{inside}</dataInputAssociation>"


def data_out(source: str | None, target: str, inside: str = "") -> str:
    sources = "".join(f"<sourceRef>{one}</sourceRef>" for one in (source or "").split())
    return f"<dataOutputAssociation>{sources}<targetRef>{target}</targetRef>{inside}</dataOutputAssociation>"


def spec(inputs: str = "", outputs: str = "", *, optional: str = "") -> str:
    """Return an ioSpecification; ids are the names with a capital behind: `a` is `aI` or `aO`."""
    parts = [f'<dataInput id="{name}I" name="{name}"/>' for name in inputs.split()]
    parts += [f'<dataOutput id="{name}O" name="{name}"/>' for name in outputs.split()]
    refs = "".join(f"<dataInputRefs>{name}I</dataInputRefs>" for name in inputs.split())
    refs += "".join(f"<optionalInputRefs>{name}I</optionalInputRefs>" for name in optional.split())
    out = "".join(f"<dataOutputRefs>{name}O</dataOutputRefs>" for name in outputs.split())
    return f"<ioSpecification>{''.join(parts)}<inputSet>{refs}</inputSet><outputSet>{out}</outputSet></ioSpecification>"


def refused(*parts: str) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_file(process(*parts), "test.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


def warned(*parts: str) -> set[tuple[str, str]]:
    return {(one.code, one.where) for one in read_file(process(*parts), "test.bpmn").findings}


# -- data objects -----------------------------------------------------------------------------------------------------


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


# -- scope ------------------------------------------------------------------------------------------------------------


def sub(*parts: str, id_: str = "sub", inside: str = "", type_: str = "subProcess") -> str:
    return node(type_, id_, inside + start("s2") + "".join(parts) + end("e2"))


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


# -- properties -------------------------------------------------------------------------------------------------------


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


# -- data inputs and outputs of activities ----------------------------------------------------------------------------


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


# -- associations that are only drawn ---------------------------------------------------------------------------------

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


# -- sub-processes ----------------------------------------------------------------------------------------------------


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


# -- the process ------------------------------------------------------------------------------------------------------


def test_a_required_data_input_of_the_process_must_be_given_at_the_start():
    model = model_of(spec("needed may", "answer", optional="may"), start(), user("u"), end(), path(*"sue"))

    with pytest.raises(Invalid) as caught:
        start_instance(model, {}, now=NOW)

    assert (caught.value.key, caught.value.details["names"]) == ("start-input-missing", "needed")
    assert Run(model, {"needed": 1}).variables == {"needed": 1, "may": None, "answer": None}


# -- events -----------------------------------------------------------------------------------------------------------


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


# -- multi-instances in the standard's own words ----------------------------------------------------------------------

LIST = '<dataObject id="d1" name="people" isCollection="true"/><dataObjectReference id="r1" dataObjectRef="d1"/>'
ANSWERS = '<dataObject id="d2" name="answers" isCollection="true"/><dataObjectReference id="r2" dataObjectRef="d2"/>'


def many(inside: str, attributes: str = "") -> str:
    return f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>"


ITEMS = (
    "<loopDataInputRef>{}</loopDataInputRef><loopDataOutputRef>{}</loopDataOutputRef>"
    '<inputDataItem id="itemIn" name="person"/><outputDataItem id="itemOut" name="answer"/>'
)


@pytest.mark.parametrize("sequential", ["true", "false"])
@pytest.mark.parametrize("ends", [("r1", "r2"), ("d1", "d2"), ("peopleI", "answersO")])
def test_a_multi_instance_reads_and_writes_collections_in_the_words_of_the_standard(ends, sequential):
    inside = spec("people", "answers") + data_in("r1", "peopleI") + data_out("answersO", "r2")
    loop = many(ITEMS.format(*ends), f'isSequential="{sequential}"')
    run = Run(model_of(LIST, ANSWERS, start(), user("u", inside + loop), end(), path(*"sue")), {"people": ["a", "b"]})

    assert run.positions[-1].local["person"] == ("a" if sequential == "true" else "b")
    run.complete("u", {"answer": 1})
    assert run.variables["answers"] is None
    run.complete("u", {"answer": 2})

    assert run.variables == {"people": ["a", "b"], "answers": [1, 2]}
    assert run.step.ended is not None


def test_items_are_handed_to_the_data_inputs_and_outputs_of_each_instance():
    inside = spec("who", "vote") + data_in("itemIn", "whoI") + data_out("voteO", "itemOut")
    run = Run(
        model_of(LIST, ANSWERS, start(), user("u", inside + many(ITEMS.format("r1", "r2"))), end(), path(*"sue")),
        {"people": ["a", "b"]},
    )

    assert [p.local["who"] for p in run.positions if p.kind == "user_task"] == ["a", "b"]
    run.complete("u", {"vote": "no"}, 1)
    run.complete("u", {"vote": "yes"})

    assert run.variables == {"people": ["a", "b"], "answers": ["yes", "no"]}


@pytest.mark.parametrize(
    "condition",
    [
        "nrOfCompletedInstances = 2 and nrOfInstances = 3 and nrOfActiveInstances = 1",
        "numberOfCompletedInstances = 2 and numberOfInstances = 3 and numberOfActiveInstances = 1",
        "count(answers[item = 1]) = 2 and numberOfTerminatedInstances = 0",
    ],
)
def test_the_completion_condition_sees_the_counters_by_both_names_and_what_is_collected(condition):
    loop = many(ITEMS.format("r1", "r2") + f"<completionCondition>{condition}</completionCondition>")
    run = Run(model_of(LIST, ANSWERS, start(), user("u", loop), end(), path(*"sue")), {"people": ["a", "b", "c"]})

    run.complete("u", {"answer": 1})
    assert run.step.ended is None
    run.complete("u", {"answer": 1})

    assert run.variables["answers"] == [1, 1, None]
    assert run.step.ended is not None


# -- refusals ---------------------------------------------------------------------------------------------------------

STORE = '<dataStoreReference id="ds" name="archive"/>'


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (data_in("ds", None), "data-store-association"),
        (data_out(None, "ds"), "data-store-association"),
        (data_in("nothing", None), "reference-unresolved"),
        (data_out(None, "nothing"), "reference-unresolved"),
        (spec("a"), "data-input-unfed"),
        (spec("a") + data_in("r1 r2", "aI"), "data-association-source"),
        (
            spec("a") + data_in("r1", "aI", "<assignment><from>1</from><to>other</to></assignment>"),
            "data-assignment-target",
        ),
        (
            spec("a")
            + data_in("r1", "aI", '<transformation language="http://www.w3.org/1999/XPath">/a</transformation>'),
            "expression-language",
        ),
        (spec("a") + data_in("r1", "aI", "<transformation>${amount}</transformation>"), "expression-foreign"),
        (spec("a") + data_in("r1", "aI", "<assignment><to>a</to></assignment>"), "attribute-missing"),
        (spec("a") + data_in("r1", "r2"), "reference-unresolved"),
        ("<ioSpecification><inputSet/><inputSet/><outputSet/></ioSpecification>", "data-sets"),
        ("<ioSpecification><inputSet/><outputSet/><outputSet/></ioSpecification>", "data-sets"),
        (
            "<ioSpecification><inputSet><dataInputRefs>no</dataInputRefs></inputSet></ioSpecification>",
            "reference-unresolved",
        ),
        ("<ioSpecification><other/></ioSpecification>", "element-unsupported"),
        ("<ioSpecification><inputSet><other/></inputSet></ioSpecification>", "element-unsupported"),
        (data_out(None, "r1", "<targetRef>r2</targetRef>"), "element-unsupported"),
        ("<dataInputAssociation/>", "attribute-missing"),
        ("<dataOutputAssociation/>", "attribute-missing"),
        ("<property/>", "data-name"),
        ('<property id="x1" name="n"/><property id="x2" name="n"/>', "data-name-clash"),
        (spec("a") + data_in("r1", "aI") + data_in("r2", "aI"), "data-name-twice"),
        (
            '<ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs><whileExecutingInputRefs>i'
            "</whileExecutingInputRefs></inputSet></ioSpecification>" + data_in("r1", "i"),
            "data-while-executing",
        ),
        (
            '<extensionElements><camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter>'
            "</camunda:inputOutput></extensionElements>" + spec("a") + data_in("r1", "aI"),
            "data-name-twice",
        ),
    ],
)
def test_data_that_cannot_be_handled_right_are_refused_at_their_activity(inside, code):
    assert (code, "u") in refused(AMOUNT, TOTAL, STORE, start(), user("u", inside), end(), path(*"sue"))


@pytest.mark.parametrize(
    "inside",
    [
        '<ioSpecification><dataInput id="i" camunda:x="1"/></ioSpecification>',
        '<ioSpecification><dataOutput id="i" zhili:x="1"/></ioSpecification>',
        '<property id="i" camunda:x="1"/>',
        many('<loopCardinality>1</loopCardinality><inputDataItem id="i" camunda:x="1"/>'),
    ],
)
def test_an_attribute_of_data_that_nobody_hears_is_refused(inside):
    assert ("attribute-unsupported", "i") in refused(start(), user("u", inside), end(), path(*"sue"))


def test_a_collection_that_is_put_together_from_parts_is_refused():
    parts = "<assignment><from>1</from><to>people.a</to></assignment>"
    inside = spec("people") + data_in("r1", "peopleI", parts) + many("<loopDataInputRef>peopleI</loopDataInputRef>")
    assert ("data-loop-input", "u") in refused(AMOUNT, start(), user("u", inside), end(), path(*"sue"))


@pytest.mark.parametrize("kind", ["in", "out"])
def test_a_call_does_not_hand_over_one_name_twice(kind):
    twice = f'<extensionElements><camunda:{kind} source="x" target="amount"/></extensionElements>'
    ends = data_in("r1", "amountI") if kind == "in" else data_out("madeO", "r1")
    declared = spec("amount") if kind == "in" else spec(outputs="made")
    call = node("callActivity", "c", twice + declared + ends, 'calledElement="G"')
    assert ("data-name-twice", "c") in refused(AMOUNT, start(), call, end(), path(*"sce"))


def test_a_subscription_inside_a_sub_process_is_refused():
    inner = sub(user("u"), path("s2", "u", "e2"), inside='<correlationSubscription id="cs" correlationKeyRef="K"/>')
    assert ("element-unsupported", "sub") in refused(start(), inner, end(), path("s", "sub", "e"))


def test_a_data_store_that_nobody_reads_or_writes_is_a_drawing():
    model = model_of(STORE, start(), user("u"), end(), path(*"sue"))

    assert Run(model).variables == {}


def test_a_task_that_nobody_does_has_no_required_data_output():
    task = node("task", "t", spec(outputs="x") + data_out("xO", "r1"))
    assert ("data-output-nobody", "t") in refused(AMOUNT, start(), task, end(), path(*"ste"))


def test_a_data_output_without_an_association_is_doubted_and_goes_nowhere():
    task = user("u", spec(outputs="x"))
    assert ("data-output-unused", "u") in warned(start(), task, end(), path(*"sue"))
    run = Run(model_of(start(), task, end(), path(*"sue")))

    run.complete("u", {"x": 1})

    assert run.variables == {}


def test_descriptions_are_kept_without_effect():
    described = '<auditing id="au"/><monitoring id="mo"/><rendering id="re"/>'
    item = '<itemDefinition id="item" structureRef="xsd:int" isCollection="false"/>'
    thing = '<dataObject id="d" name="amount" itemSubjectRef="item" isCollection="false"/>'
    body = f"{thing}{start()}{user('u', described)}{end()}{path(*'sue')}"
    file = read_file(definitions(f'{item}<process id="p" isExecutable="true">{body}</process>'), "f.bpmn")

    assert Run(file.models[0]).variables == {"amount": None}


def held_up(first: str, *, optional: bool = False) -> Run:
    """`a` needs the data object `amount`, which `b` gives."""
    take = spec("i", optional="i" if optional else "") + data_in("r1", "iI")
    give = user("b", spec(outputs="o") + data_out("oO", "r1"))
    gate = node("parallelGateway", "f") + node("parallelGateway", "j")
    ways = path("s", "f", "a", "j", "e") + path("f", "b", "j")
    return Run(model_of(AMOUNT, start(), gate, first.replace("TAKE", take), give, end(), ways))


@pytest.mark.parametrize("first", [user("a", "TAKE"), node("sendTask", "a", "TAKE", 'messageRef="M"')])
def test_an_activity_waits_until_the_data_that_it_needs_are_there(first):
    """BPMN 2.0.2 §10.4.2: it must wait while a source is unavailable."""
    run = held_up(first)
    assert [(p.element_id, p.kind) for p in run.positions] == [("a", "data"), ("b", "user_task")]
    assert "a" not in {name for name, _ in run.history}

    run.complete("b", {"o": 5})

    assert ("a", "entered") in run.history
    if run.step.ended is None:
        assert run.positions[0].local == {"i": 5}


def test_an_activity_does_not_wait_for_data_that_are_optional():
    run = held_up(user("a", "TAKE"), optional=True)

    assert sorted(run.waiting) == ["a", "b"]


def test_data_that_are_corrected_let_an_activity_begin():
    take = user("a", spec("i") + data_in("r1", "iI"))
    run = Run(model_of(AMOUNT, start(), take, end(), path("s", "a", "e")))
    assert [p.kind for p in run.positions] == ["data"]

    run.set_variables({"amount": 3})

    assert [p.kind for p in run.positions] == ["user_task"]
