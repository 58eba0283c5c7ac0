from datetime import timedelta

import pytest

from engine.deadlines import SegmentKind, append, as_of, calendar_version, check, stop
from engine.errors import Invalid
from tests.unit.deadlines.samples import at, budget, segment


def built(*segments):
    ledger = ()
    for one in segments:
        ledger = append(ledger, one)
    return ledger


def codes(call, *args):
    with pytest.raises(Invalid) as caught:
        call(*args)
    return [problem.code for problem in caught.value.problems] or [caught.value.key]


RUN = segment("run", "2026-11-23 09:00")
PAUSE = segment("pause", "2026-11-23 10:00")
RESUME = segment("run", "2026-11-23 11:00")


def test_a_stretch_closes_the_open_one_and_an_entry_leaves_it_open():
    ledger = built(RUN, segment("extend", "2026-11-23 09:30", change=budget("1 工作日")), PAUSE)
    assert [(one.kind.value, one.ended_at) for one in ledger] == [
        ("run", at("2026-11-23 10:00")),
        ("extend", at("2026-11-23 09:30")),
        ("pause", None),
    ]


def test_appending_never_changes_the_ledger_that_was_given():
    before = built(RUN)
    append(before, PAUSE)
    assert before == (RUN,)


def test_a_stopped_ledger_takes_nothing_more():
    stopped = stop(built(RUN), at("2026-11-23 10:00"))
    assert codes(append, stopped, PAUSE) == ["ledger-stopped"]
    assert codes(stop, stopped, at("2026-11-23 12:00")) == ["ledger-stopped"]


def test_a_ledger_can_be_stopped_while_the_clock_stands():
    assert stop(built(RUN, PAUSE), at("2026-11-23 10:30"))[-1].ended_at == at("2026-11-23 10:30")


@pytest.mark.parametrize(
    ("ledger", "added", "code"),
    [
        ((), PAUSE, "ledger-begins-without-run"),
        ((), segment("extend", "2026-11-23 09:00", change=budget("1 工作日")), "ledger-begins-without-run"),
        ((RUN,), RESUME, "clock-runs-already"),
        ((RUN, PAUSE), segment("pause", "2026-11-23 10:30"), "clock-stands-already"),
        ((RUN,), segment("pause", "2026-11-23 08:00"), "segment-ends-before-start"),
        ((RUN,), segment("pause", "2026-11-23 10:00", reason=" "), "segment-without-reason"),
        ((RUN,), segment("return", "2026-11-23 10:00", reason=""), "segment-without-reason"),
        ((RUN,), segment("recalculate", "2026-11-23 10:00", reason=""), "segment-without-reason"),
        ((RUN,), segment("transfer", "2026-11-23 10:00", holder=None), "segment-without-holder"),
        ((RUN,), segment("extend", "2026-11-23 10:00"), "extension-without-budget"),
        ((RUN,), segment("pause", "2026-11-23 10:00", change=budget("1 工作日")), "segment-with-budget"),
        ((RUN,), segment("extend", "2026-11-23 08:00", change=budget("1 工作日")), "entry-out-of-order"),
    ],
)
def test_a_segment_that_breaks_a_rule_is_refused(ledger, added, code):
    assert code in codes(append, built(*ledger), added)


def test_a_stretch_cannot_end_before_an_entry_within_it():
    ledger = built(RUN, segment("recalculate", "2026-11-23 12:00"))
    assert codes(append, ledger, PAUSE) == ["entry-out-of-order"]


def test_entries_stand_in_their_order():
    ledger = built(RUN, segment("recalculate", "2026-11-23 12:00"))
    assert codes(append, ledger, segment("recalculate", "2026-11-23 11:00")) == ["entry-out-of-order"]


def test_a_stored_ledger_with_a_gap_or_an_open_middle_is_refused_at_its_position():
    gap = (segment("run", "2026-11-23 09:00", "2026-11-23 10:00"), segment("pause", "2026-11-23 10:01"))
    with pytest.raises(Invalid) as caught:
        check(gap)
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [("segment-not-adjoining", "1")]
    assert codes(check, (RUN, PAUSE)) == ["segment-not-adjoining"]
    assert codes(check, ()) == ["ledger-empty"]


def test_a_stored_entry_with_an_extent_is_refused():
    wide = segment("extend", "2026-11-23 09:30", "2026-11-23 09:31", change=budget("1 工作日"))
    assert codes(check, (RUN, wide)) == ["entry-with-extent"]


def test_an_instant_without_a_zone_is_refused():
    naive = SegmentKind.RUN
    broken = segment("run", "2026-11-23 09:00")
    broken = type(broken)(kind=naive, started_at=broken.started_at.replace(tzinfo=None), calendar_version=1)
    assert codes(check, (broken,)) == ["instant-not-aware"]


def test_the_ledger_as_of_an_instant_is_what_was_appended_until_then():
    steps = (RUN, segment("extend", "2026-11-23 09:30", change=budget("1 工作日")), PAUSE, RESUME)
    whole = stop(built(*steps), at("2026-11-23 12:00"))
    for count, one in enumerate(steps, start=1):
        assert as_of(whole, one.started_at) == built(*steps[:count])
    assert as_of(whole, at("2026-11-23 12:00")) == whole
    assert as_of(whole, at("2026-11-23 11:59")) == built(*steps)
    assert as_of(whole, RUN.started_at - timedelta(microseconds=1)) == ()


def test_the_ledger_rests_on_the_calendar_version_pinned_last():
    ledger = built(RUN, segment("recalculate", "2026-11-23 12:00", calendar_version=2, reason="日历修订"))
    assert calendar_version(ledger) == 2
