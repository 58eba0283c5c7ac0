"""Types: `instance of`, typed parameters, types that the caller brings along, functions as values."""

from decimal import Decimal

import pytest

from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.kinds import Type


def value_of(text, **context):
    return compile_expression(text)(context)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[[1], []] instance of list<list<number>>", True),
        ("[1, null] instance of list<number>", True),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{b: 2} instance of context<a: number>", False),
        ("{a b: 1} instance of context<a b: number>", True),
        ("[1..3] instance of range<number>", True),
        ("[1..3] instance of range<string>", False),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<string> -> Any", False),
        ("(function(a) a) instance of function<string> -> Any", True),
        ("(function(a) a) instance of function<string> -> number", False),
        ("(function(a) a) instance of function<> -> Any", False),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ("string length instance of function", True),
    ],
)
def test_an_instance_is_known_by_its_parts(text, value):
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(function(a: number) a + 1)(2)", 3),
        ("(function(a: number) a + 1)([2])", 3),
        ('(function(a: number) a + 1)("2")', None),
        ("(function(a: list<number>) count(a))(5)", 1),
        ("(function(a: date and time) a.hour)(date(2026, 1, 2))", 0),
        ("(function(a: number) a = null)(null)", True),
    ],
)
def test_an_argument_becomes_what_its_parameter_is_or_the_answer_is_null(text, value):
    assert value_of(text) == value


def test_a_type_of_the_caller_is_known_by_its_name():
    small = Type("tSmall", base=Type("number"), check=lambda value: value < 10)
    types = {"tSmall": small, "model.tSmall": small}
    assert compile_expression("x instance of tSmall", types=types)({"x": 5}) is True
    assert compile_expression("x instance of model.tSmall", types=types)({"x": 50}) is False
    assert compile_expression("(function(a: tSmall) a)(50)", types=types)({}) is None
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("1 + 2 instance of tLarge", types=types)
    assert (caught.value.key, caught.value.column) == ("feel-unknown-type", 19)


def test_a_built_in_function_is_a_value_where_no_variable_has_its_name():
    assert value_of("sort([3, 1, 2], before)") == [1, 2, 3]
    assert value_of("(for f in [floor, ceiling] return f(1.5))") == [1, 2]
    assert value_of("count", count=7) == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 in (< 10)", True),
        ("[5, 15][item in (>= 10)]", [15]),
        ("(< 10).end", 10),
        ("(< 10).start", None),
        ("(>= 10).start included", True),
        ("(= 10) = [10..10]", True),
        ('range("[1..10)") = [1..10)', True),
        ('range("(> 5)") = (> 5)', True),
        ('range("[date(\\"2026-01-01\\")..date(\\"2026-12-31\\")]").start', __import__("datetime").date(2026, 1, 1)),
        ('range("[a..10)")', None),
        ('range("1")', None),
        ("[1..10[.end included", False),
        ("[[1..3[, [2..4]][2].start", 2),
        ("[1..[7][1]].end", 7),
    ],
)
def test_an_interval_may_lack_an_end_and_be_read_from_a_text(text, value):
    assert value_of(text) == value


def test_a_function_that_is_not_written_in_feel_answers_null_and_says_so():
    evaluated = compile_expression('(function(a) external {java: {class: "java.lang.Math"}})(1)').evaluate({})
    assert evaluated.value is None
    assert [reason.code for reason in evaluated.reasons] == ["feel-null-external"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('string(date("12026-01-31") + @"P1M")', "12026-02-28"),
        ('string(date("9999-12-31") + @"P1D")', "10000-01-01"),
        ('date("10000-01-01") - date("9999-12-31") = @"P1D"', True),
        ('string(date("-0044-03-15"))', "-0044-03-15"),
        ('date("-0044-03-15") < date("2026-01-01")', True),
        ('day of week(date("12026-11-24"))', "Tuesday"),
        ('date and time("-2021-01-01T10:10:10+11:00").time offset = @"PT11H"', True),
        ('date and time("12026-01-01T00:30:00+01:00") = date and time("12025-12-31T23:30:00Z")', True),
        ('date("0000-01-01")', None),
        ('date("012026-01-01")', None),
        ('time("10:00:00+15:00")', None),
        ('time("24:00:00") = time("00:00:00")', True),
        ('time("24:00:01")', None),
        ('string(date and time("2026-12-31T24:00:00"))', "2027-01-01T00:00:00"),
        ('date("12026-01-01").year', Decimal(12026)),
        ('years and months duration(date("-0001-01-01"), date("0001-01-01")) = @"P2Y"', True),
        ('string({"{": 1, a: 2})', '{"{": 1, a: 2}'),
    ],
)
def test_dates_go_beyond_the_years_that_python_has(text, value):
    assert value_of(text) == value
