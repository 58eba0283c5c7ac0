"""What is too deep, too long or too much is refused by the name of the limit, and soon."""

import time
from contextlib import suppress

import pytest

from engine.feel import FeelLimitError, FeelSyntaxError, compile_expression, compile_unary_tests

SECONDS = 2.0
CONTEXT = {"text": "a" * 900_000, "numbers": list(range(90_000))}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("(" * 500 + "1" + ")" * 500, "nesting-depth"),
        ("[" * 500 + "]" * 500, "nesting-depth"),
        ("{a: " * 500 + "1" + "}" * 500, "nesting-depth"),
        ("-" * 500 + "1", "nesting-depth"),
        ("a" + "[1]" * 500, "nesting-depth"),
        ("a" + ".a" * 500, "nesting-depth"),
        ("f" + "(1)" * 500, "nesting-depth"),
        ("if true then " * 200 + "1", "nesting-depth"),
        ("function(x) " * 200 + "1", "nesting-depth"),
        ("1 in " * 500 + "1", "nesting-depth"),
        ("1 + " * 5_000 + "1", "source-length"),
        ("9" * 1_000_000, "source-length"),
    ],
)
@pytest.mark.parametrize("compile_text", [compile_expression, compile_unary_tests])
def test_a_text_too_deep_or_too_long_is_refused_before_it_runs(text, what, compile_text):
    with pytest.raises(FeelLimitError) as caught:
        compile_text(text)
    assert caught.value.what == what
    assert caught.value.details["limit"] == caught.value.limit > 0


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("1 + 1E9999999999", 5),
        ('"a" + "', 7),
        ("for i in 1..3 return", 21),
        ("[1, 2", 6),
        ("1 < 2 < 3", 7),
    ],
)
def test_a_text_that_is_no_expression_is_refused_with_its_place(text, column):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (1, column)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("for i in 1..10**12 return i", "steps"),
        ("for a in 1..400, b in 1..400 return [a, b]", "steps"),
        ("sum(for i in [1..10**30] return i)", "steps"),
        ("{f: function(l) concatenate(l, l), a: f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f([1]))))))))))))))))))}", "steps"),
        ("sort(for i in 1..9999 return -i, function(x, y) count(for z in 1..100 return z) > x)", "steps"),
        ("for i in 1..1000 return text = text", None),
        ("for i in 1..1000 return upper case(text)", "steps"),
        ("for i in 1..1000 return reverse(numbers)", "steps"),
        ("for i in 1..1000 return numbers = numbers", "steps"),
        ('replace(text, "a", "aaaaaaaaaa")', "steps"),
        ('matches(text, "(a|aa)+$b")', "steps"),
        ('split(text, "(a*)*b")', "steps"),
        ("string join(for i in 1..10 return text)", "steps"),
        ("text + text", "size"),
    ],
)
def test_work_that_grows_is_stopped_soon(text, what):
    expression = compile_expression(text)
    begun = time.process_time()
    if what is None:
        expression(CONTEXT)
    else:
        with pytest.raises(FeelLimitError) as caught:
            expression(CONTEXT)
        assert caught.value.what == what
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("text", ["10 ** 10 ** 10", "9 ** 9 ** 9 ** 9", "1E6000 * 1E6000", "1 / 1E-6143"])
def test_a_number_beyond_its_34_digits_costs_nothing(text):
    begun = time.process_time()
    compile_expression(text)({})
    assert time.process_time() - begun < SECONDS


def test_names_that_differ_by_blanks_alone_are_one_name():
    expression = compile_expression("x  y + x\ty", ["x y"])
    assert expression({"x y": 2}) == 4


def test_a_deep_value_is_refused_by_the_name_of_the_limit():
    deep: list[object] = []
    for _ in range(50_000):
        deep = [deep]
    with pytest.raises(FeelLimitError) as caught:
        compile_expression("a")({"a": deep})
    assert caught.value.what == "nesting-depth"
    while deep:
        deep = deep.pop()  # taken apart by hand: Python's own way down is limited


@pytest.mark.parametrize(
    "text",
    [
        '@"0001-01-01T00:00:00+14:00" = @"9999-12-31T00:00:00Z"',
        '@"9999-12-31T23:59:59-05:00" < @"2026-01-01T00:00:00Z"',
        "every n in 1E6000..9 satisfies true",
        "for n in 1E6000..9 return n",
        "for i in 1..5000 return mode(numbers)",
        'for i in 1..90000 return number(text, ",", ".")',
        "for i in 1..99999 return 2 ** 0.5",
    ],
)
def test_what_once_ran_on_or_broke_ends_soon(text):
    begun = time.process_time()
    with suppress(FeelLimitError):
        compile_expression(text)(CONTEXT)
    assert time.process_time() - begun < SECONDS
