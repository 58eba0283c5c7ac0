from datetime import timedelta
from decimal import Decimal

import pytest

from engine.deadlines import Budget, Offset, RungRule, Side, append, project, stop
from engine.errors import Invalid
from tests.unit.deadlines.samples import at, budget, city, local, segment

TICK = timedelta(microseconds=1)


def before(text):
    return Offset(budget(text), Side.BEFORE)


def after(text):
    return Offset(budget(text), Side.AFTER)


def rungs(limit, *rules, segments=(), stopped=None, calendar=None):
    ledger = ()
    for one in segments or (segment("run", "2026-11-23 09:00"),):
        ledger = append(ledger, one)
    if stopped:
        ledger = stop(ledger, at(stopped))
    return project(budget(limit), ledger, calendar or city(), rungs=rules)


def instant(limit, rule, **more):
    found = rungs(limit, rule, **more).rungs[0].at
    return None if found is None else local(found)


@pytest.mark.parametrize(
    ("limit", "rule", "expected"),
    [
        ("10 工作时", RungRule("W", "warn", fraction=Decimal("0.7")), "2026-11-23 18:00"),
        ("10 工作时", RungRule("W2", "warn", fraction=Decimal(1)), "2026-11-24 11:00"),
        ("10 工作时", RungRule("R1", "red", fraction=Decimal("1.5")), "2026-11-24 18:00"),
        ("5 工作日", RungRule("W2", "warn", fraction=Decimal(1)), "2026-11-30 18:00"),
        ("5 工作日", RungRule("W1", "warn", offset=before("1 工作日")), "2026-11-27 18:00"),
        ("5 工作日", RungRule("S1", "order", offset=after("1 工作日")), "2026-12-01 18:00"),
        ("5 工作日", RungRule("R1", "red", offset=after("5 工作日")), "2026-12-07 18:00"),
        ("5 工作日", RungRule("W", "warn", offset=before("2 工作时")), "2026-11-30 16:00"),
        ("3 紧急工作时", RungRule("W", "warn", offset=before("0.5 紧急工作时")), "2026-11-23 11:30"),
        ("3 紧急工作时", RungRule("S", "order", offset=after("1 工作日")), "2026-11-24 18:00"),
        ("5 工作日", RungRule("S", "order", offset=after("24 自然小时")), "2026-12-01 18:00"),
        ("24 自然小时", RungRule("W", "warn", offset=before("2 工作时")), "2026-11-23 17:00"),
    ],
)
def test_a_rung_becomes_due_at_its_fraction_or_distance(limit, rule, expected):
    assert instant(limit, rule) == expected


def test_of_two_instants_the_earlier_one_counts():
    w1 = RungRule("W1", "warn", fraction=Decimal("0.7"), offset=before("1 工作日"))
    assert instant("5 工作日", w1) == "2026-11-27 09:54"
    assert instant("2 工作日", w1) == "2026-11-24 18:00"
    r1 = RungRule("R1", "red", fraction=Decimal("1.5"), offset=after("5 工作日"))
    assert instant("20 工作日", r1) == "2026-12-28 18:00"


def test_a_rung_is_never_due_before_the_clock_starts():
    assert instant("1 工作日", RungRule("W", "warn", offset=before("3 工作日"))) == "2026-11-23 09:00"
    assert instant("3 紧急工作时", RungRule("W", "warn", offset=before("3 工作日"))) == "2026-11-23 09:00"


def test_a_rung_beyond_the_limit_is_due_a_microsecond_later():
    projection = rungs("5 工作日", RungRule("Y1", "yellow", fraction=Decimal(1), after=True))
    assert projection.rungs[0].at == projection.due_at + TICK


def test_workdays_after_a_midnight_deadline_count_from_the_day_that_it_ends():
    rule = RungRule("S1", "order", offset=after("1 工作日"))
    assert instant("5 工作日", rule, calendar=city("midnight")) == "2026-12-02 00:00"


def test_a_rung_that_was_reached_before_a_pause_keeps_its_instant_and_the_others_have_none():
    segments = (segment("run", "2026-11-23 09:00"), segment("pause", "2026-11-24 10:00"))
    rules = (RungRule("W", "warn", fraction=Decimal("0.7")), RungRule("R", "red", fraction=Decimal(1)))
    found = rungs("10 工作时", *rules, segments=segments).rungs
    assert [local(rung.at) if rung.at else None for rung in found] == ["2026-11-23 18:00", None]


def test_after_the_pause_the_rungs_move_with_the_deadline():
    segments = (
        segment("run", "2026-11-23 09:00"),
        segment("pause", "2026-11-23 10:00"),
        segment("run", "2026-11-24 10:00"),
    )
    rule = RungRule("W", "warn", fraction=Decimal("0.7"), offset=before("2 工作时"))
    assert instant("10 工作时", rule, segments=segments) == "2026-11-24 18:00"


def test_a_pause_while_overdue_does_not_bring_the_next_rung_nearer():
    segments = (
        segment("run", "2026-11-23 09:00"),
        segment("pause", "2026-12-01 10:00"),
        segment("run", "2026-12-08 10:00"),
    )
    rule = RungRule("R1", "red", offset=after("5 工作日"))
    assert instant("5 工作日", rule, segments=segments) == "2026-12-14 18:00"


def test_nothing_becomes_due_after_the_matter_was_done():
    rule = RungRule("R", "red", fraction=Decimal(1))
    assert instant("10 工作时", rule, stopped="2026-11-23 18:00") is None
    assert instant("10 工作时", rule, stopped="2026-11-25 18:00") == "2026-11-24 11:00"


def test_rungs_come_in_the_order_of_the_rules_with_their_kind():
    rules = (RungRule("R", "red", fraction=Decimal(1)), RungRule("W", "warn", fraction=Decimal("0.5")))
    assert [(rung.rung, rung.kind) for rung in rungs("10 工作时", *rules).rungs] == [("R", "red"), ("W", "warn")]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((RungRule("W", "warn"),), "rung-without-instant"),
        ((RungRule("W", "warn", Decimal(1)), RungRule("W", "red", Decimal(2))), "rung-twice"),
        ((RungRule("W", "warn", Decimal(-1)),), "rung-fraction"),
        ((RungRule("W", "warn", Decimal("Infinity")),), "rung-fraction"),
    ],
)
def test_rung_rules_that_make_no_sense_are_refused(rules, code):
    with pytest.raises(Invalid) as caught:
        rungs("5 工作日", *rules)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_an_offset_in_another_calendar_is_refused():
    foreign = Offset(Budget.of(1, "工作日", "hospital"), Side.AFTER)
    with pytest.raises(Invalid) as caught:
        rungs("5 工作日", RungRule("S", "order", offset=foreign))
    assert caught.value.key == "calendar-mismatch"
