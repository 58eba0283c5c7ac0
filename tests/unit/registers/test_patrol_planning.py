"""The days of a plan: what a rhythm names, and where the holiday rule puts it."""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registers.patrols import Cycle, HolidayRule, Rhythm, Workdays, instant_of, list_occurrences, next_occurrence

ONE_DAY = timedelta(days=1)
# The Spring Festival and the National Day of 2026, with the days that are worked instead.
HOLIDAYS = {date(2026, 2, 15) + ONE_DAY * n for n in range(9)} | {date(2026, 10, 1) + ONE_DAY * n for n in range(7)}
MAKE_UP = {date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)}


def is_workday(day: date) -> bool:
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


def nearest(day: date, step: timedelta) -> date:
    while not is_workday(day):
        day += step
    return day


WORKDAYS = Workdays(is_workday, lambda day: nearest(day, ONE_DAY), lambda day: nearest(day, -ONE_DAY))


def rhythm(cycle: Cycle = Cycle.DAILY, **changes: object) -> Rhythm:
    given_ = {
        "cycle": cycle,
        "every": 1,
        "weekdays": (),
        "month_days": (),
        "holiday_rule": HolidayRule.SKIP,
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
    }
    return Rhythm(**given_ | changes)


def days(one: Rhythm, after: date, count: int) -> list[str]:
    return [f"{day:%m-%d}" for day in list_occurrences(one, after, WORKDAYS, count)]


@pytest.mark.parametrize(
    ("one", "after", "expected"),
    [
        (rhythm(), date(2026, 9, 30), ["10-08", "10-09", "10-10", "10-12"]),
        (rhythm(holiday_rule=HolidayRule.RUN), date(2026, 9, 30), ["10-01", "10-02", "10-03", "10-04"]),
        (rhythm(holiday_rule=HolidayRule.NEXT_WORKDAY), date(2026, 9, 30), ["10-08", "10-09", "10-10", "10-12"]),
        (rhythm(Cycle.WEEKLY, weekdays=(4,)), date(2026, 9, 23), ["09-24", "10-08", "10-15", "10-22"]),
        (
            rhythm(Cycle.WEEKLY, weekdays=(6,), holiday_rule=HolidayRule.NEXT_WORKDAY),
            date(2026, 9, 30),
            ["10-08", "10-10", "10-19", "10-26"],
        ),
        (
            rhythm(Cycle.WEEKLY, weekdays=(2,), holiday_rule=HolidayRule.PREVIOUS_WORKDAY),
            date(2026, 9, 22),
            ["09-29", "09-30", "10-13", "10-20"],
        ),
        (rhythm(Cycle.MONTHLY, month_days=(31,)), date(2026, 1, 1), ["03-31", "07-31", "08-31", "12-31"]),
        (
            rhythm(Cycle.MONTHLY, month_days=(-1,), holiday_rule=HolidayRule.RUN),
            date(2026, 1, 1),
            ["01-31", "02-28", "03-31", "04-30"],
        ),
        (
            rhythm(Cycle.MONTHLY, every=3, month_days=(1,), holiday_rule=HolidayRule.NEXT_WORKDAY),
            date(2026, 1, 1),
            ["04-01", "07-01", "10-08", "01-01"],
        ),
        (rhythm(every=2, valid_from=date(2026, 10, 9)), date(2026, 1, 1), ["10-09", "10-13", "10-15", "10-19"]),
    ],
)
def test_a_rhythm_gives_its_days_with_the_holiday_rule(one, after, expected):
    assert days(one, after, 4) == expected


def test_nothing_lies_outside_the_validity_of_a_plan():
    first = rhythm(
        holiday_rule=HolidayRule.PREVIOUS_WORKDAY, valid_from=date(2026, 10, 3), valid_until=date(2026, 10, 8)
    )
    # The 3rd to the 7th would move to 30 September, before the plan began.
    assert days(first, date(2026, 1, 1), 9) == ["10-08"]
    last = rhythm(holiday_rule=HolidayRule.NEXT_WORKDAY, valid_from=date(2026, 9, 30), valid_until=date(2026, 10, 7))
    assert days(last, date(2026, 1, 1), 9) == ["09-30"]
    assert next_occurrence(last, date(2026, 9, 30), WORKDAYS) is None


