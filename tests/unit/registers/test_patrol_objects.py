"""Objects of patrols: loaded from files as often as one likes, every wrong row named."""

from dataclasses import replace

import pytest

from engine.errors import Invalid
from registers.codes import CodeRegister
from registers.patrols import NewPatrolObject, ObjectQuery, PatrolObjectRegister
from tests.small_city import COMMUNITY

ROW = {
    "code": "XC-001",
    "name": "某小学（北门）",
    "category": "school",
    "risk": "high",
    "region_code": COMMUNITY,
    "address": "某街1号",
    "longitude": "126.61",
    "latitude": "45.77",
    "coordinate_system": "GCJ-02",
    "enabled": "true",
}


@pytest.fixture
def objects(city, clock):
    codes = CodeRegister(city, clock)
    codes.load("patrol_categories", [{"code": "school", "name": "学校周边", "kind": "place"}])
    codes.load("patrol_risks", [{"code": "high", "name": "高风险"}])
    return PatrolObjectRegister(city, clock)


def test_loading_twice_changes_what_is_there(objects):
    assert objects.load([ROW, {**ROW, "code": "XC-002"}]) == 2
    assert objects.load([{**ROW, "name": "某小学（南门）", "enabled": "否"}]) == 1
    found = objects.list_page(ObjectQuery()).items
    assert [(one.code, one.name, one.enabled) for one in found] == [
        ("XC-001", "某小学（南门）", False),
        ("XC-002", "某小学（北门）", True),
    ]
    assert (found[0].kind, found[0].community) == ("place", COMMUNITY)


def test_every_wrong_row_is_named_and_nothing_else_is_said(objects):
    rows = [ROW, {**ROW, "code": "x"}, {**ROW, "code": "XC-3", "longitude": "east", "risk": "none"}]
    with pytest.raises(Invalid) as refused:
        objects.load(rows)
    assert [(one.where, one.params["field"]) for one in refused.value.problems] == [
        ("row 3", "code"),
        ("row 4", "longitude"),
        ("row 4", "risk"),
    ]


def test_an_object_without_a_code_gets_one_and_keeps_it(objects):
    new = NewPatrolObject(
        name="某小学",
        category="school",
        risk="high",
        region_code=COMMUNITY,
        longitude=126.61,
        latitude=45.77,
        coordinate_system="WGS-84",
        code=None,
    )
    made = objects.add(new)
    assert made.code.startswith("XC-")
    changed = objects.change(made.id, replace(new, name="某中学", code="ANOTHER"))
    assert (changed.code, changed.name, changed.revision) == (made.code, "某中学", 2)
