"""Expressions of other vendors are refused wherever they stand, with the FEEL to write instead."""

import pytest

from engine.bpmn import read_processes
from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    SIGNAL,
    boundary,
    catch,
    definitions,
    end,
    flow,
    mapping,
    node,
    path,
    process,
    service,
    start,
    throw,
    timer,
    user,
)

MESSAGE_WITH_KEY = '<messageEventDefinition messageRef="M" zhili:correlationKey="${key}"/>'


def refused(xml: bytes):
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "f.bpmn")
    return [
        (problem.where, problem.params.get("place"), problem.params.get("suggestion"))
        for problem in caught.value.problems
        if problem.code in {"expression-foreign", "expression-language", "script-foreign"}
    ]


def around(part: str) -> bytes:
    return process(start(), part, end(), path("s", "x", "e"))


def condition(text: str, language: str = "") -> str:
    return f'<conditionExpression xsi:type="tFormalExpression" {language}>{text}</conditionExpression>'


@pytest.mark.parametrize(
    ("part", "place", "suggestion"),
    [
        (user("x", attributes='camunda:assignee="${starter}"'), "camunda:assignee", "= starter"),
        (
            user("x", attributes='camunda:candidateGroups="head@${unit}"'),
            "camunda:candidateGroups",
            '= "head@" + string(unit)',
        ),
        (user("x", attributes='camunda:dueDate="#{limit}"'), "camunda:dueDate", "= limit"),
        (user("x", attributes='camunda:assignee="${people.find(1)}"'), "camunda:assignee", None),
        (user("x", mapping({"a": "${b * 2}"})), "inputParameter a", "= b * 2"),
        (user("x", mapping({}, {"a": "${b eq 'x'}"})), "outputParameter a", '= b = "x"'),
        (catch("x", timer("${wait}")), "timeDuration", "= wait"),
        (catch("x", MESSAGE_WITH_KEY), "zhili:correlationKey", "= key"),
        (
            user("x", '<multiInstanceLoopCharacteristics camunda:collection="${people}"/>'),
            "collection",
            "= people",
        ),
        (
            user(
                "x",
                "<multiInstanceLoopCharacteristics><loopCardinality>${count}</loopCardinality>"
                "<completionCondition>${nrOfCompletedInstances == 2}</completionCondition>"
                "</multiInstanceLoopCharacteristics>",
            ),
            "completionCondition",
            "= nrOfCompletedInstances = 2",
        ),
        (
            node(
                "callActivity",
                "x",
                '<extensionElements><camunda:in sourceExpression="${a.b}" target="c"/></extensionElements>',
                'calledElement="other"',
            ),
            "in c",
            "= a.b",
        ),
        (
            node("businessRuleTask", "x", attributes='camunda:decisionRef="${table}"'),
            "camunda:decisionRef",
            "= table",
        ),
        (service("x", attributes='camunda:jobPriority="${weight}"'), "camunda:jobPriority", "= weight"),
    ],
)
def test_an_expression_of_another_vendor_is_refused_with_the_feel_to_write(part, place, suggestion):
    assert ("x", place, suggestion) in refused(around(part))


@pytest.mark.parametrize(
    ("text", "language", "suggestion"),
    [
        ("amount == 5 &amp;&amp; !late", "", "= amount = 5 and not(late)"),
        ("status is None or status == 'x'", "", '= status = null or status = "x"'),
        ("amount > 5 and not late", 'language="python"', "= amount > 5 and not(late)"),
        ("amount > 5", 'language="groovy"', "= amount > 5"),
        ("amount > 5", 'language="http://www.w3.org/1999/XPath"', None),
    ],
)
def test_a_condition_in_another_language_is_refused_at_its_flow(text, language, suggestion):
    drawn = flow("x", "e").replace("</sequenceFlow>", condition(text, language) + "</sequenceFlow>")
    xml = process(
        start(), node("exclusiveGateway", "x"), end(), end("e2"), flow("s", "x"), drawn, flow("x", "e2", "1=1")
    )

    assert refused(xml) == [("x_e", "conditionExpression", suggestion)]


@pytest.mark.parametrize(
    ("script", "format_", "result", "suggestion"),
    [
        ("total = a + b", "python", "", ' and camunda:resultVariable="total"'),
        ("a + b", "javascript", 'camunda:resultVariable="c"', ""),
        ("execution.setVariable('total', a + b);", "groovy", "", ' and camunda:resultVariable="total"'),
    ],
)
def test_a_script_of_one_statement_is_refused_with_expression_and_variable(script, format_, result, suggestion):
    task = node("scriptTask", "x", f"<script>{script}</script>", f'scriptFormat="{format_}" {result}')
    with pytest.raises(DeploymentError) as caught:
        read_processes(around(task), "f.bpmn")

    (problem,) = caught.value.problems
    assert (problem.code, problem.params["suggestion"], problem.params["result"]) == (
        "script-foreign",
        "= a + b",
        suggestion,
    )


def test_what_another_engine_says_in_its_own_words_must_hold_no_expression():
    xml = definitions(
        '<process id="p" xmlns:flowable="http://flowable.org/bpmn" '
        'xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        + start()
        + user(
            "x",
            "<extensionElements><spiff:preScript>total = len(items)</spiff:preScript></extensionElements>",
            'flowable:assignee="${clerk}" flowable:category="plain"',
        )
        + end()
        + path("s", "x", "e")
        + "</process>"
    )

    assert refused(xml) == [
        ("x", "flowable:assignee", "= clerk"),
        (
            "x",
            "spiffworkflow:preScript",
            "= if items instance of string then string length(items) else count(items)",
        ),
    ]


def test_the_condition_of_a_conditional_event_is_read_as_every_other_text():
    inside = f"<conditionalEventDefinition>{'<condition>${level == 3}</condition>'}</conditionalEventDefinition>"
    event = boundary("b", "x", inside)
    xml = process(start(), user("x"), event, end(), end("e2"), path("s", "x", "e"), path("b", "e2"))

    assert refused(xml) == [("b", "condition", "= level = 3")]


def test_a_thrown_message_is_refused_with_its_payload():
    event = throw("x", SIGNAL, mapping({"level": "${a} of ${b}"}))

    assert refused(around(event)) == [("x", "inputParameter level", '= string(a) + " of " + string(b)')]
