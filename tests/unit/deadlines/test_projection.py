from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.deadlines import (
    Budget,
    Day,
    DayKind,
    append,
    as_of,
    elapsed_at,
    fraction_at,
    is_overdue,
    light_at,
    project,
    remaining_at,
    stop,
)
from engine.errors import Invalid
from tests.unit.deadlines.samples import at, budget, city, lights, local, segment

TICK = timedelta(microseconds=1)


def ledger_of(*segments):
    ledger = ()
    for one in segments:
        ledger = append(ledger, one)
    return ledger


def due(limit, *segments, calendar=None):
    return local(project(budget(limit), ledger_of(*segments), calendar or city()).due_at)


def running(start="2026-11-23 09:00"):
    return segment("run", start)


# ------------------------------------------------------------------------------------------------ due


def test_without_a_pause_the_projection_is_the_calendar_sum():
    assert due("5 工作日", running()) == "2026-11-30 18:00"
    assert due("8 工作时", running()) == "2026-11-24 09:00"
    assert due("3 紧急工作时", running("2026-11-21 23:00")) == "2026-11-22 02:00"


def test_a_pause_of_whole_workdays_moves_a_deadline_of_workdays_by_as_many():
    pause, resume = segment("pause", "2026-11-24 10:00"), segment("run", "2026-11-26 10:00")
    assert due("5 工作日", running(), pause, resume) == "2026-12-02 18:00"


def test_a_pause_of_two_working_hours_gives_back_two_working_hours():
    pause, resume = segment("pause", "2026-11-24 10:00"), segment("run", "2026-11-24 12:00")
    assert due("5 工作日", running(), pause, resume) == "2026-12-01 10:00"


def test_a_pause_outside_office_hours_costs_and_gives_nothing():
    pause, resume = segment("pause", "2026-11-24 19:00"), segment("run", "2026-11-25 07:00")
    assert due("5 工作日", running(), pause, resume) == "2026-11-30 18:00"


def test_a_pause_in_the_evening_before_a_midnight_deadline_gives_the_evening_back():
    pause, resume = segment("pause", "2026-11-30 20:00"), segment("run", "2026-12-02 09:00")
    moved = due("5 工作日", running(), pause, resume, calendar=city("midnight"))
    assert moved == "2026-12-02 13:00"


def test_an_urgent_clock_gives_back_the_plain_time_of_the_pause():
    pause, resume = segment("pause", "2026-11-23 10:00"), segment("run", "2026-11-25 10:00")
    assert due("3 紧急工作时", running(), pause, resume) == "2026-11-25 12:00"


def test_the_winter_suspension_continues_with_the_remainder():
    pause, resume = segment("pause", "2025-12-08 09:00"), segment("run", "2026-05-06 08:00")
    assert due("15 工作日", running("2025-12-01 09:00"), pause, resume) == "2026-05-19 17:00"


def test_an_extension_counts_from_the_due_day():
    extend = segment("extend", "2026-11-25 10:00", change=budget("3 工作日"))
    assert due("5 工作日", running(), extend) == "2026-12-03 18:00"
    assert due("5 工作日", running(), extend, calendar=city("midnight")) == "2026-12-04 00:00"


def test_an_extension_granted_after_expiry_counts_from_the_due_day_too():
    extend = segment("extend", "2026-12-10 10:00", change=budget("3 工作日"))
    assert due("5 工作日", running(), extend) == "2026-12-03 18:00"


def test_an_extension_may_be_in_another_clock():
    hours = segment("extend", "2026-11-25 10:00", change=Budget.of(24, "自然小时"))
    assert due("4 工作日", running(), hours) == "2026-11-28 18:00"
    days = segment("extend", "2026-11-23 10:00", change=budget("1 工作日"))
    assert due("8 紧急工作时", running("2026-11-23 20:00"), replace(days, started_at=at("2026-11-23 21:00"))) == (
        "2026-11-25 18:00"
    )


def test_a_pause_after_an_extension_in_another_clock_loses_nothing_of_either():
    extend = segment("extend", "2026-11-25 10:00", change=Budget.of(24, "自然小时"))
    pause, resume = segment("pause", "2026-11-28 12:00"), segment("run", "2026-11-29 12:00")
    assert due("4 工作日", running(), extend, pause, resume) == "2026-11-29 18:00"


def test_a_hand_over_without_a_budget_leaves_the_deadline_where_it_is():
    transfer = segment("transfer", "2026-11-24 10:00")
    back = segment("return", "2026-11-25 10:00", holder="unit-a")
    assert due("5 工作日", running(), transfer, back) == "2026-11-30 18:00"


