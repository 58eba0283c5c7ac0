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
    next_round,
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


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("R3/2026-02-01T09:00:00+08:00/PT1H", ["2026-02-01T01:00", "2026-02-01T02:00", "2026-02-01T03:00"]),
        ("R3/2026-01-31T09:00:00Z/PT1H", ["2026-01-31T10:00", "2026-01-31T11:00"]),
        ("R3/2026-01-31T08:30:00Z/PT1H", ["2026-01-31T10:30"]),
        ("R3/2026-02-01T09:00:00@Asia/Shanghai/P1D", ["2026-02-01T01:00", "2026-02-02T01:00", "2026-02-03T01:00"]),
        ("R/PT1H/2026-01-31T12:30:00Z", ["2026-01-31T10:30", "2026-01-31T11:30", "2026-01-31T12:30"]),
        ("R2/PT1H/2026-01-31T12:30:00Z", ["2026-01-31T11:30", "2026-01-31T12:30"]),
        ("R5/PT1H/2026-01-31T10:00:00Z", ["2026-01-31T10:00"]),
        ("R4/2025-11-30T10:00:00Z/P1M", ["2026-02-28T10:00"]),
        ("R/P1M/2026-03-31T10:00:00Z", ["2026-01-31T10:00", "2026-02-28T10:00", "2026-03-31T10:00"]),
    ],
)
def test_a_cycle_with_a_start_or_an_end_has_its_rounds_where_they_say(text, rounds):
    due, left = first_due(TimerKind.CYCLE, text, NOW)
    found = [(due, left)]
    while (following := next_round(text, due, left, due)) is not None:
        due, left = following
        found.append(following)
    assert [one for one, _ in found] == [utc(one) for one in rounds]
    assert [count for _, count in found] == list(range(len(rounds), 0, -1))


@pytest.mark.parametrize(
    "text", ["R2/2020-01-01T00:00:00Z/PT1H", "R/PT1H/2026-01-31T09:59:59Z", "R1/PT60S/2020-01-01T00:00:00Z"]
)
def test_a_cycle_whose_rounds_lie_behind_fires_no_more(text):
    assert first_due(TimerKind.CYCLE, text, NOW)[1] == 0


@pytest.mark.parametrize(
    "text",
    [
        "R3/2026-11-24T09:00:00/PT1H",
        "R/2026-11-24/PT1H",
        "R/2026-11-24T09:00:00Z/2027-01-01T00:00:00Z",
        "R/2026-11-24T09:00:00Z/PT1H/2027-01-01T00:00:00Z",
        "R//PT1H",
        "R/PT1H/",
        "R/PT1H/2027",
        "R/PT1H/PT1H",
        "R/2026-11-24T09:00:00Z/P",
        "R/2026-11-24T09:00:00Z/PT59S",
        "R/2026-11-24T09:00:00@Nowhere/Land/PT1H",
        "R/2026-13-24T09:00:00Z/PT1H",
        "2026-11-24T09:00:00Z/PT1H",
    ],
)
def test_a_cycle_with_a_start_or_an_end_is_read_strictly(text):
    with pytest.raises(TimerTextError):
        parse_cycle(text)


def test_a_cycle_counts_down_its_rounds():
    assert next_round("R3/PT1H", NOW, 3, NOW) == (NOW + timedelta(hours=1), 2)
    assert next_round("R3/PT1H", NOW, 1, NOW) is None
    assert next_round("R/PT1H", NOW, None, NOW) == (NOW + timedelta(hours=1), None)


def test_missed_rounds_of_a_cycle_with_an_end_count_and_those_of_a_bare_one_do_not():
    late = NOW + timedelta(hours=5)
    assert next_round("R3/PT1H", NOW, 3, late) == (NOW + timedelta(hours=6), 2)
    assert next_round("R8/2026-01-31T10:00:00Z/PT1H", NOW, 8, late) == (NOW + timedelta(hours=6), 2)
    assert next_round("R3/2026-01-31T10:00:00Z/PT1H", NOW, 3, late) is None


def test_a_round_that_fires_before_its_hour_takes_the_place_of_that_round():
    due = NOW + timedelta(hours=1)
    assert next_round("R/PT1H", due, None, NOW) == (due + timedelta(hours=1), None)
    assert next_round("R/2026-01-31T10:00:00Z/PT1H", due, None, NOW) == (due + timedelta(hours=1), None)


def test_a_cycle_ends_where_the_calendar_ends():
    assert next_round("R/9999-12-31T22:30:00Z/PT1H", utc("9999-12-31T23:30"), None, utc("9999-12-31T23:30")) is None


@given(
    minutes=st.integers(1, 10_000),
    times=st.integers(1, 50),
    past=st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)),
    has_end=st.booleans(),
)
def test_the_rounds_of_a_cycle_with_a_start_or_an_end_are_those_of_its_grid_that_lie_ahead(
    minutes, times, past, has_end
):
    anchor = (NOW + past).replace(microsecond=0)
    instant, span = anchor.strftime("%Y-%m-%dT%H:%M:%SZ"), timedelta(minutes=minutes)
    text = f"R{times}/PT{minutes}M/{instant}" if has_end else f"R{times}/{instant}/PT{minutes}M"
    grid = sorted(anchor + span * (-number if has_end else number) for number in range(times))
    ahead = [one for one in grid if one >= NOW]

    due, left = first_due(TimerKind.CYCLE, text, NOW)

    assert left == len(ahead)
    if ahead:
        assert due == ahead[0]
        assert next_round(text, due, left, due) == ((ahead[1], len(ahead) - 1) if len(ahead) > 1 else None)
