"""Correlation by the standard: keys from what messages say, subscriptions from data, conversations that remember."""

import pytest

from engine.bpmn import ExecutionError, ProcessModel, read_file
from engine.errors import DeploymentError
from engine.model.step import MessageAwaited
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    Run,
    boundary,
    catch,
    definitions,
    end,
    flow,
    node,
    path,
    start,
    throw,
    user,
)

MESSAGE2 = '<messageEventDefinition messageRef="M2"/>'


def prop(id_: str, **paths: str) -> str:
    inside = "".join(
        f'<correlationPropertyRetrievalExpression messageRef="{ref}"><messagePath>{text}</messagePath>'
        "</correlationPropertyRetrievalExpression>"
        for ref, text in paths.items()
    )
    return f'<correlationProperty id="{id_}">{inside}</correlationProperty>'


def key(*properties: str, id_: str = "K") -> str:
    refs = "".join(f"<correlationPropertyRef>{ref}</correlationPropertyRef>" for ref in properties)
    return f'<collaboration id="c{id_}"><correlationKey id="{id_}" name="case">{refs}</correlationKey></collaboration>'


def subscription(**paths: str) -> str:
    inside = "".join(
        f'<correlationPropertyBinding correlationPropertyRef="{ref}"><dataPath>{text}</dataPath>'
        "</correlationPropertyBinding>"
        for ref, text in paths.items()
    )
    return f'<correlationSubscription id="cs" correlationKeyRef="K">{inside}</correlationSubscription>'


def model(roots: str, *parts: str) -> ProcessModel:
    return read_file(
        definitions(f'{roots}<process id="p" isExecutable="true">{"".join(parts)}</process>'), "f.bpmn"
    ).models[0]


def refused(roots: str, *parts: str) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        model(roots, *parts)
    return {(problem.code, problem.where) for problem in caught.value.problems}


def sent(run: Run) -> list[str | None]:
    return [one.correlation_key for one in run.step.thrown]


def awaited(run: Run) -> list[str | None]:
    return [one.correlation_key for one in run.step.opened if isinstance(one, MessageAwaited)]


PAYLOAD = (
    '<extensionElements><camunda:inputOutput><camunda:inputParameter name="case">= number</camunda:inputParameter>'
    '<camunda:inputParameter name="street">= street</camunda:inputParameter></camunda:inputOutput></extensionElements>'
)
ONE = prop("P1", M="case", M2="about.case") + key("P1")
TWO = prop("P1", M="case", M2="about.case") + prop("P2", M="street", M2="about.street") + key("P1", "P2")
SEND = (start(), throw("t", MESSAGE, PAYLOAD), user("u"), end(), path(*"stue"))
FORK = '<parallelGateway id="g"/>' + path("s", "g", "u", "e") + path("g", "m", "e")
RECEIVE = (start(), catch("m", MESSAGE2), end(), path(*"sme"))


def test_a_message_takes_its_key_from_what_it_says():
    run = Run(model(ONE, *SEND), {"number": "A-1", "street": "East"})

    assert sent(run) == ["A-1"]


def test_only_what_the_message_says_counts_not_what_the_process_knows():
    roots = prop("P1", M="number") + key("P1")

    with pytest.raises(ExecutionError) as caught:
        Run(model(roots, *SEND), {"number": "A-1", "street": "East"})

    assert caught.value.key == "correlation-value-missing"


def test_several_properties_make_one_key_that_no_others_make():
    keys = {
        sent(Run(model(TWO, *SEND), {"number": a, "street": b}))[0]
        for a, b in [("1,2", "3"), ("1", "2,3"), ('1","2', "3")]
    }

    assert len(keys) == 3
    assert sent(Run(model(TWO, *SEND), {"number": 7, "street": "East"})) == ['["7","East"]']


def test_a_key_of_the_event_itself_goes_before_that_of_the_conversation():
    event = node("intermediateThrowEvent", "t", PAYLOAD + MESSAGE, 'zhili:correlationKey="= street"')
    run = Run(model(ONE, start(), event, user("u"), end(), path(*"stue")), {"number": "A-1", "street": "East"})

    assert sent(run) == ["East"]


def test_a_subscription_awaits_what_its_data_give():
    run = Run(model(TWO, subscription(P1="number", P2='"East"'), *RECEIVE), {"number": 7})

    assert awaited(run) == ['["7","East"]']
    run.deliver("m", {"about": {"case": "7", "street": "East"}})
    assert run.step.ended is not None


def test_a_subscription_without_its_data_does_not_await_just_any_message():
    with pytest.raises(ExecutionError) as caught:
        Run(model(ONE, subscription(P1="number"), *RECEIVE))

    assert caught.value.key == "correlation-value-missing"


