"""Taking cases in, finding them and paging through them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from engine.errors import Conflict, Invalid, NotFound
from registers.cases import Case, CaseQuery, CaseRegister, CaseScope, CaseStatus, NewCase, reading
from registers.cases.numbering import QUERY_ALPHABET, new_query_code
from registers.cases.tables import CaseCounterRow
from tests.small_city import CITY, COMMUNITY, DAOLI, NOW

GOOD = {
    "channel": "hotline",
    "title": "井盖破损",
    "detail": "花园街道繁荣小区门口井盖破损，夜间有人摔倒。",
    "reporter_name": "李女士",
    "reported_at": NOW - timedelta(hours=1),
    "region_code": COMMUNITY,
}


@pytest.fixture
def cases(city, clock):
    return CaseRegister(city, clock)


@pytest.fixture
def report(cases):
    def one(**changes) -> Case:
        return cases.report(NewCase(**(GOOD | changes)))[0]

    return one


def problems_of(cases: CaseRegister, **changes) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        cases.report(NewCase(**(GOOD | changes)))
    return [(problem.where, problem.code) for problem in caught.value.problems]


def test_a_report_becomes_a_case_with_its_place_and_a_query_code(cases, clock):
    case, created = cases.report(NewCase(**GOOD, reporter_phone="19900001234", urgency="紧急", label="城乡建设"))
    assert created
    assert (case.status, case.round, case.returns, case.revision) == (CaseStatus.REPORTED, 1, 0, 1)
    assert (case.region_code, case.street, case.district) == (COMMUNITY, "230103002", "230103")
    assert (case.received_at, case.reported_at) == (clock.now(), NOW - timedelta(hours=1))
    assert case.case_no is None
    assert cases.find_by_query_code(f" {case.query_code[:6].lower()} {case.query_code[6:]}") == case
    assert cases.get(case.id) == case


def test_the_same_external_id_of_a_channel_is_one_case(cases):
    first, created = cases.report(NewCase(**GOOD, external_id="A1"))
    again, created_again = cases.report(NewCase(**(GOOD | {"title": "另一标题"}), external_id="A1"))
    assert (created, created_again) == (True, False)
    assert again == first
    other, _ = cases.report(NewCase(**(GOOD | {"channel": "mailbox"}), external_id="A1"))
    assert other.id != first.id
    assert cases.find_by_external_id("hotline", "A1") == first
    assert cases.count(CaseQuery()).total == 2


def test_margins_of_an_external_id_do_not_make_another_case(cases):
    first, _ = cases.report(NewCase(**GOOD, external_id="A1"))
    assert cases.report(NewCase(**GOOD, external_id=" A1 ")) == (first, False)
    empty, _ = cases.report(NewCase(**GOOD, external_id=" "))
    assert empty.external_id is None


def test_reports_without_an_external_id_are_never_the_same(cases, report):
    assert report().id != report().id


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reporter_name": None}, [("reporter_name", "case-who-missing")]),
        ({"reporter_name": "  "}, [("reporter_name", "case-who-missing")]),
        ({"reported_at": None}, [("occurred_at", "case-when-missing")]),
        ({"region_code": None}, [("region_code", "case-where-missing")]),
        ({"title": " "}, [("title", "case-title-missing")]),
        ({"detail": ""}, [("detail", "case-detail-missing")]),
        ({"region_code": "230199"}, [("region_code", "unknown-region")]),
        ({"region_code": "230000"}, [("region_code", "region-above-city")]),
        ({"channel": "pigeon"}, [("channel", "unknown-channel")]),
        ({"category": "9999"}, [("category", "unknown-category")]),
        ({"request_type": "闲聊"}, [("request_type", "unknown-request-type")]),
        ({"urgency": "超急"}, [("urgency", "unknown-urgency")]),
        ({"label": "不存在"}, [("label", "unknown-label")]),
        ({"title": "长" * 201}, [("title", "text-too-long")]),
        ({"detail": "长" * 20_001}, [("detail", "text-too-long")]),
        ({"detail": "a\x00b"}, [("detail", "text-unstorable")]),
        ({"title": "a\ud800"}, [("title", "text-unstorable")]),
        ({"external_id": "A\x001"}, [("external_id", "text-unstorable")]),
        ({"channel": "hot\x00line"}, [("channel", "text-unstorable")]),
        ({"occurred_at": datetime(2026, 11, 1)}, [("occurred_at", "instant-without-zone")]),  # noqa: DTZ001
        ({"longitude": 126.6}, [("latitude", "coordinate-missing")]),
        ({"longitude": 326.6, "latitude": 45.7}, [("longitude", "coordinate-out-of-range")]),
        ({"longitude": 126.6, "latitude": float("nan")}, [("latitude", "coordinate-out-of-range")]),
        ({"coordinate_system": "MARS"}, [("coordinate_system", "unknown-coordinate-system")]),
    ],
)
def test_a_report_with_a_wrong_field_is_refused_by_the_name_of_the_field(cases, changes, expected):
    assert problems_of(cases, **changes) == expected
    assert cases.count(CaseQuery()).total == 0


def test_every_wrong_field_is_named_at_once(cases):
    wrong = {"reporter_name": None, "reported_at": None, "region_code": None, "title": "", "detail": "", "channel": "x"}
    assert [where for where, _ in problems_of(cases, **wrong)] == [
        "reporter_name",
        "occurred_at",
        "region_code",
        "title",
        "detail",
        "channel",
    ]


def test_an_anonymous_report_needs_no_reporter(report):
    assert report(reporter_name=None, anonymous=True).anonymous is True


def test_when_it_happened_is_enough_and_the_report_is_now(report, clock):
    case = report(reported_at=None, occurred_at=NOW - timedelta(days=2))
    assert case.reported_at == clock.now()


def test_an_address_stands_in_for_the_region(report):
    case = report(region_code=None, address="哈尔滨市南岗区花园街道一曼街1号")
    assert (case.district, case.street) == ("230103", "230103002")
    assert report(region_code=None, address="中央大街1号").district == "230100"


def test_a_label_may_be_a_tag_or_the_name_of_a_category(report):
    assert report(label="L1").label == "L1"
    assert report(label="供热不足").label == "供热不足"


def test_instants_of_any_zone_are_kept_as_instants(report):
    there = datetime(2020, 1, 6, 12, 9, 38, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert report(reported_at=there).reported_at == datetime(2020, 1, 6, 4, 9, 38, tzinfo=UTC)


def test_a_historic_case_comes_with_its_end_and_a_foreign_label(report):
    closed_at = NOW - timedelta(days=1)
    case = report(historic=True, closed_at=closed_at, published_verdict="ONTIME", label="Needle Pickup")
    assert (case.status, case.outcome, case.closed_at) == (CaseStatus.ARCHIVED, CaseStatus.CLOSED, closed_at)
    assert case.published_verdict == "ONTIME"
    assert report(historic=True).status is CaseStatus.FILED


def test_an_unknown_case_is_not_found(cases):
    assert cases.find("x") is None
    assert cases.find_by_query_code("x") is None
    assert cases.find_by_case_no("x") is None
    with pytest.raises(NotFound):
        cases.get("x")


def test_a_query_code_has_twelve_unmistakable_characters():
    code = new_query_code()
    assert len(code) == 12
    assert set(code) <= set(QUERY_ALPHABET)
    assert not set(QUERY_ALPHABET) & set("01258BILOSUVZ")


def test_a_case_number_counts_per_district_day_and_channel(cases, report, clock):
    def number(**changes) -> str | None:
        return cases.file(report(**changes).id, condition=None, closing_condition=None).case_no

    assert [number(), number(), number(region_code=DAOLI), number(channel="mailbox")] == [
        "230103" + "20261123" + "01" + "00001",
        "230103" + "20261123" + "01" + "00002",
        "230102" + "20261123" + "01" + "00001",
        "230103" + "20261123" + "02" + "00001",
    ]
    clock.instant = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight in the city
    assert number() == "230103" + "20261124" + "01" + "00001"


def test_filing_again_keeps_number_and_day(cases, report, clock):
    case = cases.file(report().id, condition=None, closing_condition=None)
    clock.advance(timedelta(days=3))
    again = cases.file(case.id, condition="未围护", closing_condition="现场围护")
    assert (again.case_no, again.filed_at) == (case.case_no, case.filed_at)
    assert cases.find_by_case_no(str(case.case_no)) == again


def test_a_day_has_no_more_than_99999_numbers(cases, report, city):
    city.execute(insert(CaseCounterRow).values(scope="2301032026112301", value=99_999))
    with pytest.raises(Conflict, match="used up"):
        cases.file(report().id, condition=None, closing_condition=None)


def test_pages_follow_each_other_without_gap_or_repeat(cases, report, clock):
    made = []
    for hour in range(7):
        made.append(report(title=f"第{hour}件").title)
        if hour % 2:  # two cases share each instant
            clock.advance(timedelta(minutes=1))
    for sort, downwards in (("received_at", False), ("-received_at", True)):
        seen, instants, after = [], [], None
        while True:
            page = cases.list_page(CaseQuery(sort=sort, limit=2, after=after))
            seen += [case.title for case in page.items]
            instants += [case.received_at for case in page.items]
            after = page.next_after
            if after is None:
                break
        assert sorted(seen) == sorted(made)
        assert instants == sorted(instants, reverse=downwards)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort": "title"}, "unknown-sort"),
        ({"limit": 0}, "limit-out-of-range"),
        ({"limit": 201}, "limit-out-of-range"),
        ({"after": "garbage"}, "page-key-malformed"),
        ({"after": "WyJ4Il0="}, "page-key-malformed"),
        ({"after": "ööö"}, "page-key-malformed"),
        ({"after": "bnVsbA=="}, "page-key-malformed"),
    ],
)
def test_a_wrong_query_is_refused_by_the_name_of_its_part(cases, query, code):
    with pytest.raises(Invalid) as caught:
        cases.list_page(CaseQuery(**query))
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"statuses": ("filed",)}, {"b"}),
        ({"channels": ("mailbox",)}, {"c"}),
        ({"districts": ("230102",)}, {"b"}),
        ({"streets": ("230103002",)}, {"a", "c"}),
        ({"urgencies": ("紧急", "特急")}, {"a"}),
        ({"categories": ("HR01",)}, {"c"}),
        ({"lead_units": ("230100-CG",)}, set()),
        ({"search": "花园 井盖"}, {"a"}),
        ({"search": "100%"}, {"c"}),
        ({"search": "%"}, {"c"}),
        ({"search": "_"}, set()),
        ({"reported_from": NOW - timedelta(minutes=30)}, {"b"}),
        ({"reported_to": NOW - timedelta(minutes=30)}, {"a", "c"}),
        ({"reporter_code": "u1"}, {"c"}),
        ({"historic": True}, set()),
        ({}, {"a", "b", "c"}),
    ],
)
def test_filters_find_what_they_name(cases, report, query, expected):
    ids = {
        "a": report(urgency="紧急").id,
        "b": report(region_code=DAOLI, title="积雪未清", detail="道路积雪", reported_at=NOW).id,
        "c": report(channel="mailbox", category="HR01", title="供热", detail="停暖100%", reporter_code="u1").id,
    }
    cases.file(ids["b"], condition=None, closing_condition=None)
    found = {case.id for case in cases.list_page(CaseQuery(**query)).items}
    assert found == {ids[name] for name in expected}
    assert cases.count(CaseQuery(**query), exact=True).total == len(expected)


def test_a_case_is_found_by_its_number(cases, report):
    case = cases.file(report().id, condition=None, closing_condition=None)
    report()
    assert [found.id for found in cases.list_page(CaseQuery(search=str(case.case_no))).items] == [case.id]


def test_counting_stops_at_the_cap_unless_asked_for_all(cases, report, monkeypatch):
    monkeypatch.setattr(reading, "COUNT_CAP", 2)
    for _ in range(3):
        report()
    assert (cases.count(CaseQuery()).total, cases.count(CaseQuery()).capped) == (2, True)
    assert (cases.count(CaseQuery(), exact=True).total, cases.count(CaseQuery(), exact=True).capped) == (3, False)
    assert cases.count_by_status() == {CaseStatus.REPORTED: 3}


def test_a_scope_shows_what_one_of_its_ways_reaches(cases, report):
    mine = report(reporter_code="alice")
    led = report(region_code=CITY)
    cases.dispatch(led.id, lead_unit="230100-ZJ", co_units=["230100-CG"], supervisor_unit="230100")
    far = report(region_code=DAOLI)

    def seen(**scope) -> set[str]:
        return {case.id for case in cases.list_page(CaseQuery(scope=CaseScope(**scope))).items}

    assert seen() == set()
    assert seen(reporter="alice") == {mine.id}
    assert seen(units=("230100-CG",)) == {led.id}
    assert seen(units=("230100",)) == {led.id}
    assert seen(units=("230103002",)) == {mine.id}
    assert seen(units=("230102",), case_ids=(mine.id,)) == {mine.id, far.id}
    assert cases.is_visible(far.id, CaseScope(units=("230102",)))
    assert not cases.is_visible(far.id, CaseScope(units=("230103",)))
    cases.dispatch(led.id, lead_unit="230100-ZJ")
    assert seen(units=("230100-CG",)) == set()
