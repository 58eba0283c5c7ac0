"""Expressions of diagrams, checked against what forms, decisions and scripts write."""

from api.bootstrap import load_handlers
from api.config import ROOT
from api.source_files import default_paths, read_files, resources
from engine.bpmn import read_processes
from engine.dmn import read_decisions
from engine.services import deployment_check
from engine.services.process_expressions import Surroundings, check_process, environment_of
from tests.builders.diagrams import diagram, escape, flows, table, user_task

FORM = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": ["done", "later"], "title": "结果"},
        "days": {"type": "number"},
    },
}


def around(*decisions):
    return Surroundings({"look": FORM}, {decision.key: decision for decision in decisions})


def small(condition, *, before=""):
    text = (
        '<bpmn:startEvent id="start" camunda:formKey="look"/>'
        + user_task("look", form="look")
        + before
        + '<bpmn:exclusiveGateway id="gate" default="gate_end"/><bpmn:userTask id="more"/><bpmn:endEvent id="end"/>'
        + flows("start>look", "look>gate", f"gate>more[{condition}]", "more>end", "gate>end")
    )
    (model,) = read_processes(diagram("small", text), "small.bpmn")
    return model


def found(condition, **parts):
    return [
        (written.where, finding.code, finding.severity)
        for written, finding in check_process(small(condition, **parts), around())
    ]


def test_the_fields_of_forms_are_variables_with_their_labels():
    seen = environment_of(small("true"), around())
    assert seen.names["action"].values == ("done", "later")
    assert seen.labels == {"action": "结果"}


def test_a_condition_over_the_fields_of_a_form_is_fine():
    assert found('action = "done" and days > 3') == []


def test_a_value_that_the_form_does_not_offer_is_doubtful():
    assert found('action = "never"') == [("gate_more", "feel-value-impossible", "warning")]


def test_a_slip_of_the_pen_is_told():
    assert found('acton = "done"') == [("gate_more", "feel-name-misspelt", "warning")]


def test_the_data_that_a_diagram_declares_are_variables():
    declared = '<bpmn:dataObject id="d1" name="amount"/><bpmn:property id="limit"/>'
    assert found("amount > limit", before=declared) == []
    assert found("amount > limt", before=declared) == [("gate_more", "feel-name-misspelt", "warning")]


def test_the_data_of_a_task_are_checked_as_all_expressions_are():
    task = (
        '<bpmn:dataObject id="amount"/><bpmn:scriptTask id="sum" scriptFormat="feel" camunda:resultVariable="made">'
        '<bpmn:ioSpecification><bpmn:dataInput id="i" name="given"/><bpmn:inputSet/><bpmn:outputSet/>'
        "</bpmn:ioSpecification><bpmn:dataInputAssociation><bpmn:sourceRef>amount</bpmn:sourceRef>"
        '<bpmn:targetRef>i</bpmn:targetRef><bpmn:transformation>"a" + 1</bpmn:transformation>'
        "</bpmn:dataInputAssociation><bpmn:script>given</bpmn:script></bpmn:scriptTask>" + flows("look>sum", "sum>gate")
    )
    assert ("sum", "feel-operand-types", "error") in found("days > 3", before=task)


def test_what_is_wrong_whatever_the_variables_are_is_an_error():
    assert found('"a" + 1 = action') == [("gate_more", "feel-operand-types", "error")]
    assert found('"done"') == [("gate_more", "feel-result-type", "error")]
    assert found("days") == [("gate_more", "feel-result-type", "warning")]


def test_the_answer_of_a_decision_is_known():
    rules = table("urgent", {"days": "number"}, ("answer",), (("< 5", "1"), (">= 5", "2")))
    decisions = read_decisions(rules, "urgent.dmn")
    text = (
        '<bpmn:startEvent id="start" camunda:formKey="look"/>'
        '<bpmn:businessRuleTask id="ask" camunda:decisionRef="urgent" camunda:resultVariable="found"'
        ' camunda:mapDecisionResult="singleEntry"/>'
        f'<bpmn:scriptTask id="count" scriptFormat="feel" camunda:resultVariable="sum"><bpmn:script>'
        f'{escape("days + 1")}</bpmn:script></bpmn:scriptTask><bpmn:endEvent id="end"/>'
    ) + flows("start>ask", "ask>count", "count>end")
    (model,) = read_processes(diagram("asking", text), "asking.bpmn")
    seen = environment_of(model, around(*decisions))
    assert str(seen.names["sum"]) == "number"
    assert "found" in seen.names


def test_all_that_is_shipped_is_free_of_findings():
    load_handlers()
    checked = deployment_check.check(resources(read_files(default_paths(ROOT))))
    assert [str(finding) for finding in checked.findings] == []
