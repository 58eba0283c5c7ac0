"""Properties of the arithmetic, over random instants, durations and ledgers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deadlines import (
    Budget,
    RungRule,
    Segment,
    SegmentKind,
    append,
    as_of,
    attribute,
    elapsed_at,
    project,
    remaining_at,
    stop,
)
from tests.unit.deadlines.samples import city, lights, zone_calendar

TICK = timedelta(microseconds=1)
ZERO = timedelta(0)
EVERY = settings(deadline=None)

calendars = st.sampled_from(
    [
        city(),
        city("midnight"),
        zone_calendar("America/New_York"),
        zone_calendar("America/New_York", 60, 240),
        zone_calendar("Europe/London", 0, 120),
        zone_calendar("Australia/Lord_Howe", 90, 1080),
    ]
)
instants = st.datetimes(datetime(2018, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  zone below
stretches = st.timedeltas(ZERO, timedelta(days=60))


@EVERY
@given(calendars, instants, stretches)
def test_the_time_between_a_start_and_its_sum_is_what_was_added(calendar, start, duration):
    end = calendar.add_working_time(start, duration)
    assert calendar.working_time_between(start, end) == duration
    if duration:
        assert calendar.working_time_between(start, end - TICK) == duration - TICK


@EVERY
@given(calendars, instants, stretches)
def test_the_time_between_a_difference_and_its_end_is_what_was_taken(calendar, end, duration):
    start = calendar.subtract_working_time(end, duration)
    assert calendar.working_time_between(start, end) == duration
    assert calendar.working_time_between(start - TICK, end) == duration + TICK


@EVERY
@given(calendars, instants, instants, instants)
def test_times_of_adjoining_stretches_add_up(calendar, first, second, third):
    between = calendar.working_time_between
    assert between(first, second) + between(second, third) == between(first, third)


@EVERY
@given(calendars, instants, stretches, stretches)
def test_adding_in_two_steps_is_adding_at_once(calendar, start, first, second):
    stepped = calendar.add_working_time(calendar.add_working_time(start, first), second)
    assert stepped == calendar.add_working_time(start, first + second)


@EVERY
@given(calendars, instants, stretches, stretches, stretches)
def test_who_starts_later_or_has_more_is_never_due_earlier(calendar, start, later, duration, more):
    due = calendar.add_working_time(start, duration)
    assert due <= calendar.add_working_time(start + later, duration)
    assert due <= calendar.add_working_time(start, duration + more)


@EVERY
@given(calendars, instants, st.integers(1, 300), st.decimals("0.01", "0.99", places=2), stretches)
def test_more_workdays_or_a_later_start_are_never_due_earlier(calendar, start, days, part, later):
    fewer, more = (Budget.of(value, "工作日", calendar.key) for value in (Decimal(days), days + part))
    assert start < calendar.add(start, fewer) <= calendar.add(start, more)
    assert calendar.add(start, fewer) <= calendar.add(start + later, fewer)


@settings(deadline=None, max_examples=40)
@given(calendars, instants, st.timedeltas(ZERO, timedelta(days=9)))
def test_the_sums_agree_with_counting_minute_by_minute(calendar, start, length):
    start = start.replace(second=0, microsecond=0)
    minutes = length // timedelta(minutes=1)
    zone = ZoneInfo(calendar.zone)
    counted = 0
    for minute in range(minutes):
        moment = (start + timedelta(minutes=minute)).astimezone(zone)
        clock = moment.hour * 60 + moment.minute
        counted += any(span.opens <= clock < span.closes for span in calendar.hours_on(moment.date()))
    end = start + timedelta(minutes=minutes)
    assert calendar.working_time_between(start, end) == timedelta(minutes=counted)


# -------------------------------------------------------------------------------------------- ledgers

budgets = st.builds(
    lambda value, unit: (value, unit),
    st.integers(1, 40),
    st.sampled_from(["工作日", "工作时", "自然日", "自然小时", "紧急工作时", "紧急工作日"]),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["pause", "resume", "transfer", "return", "restart", "extend", "recalculate"]),
        st.timedeltas(ZERO, timedelta(days=9)),
        st.sampled_from(["a", "b", "c"]),
        budgets,
    ),
    max_size=12,
)


def book(calendar, start, commands, kinds):
    """Carry out the commands that are lawful and of these kinds; return the ledger and the last instant."""
    ledger = append((), Segment(kind=SegmentKind.RUN, started_at=start, calendar_version=1, holder="a"))
    now, paused = start, False
    for command, wait, holder, (value, unit) in commands:
        if command not in kinds or (command == "resume") > paused or (command == "pause" and paused):
            continue
        now += wait
        kind = {"resume": "run", "restart": "transfer"}.get(command, command)
        with_budget = command in ("restart", "extend") or (command == "recalculate" and value % 2)
        change = Budget.of(value, unit, calendar.key) if with_budget else None
        one = Segment(
            kind=SegmentKind(kind), started_at=now, calendar_version=1, holder=holder, change=change, reason="理由"
        )
        ledger = append(ledger, one)
        paused = command == "pause" or (paused and one.kind.is_entry)
    return ledger, now


ALL = ("pause", "resume", "transfer", "return", "restart", "extend", "recalculate")
PAUSING = ("pause", "resume", "transfer", "return")
EXTENDING = (*PAUSING, "extend")


@EVERY
@given(calendars, instants, budgets, steps, stretches)
def test_the_attributed_time_sums_to_the_total(calendar, start, limit, commands, wait):
    limit = Budget.of(*limit, calendar.key)
    ledger, now = book(calendar, start, commands, ALL)
    until = now + wait
    for known in (ledger, stop(ledger, until)):
        found = attribute(limit, known, calendar, until)
        assert sum(found.by_holder.values(), ZERO) + sum(found.paused.values(), ZERO) == found.total
        meter = calendar.meter(limit.unit)
        assert found.total == timedelta(microseconds=meter.between(*map(ticks, (start, until))))


def ticks(instant):
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // TICK


@EVERY
@given(calendars, instants, budgets, steps, stretches)
def test_pause_and_resume_neither_shorten_nor_lengthen_the_time_used(calendar, start, limit, commands, wait):
    limit = Budget.of(*limit, calendar.key)
    ledger, now = book(calendar, start, commands, PAUSING)
    allowance = project(limit, ledger, calendar).allowance
    assert allowance == project(limit, ledger[:1], calendar).allowance
    shares = attribute(limit, ledger, calendar, now + wait)
    assert elapsed_at(limit, ledger, calendar, now + wait) == sum(shares.by_holder.values(), ZERO)


@EVERY
@given(calendars, instants, budgets, steps, stretches, stretches)
def test_what_is_left_at_a_pause_is_left_at_its_end(calendar, start, limit, commands, wait, pause):
    limit = Budget.of(*limit, calendar.key)
    ledger, now = book(calendar, start, commands, EXTENDING)
    if ledger[-1].kind is SegmentKind.PAUSE or project(limit, ledger, calendar).paused:
        ledger = append(ledger, Segment(kind=SegmentKind.RUN, started_at=now, calendar_version=1))
    halted, going = now + wait, now + wait + pause
    left = remaining_at(limit, ledger, calendar, halted)
    ledger = append(ledger, Segment(kind=SegmentKind.PAUSE, started_at=halted, calendar_version=1, reason="等待材料"))
    assert remaining_at(limit, ledger, calendar, halted + pause) == left
    ledger = append(ledger, Segment(kind=SegmentKind.RUN, started_at=going, calendar_version=1))
    assert remaining_at(limit, ledger, calendar, going) == left
    projection = project(limit, ledger, calendar)
    assert remaining_at(limit, ledger, calendar, projection.due_at) == ZERO or left < ZERO


@EVERY
@given(calendars, instants, budgets, steps)
def test_a_continuous_clock_is_late_by_exactly_its_pauses(calendar, start, limit, commands):
    limit = Budget.of(limit[0], "紧急工作时")
    ledger, _ = book(calendar, start, commands, PAUSING)
    due = start + timedelta(hours=float(limit.value))
    for one in ledger:
        if one.kind is SegmentKind.PAUSE and one.ended_at and one.started_at < due:
            due += one.ended_at - one.started_at
    assert project(limit, ledger, calendar).due_at == due


@EVERY
@given(calendars, instants, budgets, steps, stretches)
def test_the_whole_budget_is_used_up_at_the_due_instant(calendar, start, limit, commands, wait):
    limit = Budget.of(*limit, calendar.key)
    ledger, now = book(calendar, start, commands, ALL)
    projection = project(limit, ledger, calendar)
    if not projection.paused and projection.due_at >= now:
        assert remaining_at(limit, ledger, calendar, projection.due_at) == ZERO
        assert remaining_at(limit, ledger, calendar, max(now, projection.due_at - TICK)) <= TICK
    assert elapsed_at(limit, ledger, calendar, now) <= elapsed_at(limit, ledger, calendar, now + wait)


@EVERY
@given(calendars, instants, budgets, steps, stretches)
def test_lights_and_rungs_come_in_the_order_of_their_fractions(calendar, start, limit, commands, wait):
    limit = Budget.of(*limit, calendar.key)
    ledger, now = book(calendar, start, commands, ALL)
    fractions = [Decimal(n) / 4 for n in range(9)]
    rules = [RungRule(str(fraction), "warn", fraction) for fraction in fractions]
    for known in (ledger, stop(ledger, now + wait)):
        projection = project(limit, known, calendar, lights=lights(), rungs=rules)
        for changes in ([one.at for one in projection.rungs], [one.begins_at for one in projection.lights]):
            come = [instant for instant in changes if instant is not None]
            assert come == sorted(come)
            assert come == changes[: len(come)]
            assert come[0] == projection.started_at


@EVERY
@given(calendars, instants, budgets, steps, stretches)
def test_what_a_past_instant_looked_like_does_not_depend_on_what_came_later(calendar, start, limit, commands, back):
    limit = Budget.of(*limit, calendar.key)
    ledger, now = book(calendar, start, commands, EXTENDING)
    then = max(start, now - back)
    assert elapsed_at(limit, ledger, calendar, then) == elapsed_at(limit, as_of(ledger, then), calendar, then)
    assert remaining_at(limit, stop(ledger, now), calendar, then) == remaining_at(limit, ledger, calendar, then)
