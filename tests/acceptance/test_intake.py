"""Files of other systems: good rows become cases, bad rows are named, nothing is loaded twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.bootstrap import open_city
from api.config import ROOT
from api.context import City
from api.intake import IntakeReport, import_file
from engine.clock import FixedClock
from engine.errors import EngineError, Invalid, NotFound
from engine.services import deadlines, fixed_deadlines, process_instances
from registers.cases import Case, CaseQuery, CaseRegister, CaseStatus
from tests.api_city import settings_for

DATA = Path(__file__).parent / "data"
MESSAGES, REQUESTS = DATA / "messages.csv", DATA / "requests.csv"
# Real input lies beside the checkout where it is given; it is no part of the project.
GIVEN = ROOT.parent / "shared" / "data"
VERDICTS = {True: "OVERDUE", False: "ONTIME"}


@pytest.fixture
def city(city_url: str, clock: FixedClock) -> Iterator[City]:
    made = open_city(settings_for(city_url), clock)
    yield made
    made.units.engine.dispose()


@pytest.fixture
def take_in(city: City):
    """Give a function that imports a file, or a text as a file."""

    def run(source: Path, name: str | None = None) -> IntakeReport:
        return import_file(
            city.units, source, ROOT / "rules" / "intake", by="test", name=name, progress=lambda _done, _size: None
        )

    return run


@pytest.fixture
def file(tmp_path: Path):
    """Give a function that writes bytes or text into a file."""

    def write(content: str | bytes, name: str = "input.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def cases(city: City, **query: object) -> tuple[Case, ...]:
    with city.units(read_only=True) as uow:
        return uow.get(CaseRegister).list_page(CaseQuery(limit=200, **query)).items


def problems_of(report: IntakeReport) -> dict[int, list[tuple[str, str]]]:
    return {row.number: [(one.where, one.code) for one in row.problems] for row in report.bad}


@pytest.mark.rows("R119", "R120")
def test_every_message_becomes_a_case_with_its_channel_and_external_id_and_the_repeat_is_one_case(
    city, take_in
) -> None:
    report = take_in(MESSAGES)
    assert (report.profile, report.rows, len(report.loaded), report.repeated) == ("citizen_messages", 6, 5, [6])
    assert report.bad == []
    taken = {case.external_id: case for case in cases(city)}
    assert sorted(taken) == ["9001", "9002", "9003", "9004", "9005"]
    first = taken["9001"]
    assert (first.channel, first.reporter_code, first.label) == ("mayor_mailbox", "T000001", "城乡建设")
    assert first.reported_at.isoformat() == "2026-02-03T01:05:10+00:00"
    assert "\n" in taken["9002"].detail


def test_the_process_of_each_case_waits_for_its_registration(city, take_in) -> None:
    take_in(MESSAGES)
    with city.units(read_only=True) as uow:
        for case in cases(city):
            assert case.status is CaseStatus.REPORTED
            open_now = process_instances.positions(uow, case.process_instance_id)
            assert "register" in [activity.element_id for activity in open_now]


def test_the_same_file_again_finds_every_case_already_there(city, take_in) -> None:
    take_in(MESSAGES)
    again = take_in(MESSAGES)
    assert (len(again.loaded), again.repeated, again.bad) == (0, [2, 3, 4, 5, 6, 7], [])
    assert len(cases(city)) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_found(city, take_in, file, encoding) -> None:
    report = take_in(file(MESSAGES.read_text("utf-8").encode(encoding)))
    assert len(report.loaded) == 5
    assert {case.title for case in cases(city)} >= {"公交末班车太早"}


def test_each_bad_row_is_named_by_number_and_field_and_the_good_ones_are_loaded(city, take_in, file) -> None:
    header, *rows = MESSAGES.read_text("utf-8").splitlines()
    lines = [
        header,
        "1,R1,好的一行,2026/2/3 9:05:10,路灯不亮，晚上看不清路。,城乡建设",
        "2,R2,,2026/2/3 9:05:10,没有标题。,城乡建设",
        "3,R3,时间不对,昨天,晚上施工噪声。,城乡建设",
        "4,R4,标签不对,2026/2/3 9:05:10,内容。,没有这个标签",
        "5,R5,少一格,2026/2/3 9:05:10",
        "6,,没有上报人,2026/2/3 9:05:10,内容。,城乡建设",
        "7,R7,又一行好的,2026/2/3 9:05:10,水管漏水。,城乡建设",
        "",
    ]
    content = "\n".join(lines)
    del rows
    report = take_in(file(content))
    assert {case.external_id for case in cases(city)} == {"1", "7"}
    assert problems_of(report) == {
        3: [("title", "case-title-missing")],
        4: [("reported_at", "intake-not-instant")],
        5: [("label", "unknown-label")],
        6: [("", "intake-row-width")],
        7: [("reporter_name", "case-who-missing")],
    }


def test_a_bad_row_leaves_nothing_behind_and_harms_no_other_row_of_its_group(city, take_in, file) -> None:
    header = "external_id,channel,title,detail,reported_at,region_code,reporter_name"
    good = [f"{n},phone,路灯不亮{n},单号{n}路灯不亮。,2026-11-20 08:00,230102001001,王某" for n in range(60)]
    good[30] = "30,phone,区划不对,内容。,2026-11-20 08:00,990102001001,王某"
    report = take_in(file("\n".join([header, *good]) + "\n"))
    assert problems_of(report) == {32: [("region_code", "unknown-region")]}
    assert len(report.loaded) == 59
    with city.units(read_only=True) as uow:
        found = process_instances.list_page(uow, status="active", limit=200)
    assert len(found.items) == 59


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "intake-empty"),
        (b"\xef\xbb\xbf\r\n", "intake-empty"),
        (b"PK\x03\x04\x14\x00\x08\x00", "intake-not-text"),
        (b"message_id,title\n\xff\xff\xff\n", "intake-encoding"),
        (b"a,a\n1,2\n", "intake-header"),
        ("姓名,地址\n张,路\n".encode(), "intake-no-profile"),
        (b"message_id,reporter_id,title,reported_at,detail\n", "intake-column-missing"),
        (b"message_id,reporter_id,title,reported_at,detail,level1_label\n", "intake-no-rows"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_refused_as_a_whole(city, take_in, file, content, code) -> None:
    with pytest.raises(Invalid) as refused:
        take_in(file(content))
    assert [problem.code for problem in refused.value.problems] == [code]
    assert cases(city) == ()


def test_a_missing_file_and_an_unknown_profile_are_named(take_in, file) -> None:
    with pytest.raises(Invalid):
        take_in(DATA / "none.csv")
    with pytest.raises(NotFound, match="no profile letters"):
        take_in(MESSAGES, name="letters")
    with pytest.raises(EngineError):
        take_in(MESSAGES, name="boston311")


def test_an_unclosed_quote_ends_the_file_there_and_says_so(city, take_in, file) -> None:
    header, first, *_ = MESSAGES.read_text("utf-8").splitlines()
    rows = ['8,R8,"没有关上,2026/2/3 9:05:10,内容,城乡建设', "9,R9,x,2026/2/3,y,政法", ""]
    report = take_in(file("\n".join([header, first, *rows])))
    assert len(report.loaded) == 1
    assert problems_of(report) == {3: [("", "intake-broken-csv")]}


def test_a_case_with_its_past_keeps_it_and_starts_no_process(city, take_in) -> None:
    assert len(take_in(REQUESTS).loaded) == 5
    by_id = {case.external_id: case for case in cases(city)}
    closed, waiting = by_id["770002"], by_id["770001"]
    assert (closed.historic, closed.status, closed.published_verdict) == (True, CaseStatus.ARCHIVED, "ONTIME")
    assert closed.closed_at.isoformat() == "2022-01-09T11:43:06+00:00"
    assert waiting.status is CaseStatus.FILED
    assert {case.process_instance_id for case in by_id.values()} == {None}


def verdicts(city: City) -> dict[str, tuple[str, str]]:
    """Return external id → our verdict and the published one, for cases that had a target."""
    found = {}
    with city.units(read_only=True) as uow:
        for case in uow.get(CaseRegister).list_page(CaseQuery(historic=True, limit=200)).items:
            for clock in deadlines.list_for(uow, "case", case.id):
                late = fixed_deadlines.is_overdue(clock, city.units.clock.now())
                assert (deadlines.light_of(clock, city.units.clock.now()) == "红") is late
                found[case.external_id] = VERDICTS[late], case.published_verdict
    return found


def test_the_verdict_follows_from_the_ledger_to_the_second(city, take_in) -> None:
    take_in(REQUESTS)
    assert verdicts(city) == {
        "770001": ("OVERDUE", "OVERDUE"),
        "770002": ("ONTIME", "ONTIME"),
        "770003": ("ONTIME", "ONTIME"),
        "770004": ("OVERDUE", "OVERDUE"),
    }


def test_what_was_late_elsewhere_gets_no_card_here(city, take_in) -> None:
    take_in(REQUESTS)
    with city.units(read_only=True) as uow:
        clocks = [one for case in cases(city) for one in deadlines.list_for(uow, "case", case.id)]
        assert [deadlines.ledger(uow, clock.id)[1] for clock in clocks] == [()] * 4
    with city.units() as uow:
        assert deadlines.fire_due(uow) == 0


@pytest.mark.skipif(not (GIVEN / "citizen-messages.csv").is_file(), reason="the real messages are not given here")
def test_the_real_messages_are_taken_in(city, take_in) -> None:
    report = take_in(GIVEN / "citizen-messages.csv")
    assert (report.rows, len(report.loaded), len(report.repeated), report.bad) == (342, 341, 1, [])
    with city.units(read_only=True) as uow:
        assert uow.get(CaseRegister).find_by_external_id("mayor_mailbox", "37042") is not None
        assert len(process_instances.list_page(uow, status="active", limit=500).items) == 341


@pytest.mark.skipif(not (GIVEN / "boston311-100.csv").is_file(), reason="the real requests are not given here")
def test_the_published_verdict_of_every_real_request_with_a_target_is_ours(city, take_in) -> None:
    report = take_in(GIVEN / "boston311-100.csv")
    assert (report.rows, len(report.loaded), report.bad) == (100, 100, [])
    found = verdicts(city)
    assert len(found) == 89
    assert {ours for ours, published in found.values() if ours != published} == set()
