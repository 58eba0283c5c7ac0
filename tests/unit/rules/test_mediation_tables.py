"""The tables of mediation: sample rows with expected answers, and people for every task at every place."""

import json

import pytest

from registers.disputes import is_id_number
from tests.unit.rules.shipped import ROOT, answer, codes_of, rows_of

MEDIATOR = {"is_party": False, "related": False, "objected": False, "load": 0, "field_fits": True, "level_fits": True}
UNITS = {row["code"]: row for row in rows_of("city/units.csv")}
LEVELS = ("community", "street", "district")


@pytest.mark.parametrize(
    ("people", "scale"), [(1, "individual"), (4, "individual"), (5, "group"), (30, "large_group"), (100, "mass")]
)
def test_the_scale_follows_from_the_people_involved(people, scale):
    assert answer("dispute_scale", {"people_involved": people}) == scale
    assert scale in codes_of("dispute_scales")


@pytest.mark.parametrize(
    ("severity", "scale", "level"),
    [
        ("normal", "individual", "community"),
        ("serious", "group", "community"),
        ("grave", "individual", "street"),
        ("normal", "large_group", "street"),
        ("normal", "mass", "district"),
        ("grave", "mass", "district"),
    ],
)
def test_small_disputes_are_mediated_at_home_and_large_ones_higher_up(severity, scale, level):
    assert answer("dispute_level", {"severity": severity, "scale": scale})["level"] == level


@pytest.mark.parametrize(
    ("limited", "hours", "limit"),
    [
        (False, None, (30, "自然日")),
        (True, 719, (719, "自然小时")),
        (True, 720, (30, "自然日")),
        (True, 1, (1, "自然小时")),
        (True, 0, (24, "自然小时")),
        (True, -50, (24, "自然小时")),
    ],
)
def test_mediation_takes_a_month_or_what_the_superior_leaves_of_it(limited, hours, limit):
    found = answer("mediation_time_limit", {"limited": limited, "hours_left": hours})
    assert (found["value"], found["unit"]) == limit


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "grant"),
        ({"extension_days": 30}, "grant"),
        ({"extension_days": 31}, "refuse"),
        ({"consent": False}, "refuse"),
        ({"before_expiry": False}, "refuse"),
        ({"granted": 1}, "refuse"),
        ({"limited": True}, "refuse"),
    ],
)
def test_more_time_needs_consent_in_time_once_and_not_against_a_superior(changes, verdict):
    facts = {"consent": True, "before_expiry": True, "limited": False, "granted": 0, "extension_days": 10}
    found = answer("mediation_extension", facts | changes)
    assert found["extension_verdict"] == verdict
    assert found["extension_clause"]


@pytest.mark.parametrize(
    ("changes", "eligible", "score"),
    [
        ({"distance": "community"}, True, 60),
        ({"distance": "community", "load": 4}, True, 44),
        ({"distance": "street"}, True, 40),
        ({"distance": "district"}, True, 20),
        ({"distance": "neighbour"}, True, 0),
        ({"distance": "other"}, False, 0),
        ({"distance": "community", "load": 10}, False, 0),
        ({"distance": "community", "field_fits": False}, False, 0),
        ({"distance": "community", "level_fits": False}, False, 0),
        ({"distance": "community", "is_party": True}, False, 0),
        ({"distance": "community", "related": True}, False, 0),
        ({"distance": "community", "objected": True}, False, 0),
    ],
)
def test_the_nearest_mediator_of_the_field_with_little_at_work_is_asked(changes, eligible, score):
    found = answer("mediator_choice", MEDIATOR | changes)
    assert (found["eligible"], found["score"]) == (eligible, score)


@pytest.mark.parametrize(
    ("performance", "sued", "escalating", "urgings", "round_", "following"),
    [
        ("performed", False, True, 0, 1, "close"),
        ("not", True, True, 0, 1, "close"),
        ("not", False, False, 0, 1, "urge"),
        ("partly", False, False, 1, 1, "urge"),
        ("partly", False, False, 2, 1, "remediate"),
        ("partly", False, False, 2, 2, "advise_suit"),
        ("not", False, False, 2, 1, "advise_suit"),
        ("not", False, True, 0, 1, "remediate"),
        ("not", False, True, 0, 2, "advise_suit"),
    ],
)
def test_what_follows_a_visit(performance, sued, escalating, urgings, round_, following):
    facts = {"performance": performance, "sued": sued, "escalating": escalating, "urgings": urgings, "round": round_}
    assert answer("mediation_revisit_rule", facts)["revisit_next"] == following


