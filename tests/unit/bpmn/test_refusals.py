"""Constructs that the engine does not execute are refused by name, never ignored."""

import pytest

from engine.bpmn import read_file, read_processes
from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    ANY_ERROR,
    ERROR,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    catch,
    definitions,
    end,
    mapping,
    node,
    path,
    process,
    script,
    service,
    start,
    throw,
    timer,
    user,
)


def found(xml: bytes) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "flow.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


OK = start() + end() + path("s", "e")


def around(*parts: str) -> bytes:
    """Put one element, or a few, between a start and an end."""
    return process(start(), *parts, end(), path("s", "x", "e"))


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (node("adHocSubProcess", "x"), "ad-hoc-condition"),
        (node("adHocSubProcess", "x", "<completionCondition/>"), "expression-empty"),
        (node("adHocSubProcess", "x", attributes='ordering="random"'), "attribute-value"),
        (node("transaction", "x"), "start-missing"),
        (node("transaction", "x", attributes='method="##Image"'), "attribute-value"),
        (node("callConversation", "x"), "element-unsupported"),
        (user("x", "<standardLoopCharacteristics/>"), "expression-empty"),
        (script("x", "1<b/>", "y"), "element-unsupported"),
        (
            script("x", "1", "y").replace("</scriptTask", "<multiInstanceLoopCharacteristics/></scriptTask"),
            "multi-instance-source",
        ),
        (user("x", "<dataInputAssociation/>"), "attribute-missing"),
        (user("x", "<property/>"), "data-name"),
        (user("x", "<extensionElements><camunda:taskListener/></extensionElements>"), "element-unsupported"),
        (user("x", "<extensionElements><camunda:formData/></extensionElements>"), "element-unsupported"),
        (user("x", "<extensionElements><zhili:magic/></extensionElements>"), "element-unsupported"),
        (user("x", attributes='isForCompensation="true"'), "compensation-handler-unused"),
        (user("x", attributes='startQuantity="0"'), "attribute-value"),
        (user("x", attributes='startQuantity="many"'), "attribute-value"),
        (user("x", attributes='completionQuantity="-1"'), "attribute-value"),
        (user("x", attributes='completionQuantity="101"'), "attribute-value"),
        (user("x", attributes='camunda:asyncAfter="true"'), "attribute-unsupported"),
        (user("x", attributes='camunda:class="a.B"'), "attribute-unsupported"),
        (user("x", attributes='zhili:magic="1"'), "attribute-unsupported"),
        (user("x", attributes='colour="red"'), "attribute-unsupported"),
        (user("x", attributes='camunda:assignee="${user.name()}"'), "expression-language"),
        (user("x", attributes='camunda:assignee="#{user}"'), "expression-foreign"),
        (user("x", attributes='camunda:assignee="= 1 +"'), "expression-invalid"),
        (user("x", attributes='camunda:dueDate="tomorrow"'), "timer-invalid"),
        (user("x", attributes='camunda:priority="high"'), "attribute-value"),
        (user("x", mapping({"not a name": "1"})), "variable-name"),
        (user("x", mapping({"": "1"})), "attribute-missing"),
        (user("x", mapping({"a": "= ("})), "expression-invalid"),
        (user("x", mapping({"a": "<camunda:list/>"})), "element-unsupported"),
        (node("serviceTask", "x"), "topic-missing"),
        (node("serviceTask", "x", attributes='camunda:type="external"'), "topic-missing"),
        (node("serviceTask", "x", attributes='camunda:topic="t"'), "topic-missing"),
        (node("serviceTask", "x", attributes='camunda:delegateExpression="${a}"'), "attribute-unsupported"),
        (node("serviceTask", "x", attributes='camunda:type="external" camunda:topic="= t"'), "attribute-value"),
        (node("sendTask", "x"), "send-unclear"),
        (
            service(
                "x",
                "<extensionElements><camunda:failedJobRetryTimeCycle>often"
                "</camunda:failedJobRetryTimeCycle></extensionElements>",
            ),
            "retry-invalid",
        ),
        (node("businessRuleTask", "x"), "decision-missing"),
        (
            node("businessRuleTask", "x", attributes='camunda:decisionRef="d" camunda:mapDecisionResult="resultList"'),
            "attribute-missing",
        ),
        (
            node("businessRuleTask", "x", attributes='camunda:decisionRef="d" camunda:mapDecisionResult="first"'),
            "attribute-value",
        ),
        (
            node("businessRuleTask", "x", attributes='camunda:decisionRef="d" camunda:decisionRefBinding="version"'),
            "attribute-value",
        ),
        (node("scriptTask", "x", "<script>1</script>", 'camunda:resultVariable="y"'), "script-format"),
        (node("scriptTask", "x", "<script>1</script>", 'scriptFormat="javascript"'), "script-foreign"),
        (node("scriptTask", "x", "<script>1</script>", 'scriptFormat="feel"'), "script-without-result"),
        (script("x", "", "y"), "expression-empty"),
        (script("x", "import os", "y"), "expression-invalid"),
        (node("callActivity", "x"), "call-missing"),
        (
            node("callActivity", "x", attributes='calledElement="q" camunda:calledElementBinding="version"'),
            "call-version-missing",
        ),
        (
            node(
                "callActivity",
                "x",
                '<extensionElements><camunda:in source="a"/></extensionElements>',
                'calledElement="q"',
            ),
            "attribute-missing",
        ),
        (
            node(
                "callActivity",
                "x",
                '<extensionElements><camunda:out source="a" variables="all" target="b"/></extensionElements>',
                'calledElement="q"',
            ),
            "mapping-ambiguous",
        ),
        (node("receiveTask", "x"), "attribute-missing"),
        (node("receiveTask", "x", attributes='messageRef="nobody"'), "reference-unresolved"),
        (node("receiveTask", "x", attributes='messageRef="M" instantiate="true"'), "instantiate-with-flow"),
        (node("eventBasedGateway", "x", attributes='instantiate="true"'), "instantiate-with-flow"),
        (node("eventBasedGateway", "x", attributes='eventGatewayType="Parallel"'), "event-gateway-parallel"),
        (
            node(
                "subProcess",
                "x",
                OK.replace("s_e", "q").replace('"s"', '"i"').replace('"e"', '"j"'),
                'triggeredByEvent="true"',
            ),
            "event-subprocess-start",
        ),
        (catch("x", ""), "event-unsupported"),
        (catch("x", "<conditionalEventDefinition/>"), "attribute-missing"),
        (catch("x", "<compensateEventDefinition/>"), "event-unsupported"),
        (catch("x", ERROR), "event-unsupported"),
        (catch("x", MESSAGE + ERROR), "event-unsupported"),
        (catch("x", "<eventDefinitionRef>d</eventDefinitionRef>"), "reference-unresolved"),
        (catch("x", "<timerEventDefinition/>"), "timer-missing"),
        (catch("x", timer("R3/PT1H", "timeCycle")), "timer-cycle-here"),
        (catch("x", '<signalEventDefinition signalRef="nobody"/>'), "reference-unresolved"),
        (throw("x", "<escalationEventDefinition/>"), "attribute-missing"),
        (throw("x", "<compensateEventDefinition/>"), "compensation-nothing"),
        (throw("x", timer("PT1H")), "event-unsupported"),
        (throw("x", '<messageEventDefinition messageRef="M" camunda:type="external"/>'), "attribute-unsupported"),
    ],
)
def test_a_construct_that_is_not_executed_is_refused_by_name(part, code):
    assert code in {problem for problem, where in found(around(part)) if where == "x"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P0D",
        "PT0S",
        "-PT1H",
        "P-1D",
        "P1S",
        "1 day",
        "P1Y2",
        "PT1H30",
        "P999999Y",
        "P101Y",
        "p1d",
        "P1.5Y",
        "PT1H ago",
        "2026-01-01",
        "2026-02-30T00:00:00Z",
        "2026-01-01T00:00:00",
        "R3/PT1H",
        "${a + b}",
    ],
)
def test_a_timer_text_that_is_no_positive_duration_is_refused(text):
    assert any(where == "x" for _code, where in found(around(catch("x", timer(text)))))