def test_a_subscription_follows_its_data_while_it_waits():
    run = Run(
        model(ONE, subscription(P1="number"), start(), user("u"), catch("m", MESSAGE2), end(), FORK), {"number": 1}
    )
    assert awaited(run) == ["1"]

    run.complete("u", {"number": 2})

    assert awaited(run) == ["2"]
    assert [(one.element_id, one.outcome) for one in run.step.closed if one.element_id == "m"] == [("m", "cancelled")]
    run.deliver("m")
    assert run.step.ended is not None


def test_data_of_a_subscription_that_waits_cannot_be_taken_away():
    run = Run(
        model(ONE, subscription(P1="number"), start(), user("u"), catch("m", MESSAGE2), end(), FORK), {"number": 1}
    )

    with pytest.raises(ExecutionError) as caught:
        run.complete("u", {"number": None})

    assert caught.value.key == "correlation-value-missing"
    assert sorted(run.waiting) == ["m", "u"]


def test_a_boundary_event_and_a_receive_task_await_the_key_too():
    task = node("receiveTask", "r", attributes='messageRef="M2"')
    guard = boundary("b", "u", MESSAGE2, interrupting=False)
    parts = (start(), user("u"), guard, task, end(), end("e2"), path("s", "u", "r", "e"), path("b", "e2"))
    run = Run(model(ONE, subscription(P1="number"), *parts), {"number": "A-1"})

    assert awaited(run) == ["A-1"]
    run.complete("u", {})
    assert awaited(run) == ["A-1"]


def test_the_first_message_that_is_sent_fixes_the_key_of_what_is_awaited():
    parts = (start(), throw("t", MESSAGE, PAYLOAD), user("u"), catch("m", MESSAGE2), end(), path(*"stume"))
    run = Run(model(ONE, *parts), {"number": "A-1", "street": "East"})

    run.complete("u", {"number": "B-2"})

    assert awaited(run) == ["A-1"]
    assert "A-1" not in run.variables.values()


def test_the_message_that_starts_an_instance_fixes_the_key():
    parts = (node("startEvent", "s", MESSAGE), user("u"), catch("m", MESSAGE2), end(), path(*"sume"))
    run = Run(model(ONE, *parts), {"case": "A-1"}, start_event="s")

    run.complete("u", {"case": "B-2"})

    assert awaited(run) == ["A-1"]


def test_a_start_by_a_message_without_its_property_is_refused():
    parts = (node("startEvent", "s", MESSAGE), catch("m", MESSAGE2), end(), path(*"sme"))

    with pytest.raises(ExecutionError) as caught:
        Run(model(ONE, *parts), {"other": "A-1"}, start_event="s")

    assert caught.value.key == "correlation-value-missing"


def test_another_key_in_the_same_conversation_is_refused():
    parts = (
        start(),
        throw("t", MESSAGE, PAYLOAD),
        user("u"),
        throw("v", MESSAGE, PAYLOAD),
        catch("m", MESSAGE2),
        end(),
    )
    run = Run(model(ONE, *parts, path(*"stuvme")), {"number": "A-1", "street": "East"})

    with pytest.raises(ExecutionError) as caught:
        run.complete("u", {"number": "B-2"})

    assert caught.value.key == "correlation-key-other"


def test_a_process_that_only_sends_may_begin_many_conversations():
    parts = (start(), throw("t", MESSAGE, PAYLOAD), user("u"), throw("v", MESSAGE, PAYLOAD), end(), path(*"stuve"))
    run = Run(model(ONE, *parts), {"number": "A-1", "street": "East"})

    run.complete("u", {"number": "B-2"})

    assert sent(run) == ["B-2"]


def test_a_catching_event_before_any_message_of_its_conversation_is_an_error_and_not_just_any_message():
    fork = '<exclusiveGateway id="g" default="g_m"/>'
    parts = (
        start(),
        fork,
        throw("t", MESSAGE, PAYLOAD),
        catch("m", MESSAGE2),
        end(),
        flow("s", "g"),
        flow("g", "t", "first"),
    )
    parts = (*parts, flow("g", "m"), flow("t", "m"), flow("m", "e"))

    with pytest.raises(ExecutionError) as caught:
        Run(model(ONE, *parts), {"first": False})

    assert caught.value.key == "correlation-not-begun"
    assert awaited(Run(model(ONE, *parts), {"first": True, "number": "A-1", "street": "E"})) == ["A-1"]


def test_a_message_of_no_conversation_is_awaited_without_a_key():
    assert awaited(Run(model(prop("P1", M="case") + key("P1"), *RECEIVE))) == [None]


