"""The shipped tables of the legal clock: limits, lights, warnings, cards, extensions and returns, by sample rows."""

import pytest

from tests.unit.rules.shipped import answer, codes_of


@pytest.mark.parametrize(
    ("element", "urgency", "channel", "limit"),
    [
        ("register", "一般", "phone", (0.5, "工作时")),
        ("register", "一般", "mayor_mailbox", (2, "工作时")),
        ("register", "特急", "mayor_mailbox", (0.25, "紧急工作时")),
        ("verify", "一般", "phone", (1.5, "工作时")),
        ("file", "一般", "phone", (1, "工作时")),
        ("manual_dispatch", "紧急", "phone", (0.25, "紧急工作时")),
        ("sign", "紧急", "phone", (0.5, "紧急工作时")),
        ("sign", "一般", "phone", (1, "工作日")),
        ("result_review", "一般", "phone", (4, "工作时")),
        ("field_check", "一般", "phone", (1.5, "工作时")),
        ("callback", "一般", "phone", (3, "工作日")),
        ("archive", "一般", "phone", (1, "工作日")),
    ],
)
def test_every_node_has_the_limit_of_the_standard_flow(element, urgency, channel, limit):
    inputs = {"element": element, "urgency": urgency, "request_type": "投诉", "channel": channel}
    found = answer("node_time_limit", inputs)
    assert (found["value"], found["unit"], found["calendar"]) == (*limit, "city")


@pytest.mark.parametrize("element", ["handle", "street_review"])
def test_handling_and_unknown_nodes_have_no_limit_of_their_own(element):
    found = answer("node_time_limit", {"element": element, "urgency": "一般", "request_type": "投诉"})
    assert found["value"] is None


def test_lights_turn_yellow_at_seventy_percent_and_red_beyond_the_limit():
    found = answer("status_lights", {"kind": "case"})
    assert [(row["light"], row["from_fraction"], row["after"]) for row in found] == [
        ("绿", 0, False),
        ("黄", 0.7, False),
        ("红", 1, True),
    ]


@pytest.mark.parametrize(
    ("unit", "value", "urgency", "offset"),
    [
        ("工作日", 5, "一般", (-1, "工作日")),
        ("自然日", 7, "一般", (-1, "自然日")),
        ("工作日", 1, "一般", (None, None)),
        ("工作时", 4, "一般", (None, None)),
        ("紧急工作时", 3, "紧急", (-0.5, "紧急工作时")),
        ("自然小时", 24, "特急", (-0.5, "紧急工作时")),
        ("紧急工作时", 0.5, "紧急", (None, None)),
    ],
)
@pytest.mark.parametrize("kind", ["case", "node"])
def test_a_deadline_is_warned_of_once_before_and_once_when_it_is_over(kind, unit, value, urgency, offset):
    inputs = {"kind": kind, "element": "sign", "unit": unit, "value": value, "urgency": urgency}
    first, last = answer("warnings", inputs)
    assert (first["rung"], first["fraction"], first["offset_value"], first["offset_unit"]) == ("W1", 0.7, *offset)
    assert (last["rung"], last["fraction"], last["after"]) == ("W2", 1, True)
    assert first["notify"] == ["handler"]
    assert "dept_leader" in last["notify"]


@pytest.mark.parametrize(
    ("kind", "element", "rungs"),
    [
        ("case", "file", [("Y1", "yellow", 1, True), ("R1", "red", 1.5, False)]),
        ("node", "sign", [("Y2", "yellow", 1, True)]),
        ("node", "register", []),
    ],
)
def test_cards_are_for_cases_and_for_late_signing(kind, element, rungs):
    found = answer("cards", {"kind": kind, "element": element, "unit": "工作日", "value": 5, "urgency": "一般"})
    assert [(row["rung"], row["kind"], row["fraction"], row["after"]) for row in found] == rungs


def test_a_red_card_comes_at_half_the_limit_or_five_working_days():
    red = answer("cards", {"kind": "case", "element": "file", "unit": "工作日", "value": 20, "urgency": "一般"})[1]
    assert (red["fraction"], red["offset_value"], red["offset_unit"]) == (1.5, 5, "工作日")


@pytest.mark.parametrize("urgency", sorted(codes_of("urgencies")))
@pytest.mark.parametrize("request_type", sorted(codes_of("request_types")))
def test_every_kind_of_case_has_limits_that_can_be_counted(urgency, request_type):
    found = answer("case_limits", {"request_type": request_type, "urgency": urgency})
    assert all(isinstance(value, int) and value >= 1 for value in found.values())
    assert set(found) == {
        "max_returns",
        "max_rounds",
        "max_attempts",
        "defer_days",
        "supplement_days",
        "callback_hours",
    }


