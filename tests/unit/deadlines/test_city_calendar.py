"""The delivered calendar `rules/calendars/city` and its seed."""

from collections import Counter
from datetime import date, timedelta

import pytest

from api.calendar_seed import STATUTE, seed_calendar_rows, write_calendar_rows
from engine.deadlines import DayKind, read_calendar
from tests.unit.deadlines.samples import CALENDARS, at, city


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]


def test_2026_has_248_workdays():
    assert sum(city().is_workday(day) for day in days_of(2026)) == 248


def test_2026_has_the_six_published_make_up_days():
    made_up = {day.strftime("%m-%d") for day in days_of(2026) if city().is_workday(day) and day.weekday() > 4}
    assert made_up == {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}


@pytest.mark.parametrize(
    ("year", "workdays"), [(2016, 250), (2019, 250), (2020, 249), (2023, 249), (2024, 251), (2025, 248)]
)
def test_past_years_have_the_workdays_of_their_arrangement(year, workdays):
    assert sum(city().is_workday(day) for day in days_of(year)) == workdays


def test_every_row_names_its_day_and_its_source():
    assert all(day.name and day.source for day in city().days.values())


def test_2027_is_provisional_and_its_rows_say_so():
    assert city().is_provisional(at("2027-03-01 09:00"))
    rows = [day for when, day in city().days.items() if when.year == 2027]
    assert Counter(day.kind for day in rows) == {DayKind.HOLIDAY: 13}
    assert {day.source for day in rows} == {STATUTE}


def test_2016_to_2026_are_not_provisional():
    assert not city().is_provisional(at("2016-01-01 00:00"))
    assert not city().is_provisional(at("2026-12-31 23:59"))


@pytest.mark.parametrize("when", ["2015-12-31 23:59", "2028-01-01 00:00", "2090-05-05 12:00"])
def test_years_without_rows_are_provisional(when):
    assert city().is_provisional(at(when))


def test_the_seed_of_a_published_year_can_be_read_back_as_a_calendar():
    settings = (CALENDARS / "city.json").read_text(encoding="utf-8")
    seeded = read_calendar("city", 1, write_calendar_rows(seed_calendar_rows(2026)), settings)
    assert [seeded.is_workday(day) for day in days_of(2026)] == [city().is_workday(day) for day in days_of(2026)]


def test_the_seed_of_a_year_that_nobody_knows_has_the_days_with_a_fixed_date_only():
    rows = seed_calendar_rows(2031)
    assert {row.name for row in rows} == {"元旦", "清明节", "劳动节", "国庆节"}
    assert {row.source for row in rows} == {STATUTE}
    assert list(rows) == sorted(rows)
