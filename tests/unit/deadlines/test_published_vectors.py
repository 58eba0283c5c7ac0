"""The thirteen vectors of the working-time arithmetic, recomputed against the official calendar of 2026."""

import pytest

from tests.unit.deadlines.samples import at, budget, city, local

HOURS = [
    pytest.param("2026-02-13 17:00", "4 工作时", "2026-02-14 11:00", id="Saturday make-up day"),
    pytest.param("2026-02-14 10:00", "16 工作时", "2026-02-25 10:00", id="across Spring Festival"),
    pytest.param("2026-09-30 16:30", "8 工作时", "2026-10-08 16:30", id="across National Day"),
    pytest.param("2026-10-09 17:30", "2 工作时", "2026-10-10 09:30", id="make-up Saturday"),
    pytest.param("2026-11-20 17:00", "4 工作时", "2026-11-23 11:00", id="plain weekend"),
    pytest.param("2026-11-21 09:00", "4 工作时", "2026-11-23 12:00", id="starts on a day off"),
    pytest.param("2026-11-23 12:30", "2 工作时", "2026-11-23 16:00", id="starts in lunch break"),
]

DAYS = [
    pytest.param("2026-02-13", "5 工作日", "2026-02-27", id="across Spring Festival"),
    pytest.param("2026-09-18", "5 工作日", "2026-09-24", id="make-up Sunday 09-20"),
    pytest.param("2026-09-29", "5 工作日", "2026-10-12", id="across National Day with a make-up Saturday"),
    pytest.param("2026-11-22", "5 工作日", "2026-11-27", id="starts on a Sunday"),
    pytest.param("2026-04-30", "1 工作日", "2026-05-06", id="across Labour Day"),
    pytest.param("2026-12-28", "3 工作日", "2026-12-31", id="to the end of the year"),
]


@pytest.mark.parametrize(("start", "limit", "due"), HOURS)
def test_working_hours_fall_due_as_published(start, limit, due):
    assert local(city().add(at(start), budget(limit))) == due


@pytest.mark.parametrize("clock", ["00:00", "09:00", "12:30", "17:59", "23:59"])
@pytest.mark.parametrize(("start", "limit", "due"), DAYS)
def test_workdays_fall_due_as_published_at_closing_whenever_they_began(start, limit, due, clock):
    assert local(city().add(at(f"{start} {clock}"), budget(limit))) == f"{due} 18:00"


@pytest.mark.parametrize(("start", "limit", "due"), DAYS)
def test_workdays_fall_due_as_published_at_midnight_where_the_rule_says_so(start, limit, due):
    instant = city("midnight").add(at(f"{start} 09:00"), budget(limit))
    day, clock = local(instant).split(" ")
    assert clock == "00:00"
    assert (at(day) - at(due)).days == 1