@pytest.mark.parametrize(
    "text",
    ["R3/PT59S", "R/PT0S", "R1000000/PT0S", "R0/PT1H", "R-1/PT1H", "PT1H", "0 * * * *"],
)
def test_a_cycle_that_is_too_fast_or_no_cycle_is_refused(text):
    event = boundary("b", "x", timer(text, "timeCycle"), interrupting=False)

    assert ("timer-invalid", "b") in found(around(user("x"), event, path("b", "e")))


@pytest.mark.parametrize(
    "definition",
    ["<conditionalEventDefinition/>", ERROR, "<escalationEventDefinition/>", "<compensateEventDefinition/>", TERMINATE],
)
def test_what_cannot_start_a_process_is_refused(definition):
    assert any(where == "s" for _code, where in found(process(start("s", definition), end(), path("s", "e"))))


@pytest.mark.parametrize(
    "definition", ["<escalationEventDefinition/>", "<cancelEventDefinition/>", ANY_ERROR, MESSAGE + TERMINATE]
)
def test_an_end_event_that_we_do_not_throw_is_refused(definition):
    assert any(where == "e" for _code, where in found(process(start(), end("e", definition), path("s", "e"))))


@pytest.mark.parametrize(
    ("inside", "attributes", "code"),
    [
        ("", "", "multi-instance-source"),
        ("<loopCardinality>3</loopCardinality>", 'camunda:collection="a"', "multi-instance-source"),
        ("<loopCardinality>3</loopCardinality>", 'camunda:elementVariable="a"', "multi-instance-element"),
        ("", 'camunda:collection="a" zhili:outputCollection="b"', "multi-instance-output"),
        ("", 'camunda:collection="a" behavior="None"', "attribute-value"),
        ("", 'camunda:collection="${a.b()}"', "expression-language"),
        ("<completionCondition></completionCondition>", 'camunda:collection="a"', "expression-empty"),
        ("", 'camunda:collection="a" behavior="One"', "attribute-value"),
        ("", 'camunda:collection="a" behavior="Complex"', "attribute-value"),
        ("", 'camunda:collection="a" noneBehaviorEventRef="d"', "attribute-unsupported"),
        ("", 'camunda:collection="a" oneBehaviorEventRef="d"', "attribute-unsupported"),
        ("<loopCardinality>-1</loopCardinality>", "", "attribute-value"),
        ("<loopDataOutputRef>b</loopDataOutputRef>", 'camunda:collection="a"', "multi-instance-output"),
        ("<complexBehaviorDefinition/>", 'camunda:collection="a"', "element-unsupported"),
    ],
)
def test_a_multi_instance_that_is_not_executed_is_refused(inside, attributes, code):
    task = user("x", f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>")

    assert (code, "x") in found(around(task))


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('processType="Private"', ""),
        ('processType="Public" isClosed="false"', ""),
        ('processType="Secret"', "attribute-value"),
        ('isClosed="true"', "attribute-value"),
        ('definitionalCollaborationRef="c"', "attribute-unsupported"),
    ],
)
def test_what_a_process_says_of_itself_is_read_or_refused(attributes, code):
    xml = process(OK, attributes=attributes)

    if code:
        assert found(xml) == {(code, "p")}
    else:
        assert [model.key for model in read_processes(xml, "flow.bpmn")] == ["p"]


