"""Words that are known here, at elements where nobody would hear them: refused by name, never ignored."""

import pytest

from engine.bpmn import read_file
from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    ERROR,
    SIGNAL,
    Run,
    boundary,
    catch,
    end,
    mapping,
    model_of,
    node,
    path,
    process,
    service,
    start,
    throw,
    timer,
    user,
)

OUT = mapping(outputs={"x": "= 1"})
IN = mapping({"x": "= 1"})
LINK = '<linkEventDefinition name="on"/>'
ESCALATION = '<escalationEventDefinition escalationRef="X"/>'
MULTI = "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
KEY = 'zhili:correlationKey="K"'


def triggered(definition: str, inside: str = "", attributes: str = "") -> str:
    content = node("startEvent", "es", inside + definition) + end("ee") + path("es", "ee")
    return node("subProcess", "ev", content, f'triggeredByEvent="true" {attributes}')


def beside(*parts: str) -> str:
    return start() + user("u") + end() + path("s", "u", "e") + "".join(parts)


def inside_of(content: str) -> str:
    return start() + node("subProcess", "sub", content + end("ie")) + end() + path("s", "sub", "e")


CASES = {
    "output of a link": (
        start() + throw("t", LINK) + catch("c", OUT + LINK) + end() + path("s", "t") + path("c", "e"),
        "c",
        "event-output",
    ),
    "input of a link": (
        start() + throw("t", LINK) + catch("c", IN + LINK) + end() + path("s", "t") + path("c", "e"),
        "c",
        "event-input",
    ),
    "output of a start in a sub-process": (inside_of(start("is", OUT) + path("is", "ie")), "is", "event-output"),
    "output of an error start": (beside(triggered(ERROR, OUT)), "es", "event-output"),
    "output of an escalation start": (beside(triggered(ESCALATION, OUT)), "es", "event-output"),
    "output of an escalation at the boundary": (
        inside_of(start("is") + path("is", "ie")) + boundary("b", "sub", ESCALATION, inside=OUT) + path("b", "e"),
        "b",
        "event-output",
    ),
    "key of a thrown signal": (
        start() + node("intermediateThrowEvent", "t", SIGNAL, KEY) + end() + path("s", "t", "e"),
        "t",
        "attribute-unsupported",
    ),
    "key of a timer": (
        start() + catch("c", timer("PT1H"), KEY) + end() + path("s", "c", "e"),
        "c",
        "attribute-unsupported",
    ),
    "key of a send task with a handler": (
        start()
        + node("sendTask", "t", attributes=f'camunda:type="external" camunda:topic="case.t" {KEY}')
        + end()
        + path("s", "t", "e"),
        "t",
        "attribute-unsupported",
    ),
    "priority of a message": (
        start()
        + node("sendTask", "t", attributes='messageRef="M" camunda:jobPriority="5"')
        + end()
        + path("s", "t", "e"),
        "t",
        "attribute-unsupported",
    ),
    "form of a start in a sub-process": (
        inside_of(node("startEvent", "is", attributes='camunda:formKey="f"') + path("is", "ie")),
        "is",
        "attribute-unsupported",
    ),
    "code variable of a thrown escalation": (
        start()
        + throw("t", '<escalationEventDefinition escalationRef="X" camunda:escalationCodeVariable="c"/>')
        + end()
        + path("s", "t", "e"),
        "t",
        "attribute-unsupported",
    ),
    "code variable of a thrown error": (
        start() + end("t", '<errorEventDefinition errorRef="E" camunda:errorCodeVariable="c"/>') + path("s", "t"),
        "t",
        "attribute-unsupported",
    ),
    "quantity of an event sub-process": (
        beside(triggered(SIGNAL, attributes='startQuantity="2"')),
        "ev",
        "attribute-unsupported",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_word_that_nobody_would_hear_is_refused_at_its_element(case):
    xml, where, code = CASES[case]

    with pytest.raises(DeploymentError) as caught:
        model_of(xml)

    assert (code, where) in {(problem.code, problem.where) for problem in caught.value.problems}


def test_a_receive_task_and_a_message_event_are_no_rivals():
    gateway = node("eventBasedGateway", "g") + node("receiveTask", "r", attributes='messageRef="M"')
    gateway += catch("c", '<messageEventDefinition messageRef="M2"/>') + end()
    xml = process(start(), gateway, path("s", "g", "r", "e"), path("g", "c", "e"))

    told = {(finding.code, finding.where, finding.severity) for finding in read_file(xml, "f.bpmn").findings}

    assert ("event-gateway-mixed", "g", "warning") in told


AGAIN = '<camunda:inputParameter name="x">= 2</camunda:inputParameter></camunda:inputOutput>'
LOOP = '<standardLoopCharacteristics><loopCondition language="XPath">1</loopCondition></standardLoopCharacteristics>'


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (user("u", mapping({"x": "= 1"}).replace("</camunda:inputOutput>", AGAIN)), "mapping-name-twice"),
        (
            user("u", "<extensionElements><camunda:inputOutput/><camunda:inputOutput/></extensionElements>"),
            "element-twice",
        ),
        (user("u", LOOP), "expression-language"),
        (service("u", attributes='camunda:exclusive="false"'), "attribute-value"),
    ],
)
def test_what_would_count_half_is_refused(task, code):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), task, end(), path("s", "u", "e"))

    assert (code, "u") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_what_other_engines_would_hear_is_told():
    xml = process(start(), end(), path("s", "e"), attributes='camunda:historyTimeToLive="P30D"')
    xml = xml.replace(b"<definitions ", b'<definitions expressionLanguage="http://www.w3.org/1999/XPath" ', 1)

    told = {(finding.code, finding.severity) for finding in read_file(xml, "f.bpmn").findings}

    assert {("attribute-unheard", "info"), ("expression-language-elsewhere", "info")} <= told