def test_a_rhythm_whose_days_are_all_holidays_comes_to_an_end():
    never = rhythm(Cycle.MONTHLY, month_days=(3,), every=12, valid_from=date(2026, 10, 1))
    only_holidays = Workdays(lambda _day: False, WORKDAYS.next_workday, WORKDAYS.previous_workday)
    assert next_occurrence(never, date(2026, 1, 1), only_holidays) is None


def test_a_time_of_day_is_the_citys():
    assert instant_of(date(2026, 10, 8), "08:30").astimezone(UTC) == datetime(2026, 10, 8, 0, 30, tzinfo=UTC)


def names(one: Rhythm, day: date) -> bool:
    """Tell, the plain way, whether a rhythm names a day."""
    if day < one.valid_from or (one.valid_until is not None and day > one.valid_until):
        return False
    if one.cycle is Cycle.DAILY:
        return (day - one.valid_from).days % one.every == 0
    if one.cycle is Cycle.WEEKLY:
        first_monday = one.valid_from - ONE_DAY * one.valid_from.weekday()
        week = (day - first_monday).days // 7
        return week % one.every == 0 and day.isoweekday() in one.weekdays
    months = (day.year - one.valid_from.year) * 12 + day.month - one.valid_from.month
    last = calendar.monthrange(day.year, day.month)[1]
    return months % one.every == 0 and (day.day in one.month_days or (-1 in one.month_days and day.day == last))


def moved(one: Rhythm, day: date) -> date | None:
    rules = {
        HolidayRule.RUN: lambda: day,
        HolidayRule.SKIP: lambda: day if is_workday(day) else None,
        HolidayRule.NEXT_WORKDAY: lambda: nearest(day, ONE_DAY),
        HolidayRule.PREVIOUS_WORKDAY: lambda: nearest(day, -ONE_DAY),
    }
    return rules[one.holiday_rule]()


def plainly(one: Rhythm, until: date) -> set[date]:
    """Return all days of patrol of a plan up to a day, by looking at every day."""
    every = (one.valid_from + ONE_DAY * n for n in range((until - one.valid_from).days + 60))
    found = {moved(one, day) for day in every if names(one, day)} - {None}
    upper = until if one.valid_until is None else min(until, one.valid_until)
    return {day for day in found if one.valid_from <= day <= upper}


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    cycle = draw(st.sampled_from(Cycle))
    begin = date(2026, 1, 1) + ONE_DAY * draw(st.integers(0, 364))
    length = draw(st.none() | st.integers(0, 200))
    return Rhythm(
        cycle=cycle,
        every=draw(st.integers(1, 5)),
        weekdays=tuple(draw(st.sets(st.integers(1, 7), min_size=1))) if cycle is Cycle.WEEKLY else (),
        month_days=tuple(draw(st.sets(st.integers(1, 31) | st.just(-1), min_size=1))) if cycle is Cycle.MONTHLY else (),
        holiday_rule=draw(st.sampled_from(HolidayRule)),
        valid_from=begin,
        valid_until=None if length is None else begin + ONE_DAY * length,
    )


@settings(max_examples=300, deadline=None)
@given(one=rhythms(), ahead=st.integers(-30, 300))
def test_the_next_day_is_the_first_of_all_days_after_the_last(one, ahead):
    after = one.valid_from + ONE_DAY * ahead
    until = after + ONE_DAY * 400
    expected = min((day for day in plainly(one, until) if day > after), default=None)
    found = next_occurrence(one, after, WORKDAYS)
    assert found == expected or (expected is None and found is not None and found > until)


@settings(max_examples=100, deadline=None)
@given(one=rhythms())
def test_going_from_day_to_day_gives_every_day_once_and_in_order(one):
    until = one.valid_from + ONE_DAY * 150
    seen, day = [], one.valid_from - ONE_DAY
    while (day := next_occurrence(one, day, WORKDAYS)) is not None and day <= until:
        seen.append(day)
    assert seen == sorted(plainly(one, until))
