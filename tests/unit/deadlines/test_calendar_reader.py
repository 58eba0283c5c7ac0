import json

import pytest

from engine.deadlines import DayEnd, DayKind, Hours, read_calendar
from engine.errors import Invalid

SETTINGS = {
    "zone": "Asia/Shanghai",
    "office_hours": {"default": ["08:00-12:00", "14:00-18:00"]},
    "published_through": 2026,
}
HEADER = "date,kind,name,source\n"


def read(rows="", header=HEADER, **changes):
    settings = {key: value for key, value in (SETTINGS | changes).items() if value is not ...}
    return read_calendar("city", 3, header + rows, json.dumps(settings))


def problems(*args, **changes):
    with pytest.raises(Invalid) as caught:
        read(*args, **changes)
    return caught.value.problems


def test_a_table_and_its_settings_become_a_calendar():
    calendar = read("2026-02-14,workday,春节调休,通知\n\n2026-02-16,holiday,春节,通知\n", day_ends_at="midnight")
    assert (calendar.key, calendar.version, calendar.day_ends_at) == ("city", 3, DayEnd.MIDNIGHT)
    assert [day.kind for day in calendar.days.values()] == [DayKind.WORKDAY, DayKind.HOLIDAY]


def test_a_row_may_carry_hours_of_its_own():
    calendar = read("2026-02-14,workday,值守,通知,09:00-11:00; 13:00-24:00\n", header="date,kind,name,source,hours\n")
    assert next(iter(calendar.days.values())).hours == (Hours(540, 660), Hours(780, 1440))


def test_a_byte_order_mark_and_foreign_line_ends_do_not_matter():
    assert len(read("2026-02-14,workday,调休,通知\r\n", header="\ufeffdate,kind,name,source\r\n").days) == 1


def test_every_bad_row_is_reported_with_its_number():
    found = problems(
        "2026-02-30,holiday,春节,通知\n"
        "2026-02-16,holiday,春节,通知\n"
        "2026-02-17,feast,春节,通知\n"
        "2026-02-16,workday,春节,通知\n"
        "2026-02-18,holiday,,通知\n"
        "2026-02-19,holiday\n"
        "1890-02-19,holiday,春节,通知\n"
        "2026-02-20,half-day,除夕,通知\n"
    )
    assert [problem.line for problem in found] == [2, 4, 5, 6, 7, 8, 9]
    assert [problem.code.removeprefix("calendar-") for problem in found] == [
        "date",
        "day-kind",
        "day-twice",
        "day-without-name",
        "row-cells",
        "date-range",
        "half-day-without-hours",
    ]
    assert {problem.file for problem in found} == {"city.csv"}
    assert "line 3 already" in str(found[2])


@pytest.mark.parametrize("hours", ["8-12", "12:00-08:00", "08:00-24:30", "08:00-10:00;09:00-11:00", "25:00-26:00", ";"])
def test_hours_that_make_no_sense_are_reported(hours):
    found = problems(f"2026-02-14,workday,值守,通知,{hours}\n", header="date,kind,name,source,hours\n")
    assert [(problem.code.startswith("calendar-hours-"), problem.line) for problem in found] == [(True, 2)]


def test_a_holiday_with_hours_is_reported():
    found = problems("2026-02-14,holiday,春节,通知,08:00-09:00\n", header="date,kind,name,source,hours\n")
    assert found[0].line == 2


@pytest.mark.parametrize(
    "header", ["", "date,kind\n", "date,kind,name,source,date\n", "date,kind,name,source,colour\n"]
)
def test_a_table_with_other_columns_is_refused(header):
    assert [problem.code for problem in problems(header=header)] == ["calendar-table-columns"]


def test_a_table_that_is_no_table_or_too_long_is_refused():
    assert problems('2026-02-14,"holiday')[0].code == "calendar-table-not-csv"
    assert problems("x" * 2_000_001)[0].code == "calendar-table-too-long"
    assert problems("2026-02-14,holiday\n" * 20_001)[-1].code == "calendar-table-too-many-rows"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
        ("zone", "Asia"),
        ("zone", ""),
        ("zone", ...),
        ("office_hours", {}),
        ("office_hours", {"monday": ["08:00-12:00"]}),
        ("office_hours", {"default": []}),
        ("office_hours", {"default": ["08:00-12:00"], "someday": ["08:00-12:00"]}),
        ("office_hours", ["08:00-12:00"]),
        ("office_hours", ...),
        ("published_through", "2026"),
        ("published_through", True),
        ("published_through", ...),
        ("provisional", 2027),
        ("provisional", [27]),
        ("day_ends_at", "dawn"),
        ("hours_per_day", 0),
        ("hours_per_day", 25),
        ("workweek", []),
        ("workweek", ["someday"]),
        ("half_day_hours", "08:00-12:00"),
        ("name", 5),
        ("colour", "green"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(setting, value):
    found = problems(**{setting: value})
    assert [(problem.where, problem.file) for problem in found] == [(setting, "city.json")]


@pytest.mark.parametrize("text", ["", "[]", "{", "5", "[" * 100_000])
def test_settings_that_are_no_object_are_refused(text):
    with pytest.raises(Invalid) as caught:
        read_calendar("city", 1, HEADER, text)
    assert caught.value.problems[0].code in ("calendar-settings-not-json", "calendar-settings-not-an-object")


def test_wrong_settings_and_wrong_rows_are_reported_together():
    assert {problem.code for problem in problems("x,y,z,\n", zone="Mars")} == {"calendar-zone-unknown", "calendar-date"}
