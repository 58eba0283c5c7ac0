"""The trial city and the code tables: complete, consistent with each other, and about nobody."""

import json
import re
from collections import Counter
from datetime import datetime
from itertools import combinations

import pytest

from api.intake.profiles import choose, load_profiles
from api.intake.rows import read_row
from registers.cases.similarity import similarity
from registers.codes import read_codes
from tests.unit.rules.shipped import ROOT, RULES, codes_of, rows_of

PROFILES = load_profiles(RULES / "intake")
CASES = rows_of("city/cases.csv")
REGIONS = {row["code"]: row for row in rows_of("city/regions.csv")}
UNITS = {row["code"]: row for row in rows_of("city/units.csv")}
OUTLINES = {
    feature["properties"]["code"]: feature["geometry"]
    for feature in json.loads((RULES / "city/districts.geojson").read_text(encoding="utf-8"))["features"]
}


@pytest.mark.parametrize("file", sorted((RULES / "codes").glob("*.csv")), ids=lambda file: file.stem)
def test_a_code_table_is_read_without_a_problem(file):
    codes, problems = read_codes(file.stem, rows_of(f"codes/{file.name}"))
    assert problems == []
    assert codes


def test_a_category_stands_under_another_one():
    parents = {row["parent"] for row in rows_of("codes/categories.csv")}
    assert parents - {""} <= codes_of("categories")


def test_every_channel_has_a_number_of_two_digits_of_its_own():
    numbers = [row["number"] for row in rows_of("codes/channels.csv")]
    assert all(re.fullmatch(r"\d{2}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("form", "field", "table"),
    [
        ("register", "reason", "refusal_reasons"),
        ("register", "hotline", "hotlines"),
        ("register", "request_type", "request_types"),
        ("register", "urgency", "urgencies"),
        ("callback", "satisfaction", "satisfactions"),
    ],
)
def test_a_form_offers_what_the_code_table_lists(form, field, table):
    schema = json.loads((ROOT / f"processes/forms/{form}.json").read_text(encoding="utf-8"))
    offered = {(one["const"], one["title"]) for one in schema["properties"][field]["oneOf"]}
    assert offered == {(row["code"], row["name"]) for row in rows_of(f"codes/{table}.csv")}


def test_the_city_has_its_regions_and_an_office_for_each_district_and_street():
    assert Counter(row["level"] for row in REGIONS.values()) == {
        "province": 1,
        "city": 1,
        "district": 18,
        "street": 328,
        "community": 3158,
    }
    kinds = Counter(row["kind"] for row in UNITS.values())
    assert (kinds["city_centre"], kinds["district"], kinds["street"]) == (1, 18, 328)
    assert kinds["department"] >= 25
    assert set(OUTLINES) == {code for code, row in REGIONS.items() if row["level"] == "district"}


def test_a_unit_stands_under_another_and_in_a_region():
    for code, row in UNITS.items():
        assert row["region_code"] in REGIONS, code
        assert row["parent"] in UNITS or row["kind"] == "city_centre", code


def test_every_account_has_a_login_of_its_own_and_groups_of_known_roles_at_known_units():
    accounts = rows_of("city/accounts.csv")
    logins = [row["login"] for row in accounts]
    assert len(set(logins)) == len(logins)
    assert set(accounts[0]) == {"login", "name", "groups"}
    held = [group.split("@") for row in accounts for group in row["groups"].split(";")]
    assert {role for role, _ in held} == codes_of("roles")
    assert {unit for _, unit in held} <= set(UNITS)


def test_every_case_of_the_month_is_read_by_the_standard_profile():
    profile = choose(PROFILES, list(CASES[0]), None)
    assert profile.name == "standard"
    for row in CASES:
        case = read_row(profile, row).case
        assert case.title
        assert case.detail
        assert case.occurred_at <= case.reported_at
        assert case.channel in codes_of("channels")
        assert case.anonymous or case.reporter_name or case.reporter_code
        assert REGIONS[case.region_code]["level"] in ("street", "community")


def test_the_month_is_a_month_of_different_matters_from_all_sides():
    days = {row["reported_at"][:10] for row in CASES}
    first, last = (datetime.fromisoformat(day) for day in (min(days), max(days)))
    assert 240 <= len(CASES) <= 300
    assert 28 <= (last - first).days <= 31
    assert len({row["external_id"] for row in CASES}) == len(CASES)
    assert len({row["title"] for row in CASES}) > 150
    assert len({row["channel"] for row in CASES}) >= 9
    assert len({row["region_code"][:6] for row in CASES}) >= 15


def test_nobody_in_the_month_is_real():
    assert all(re.fullmatch(r"1990000\d{4}|", row["reporter_phone"]) for row in CASES)
    assert all(re.fullmatch(r".(先生|女士|巡查员)|", row["reporter_name"]) for row in CASES)


def test_a_place_on_the_map_lies_in_its_district():
    placed = [row for row in CASES if row["longitude"]]
    assert len(placed) > len(CASES) / 2
    for row in placed:
        outline = OUTLINES[row["region_code"][:6] + "000000"]
        assert contains(outline, float(row["longitude"]), float(row["latitude"])), row["external_id"]


def test_the_same_thing_is_reported_by_several_people():
    heating = [row for row in CASES if row["address"].endswith("和平路街道林兴家园")]
    assert len(heating) >= 10
    texts = [f"{row['title']} {row['detail']}" for row in heating]
    assert min(similarity(one, other) for one, other in combinations(texts, 2)) > 0.5
    assert len({row["reporter_code"] for row in heating}) == len(heating)


MESSAGE = "message_id,reporter_id,title,reported_at,detail,level1_label"
REQUEST = (
    "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,case_title,subject,reason,type,"
    "location,latitude,longitude"
)


def test_a_message_of_a_citizen_becomes_a_case_in_the_mailbox_of_the_leaders():
    profile = choose(PROFILES, MESSAGE.split(","), None)
    cells = ["24", "A001", "占道施工", "2020/1/6 12:09:38", "人行道被围起来了", "城乡建设"]
    case = read_row(profile, dict(zip(MESSAGE.split(","), cells, strict=True))).case
    assert (case.channel, case.external_id, case.reporter_code) == ("mayor_mailbox", "24", "A001")
    assert (case.label, case.region_code, case.historic) == ("城乡建设", "230100000000", False)
    assert case.reported_at.isoformat() == "2020-01-06T12:09:38+08:00"


def test_a_service_request_with_a_past_keeps_its_dates_and_its_verdict():
    profile = choose(PROFILES, REQUEST.split(","), None)
    cells = [
        *("101", "2022-01-21 13:47:00", "2022-02-04 13:47:30", "", "OVERDUE", "Open", " ", "Needle Pickup"),
        *("Hotline", "Needle Program", "Needle Pickup", " ", "42.3594", "-71.0587"),
    ]
    incoming = read_row(profile, dict(zip(REQUEST.split(","), cells, strict=True)))
    case = incoming.case
    assert case.historic
    assert case.anonymous
    assert (case.channel, case.published_verdict, case.closed_at) == ("boston311", "OVERDUE", None)
    assert case.reported_at.isoformat() == "2022-01-21T13:47:00-05:00"
    assert incoming.target_at.isoformat() == "2022-02-04T13:47:30-05:00"
    assert (case.detail, case.coordinate_system) == ("Needle Program；Needle Pickup", "WGS-84")


def contains(geometry: dict, x: float, y: float) -> bool:
    """Tell whether a point lies inside the outer ring of any part of an outline."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return any(in_ring(part[0], x, y) for part in parts)


def in_ring(ring: list, x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