def test_links_may_name_each_other_too():
    def linked(target: str) -> str:
        return throw(
            "t", f'<linkEventDefinition id="l1" name="on"><target>{target}</target></linkEventDefinition>'
        ) + catch("c", '<linkEventDefinition id="l2" name="on"><source>l1</source></linkEventDefinition>')

    ways = path("s", "t") + path("c", "e")
    assert model_of(start(), linked("l2"), end(), ways)
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), linked("other"), end(), ways)
    assert ("reference-unresolved", "t") in {(problem.code, problem.where) for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (catch("u", timer('= duration("5 minutes")')), "constant-wrong"),
        (user("u", MULTI.format("= -1")), "attribute-value"),
        (user("u", MULTI.format("1 - 2")), "attribute-value"),
        (user("u", MULTI.format('"three"')), "attribute-value"),
    ],
)
def test_an_expression_that_always_gives_the_wrong_thing_is_refused(part, code):
    with pytest.raises(DeploymentError) as caught:
        model_of(start(), part, end(), path("s", "u", "e"))

    assert (code, "u") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_an_inclusive_choice_whose_flows_are_always_taken_is_doubted_at_its_gateway():
    gate = node("inclusiveGateway", "g") + user("a") + user("b") + node("inclusiveGateway", "j") + end()
    xml = process(start(), gate, path("s", "g", "a", "j", "e"), path("g", "b", "j"))

    told = {(finding.code, finding.where) for finding in read_file(xml, "f.bpmn").findings}

    assert ("inclusive-without-condition", "g") in told


def test_an_event_that_catches_an_error_without_a_code_catches_all_of_them():
    inner = node("startEvent", "is") + end("ie", ERROR) + path("is", "ie")
    sub = node("subProcess", "sub", inner) + boundary("b", "sub", '<errorEventDefinition errorRef="bare"/>')
    xml = process(start(), sub, user("caught"), end(), path("s", "sub", "e"), path("b", "caught", "e"))
    file = read_file(xml.replace(b"<error ", b'<error id="bare"/><error ', 1), "f.bpmn")

    assert Run(file.models[0]).waiting == ["caught"]
    assert "event-code-missing" in {finding.code for finding in file.findings}


def test_a_receive_task_that_starts_an_instance_cannot_repeat():
    loop = '<standardLoopCharacteristics loopMaximum="2"/>'
    task = node("receiveTask", "r", loop, 'messageRef="M" instantiate="true"')
    with pytest.raises(DeploymentError) as caught:
        model_of(task, user("u"), path("r", "u"))

    assert ("instantiate-repeats", "r") in {(problem.code, problem.where) for problem in caught.value.problems}
