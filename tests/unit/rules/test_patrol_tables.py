"""The tables of patrols: sample rows with expected answers."""

import pytest

from tests.unit.rules.shipped import all_decisions, answer, codes_of, rows_of


@pytest.mark.parametrize("category", sorted(codes_of("patrol_categories")))
@pytest.mark.parametrize("risk", sorted(codes_of("patrol_risks")))
def test_every_kind_of_object_has_a_frequency_that_a_plan_can_use(category, risk):
    usual = answer("patrol_frequency", {"category": category, "risk": risk})
    assert usual["cycle"] in ("daily", "weekly", "monthly")
    assert usual["every"] >= 1
    assert usual["value"] > 0
    assert usual["calendar"] == "city"
    # §8: 打卡 within 50-100 m of the point.
    assert 50 <= usual["radius_m"] <= 100
    assert usual["clause"]


def test_riskier_objects_are_patrolled_more_often():
    days = {"daily": 1, "weekly": 7, "monthly": 30}
    for category in codes_of("patrol_categories"):
        usual = [answer("patrol_frequency", {"category": category, "risk": risk}) for risk in ("low", "medium", "high")]
        spans = [days[one["cycle"]] * one["every"] for one in usual]
        assert spans == sorted(spans, reverse=True), category


@pytest.mark.parametrize(
    ("mock", "result", "accuracy_m", "over_m", "expected"),
    [
        (False, "normal", 12, -5, ("accepted", None)),
        (False, "abnormal", 50, 0, ("accepted", None)),
        (False, "normal", 12, 0.1, ("refused", "distance")),
        (False, "normal", 50.1, -5, ("doubtful", "accuracy")),
        (False, "normal", 100, -5, ("doubtful", "accuracy")),
        (False, "normal", 100.1, -5, ("refused", "accuracy")),
        (False, "unreachable", 100, 500, ("accepted", None)),
        (False, "unreachable", 10, 500.1, ("refused", "distance")),
        (True, "normal", 5, -5, ("doubtful", "mock")),
        (True, "normal", 500, 9000, ("doubtful", "mock")),
    ],
)
def test_a_check_in_is_accepted_doubted_or_refused(mock, result, accuracy_m, over_m, expected):
    facts = {"mock": mock, "result": result, "accuracy_m": accuracy_m, "over_m": over_m}
    said = answer("patrol_check_in", facts)
    assert (said["verdict"], said["reason"]) == expected


@pytest.mark.parametrize(
    ("unit", "value", "remind"),
    [
        ("工作日", 2, (None, -1, "工作日")),
        ("工作日", 1, (0.7, None, None)),
        ("自然日", 3, (None, -1, "自然日")),
        ("工作时", 4, (0.7, None, None)),
        ("自然小时", 48, (0.7, None, None)),
        ("紧急工作日", 2, (None, -1, "工作日")),
    ],
)
def test_each_limit_has_one_reminder_one_miss_and_one_end(unit, value, remind):
    rungs = answer("patrol_rungs", {"unit": unit, "value": value, "risk": "high"})
    assert [one["kind"] for one in rungs] == ["patrol_remind", "patrol_overdue", "patrol_lapsed"]
    assert tuple(rungs[0][name] for name in ("fraction", "offset_value", "offset_unit")) == remind
    assert (rungs[1]["fraction"], rungs[1]["after"], rungs[1]["points"], rungs[1]["notify"]) == (
        1,
        True,
        -2,
        ["grid_leader"],
    )
    assert (rungs[2]["points"], rungs[2]["missed_points"]) == (-1, -2)


def test_there_is_no_quota_in_the_points():
    table = all_decisions()["patrol_performance"].table
    assert [output.name for output in table.outputs] == ["missed", "lapsed"]


@pytest.mark.parametrize(
    ("newer_due", "inside_limit", "action"),
    [(False, True, "dispatch"), (False, False, "skip"), (True, True, "skip"), (True, False, "skip")],
)
def test_only_the_newest_day_is_made_up_for_and_only_inside_its_limit(newer_due, inside_limit, action):
    assert answer("patrol_catch_up", {"newer_due": newer_due, "inside_limit": inside_limit})["action"] == action


def test_the_roles_that_the_tables_name_are_roles_of_the_city():
    roles = answer("patrol_roles", {"category": None})
    assert {*roles["workers"], *roles["managers"]} <= codes_of("roles")


def test_every_category_says_whether_it_is_a_place_or_a_person():
    assert {row["kind"] for row in rows_of("codes/patrol_categories.csv")} == {"place", "person"}
