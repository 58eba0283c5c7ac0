from decimal import Decimal

import pytest

from engine.deadlines import Budget, Unit
from engine.errors import Invalid
from tests.unit.deadlines.samples import at, budget, city, local


def refusal(call, *args):
    with pytest.raises(Invalid) as caught:
        call(*args)
    return [(problem.code, problem.where) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "shown"), [("5 工作日", "5 工作日"), (" 0.50工作时 ", "0.5 工作时"), ("10自然日", "10 自然日")]
)
def test_a_budget_is_read_and_written_in_the_words_of_the_tables(text, shown):
    assert str(budget(text)) == shown
    assert budget(str(budget(text))) == budget(text)


def test_a_budget_is_built_from_what_a_table_or_a_column_gives():
    assert Budget.of(5, "工作日", "city") == Budget.of("5", "工作日", "city") == Budget.of(Decimal(5), "工作日", "city")


@pytest.mark.parametrize(
    "text", ["", "工作日", "five 工作日", "-5 工作日", "1e9 工作日", "5", "５ 工作日", "5 5 工作日", "5." * 9]
)
def test_a_text_that_is_no_budget_is_refused(text):
    assert refusal(Budget.parse, text, "city") in ([("budget-format", "budget")], [("unit-unknown", "unit")])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal(0), "budget-not-positive"),
        (Decimal(-1), "budget-not-positive"),
        (Decimal("NaN"), "budget-not-positive"),
        (Decimal("Infinity"), "budget-not-positive"),
        (1.5, "budget-not-positive"),
        (True, "budget-not-positive"),
        (None, "budget-not-positive"),
        ("five", "budget-not-positive"),
        (3661, "budget-too-large"),
        (Decimal("1E+30"), "budget-too-large"),
        (Decimal("0.00001"), "budget-too-fine"),
        (Decimal("1E-30"), "budget-too-fine"),
    ],
)
def test_a_value_that_cannot_be_counted_is_refused(value, code):
    assert refusal(Budget.of, value, "工作日", "city") == [(code, "value")]


def test_an_unknown_unit_is_refused_with_the_known_ones():
    with pytest.raises(Invalid, match="工作日, 工作时") as caught:
        Budget.of(5, "周", "city")
    assert caught.value.problems[0].code == "unit-unknown"


def test_working_time_needs_a_calendar_and_continuous_time_does_not():
    assert refusal(Budget.of, 5, "工作日") == [("budget-without-calendar", "calendar")]
    assert Budget.of(5, "自然日").calendar == ""


def test_all_problems_of_a_budget_are_reported_at_once():
    assert len(refusal(Budget.of, 0, "工作时")) == 2


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("3 紧急工作时", "2026-11-21 01:00"),
        ("2 紧急工作日", "2026-11-22 22:00"),
        ("0.25 紧急工作时", "2026-11-20 22:15"),
        ("24 自然小时", "2026-11-21 22:00"),
        ("7 自然日", "2026-11-27 22:00"),
    ],
)
def test_urgent_and_natural_units_run_through_night_and_weekend(limit, due):
    assert local(city().add(at("2026-11-20 22:00"), budget(limit))) == due


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("0.5 工作日", "2026-11-20 16:00"),
        ("1 工作日", "2026-11-23 18:00"),
        ("1.5 工作日", "2026-11-24 12:00"),
        ("2 工作日", "2026-11-24 18:00"),
    ],
)
def test_the_part_of_a_workday_counts_in_working_hours_after_the_whole_days(limit, due):
    assert local(city().add(at("2026-11-20 10:00"), budget(limit))) == due


def test_every_unit_knows_whether_it_runs_on():
    assert {unit for unit in Unit if not unit.is_continuous} == {Unit.WORKING_DAY, Unit.WORKING_HOUR}
