"""Finding the same matter twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.cases import CaseRegister, DuplicateRegister, LinkKind, NewCase
from registers.cases.similarity import bigrams, distance_m, similarity
from tests.small_city import CITY, DAOLI, JIEDAO, NOW


@pytest.fixture
def cases(city, clock):
    return CaseRegister(city, clock)


@pytest.fixture
def duplicates(city, clock):
    return DuplicateRegister(city, clock)


@pytest.fixture
def heating(cases):
    def one(detail="繁荣小区3号楼室温只有十二度，暖气不热。", *, category="HR01", **changes):
        given = {
            "channel": "hotline",
            "title": "暖气不热",
            "detail": detail,
            "anonymous": True,
            "reported_at": NOW,
            "region_code": JIEDAO,
        }
        case, _ = cases.report(NewCase(**(given | changes)))
        return cases.classify(case.id, category=category, request_type="求助", urgency="一般")

    return one


def test_the_most_alike_come_first_and_no_more_than_asked(duplicates, heating):
    heating("道路积雪未清除，车辆无法通行。")
    same = heating("繁荣小区3号楼室温只有12度，暖气不热！")
    near = heating("繁荣小区5号楼暖气不热。")
    case = heating()
    alike = duplicates.compare(case, days=7, limit=2)
    assert [like.other.id for like in alike] == [same.id, near.id]
    assert alike[0].score > alike[1].score > 0.3


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"category": "0101"}, False),
        ({"reported_at": NOW - timedelta(days=8)}, False),
        ({"reported_at": NOW + timedelta(days=3)}, True),
        ({"region_code": DAOLI}, False),
        ({"region_code": CITY}, True),
        ({"historic": True}, False),
    ],
)
def test_only_the_neighbours_in_matter_place_and_time_are_compared(duplicates, heating, changes, found):
    heating(**changes)
    assert bool(duplicates.compare(heating(), days=7, limit=10)) is found


def test_a_case_without_a_district_is_compared_with_the_whole_city(duplicates, heating):
    heating(region_code=DAOLI)
    assert len(duplicates.compare(heating(region_code=CITY), days=7, limit=10)) == 1


def test_what_was_merged_refused_or_withdrawn_is_not_compared(cases, duplicates, heating):
    first, second, third = heating(), heating(), heating()
    cases.withdraw(first.id, reason="")
    cases.merge(second.id, master_case_id=third.id)
    assert [like.other.id for like in duplicates.compare(heating(), days=7, limit=10)] == [third.id]


def test_reporter_hours_and_distance_are_measured(duplicates, heating):
    here = {"longitude": 126.64, "latitude": 45.76}
    there = {"longitude": 126.64, "latitude": 45.77}
    heating(reporter_phone="19900000001", reported_at=NOW - timedelta(hours=5), **there)
    (like,) = duplicates.compare(heating(reporter_phone="19900000001", **here), days=1, limit=5)
    assert (like.same_reporter, like.hours) == (True, 5.0)
    assert like.distance_m == pytest.approx(1112, abs=1)
    assert all(not other.same_reporter for other in duplicates.compare(heating(), days=1, limit=5))


def test_candidates_are_kept_anew_each_time(duplicates, heating):
    heating()
    heating()
    case = heating()
    alike = duplicates.compare(case, days=7, limit=10)
    assert len(duplicates.keep(case.id, alike)) == 2
    kept = duplicates.keep(case.id, alike[:1])
    assert [candidate.other_id for candidate in kept] == [alike[0].other.id]
    assert duplicates.keep(case.id, []) == ()


def test_links_are_seen_from_both_ends_and_linking_again_changes_the_kind(duplicates, heating):
    one, other = heating(), heating()
    duplicates.link(one.id, other.id, LinkKind.RELATED, by="bob")
    duplicates.link(one.id, other.id, LinkKind.MERGED, by="bob")
    (link,) = duplicates.list_links(other.id)
    assert (link.case_id, link.kind, link.created_by) == (one.id, LinkKind.MERGED, "bob")
    assert duplicates.list_links(one.id) == (link,)


def test_likeness_ignores_case_width_spaces_and_punctuation():
    assert similarity("暖气 不热！ＡＢＣ", "暖气不热abc") == 1.0
    assert similarity("暖气不热", "道路积雪") == 0.0
    assert similarity("", "暖气") == 0.0
    assert similarity("热", "热") == 1.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_symmetric_and_between_nothing_and_the_same(one, other):
    score = similarity(one, other)
    assert 0 <= score <= 1
    assert score == similarity(other, one)
    assert similarity(one, one) == (1.0 if bigrams(one) else 0.0)


@given(*[st.floats(-180, 180), st.floats(-90, 90)] * 2)
def test_no_two_places_are_further_apart_than_half_the_earth(longitude, latitude, other_longitude, other_latitude):
    distance = distance_m(longitude, latitude, other_longitude, other_latitude)
    assert 0 <= distance <= 20_015_200
