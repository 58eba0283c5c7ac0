"""Processes that call themselves, through others or not, are told; refused where no run could end."""

import pytest

from engine.errors import DeploymentError
from engine.services.deployment_check import check
from tests.builders.diagrams import chain, diagram, files, flows, user_task


def call(id_, key, inner="", binding=""):
    return f'<bpmn:callActivity id="{id_}" name="{id_}" calledElement="{key}" {binding}>{inner}</bpmn:callActivity>'


def straight(key, called, **details):
    """A process that always calls another one."""
    return diagram(key, chain(user_task("look"), call("again", called, **details), names=("look", "again")))


def free(key, called):
    """A process that calls another one where somebody says so."""
    body = (
        '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="x" name="x" default="x_end"/>'
        + call("again", called)
        + '<bpmn:endEvent id="end"/>'
        + flows("start>x", "x>again[more]", "x>end", "again>end")
    )
    return diagram(key, body)


def told(**contents):
    """Return code, severity, element, file and circle of what is found about calls."""
    try:
        found = check(files(**contents)).findings
    except DeploymentError as error:
        found = error.problems
    return [
        (one.code, one.severity, one.where, one.file, one.params["circle"])
        for one in found
        if one.code.startswith("call-circle")
    ]


def test_a_process_that_always_calls_itself_is_refused():
    assert told(a_bpmn=straight("a", "a")) == [("call-circle-endless", "error", "again", "a.bpmn", "a → a")]


def test_a_process_that_may_call_itself_is_doubtful():
    assert told(a_bpmn=free("a", "a")) == [("call-circle", "warning", "again", "a.bpmn", "a → a")]


def test_a_circle_of_three_is_named_once():
    circle = {"a_bpmn": straight("a", "b"), "b_bpmn": straight("b", "c"), "c_bpmn": straight("c", "a")}
    assert told(**circle) == [("call-circle-endless", "error", "again", "a.bpmn", "a → b → c → a")]
    assert told(**circle | {"b_bpmn": free("b", "c")}) == [
        ("call-circle", "warning", "again", "a.bpmn", "a → b → c → a")
    ]


def test_calls_without_a_circle_are_fine():
    assert told(a_bpmn=straight("a", "b"), b_bpmn=diagram("b", chain(user_task("u"), names=("u",)))) == []


def test_a_call_of_a_fixed_version_makes_no_circle():
    version = 'camunda:calledElementBinding="version" camunda:calledElementVersion="1"'
    assert told(a_bpmn=straight("a", "a", binding=version)) == []


def test_a_call_for_each_of_a_list_may_have_nothing_to_do():
    many = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="parts" camunda:elementVariable="part">'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    assert [one[:2] for one in told(a_bpmn=straight("a", "a", inner=many))] == [("call-circle", "warning")]


@pytest.mark.parametrize(("kind", "severity"), [("parallel", "error"), ("exclusive", "warning")])
def test_a_branch_that_always_runs_cannot_be_avoided(kind, severity):
    default = 'default="f_look"' if kind == "exclusive" else ""
    condition = "[more]" if kind == "exclusive" else ""
    body = (
        f'<bpmn:startEvent id="start"/><bpmn:{kind}Gateway id="f" name="f" {default}/><bpmn:{kind}Gateway id="j"/>'
        + user_task("look")
        + call("again", "a")
        + '<bpmn:endEvent id="end"/>'
        + flows("start>f", "f>look", f"f>again{condition}", "look>j", "again>j", "j>end")
    )
    assert [one[1] for one in told(a_bpmn=diagram("a", body))] == [severity]


def test_a_call_inside_a_sub_process_counts():
    inner = '<bpmn:startEvent id="i"/>' + call("again", "a") + '<bpmn:endEvent id="o"/>' + flows("i>again", "again>o")
    sub = f'<bpmn:subProcess id="sub" name="sub">{inner}</bpmn:subProcess>'
    assert told(a_bpmn=diagram("a", chain(sub, names=("sub",)))) == [
        ("call-circle-endless", "error", "again", "a.bpmn", "a → a")
    ]


def test_an_event_sub_process_that_interrupts_is_a_way_out():
    begins = '<bpmn:startEvent id="es"><bpmn:messageEventDefinition messageRef="M"/></bpmn:startEvent>'
    inside = begins + '<bpmn:endEvent id="ee"/>' + flows("es>ee")
    rescue = f'<bpmn:subProcess id="withdrawn" triggeredByEvent="true">{inside}</bpmn:subProcess>'
    body = chain(user_task("look"), call("again", "a"), names=("look", "again"))
    message = '<bpmn:message id="M" name="withdraw"/>'

    assert told(a_bpmn=diagram("a", body + rescue, roots=message)) == [
        ("call-circle", "warning", "again", "a.bpmn", "a → a")
    ]
    beside = rescue.replace('id="es"', 'id="es" isInterrupting="false"')
    assert [one[:2] for one in told(a_bpmn=diagram("a", body + beside, roots=message))] == [
        ("call-circle-endless", "error")
    ]


def test_a_link_in_a_sub_process_is_not_the_link_of_the_same_name_outside():
    def linked(prefix: str, name: str) -> str:
        link = '<bpmn:linkEventDefinition name="past"/>'
        throws = f'<bpmn:intermediateThrowEvent id="{prefix}t">{link}</bpmn:intermediateThrowEvent>'
        return (
            throws + f'<bpmn:intermediateCatchEvent id="{prefix}c" name="{name}">{link}</bpmn:intermediateCatchEvent>'
        )

    inside = '<bpmn:startEvent id="is"/>' + linked("i", "in") + '<bpmn:endEvent id="ie"/>' + flows("is>it", "ic>ie")
    body = (
        '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="x" name="x" default="x_ot"/>'
        + call("again", "a")
        + linked("o", "out")
        + f'<bpmn:subProcess id="sub" name="sub">{inside}</bpmn:subProcess><bpmn:endEvent id="end"/>'
        + flows("start>x", "x>again[more]", "x>ot", "again>sub", "oc>end", "sub>end")
    )

    assert told(a_bpmn=diagram("a", body)) == [("call-circle", "warning", "again", "a.bpmn", "a → a")]