def test_a_hand_over_with_a_budget_starts_the_clock_again():
    transfer = segment("transfer", "2026-11-25 10:00", change=budget("2 工作日"))
    projection = project(budget("5 工作日"), ledger_of(running(), transfer), city())
    assert local(projection.due_at) == "2026-11-27 18:00"
    assert local(projection.started_at) == "2026-11-25 10:00"


def test_a_recalculation_puts_another_budget_in_place_of_the_first():
    changed = segment("recalculate", "2026-11-25 10:00", change=budget("3 工作日"))
    assert due("5 工作日", running(), changed) == "2026-11-26 18:00"
    pause, resume = segment("pause", "2026-11-24 08:00"), segment("run", "2026-11-25 08:00")
    assert due("5 工作日", running(), pause, resume, changed) == "2026-11-27 18:00"


def test_an_amended_calendar_holds_for_the_whole_ledger():
    amended = replace(city(), version=2, days={**city().days, date(2026, 11, 27): Day(DayKind.HOLIDAY, "暴雪停工")})
    assert due("5 工作日", running(), calendar=amended) == "2026-12-01 18:00"


def test_a_deadline_beyond_the_published_years_is_provisional():
    def provisional(limit, start, calendar):
        return project(budget(limit), ledger_of(running(start)), calendar).provisional

    assert provisional("5 工作日", "2026-12-29 09:00", city())
    assert not provisional("3 工作日", "2026-12-28 09:00", city())
    assert not provisional("3 工作日", "2026-12-28 09:00", city("midnight"))
    assert not provisional("30 自然日", "2026-12-28 09:00", city())


# --------------------------------------------------------------------------------------------- lights


def test_the_lights_begin_at_their_fractions():
    projection = project(budget("10 工作时"), ledger_of(running("2026-11-23 08:00")), city(), lights=lights())
    assert [change.light for change in projection.lights] == ["绿", "黄", "红"]
    green, yellow, red = (change.begins_at for change in projection.lights)
    assert (local(green), local(yellow)) == ("2026-11-23 08:00", "2026-11-23 17:00")
    assert red == projection.due_at + TICK


@pytest.mark.parametrize(
    ("moment", "light"),
    [
        (at("2026-11-23 08:00"), "绿"),
        (at("2026-11-23 17:00") - TICK, "绿"),
        (at("2026-11-23 17:00"), "黄"),
        (at("2026-11-24 10:00"), "黄"),
        (at("2026-11-24 10:00") + TICK, "红"),
        (at("2027-11-24 10:00"), "红"),
    ],
)
def test_seventy_percent_is_yellow_already_and_the_due_instant_not_yet_red(moment, light):
    ledger = ledger_of(running("2026-11-23 08:00"))
    projection = project(budget("10 工作时"), ledger, city(), lights=lights())
    assert light_at(projection, moment) == light
    assert is_overdue(projection, moment) == (light == "红")


def test_after_closing_on_the_due_day_the_light_is_red_though_the_office_clock_stands():
    projection = project(budget("1 工作日"), ledger_of(running("2026-11-19 09:00")), city(), lights=lights())
    assert light_at(projection, at("2026-11-20 18:00")) == "黄"
    assert light_at(projection, at("2026-11-21 09:00")) == "红"
    assert fraction_at(budget("1 工作日"), ledger_of(running("2026-11-19 09:00")), city(), at("2026-11-21 09:00")) == 1


def test_while_the_clock_stands_the_light_is_grey_and_nothing_can_begin():
    ledger = ledger_of(running("2026-11-23 08:00"), segment("pause", "2026-11-23 10:00"))
    projection = project(budget("10 工作时"), ledger, city(), lights=lights())
    assert projection.paused
    assert local(projection.paused_at) == "2026-11-23 10:00"
    assert light_at(projection, at("2026-12-24 10:00")) == "灰"
    assert light_at(projection, at("2026-12-24 10:00"), paused="挂起") == "挂起"
    assert [change.begins_at is None for change in projection.lights] == [False, True, True]
    assert not is_overdue(projection, at("2026-12-24 10:00"))


def test_a_matter_that_was_done_in_time_stays_as_it_was():
    ledger = stop(ledger_of(running("2026-11-23 08:00")), at("2026-11-23 17:30"))
    projection = project(budget("10 工作时"), ledger, city(), lights=lights())
    assert light_at(projection, at("2026-12-24 10:00")) == "黄"
    assert not is_overdue(projection, at("2026-12-24 10:00"))
    assert local(projection.stopped_at) == "2026-11-23 17:30"
    assert local(projection.due_at) == "2026-11-24 10:00"


