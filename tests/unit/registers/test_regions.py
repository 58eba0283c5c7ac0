"""Regions."""

import pytest

from engine.errors import Invalid, NotFound
from registers.regions import RegionLevel, RegionRegister, short_name
from tests.small_city import COMMUNITY, DAOLI, JIEDAO, NANGANG, REGIONS, rows_of


@pytest.fixture
def regions(city, clock):
    return RegionRegister(city, clock)


@pytest.mark.parametrize(
    ("code", "street", "district"),
    [
        (COMMUNITY, "230103002", "230103"),
        (JIEDAO, "230103002", "230103"),
        ("230103002", "230103002", "230103"),
        (NANGANG, "230103", "230103"),
        ("230103", "230103", "230103"),
        ("230100", "230100", "230100"),
    ],
)
def test_a_code_of_any_length_gives_street_and_district_units(regions, code, street, district):
    place = regions.resolve(code)
    assert (place.street_unit, place.district_unit, place.city.name) == (street, district, "哈尔滨市")


def test_a_community_knows_everything_above_it(regions):
    place = regions.resolve(COMMUNITY)
    assert [region.name for region in (place.city, place.district, place.street, place.community)] == [
        "哈尔滨市",
        "南岗区",
        "花园街道",
        "繁荣社区居委会",
    ]
    assert place.community.unit_code == COMMUNITY
    assert place.region.path == f"230000000000/230100000000/{NANGANG}/{JIEDAO}/{COMMUNITY}"


def test_a_case_cannot_happen_above_a_city(regions):
    with pytest.raises(Invalid) as caught:
        regions.resolve("230000")
    assert caught.value.problems[0].code == "region-above-city"


@pytest.mark.parametrize("code", ["230199", "23010", "abc", "", "230103002001x", "000000"])
def test_an_unknown_or_malformed_code_is_no_region(regions, code):
    assert regions.find(code) is None
    with pytest.raises(NotFound):
        regions.get(code)


def test_a_name_is_looked_for_inside_its_parent_only(regions):
    assert regions.find_by_name("新华街道", DAOLI).code == "230102005000"
    assert regions.find_by_name("新华", NANGANG).code == "230103003000"
    assert regions.find_by_name("新华街道办事处", NANGANG).code == "230103003000"
    assert regions.find_by_name("花园街道", DAOLI) is None


def test_an_address_is_located_from_the_district_down(regions):
    assert regions.locate("哈尔滨市南岗区新华街道3号").region.code == "230103003000"
    assert regions.locate("新华街道3号").region.level is RegionLevel.CITY
    assert regions.locate("道里区某处").region.code == DAOLI


def test_children_are_listed_by_code_and_roots_for_none(regions):
    assert [region.code for region in regions.list_children("230100")] == [DAOLI, NANGANG]
    assert [region.level for region in regions.list_children(None)] == [RegionLevel.PROVINCE]
    assert len(regions.list_level(RegionLevel.STREET)) == 3


def test_every_wrong_row_is_named_and_nothing_is_loaded(regions):
    rows = [
        {"code": "2301", "name": "x", "level": "city", "parent_code": ""},
        {"code": "230199000000", "name": "x", "level": "planet", "parent_code": ""},
        {"code": "230198000000", "name": "x", "level": "district", "parent_code": "230197000000"},
        {"code": "230196000000", "name": "好", "level": "district", "parent_code": ""},
    ]
    with pytest.raises(Invalid) as caught:
        regions.load(rows)
    assert [problem.code for problem in caught.value.problems] == [
        "region-code-malformed",
        "region-level-or-name",
        "region-parent-unknown",
    ]
    assert regions.find("230196") is None


def test_loading_again_changes_and_adds(regions):
    rows = rows_of(REGIONS.replace("花园街道", "花园西街道"))
    assert regions.load(rows) == 8
    assert regions.get(JIEDAO).name == "花园西街道"


def test_a_short_name_keeps_at_least_two_characters():
    assert short_name("兆麟街道") == "兆麟"
    assert short_name("街道") == "街道"
    assert short_name("新街道") == "新街道"
