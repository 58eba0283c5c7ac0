"""A case whose limit is shorter than the limits of its nodes on the shortest way is told, with the rows that say so."""

import pytest

from engine.deadlines.units import Unit
from engine.errors import DeploymentError
from engine.services.deployment_check import check
from tests.builders.diagrams import chain, diagram, files, flows, table, user_task

CLOCK = (
    '<bpmn:businessRuleTask id="clock" name="clock" camunda:decisionRef="case_limit"><bpmn:extensionElements>'
    '<camunda:properties><camunda:property name="caseLimitDecision" value="case_limit"/></camunda:properties>'
    "</bpmn:extensionElements></bpmn:businessRuleTask>"
)
POLICY = 'zhili:limitDecision="node_limit"'
TASKS = (user_task("first"), CLOCK, user_task("check"), user_task("handle"))
ROW = chain(*TASKS, names=("first", "clock", "check", "handle"))
OUTPUTS = ("value", "unit", "calendar")


def node_limits(*rows, inputs=("element", "urgency"), policy="UNIQUE"):
    return table("node_limit", dict.fromkeys(inputs, "string"), OUTPUTS, rows, policy=policy)


def case_limits(*rows, inputs=("urgency",)):
    return table("case_limit", dict.fromkeys(inputs, "string"), OUTPUTS, rows)


def limit(value, unit, calendar="city"):
    return (str(value), f'"{unit}"', f'"{calendar}"')


def told(nodes, cases, body=ROW, **others):
    process = diagram("p", body, attributes=POLICY)
    found = check(files(p_bpmn=process, node_limit_dmn=nodes, case_limit_dmn=cases, **others)).findings
    return [one for one in found if one.code == "limit-sum"]


HOURS = (
    ('"first"', '"一般", "紧急"', *limit(50, "工作时")),
    ('"check"', '"一般"', *limit(2, "工作时")),
    ('"check"', '"紧急"', *limit(1, "工作时")),
    ('"handle"', "-", *limit(6, "工作时")),
)


def test_the_nodes_behind_the_clock_are_summed_and_compared_row_by_row():
    cases = case_limits(('"一般"', *limit(7, "工作时")), ('"紧急"', *limit(7, "工作时")))
    [found] = told(node_limits(*HOURS), cases)
    assert (found.severity, found.where, found.file) == ("warning", "clock", "p.bpmn")
    assert {key: found.params[key] for key in ("table", "rows", "limit", "sum", "unit")} == {
        "table": "case_limit",
        "rows": "1",
        "limit": "7",
        "sum": "8",
        "unit": "工作时",
    }
    assert found.params["nodes"] == "check (2), handle (6)"


def test_rows_that_say_the_same_are_told_together():
    cases = case_limits(
        ('"一般"', '"投诉"', *limit(7, "工作时")),
        ('"一般"', '"求助"', *limit(7, "工作时")),
        ('"紧急"', "-", *limit(8, "工作时")),
        inputs=("urgency", "request_type"),
    )
    assert [one.params["rows"] for one in told(node_limits(*HOURS), cases)] == ["1, 2"]


def test_limits_that_can_be_kept_are_fine():
    cases = case_limits(('"一般"', *limit(8, "工作时")), ('"紧急"', *limit(7, "工作时")))
    assert told(node_limits(*HOURS), cases) == []


@pytest.mark.parametrize(
    ("case", "node", "is_told"),
    [
        ((1, Unit.NATURAL_DAY), (25, Unit.NATURAL_HOUR), True),
        ((1, Unit.URGENT_DAY), (2, Unit.NATURAL_DAY), True),
        ((2, Unit.NATURAL_HOUR), (3, Unit.WORKING_HOUR), True),
        ((1, Unit.NATURAL_HOUR), (3, Unit.WORKING_DAY), False),
        ((1, Unit.WORKING_HOUR), (3, Unit.NATURAL_DAY), False),
        ((1, Unit.WORKING_DAY), (2, Unit.WORKING_DAY), True),
        ((1, Unit.WORKING_DAY), (20, Unit.WORKING_HOUR), False),
    ],
)
def test_only_units_of_which_one_is_never_shorter_are_compared(case, node, is_told):
    nodes = node_limits(('"check"', "-", *limit(*node)))
    assert bool(told(nodes, case_limits(("-", *limit(*case))))) is is_told