def test_a_matter_that_was_done_exactly_at_the_due_instant_was_done_in_time():
    late = at("2026-11-24 10:00")
    for stopped_at, overdue in ((late, False), (late + TICK, True)):
        ledger = stop(ledger_of(running("2026-11-23 08:00")), stopped_at)
        assert is_overdue(project(budget("10 工作时"), ledger, city()), at("2026-12-24 10:00")) is overdue


def test_a_matter_that_was_done_in_a_pause_is_judged_by_the_time_before_the_pause():
    ledger = ledger_of(running("2026-11-23 08:00"), segment("pause", "2026-11-23 17:00"))
    projection = project(budget("10 工作时"), stop(ledger, at("2026-12-01 09:00")), city(), lights=lights())
    assert not projection.paused
    assert not is_overdue(projection, at("2026-12-24 10:00"))
    assert light_at(projection, at("2026-12-24 10:00")) == "黄"


def test_an_extension_turns_a_red_light_green_again_and_the_past_can_still_be_asked():
    extend = segment("extend", "2026-11-24 11:00", change=budget("20 工作时"))
    ledger = ledger_of(running("2026-11-23 08:00"), extend)
    now = project(budget("10 工作时"), ledger, city(), lights=lights())
    assert light_at(now, at("2026-11-24 11:00")) == "绿"
    before = as_of(ledger, at("2026-11-24 10:59"))
    assert light_at(project(budget("10 工作时"), before, city(), lights=lights()), at("2026-11-24 10:59")) == "红"


def test_a_projection_without_lights_cannot_tell_the_light():
    with pytest.raises(Invalid) as caught:
        light_at(project(budget("1 工作日"), ledger_of(running()), city()), at("2026-11-24 10:00"))
    assert caught.value.key == "no-lights"


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (lights()[1:], "lights-leave-the-start-dark"),
        ((*lights(), replace(lights()[1], light="橙")), "light-twice"),
        ((*lights(), replace(lights()[1], from_fraction=Decimal(-1))), "light-fraction"),
        ((*lights(), replace(lights()[1], from_fraction=Decimal("NaN"))), "light-fraction"),
    ],
)
def test_lights_that_make_no_sense_are_refused(rules, code):
    with pytest.raises(Invalid) as caught:
        project(budget("1 工作日"), ledger_of(running()), city(), lights=rules)
    assert code in [problem.code for problem in caught.value.problems]


# ---------------------------------------------------------------------------------- elapsed, remaining


def test_elapsed_and_remaining_are_told_in_the_clock_of_the_budget():
    ledger = ledger_of(running("2026-11-23 08:00"))
    for moment, used in (("2026-11-23 13:00", 4), ("2026-11-23 23:00", 8), ("2026-11-24 12:00", 12)):
        assert elapsed_at(budget("10 工作时"), ledger, city(), at(moment)) == timedelta(hours=used)
        assert remaining_at(budget("10 工作时"), ledger, city(), at(moment)) == timedelta(hours=10 - used)
        assert fraction_at(budget("10 工作时"), ledger, city(), at(moment)) == Decimal(used) / 10


def test_before_the_ledger_begins_nothing_is_used_up():
    ledger = ledger_of(running("2026-11-23 08:00"))
    assert elapsed_at(budget("10 工作时"), ledger, city(), at("2026-11-20 08:00")) == timedelta(0)
    assert remaining_at(budget("10 工作时"), ledger, city(), at("2026-11-20 08:00")) == timedelta(hours=10)


def test_what_was_left_is_told_without_what_came_later():
    extend = segment("extend", "2026-11-24 09:00", change=budget("5 工作时"))
    ledger = ledger_of(running("2026-11-23 08:00"), extend)
    assert remaining_at(budget("10 工作时"), ledger, city(), at("2026-11-24 08:30")) == timedelta(hours=1.5)
    assert remaining_at(budget("10 工作时"), ledger, city(), at("2026-11-24 09:00")) == timedelta(hours=6)


def test_a_ledger_that_began_with_a_budget_of_another_calendar_is_refused():
    with pytest.raises(Invalid) as caught:
        project(Budget.of(1, "工作日", "hospital"), ledger_of(running()), city())
    assert caught.value.key == "calendar-mismatch"


def test_an_empty_ledger_is_refused_everywhere():
    for call in (
        lambda: project(budget("1 工作日"), (), city()),
        lambda: elapsed_at(budget("1 工作日"), (), city(), at("2026-11-24 08:30")),
    ):
        with pytest.raises(Invalid) as caught:
            call()
        assert caught.value.problems[0].code == "ledger-empty"