def test_what_a_flow_says_of_itself_is_read_or_refused():
    said = '<sequenceFlow id="f" sourceRef="s" targetRef="e" isImmediate="{}"/>'

    assert list(read_processes(process(start(), end(), said.format("true")), "flow.bpmn")[0].flows) == ["f"]
    assert found(process(start(), end(), said.format("false"))) == {("attribute-value", "f")}


def test_what_a_gateway_says_of_its_direction_changes_nothing():
    said = node("parallelGateway", "x", attributes='gatewayDirection="{}"')
    parts = (start(), user("a"), user("b"), end(), path("s", "x", "a", "e"), path("x", "b", "e"))

    file = read_file(process(said.format("Converging"), *parts), "flow.bpmn")

    assert [flow.target for flow in file.models[0].flows.values() if flow.source == "x"] == ["a", "b"]
    assert ("gateway-direction", "x") in {(doubt.code, doubt.where) for doubt in file.findings}
    assert ("attribute-value", "x") in found(process(said.format("Sideways"), *parts))


def triggered(*starts: str, attributes: str = "", marker: str = "") -> str:
    """An event sub-process `x` with the start events given."""
    content = (
        "".join(starts) + end("j") + "".join(path(id_, "j") for id_ in ("i", "k") if f'"{id_}"' in "".join(starts))
    )
    return node("subProcess", "x", content + marker, f'triggeredByEvent="true" {attributes}')


ONCE_MORE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize(
    ("parts", "code", "where"),
    [
        ((triggered(), path("s", "e")), "event-subprocess-start", "x"),
        ((triggered(start("i")), path("s", "e")), "event-subprocess-start", "x"),
        ((triggered(start("i", MESSAGE), start("k", SIGNAL)), path("s", "e")), "event-subprocess-start", "x"),
        ((triggered(start("i", MESSAGE)), path("s", "x", "e")), "event-subprocess-flow", "x"),
        ((triggered(start("i", MESSAGE), marker=ONCE_MORE), path("s", "e")), "event-subprocess-plain", "x"),
        (
            (triggered(node("startEvent", "i", ERROR, 'isInterrupting="false"')), path("s", "e")),
            "trigger-interrupts",
            "i",
        ),
        ((triggered(start("i", TERMINATE)), path("s", "e")), "event-unsupported", "i"),
        ((triggered(start("i", "<compensateEventDefinition/>")), path("s", "e")), "compensation-of-process", "i"),
    ],
)
def test_an_event_sub_process_that_could_not_be_begun_is_refused(parts, code, where):
    assert (code, where) in found(process(start(), *parts, end()))


