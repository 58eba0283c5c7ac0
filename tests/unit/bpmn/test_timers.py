"""Timer texts, read strictly."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.timers import (
    Duration,
    TimerKind,
    TimerTextError,
    first_due,
    next_due,
    parse_cycle,
    parse_duration,
    parse_instant,
    parse_retry,
)

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P1D", Duration(0, timedelta(days=1))),
        ("PT90M", Duration(0, timedelta(minutes=90))),
        ("P1Y2M3DT4H5M6S", Duration(14, timedelta(days=3, hours=4, minutes=5, seconds=6))),
        ("P2W", Duration(0, timedelta(weeks=2))),
        ("PT0.5H", Duration(0, timedelta(minutes=30))),
        ("PT1,5S", Duration(0, timedelta(seconds=1.5))),
    ],
)
def test_a_duration_is_read(text, duration):
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P0D", "-P1D", "+P1D", "P-1D", "1D", "P1H", "PT1D", "P1D ", "P１D"]
)
def test_what_is_no_positive_duration_is_refused(text):
    with pytest.raises(TimerTextError):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P101Y", "P1300M", "P99999D", "PT999999999H", "P999Y"])
def test_a_duration_beyond_a_hundred_years_is_refused(text):
    with pytest.raises(TimerTextError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P1M", datetime(2026, 2, 28, 10, tzinfo=UTC)),
        ("P2M", datetime(2026, 3, 31, 10, tzinfo=UTC)),
        ("P1Y", datetime(2027, 1, 31, 10, tzinfo=UTC)),
        ("P11M", datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("P25M", datetime(2028, 2, 29, 10, tzinfo=UTC)),
    ],
)
def test_a_month_after_the_last_day_is_the_last_day(text, due):
    assert parse_duration(text).after(NOW) == due


def test_an_instant_beyond_the_calendar_is_refused():
    with pytest.raises(TimerTextError):
        parse_duration("P100Y").after(datetime(9990, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T09:00:00+08:00", datetime(2026, 11, 23, 1, tzinfo=UTC)),
        ("2026-11-23T09:00Z", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T09:00:00.250Z", datetime(2026, 11, 23, 9, 0, 0, 250000, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_into_utc(text, instant):
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-11-23T09:00:00",
        "2026-13-01T00:00:00Z",
        "now",
        "2026-11-23T09:00:00@Nowhere/Land",
        "2026-11-23T09:00:00@Asia",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_an_instant_without_zone_or_sense_is_refused(text):
    with pytest.raises(TimerTextError):
        parse_instant(text)


def test_a_cycle_has_a_number_of_times_or_none():
    assert parse_cycle("R3/PT1H").times == 3
    assert parse_cycle("R/PT60S").times is None


@pytest.mark.parametrize("text", ["R0/PT1H", "R/PT59S", "R3", "R3/", "PT1H", "R2000000/PT1H", "R/P"])
def test_a_cycle_that_never_or_always_fires_is_refused(text):
    with pytest.raises(TimerTextError):
        parse_cycle(text)


def test_a_retry_text_gives_attempts_and_pause():
    assert parse_retry("R5/PT5M") == (5, timedelta(minutes=5))


@pytest.mark.parametrize("text", ["R/PT5M", "R0/PT5M", "R5/P1M", "5", "R5/PT0S"])
def test_a_retry_text_of_another_kind_is_refused(text):
    with pytest.raises(TimerTextError):
        parse_retry(text)


def test_an_instant_may_name_its_zone():
    assert first_due(TimerKind.DATE, "2026-12-01T08:00:00@Asia/Shanghai", NOW)[0] == datetime(2026, 12, 1, tzinfo=UTC)


@given(
    minutes=st.integers(1, 10_000),
    late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3000)),
)
def test_the_next_round_of_a_cycle_lies_on_its_grid_and_after_now(minutes, late):
    text, span = f"R/PT{minutes}M", timedelta(minutes=minutes)
    due = NOW + span

    following = next_due(text, due, due + late)

    assert following > due + late
    assert following - span <= due + late
    assert (following - NOW) % span == timedelta(0)


def test_a_cycle_of_months_goes_from_month_to_month():
    assert next_due("R/P1M", datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)) == datetime(
        2026, 4, 15, tzinfo=UTC
    )
