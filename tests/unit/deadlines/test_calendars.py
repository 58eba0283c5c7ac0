from datetime import UTC, date, datetime, timedelta

import pytest

from engine.deadlines import Budget, Day, DayKind, Hours, OfficeHours, WorkingCalendar
from engine.errors import Invalid
from tests.unit.deadlines.samples import at, budget, city, local

MORNING, AFTERNOON = Hours(480, 720), Hours(840, 1080)


def calendar(**days):
    listed = {date.fromisoformat(key.removeprefix("d").replace("_", "-")): day for key, day in days.items()}
    hours = OfficeHours((MORNING, AFTERNOON), weekdays={4: (MORNING,)}, half_day=(MORNING,))
    return WorkingCalendar("city", 1, "Asia/Shanghai", hours, listed, 2026)


def hours(number):
    return timedelta(hours=number)


def test_results_are_aware_instants_in_utc():
    result = city().add_working_time(at("2026-11-23 09:00"), hours(1))
    assert result == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert result.tzinfo is UTC


def test_a_stretch_that_ends_with_the_morning_ends_at_noon():
    assert local(city().add_working_time(at("2026-11-23 08:00"), hours(4))) == "2026-11-23 12:00"


def test_no_time_at_all_leaves_the_instant_where_it_is():
    assert local(city().add_working_time(at("2026-11-21 03:00"), hours(0))) == "2026-11-21 03:00"


def test_backwards_the_earliest_instant_with_no_more_time_left_is_found():
    assert local(city().subtract_working_time(at("2026-11-23 18:00"), hours(8))) == "2026-11-20 18:00"
    assert local(city().subtract_working_time(at("2026-11-23 18:00"), hours(9))) == "2026-11-20 17:00"
    assert local(city().subtract_working_time(at("2026-01-04 09:00"), hours(1))) == "2025-12-31 18:00"


def test_time_between_is_negative_when_the_end_lies_before_the_start():
    early, late = at("2026-11-20 17:00"), at("2026-11-23 09:00")
    assert city().working_time_between(early, late) == hours(2)
    assert city().working_time_between(late, early) == hours(-2)


def test_a_half_day_is_a_workday_that_ends_at_noon():
    half = calendar(d2026_11_23=Day(DayKind.HALF_DAY, "半日"))
    assert half.is_workday(date(2026, 11, 23))
    assert local(half.add(at("2026-11-20 09:00"), budget("1 工作日"))) == "2026-11-23 12:00"
    assert half.working_time_between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == hours(4)


def test_a_weekday_may_have_hours_of_its_own():
    assert calendar().hours_on(date(2026, 11, 20)) == (MORNING,)
    assert calendar().hours_on(date(2026, 11, 19)) == (MORNING, AFTERNOON)


def test_a_listed_day_may_have_hours_of_its_own():
    odd = calendar(d2026_11_23=Day(DayKind.WORKDAY, "供热值守", hours=(Hours(600, 660),)))
    assert odd.working_time_between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == hours(1)


def test_a_make_up_day_on_a_weekend_has_the_ordinary_hours():
    made_up = calendar(d2026_11_21=Day(DayKind.WORKDAY, "调休"))
    assert made_up.hours_on(date(2026, 11, 21)) == (MORNING, AFTERNOON)


def test_a_long_closure_is_stepped_over():
    closed = {
        f"d{date(2026, 1, 1) + timedelta(days=i)}".replace("-", "_"): Day(DayKind.HOLIDAY, "停") for i in range(365)
    }
    assert local(calendar(**closed).add_working_time(at("2025-12-31 17:00"), hours(2))) == "2027-01-01 09:00"
    assert local(calendar(**closed).add(at("2025-12-31 17:00"), budget("1 工作日"))) == "2027-01-01 12:00"


def test_ten_years_are_added_year_by_year_and_not_minute_by_minute():
    start = at("2016-03-01 09:00")
    city().add(start, budget("2500 工作日"))
    laid_out = city()._office._years
    assert set(laid_out) >= set(range(2016, 2026))
    assert all(len(year.starts) < 600 for year in laid_out.values())


@pytest.mark.parametrize(
    "call", [lambda c, t: c.add_working_time(t, hours(1)), lambda c, t: c.add(t, budget("1 自然日"))]
)
def test_an_instant_without_a_zone_is_refused(call):
    with pytest.raises(Invalid) as caught:
        call(city(), datetime(2026, 11, 23))  # noqa: DTZ001  the missing zone is the point
    assert caught.value.key == "instant-not-aware"


@pytest.mark.parametrize("year", [1900, 1969, 2202, 9999])
def test_an_instant_far_away_is_refused(year):
    with pytest.raises(Invalid) as caught:
        city().add_working_time(datetime(year, 6, 1, tzinfo=UTC), hours(1))
    assert caught.value.key == "instant-out-of-range"


def test_negative_amounts_are_refused():
    for call in (
        lambda: city().add_working_time(at("2026-11-23 09:00"), hours(-1)),
        lambda: city().subtract_working_time(at("2026-11-23 09:00"), hours(-1)),
        lambda: city().add_working_days(at("2026-11-23 09:00"), 0),
    ):
        with pytest.raises(Invalid) as caught:
            call()
        assert caught.value.key == "negative-duration"


def test_a_budget_of_another_calendar_is_refused():
    with pytest.raises(Invalid) as caught:
        city().add(at("2026-11-23 09:00"), Budget.of(1, "工作日", "hospital"))
    assert caught.value.key == "calendar-mismatch"
    assert caught.value.details["expected"] == "hospital"