def test_hours_of_another_calendar_are_not_compared():
    nodes = node_limits(('"check"', "-", *limit(9, "工作时", "night")))
    assert told(nodes, case_limits(("-", *limit(1, "工作时")))) == []


def test_a_limit_that_depends_on_what_the_row_does_not_say_is_not_counted():
    by_channel = (('"check"', '"app"', *limit(9, "工作时")), ('"check"', '"phone"', *limit(8, "工作时")))
    nodes = node_limits(*by_channel, inputs=("element", "channel"))
    assert told(nodes, case_limits(("-", *limit(1, "工作时")))) == []
    computed = (('"check"', "-", "days * 8", '"工作时"', '"city"'),)
    assert told(node_limits(*computed), case_limits(("-", *limit(1, "工作时")))) == []


def test_the_least_of_the_rows_that_may_match_counts():
    rows = (('"check"', '"app"', *limit(9, "工作时")), ('"check"', "-", *limit(3, "工作时")))
    nodes = node_limits(*rows, inputs=("element", "channel"), policy="FIRST")
    [found] = told(nodes, case_limits(("-", *limit(1, "工作时"))))
    assert found.params["sum"] == "3"


def around(extra):
    """A way past the task `handle`, and the elements that make it."""
    return (
        '<bpmn:startEvent id="start"/>'
        + CLOCK
        + user_task("check")
        + user_task("handle")
        + extra
        + '<bpmn:endEvent id="end"/>'
    )


def test_the_shortest_way_counts():
    gateways = '<bpmn:exclusiveGateway id="x" name="x" default="x_handle"/><bpmn:exclusiveGateway id="j"/>'
    ways = flows("start>clock", "clock>check", "check>x", "x>handle", "x>j[done]", "handle>j", "j>end")
    cases = case_limits(('"一般"', *limit(1, "工作时")))
    [found] = told(node_limits(*HOURS), cases, around(gateways) + ways)
    assert found.params["nodes"] == "check (2)"


def test_an_activity_that_a_boundary_event_ends_may_take_no_time():
    event = (
        '<bpmn:boundaryEvent id="b" name="b" attachedToRef="check"><bpmn:messageEventDefinition messageRef="M"/>'
        '</bpmn:boundaryEvent><bpmn:endEvent id="off"/>'
    )
    body = around(event) + flows("start>clock", "clock>check", "check>handle", "handle>end", "b>off")
    process = diagram("p", body, attributes=POLICY, roots='<bpmn:message id="M" name="withdrawn"/>')
    tables = {"node_limit_dmn": node_limits(*HOURS), "case_limit_dmn": case_limits(("-", *limit(1, "工作时")))}
    found = check(files(p_bpmn=process, **tables)).findings
    assert [one for one in found if one.code == "limit-sum"] == []


def test_the_nodes_of_a_called_process_count():
    call = '<bpmn:callActivity id="call" name="call" calledElement="q"/>'
    body = chain(CLOCK, call, names=("clock", "call"))
    called = diagram("q", chain(user_task("handle"), names=("handle",)), attributes=POLICY)
    [found] = told(node_limits(*HOURS), case_limits(("-", *limit(5, "工作时"))), body, q_bpmn=called)
    assert found.params["nodes"] == "handle (6)"


def test_a_property_that_names_no_decision_is_refused():
    body = ROW.replace('value="case_limit"', 'value="nowhere"')
    with pytest.raises(DeploymentError) as caught:
        told(node_limits(*HOURS), case_limits(("-", *limit(5, "工作时"))), body)
    assert [(one.code, one.where) for one in caught.value.problems] == [("missing-decision", "clock")]