@pytest.mark.parametrize(
    ("granted", "before", "requested", "original", "facts", "route", "kind"),
    [
        (0, True, (2, "工作日"), (5, "工作日"), {}, "auto", "first"),
        (0, True, (5, "工作日"), (5, "工作日"), {}, "review", "first"),
        (0, True, (1, "工作日"), (24, "自然小时"), {}, "review", "first"),
        (0, True, (1, "工作日"), (None, None), {}, "review", "first"),
        (0, True, (10, "工作日"), (5, "工作日"), {}, "review", "long"),
        (0, True, (10, "工作日"), (5, "工作日"), {"engineering": True}, "review", "engineering"),
        (0, True, (2, "工作日"), (5, "工作日"), {"engineering": True}, "review", "engineering"),
        (0, True, (16, "工作日"), (5, "工作日"), {"engineering": True}, "review", "long"),
        (0, True, (2, "工作日"), (5, "工作日"), {"recent_requests": 10}, "review", "bulk"),
        (1, True, (2, "工作日"), (5, "工作日"), {"recent_requests": 12}, "review", "bulk"),
        (1, True, (2, "工作日"), (5, "工作日"), {}, "review", "second"),
        (1, True, (2, "工作日"), (5, "工作日"), {"engineering": True}, "review", "second"),
        (1, True, (6, "工作日"), (5, "工作日"), {}, "refuse", "none"),
        (2, True, (1, "工作日"), (5, "工作日"), {}, "refuse", "none"),
        (0, False, (1, "工作日"), (5, "工作日"), {}, "refuse", "none"),
        (0, False, (1, "工作日"), (5, "工作日"), {"engineering": True, "recent_requests": 99}, "refuse", "none"),
    ],
)
def test_an_extension_is_decided_at_the_depth_that_it_deserves(
    granted, before, requested, original, facts, route, kind
):
    inputs = {
        "granted": granted,
        "before_expiry": before,
        "requested_value": requested[0],
        "requested_unit": requested[1],
        "original_value": original[0],
        "original_unit": original[1],
        "engineering": None,
        "recent_requests": 1,
        **facts,
    }
    found = answer("extension_rule", inputs)
    assert (found["route"], found["extension_kind"]) == (route, kind)
    assert found["extension_clause"]


UNIT, HEAD, CHIEF = "dept_leader@230100-GR", "dispatch_head@230100", "commander@230100"


@pytest.mark.parametrize(
    ("kind", "approvers"),
    [
        ("first", ["duty_leader@230100"]),
        ("second", [UNIT, HEAD, CHIEF]),
        ("engineering", [UNIT, HEAD, CHIEF]),
        ("bulk", [UNIT, HEAD, CHIEF, "director@230100"]),
        ("long", [UNIT, HEAD, CHIEF, "director@230100"]),
    ],
)
def test_each_kind_of_extension_has_its_approvers_one_after_the_other(kind, approvers):
    levels = walk_levels("extension_level", {"extension_kind": kind, "lead_unit": "230100-GR"})
    assert levels == approvers


@pytest.mark.parametrize(
    ("kind", "approvers"),
    [
        ("dispatch_error", ["duty_leader@230100"]),
        ("evidence", ["duty_leader@230100", "dispatch_head@230100"]),
        (None, ["duty_leader@230100", "dispatch_head@230100"]),
    ],
)
def test_a_return_is_reviewed_at_one_level_where_the_dispatcher_erred_and_at_two_otherwise(kind, approvers):
    assert walk_levels("return_level", {"return_kind": kind}) == approvers


def walk_levels(table: str, inputs: dict[str, object]) -> list[str]:
    """Ask a table of levels as the diagram does: from the first one on, until there is no further one."""
    found: list[str] = []
    level = None
    while (row := answer(table, {**inputs, "approval_level": level}))["approvers"] is not None:
        found += row["approvers"]
        level = (1 if level is None else level) + 1
    return found


@pytest.mark.parametrize(("returns", "route"), [(0, "review"), (1, "review"), (2, "forced"), (7, "forced")])
def test_a_case_that_was_returned_often_enough_is_dispatched_for_good(returns, route):
    assert answer("return_rule", {"returns": returns, "max_returns": 2}) == route
