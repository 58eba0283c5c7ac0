from datetime import timedelta

from engine.deadlines import append, attribute, stop
from tests.unit.deadlines.samples import at, budget, city, segment


def hours(number):
    return timedelta(hours=number)


def ledger():
    steps = (
        segment("run", "2026-11-23 09:00", holder="centre"),
        segment("transfer", "2026-11-23 11:00", holder="water"),
        segment("pause", "2026-11-23 15:00", holder=None),
        segment("run", "2026-11-24 09:00", holder=None),
        segment("return", "2026-11-24 10:00", holder="centre"),
        segment("extend", "2026-11-24 10:30", change=budget("1 工作日")),
        segment("transfer", "2026-11-24 11:00", holder="roads"),
    )
    built = ()
    for step in steps:
        built = append(built, step)
    return built


def test_every_working_hour_belongs_to_whoever_held_the_matter():
    found = attribute(budget("5 工作日"), stop(ledger(), at("2026-11-24 16:00")), city(), at("2026-12-24 16:00"))
    assert found.by_holder == {"centre": hours(3), "water": hours(3), "roads": hours(3)}
    assert found.paused == {"water": hours(4)}
    assert found.total == hours(13)


def test_an_open_ledger_is_told_apart_up_to_the_instant():
    found = attribute(budget("5 工作日"), ledger(), city(), at("2026-11-23 16:00"))
    assert found.by_holder == {"centre": hours(2), "water": hours(2)}
    assert found.paused == {"water": hours(1)}
    assert [share.kind.value for share in found.shares] == ["run", "transfer", "pause"]


def test_urgent_matters_are_told_apart_in_plain_time():
    found = attribute(budget("3 紧急工作时"), ledger(), city(), at("2026-11-24 09:00"))
    assert found.by_holder == {"centre": hours(2), "water": hours(4)}
    assert found.paused == {"water": hours(18)}


def test_before_the_ledger_begins_there_is_nothing_to_tell():
    found = attribute(budget("5 工作日"), ledger(), city(), at("2026-11-20 09:00"))
    assert (found.shares, found.by_holder, found.total) == ((), {}, timedelta(0))