@pytest.mark.parametrize(
    ("roots", "inside", "problem"),
    [
        (prop("P1", nothing="case") + key("P1"), "", ("reference-unresolved", "P1")),
        (prop("P1", M="case") + key("P9"), "", ("reference-unresolved", "K")),
        (key(), "", ("attribute-missing", "K")),
        (prop("P1", M="case +") + key("P1"), "", ("expression-invalid", "P1")),
        (prop("P1", M="${case}") + key("P1"), "", ("expression-foreign", "P1")),
        (prop("P1", M="case") + prop("P2", M2="x") + key("P1", "P2"), "", ("correlation-partial", "K")),
        (prop("P1", M="case") + key("P1") + key("P1", id_="K2"), "", ("correlation-keys-several", "K2")),
        (TWO, subscription(P1="number"), ("correlation-unbound", "p")),
        (ONE, subscription(P1="number", P9="x"), ("reference-unresolved", "p")),
        ("", subscription(P1="number"), ("reference-unresolved", "p")),
        (ONE, "", ("correlation-never-begun", "m")),
    ],
)
def test_correlation_that_leaves_something_open_is_refused(roots, inside, problem):
    assert problem in refused(roots, inside, *RECEIVE)


# -- pools ------------------------------------------------------------------------------------------------------------


def pools(flows: str, *, first: str = "p") -> str:
    return (
        f'<collaboration id="c"><participant id="A" processRef="{first}"><participantMultiplicity minimum="1"/>'
        "</participant>"
        f'<participant id="B" name="outside"/><participant id="C" processRef="q"/>{flows}</collaboration>'
    )


def message_flow(source: str, target: str, more: str = "") -> str:
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}" {more}/>'


OTHER = (
    f'<process id="q" isExecutable="true"><startEvent id="s9">{MESSAGE}</startEvent>{user("u9")}{end("e9")}'
    f"{path('s9', 'u9', 'e9')}</process>"
)


@pytest.mark.parametrize(
    ("flows", "first", "problem"),
    [
        (message_flow("t", "nobody"), "p", ("reference-unresolved", "mf")),
        (message_flow("s_t", "B"), "p", ("reference-unresolved", "mf")),
        (message_flow("t", "u"), "p", ("message-flow-inside", "mf")),
        (message_flow("A", "u"), "p", ("message-flow-inside", "mf")),
        ("", "nobody", ("reference-unresolved", "A")),
    ],
)
def test_a_message_flow_or_pool_that_leads_nowhere_is_refused(flows, first, problem):
    assert problem in refused(pools(flows, first=first) + OTHER, *SEND)


@pytest.mark.parametrize(
    ("given", "doubted"),
    [
        (message_flow("t", "s9"), False),
        (message_flow("t", "B"), False),
        (message_flow("B", "s9"), False),
        (message_flow("t", "s9", 'messageRef="M"'), False),
        (message_flow("t", "s9", 'messageRef="M2"'), True),
        (message_flow("t", "B", 'messageRef="M2"'), True),
    ],
)
def test_a_message_flow_whose_ends_disagree_is_doubted(given, doubted):
    body = f'<process id="p" isExecutable="true">{"".join(SEND)}</process>'
    findings = read_file(definitions(pools(given) + body + OTHER), "f.bpmn").findings

    assert any((one.code, one.where) == ("message-flow-disagrees", "mf") for one in findings) is doubted


# -- lanes ------------------------------------------------------------------------------------------------------------


def lane(id_: str, *nodes: str, inside: str = "") -> str:
    refs = "".join(f"<flowNodeRef>{one}</flowNodeRef>" for one in nodes)
    child = f'<childLaneSet id="{id_}s">{inside}</childLaneSet>' if inside else ""
    return f'<lane id="{id_}" name="{id_}">{refs}{child}</lane>'


def lane_set(id_: str, *lanes: str) -> str:
    return f'<laneSet id="{id_}">{"".join(lanes)}</laneSet>'


@pytest.mark.parametrize(
    ("lanes", "expected", "doubts"),
    [
        (lane_set("L", lane("a", "u", inside=lane("b", "u"))), "b", set()),
        (lane_set("L", lane("a", "u")) + lane_set("L2", lane("b", "u")), "a", set()),
        (lane_set("L", lane("a", "s")) + lane_set("L2", lane("b", "u")), "b", set()),
        (lane_set("L", lane("a", "u"), lane("b", "u")), "a", {("lane-node-twice", "b")}),
        (lane_set("L", lane("a", "u", "gone")), "a", {("lane-node-unknown", "a")}),
    ],
)
def test_the_innermost_lane_of_the_first_lane_set_speaks_for_a_node(lanes, expected, doubts):
    body = f'<process id="p" isExecutable="true">{lanes}{start()}{user("u")}{end()}{path(*"sue")}</process>'
    file = read_file(definitions(body), "f.bpmn")

    assert file.models[0].elements["u"].lane == expected
    assert {(one.code, one.where) for one in file.findings if one.code.startswith("lane-")} == doubts
