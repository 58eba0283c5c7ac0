"""Words that are known here, at elements where nobody would hear them: refused by name, never ignored."""

import pytest

from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    ERROR,
    SIGNAL,
    boundary,
    catch,
    end,
    mapping,
    model_of,
    node,
    path,
    start,
    throw,
    timer,
    user,
)

OUT = mapping(outputs={"x": "= 1"})
IN = mapping({"x": "= 1"})
LINK = '<linkEventDefinition name="on"/>'
ESCALATION = '<escalationEventDefinition escalationRef="X"/>'
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