@pytest.mark.parametrize(
    ("type_", "attributes"), [("receiveTask", 'messageRef="M"'), ("eventBasedGateway", 'eventGatewayType="Exclusive"')]
)
def test_nothing_inside_a_sub_process_starts_an_instance(type_, attributes):
    inside = node(type_, "i", attributes=f'{attributes} instantiate="true"') + catch("k", MESSAGE) + catch("l", SIGNAL)
    inside += end("j") + path("i", "k", "j") + path("i", "l", "j")

    assert ("instantiate-inside", "i") in found(around(node("subProcess", "x", inside)))


@pytest.mark.parametrize("attribute", ['activityRef="x"', 'waitForCompletion="false"'])
def test_what_only_a_throwing_compensation_event_can_say_is_refused_where_it_is_caught(attribute):
    event = boundary("b", "x", f"<compensateEventDefinition {attribute}/>")
    handler = user("undo", attributes='isForCompensation="true"')
    arrow = '<association id="as" sourceRef="b" targetRef="undo"/>'

    assert {
        where for code, where in found(around(user("x"), event, handler, arrow)) if code.startswith("attribute")
    } == {"b"}


@pytest.mark.parametrize("root", ["choreography", "globalConversation", "globalChoreographyTask", "relationship"])
def test_a_root_that_is_not_executed_is_refused(root):
    xml = definitions(f'<{root} id="r"/><process id="p">{OK}</process>')

    assert found(xml) == {("element-unsupported", "r")}


@pytest.mark.parametrize("root", ["resource", "endPoint", "partnerEntity", "partnerRole", "interface", "category"])
def test_a_root_that_describes_partners_is_kept(root):
    xml = definitions(f'<{root} id="r" name="n"/><process id="p">{OK}</process>')

    assert [model.key for model in read_processes(xml, "flow.bpmn")] == ["p"]


QUANTITY = 'startQuantity="2"'
HANDLER = (
    user("a")
    + boundary("b", "a", "<compensateEventDefinition/>")
    + user("x", attributes=f'{QUANTITY} isForCompensation="true"')
    + '<association id="as" sourceRef="b" targetRef="x"/>'
)


@pytest.mark.parametrize(
    "parts",
    [
        (user("x", attributes=QUANTITY), end(), path("x", "e")),
        (
            start(),
            node(
                "adHocSubProcess", "h", user("x", attributes=QUANTITY) + "<completionCondition>y</completionCondition>"
            ),
            end(),
            path("s", "h", "e"),
        ),
        (start(), HANDLER, throw("t", "<compensateEventDefinition/>"), end(), path("s", "a", "t", "e")),
    ],
)
def test_an_activity_that_begins_with_one_token_cannot_ask_for_more(parts):
    assert ("quantity-without-flow", "x") in found(process(*parts))


CONDITION = "<conditionalEventDefinition>{}</conditionalEventDefinition>"
COUNTED = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
LOOPED = "<standardLoopCharacteristics>{}</standardLoopCharacteristics>"
TIMED = "<timerEventDefinition>{}</timerEventDefinition>"
ONCE: dict[str, str] = {
    "condition": catch("x", CONDITION.format("<condition>a</condition><condition>b</condition>")),
    "script": script("x", "1", "y").replace("</scriptTask>", "<script>2</script></scriptTask>"),
    "completionCondition": node(
        "adHocSubProcess",
        "x",
        user("i") + "<completionCondition>a</completionCondition><completionCondition>b</completionCondition>",
    ),
    "loopCardinality": user(
        "x", COUNTED.format("<loopCardinality>2</loopCardinality><loopCardinality>3</loopCardinality>")
    ),
    "loopCondition": user("x", LOOPED.format("<loopCondition>a</loopCondition><loopCondition>b</loopCondition>")),
    "timeDuration": catch("x", TIMED.format("<timeDuration>PT1H</timeDuration><timeDuration>PT2H</timeDuration>")),
    "standardLoopCharacteristics": user("x", 2 * '<standardLoopCharacteristics loopMaximum="2"/>'),
}


@pytest.mark.parametrize("name", ONCE)
def test_what_can_be_said_once_is_refused_when_it_is_said_twice(name):
    assert ("element-twice", "x") in found(around(ONCE[name]))


def test_a_flow_has_one_condition():
    condition = "<conditionExpression>a</conditionExpression>"
    twice = f'<sequenceFlow id="f" sourceRef="x" targetRef="y">{condition}{condition}</sequenceFlow>'

    assert ("element-twice", "f") in found(around(user("x"), user("y"), twice, path("y", "e")))
