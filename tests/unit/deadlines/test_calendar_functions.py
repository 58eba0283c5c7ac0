"""Working time in expressions: read from the calendars of the evaluation, never silently nothing."""

from datetime import UTC, datetime

import pytest

import engine.deadlines
from engine.feel import FeelError, compile_expression
from engine.feel.functions.registry import BUILTINS
from tests.builders.facts import some_facts

NOW = datetime(2026, 5, 8, 17, 30, tzinfo=UTC)


def value(text: str, facts=None):
    return compile_expression(text)({}, now=NOW, facts=some_facts() if facts is None else facts)


def same(text: str, wanted: str) -> bool:
    return value(f"({text}) = ({wanted})") is True


def test_importing_the_clock_registers_the_functions():
    assert engine.deadlines.CalendarFacts
    assert {"add working time", "working time between", "add working days", "is workday", "next workday"} <= set(
        BUILTINS
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('add working days(date("2026-04-30"), 0)', 'date("2026-04-30")'),
        ('add working days(date("2026-05-08"), 1)', 'date("2026-05-09")'),
        ('add working days(date("2026-05-09"), 1)', 'date("2026-05-11")'),
        ('add working days(date("2026-05-06"), -1)', 'date("2026-04-30")'),
        ('add working days(date and time("2026-04-30T18:30:00Z"), 1)', 'date("2026-05-06")'),
        ('add working days(date: date("2026-05-08"), n: 2, calendar: "city")', 'date("2026-05-11")'),
        ('is workday(date("2026-05-10"))', "false"),
        ('is workday(date and time("2026-05-08T17:30:00Z"))', "true"),
        ('next workday(date("2026-05-06"))', 'date("2026-05-06")'),
        ('next workday(date("2026-05-02"), "city")', 'date("2026-05-06")'),
        (
            'add working time(date and time("2026-05-09T11:00:00"), duration("PT1H30M"))',
            'date and time("2026-05-09T14:00:00+08:00")',
        ),
        (
            'add working time(date and time("2026-05-06T10:00:00+08:00"), duration("-PT2H"))',
            'date and time("2026-04-30T16:30:00+08:00")',
        ),
        (
            'working time between(@"2026-05-06T10:00:00+08:00", @"2026-04-30T16:30:00+08:00")',
            'duration("-PT2H")',
        ),
    ],
)
def test_working_time_is_counted_in_the_calendar(text, wanted):
    assert same(text, wanted)


@pytest.mark.parametrize(
    "text",
    [
        'add working days(date("2026-05-08"), 1.5)',
        'add working time(date and time("2026-05-08T09:00:00Z"), duration("P1M"))',
        'add working time(date and time("1850-05-08T09:00:00Z"), duration("PT1H"))',
        "is workday(null)",
        'is workday("2026-05-08")',
        'add working days(date("9999-12-30"), 9)',
    ],
)
def test_what_has_no_answer_is_null_with_a_reason(text):
    found = compile_expression(text).evaluate({}, now=NOW, facts=some_facts())

    assert found.value is None
    assert found.reasons


@pytest.mark.parametrize(
    ("facts", "text", "code"),
    [
        ({}, "is workday(today())", "feel-no-facts"),
        (None, 'is workday(today(), "moon")', "feel-unknown-calendar"),
        (None, 'add working days(date("2026-05-08"), 1000000)', "feel-limit-steps"),
    ],
)
def test_what_cannot_be_looked_up_is_an_error(facts, text, code):
    with pytest.raises(FeelError) as caught:
        value(text, facts)

    assert caught.value.key == code
