"""Where clocks are changed, a day has the hours that it really has. New York: 2026-03-08 and 2026-11-01."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.deadlines import Budget, Hours, OfficeHours, WorkingCalendar
from tests.unit.deadlines.samples import at, local, zone_calendar

NEW_YORK = ZoneInfo("America/New_York")


def every_day(zone, opens, closes):
    hours = OfficeHours((Hours(opens, closes),), workweek=frozenset(range(7)))
    return WorkingCalendar("far", 1, zone, hours, {}, 2026)


@pytest.mark.parametrize(("day", "length"), [("2026-03-08", 23), ("2026-03-09", 24), ("2026-11-01", 25)])
def test_a_day_open_around_the_clock_has_its_real_length(day, length):
    start = at(f"{day} 00:00", NEW_YORK)
    end = (start + timedelta(days=1)).replace(tzinfo=NEW_YORK)
    assert every_day("America/New_York", 0, 1440).working_time_between(start, end) == timedelta(hours=length)


def test_office_hours_keep_their_local_time_across_the_change():
    calendar = zone_calendar("America/New_York", 480, 1080)
    assert local(calendar.add_working_time(at("2026-03-06 17:00", NEW_YORK), timedelta(hours=2)), NEW_YORK) == (
        "2026-03-09 09:00"
    )
    assert local(calendar.add(at("2026-10-30 17:00", NEW_YORK), Budget.of(1, "工作日", "far")), NEW_YORK) == (
        "2026-11-02 18:00"
    )


def test_hours_that_the_change_skips_have_no_length_and_nothing_runs_backwards():
    calendar = every_day("America/New_York", 120, 180)
    skipped = calendar.working_time_between(at("2026-03-08 00:00", NEW_YORK), at("2026-03-09 00:00", NEW_YORK))
    assert skipped == timedelta(0)
    assert local(calendar.add_working_time(at("2026-03-07 02:30", NEW_YORK), timedelta(hours=1)), NEW_YORK) == (
        "2026-03-09 02:30"
    )


def test_urgent_hours_are_plain_time_across_the_change():
    start = at("2026-03-07 20:00", NEW_YORK)
    due = zone_calendar("America/New_York").add(start, Budget.of(1, "紧急工作日"))
    assert local(due, NEW_YORK) == "2026-03-08 21:00"