def test_serious_disputes_are_visited_sooner():
    days = {
        (occasion, severity): answer("mediation_revisit_wait", {"occasion": occasion, "severity": severity})["days"]
        for occasion in ("performance_due", "urged")
        for severity in codes_of("dispute_severities")
    }
    assert days["performance_due", "grave"] < days["performance_due", "normal"]
    assert days["urged", "serious"] < days["urged", "normal"]


def test_the_period_is_announced_before_it_ends_and_every_node_warns_its_people():
    context = {"committee_unit": "230102001", "street": "230102001", "institution": "230100-LST"}
    own = answer("mediation_rungs", {"kind": "case", "element": None, **context})
    assert [(one["kind"], one["fraction"]) for one in own] == [("mediation_expiring", 0.8), ("mediation_over", 1)]
    for element, group in (
        ("accept_dispute", "mediation_committee@230102001"),
        ("revisit", "grid_worker@230102001"),
        ("accept_coop", "institution_mediator@230100-LST"),
    ):
        first, last = answer("mediation_rungs", {"kind": "node", "element": element, **context})
        assert (first["kind"], first["notify"], last["after"]) == ("warn", [group], True)


def test_every_task_of_mediation_has_somebody_at_every_place_of_the_trial_city():
    known = {group for row in rows_of("city/accounts.csv") for group in row["groups"].split(";")}
    committees = [code for code, row in UNITS.items() if row["kind"] in LEVELS]
    for unit in committees:
        place = {"committee_unit": unit, "upper_unit": unit, "street": unit[:9], "district": unit[:6]}
        for element in ("accept_dispute", "choose_mediator", "take_over_dispute", "close_dispute", "revisit"):
            facts = {"element": element, "severity": "normal", "institution": None, **place}
            groups = answer("mediation_assignment", facts)["groups"]
            assert known & set(groups), f"nobody can take {element} at {unit}"
    for row in rows_of("city/institutions.csv"):
        assert f"institution_mediator@{row['unit']}" in known
        assert row["category"] in codes_of("institution_categories")
        assert set(row["fields"].split()) <= codes_of("dispute_types")


def test_every_district_of_the_trial_city_has_a_mediator_for_everything():
    mediators = rows_of("city/mediators.csv")
    accounts = {row["login"]: row["groups"].split(";") for row in rows_of("city/accounts.csv")}
    assert len({row["login"] for row in mediators}) == len(mediators)
    for row in mediators:
        assert f"mediator@{row['unit']}" in accounts[row["login"]]
        assert UNITS[row["unit"]]["kind"] in LEVELS
        assert set(row["fields"].split()) <= codes_of("dispute_types")
    everything = {row["unit"] for row in mediators if not row["fields"]}
    assert {code for code, row in UNITS.items() if row["kind"] == "district"} <= everything


@pytest.mark.parametrize(
    ("form", "field", "table"),
    [
        ("accept_dispute", "reason", "dispute_refusals"),
        ("accept_dispute", "severity", "dispute_severities"),
        ("revisit", "satisfaction", "satisfactions"),
    ],
)
def test_a_form_of_mediation_offers_what_the_code_table_lists(form, field, table):
    schema = json.loads((ROOT / f"processes/forms/{form}.json").read_text(encoding="utf-8"))
    offered = {(one["const"], one["title"]) for one in schema["properties"][field]["oneOf"]}
    assert offered == {(row["code"], row["name"]) for row in rows_of(f"codes/{table}.csv")}


def test_there_are_the_eighteen_types_of_the_ministry():
    assert len(codes_of("dispute_types")) == 18


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("990000198001010012", True),
        ("990000198001010013", False),
        ("11010519491231002x", False),
        ("1101051949123100", False),
        ("", False),
    ],
)
def test_an_identity_number_has_a_check_digit(number, right):
    assert is_id_number(number) is right
