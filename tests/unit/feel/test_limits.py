import pytest

from engine.feel import FeelError, FeelLimitError, FeelSyntaxError, compile_expression, to_feel, to_json

TENFOLD = "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c], \
e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e], g: [f,f,f,f,f,f,f,f,f,f], h: %s}.h"
DOUBLED = '{a: "%s", b: a+a+a+a+a+a+a+a+a+a, c: b+b+b+b+b+b+b+b+b+b, d: c+c+c+c+c+c+c+c+c+c, e: d+d+d+d+d+d+d}.e'


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("count(for i in 1..10000000 return i)", "steps"),
        ("for a in 1..1000, b in 1..1000, c in 1..1000 return a", "steps"),
        ("some x in 1..99999999999999999999 satisfies x < 0", "steps"),
        ("for i in 1..2000 return count(partial)", "steps"),
        (TENFOLD % "g = g", "steps"),
        (TENFOLD % "string(g)", "steps"),
        (TENFOLD % "count(flatten(g))", "steps"),
        (TENFOLD % "g.x", "steps"),
        (DOUBLED % ("x" * 200), "size"),
        ('string join(for i in 1..90000 return "' + "x" * 60 + '", "")', "steps"),
        ("(function(f, n) f(f, n))(function(f, n) f(f, n + 1), 1)", "call-depth"),
        ("distinct values(for i in 1..3000 return i)", "steps"),
        ('matches("a", "((((a{99}){99}){99}){99})")', "size"),
        ('{a: "' + "a" * 3000 + '", b: for i in 1..100 return matches(a, "(a*)*b")}.b', "steps"),
    ],
)
def test_work_without_end_is_stopped(text, what):
    with pytest.raises(FeelLimitError) as caught:
        compile_expression(text)({})
    assert caught.value.what == what
    assert caught.value.key == f"feel-limit-{what}"


def test_a_caller_may_grant_fewer_steps():
    expression = compile_expression("count(for i in 1..50 return i)")
    assert expression({}) == 50
    with pytest.raises(FeelLimitError):
        expression({}, max_steps=20)


def test_a_result_that_unfolds_too_far_is_no_json():
    with pytest.raises(FeelLimitError) as caught:
        to_json(compile_expression(TENFOLD % "g")({}))
    assert caught.value.what == "size"


@pytest.mark.parametrize("text", ["9 ** 999999", "(9 ** 99999) ** 99999", "exp(99999)", "1E6000 * 1E6000", "0 ** -1"])
def test_numbers_beyond_all_bounds_are_null(text):
    assert compile_expression(text)({}) is None


@pytest.mark.parametrize(
    "text",
    [
        '@"P999999999D" + @"P999999999D"',
        'date("999999999-12-31") + @"P1D"',
        'date("-999999999-01-01") - @"P1M"',
        '@"P1D" * 1E6000',
        '@"P1M" * 1E6000',
        "date(2026, 1E6000, 1)",
        "[1][1E6000]",
        "decimal(1, 1E6000)",
    ],
)
def test_dates_and_positions_beyond_all_bounds_are_null(text):
    assert compile_expression(text)({}) is None


@pytest.mark.parametrize(
    "text",
    [
        '"".__class__',
        "a.__class__.__mro__",
        "{a: 1}.__class__",
        "[1].__len__",
        'date("2026-01-01").__class__',
        'date("2026-01-01").today',
        "(function(a) a).call",
        "(function(a) a).__globals__",
        "a.keys",
        "(1).as_tuple",
        "[1..2].low",
    ],
)
def test_attributes_of_python_are_not_there(text):
    value = compile_expression(text)({"a": {"b": 1}})
    assert value is None or value == [None]


@pytest.mark.parametrize("text", ['__import__("os")', 'eval("1")', 'open("/etc/passwd")', "().__class__", "lambda: 1"])
def test_python_is_no_feel(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_a_key_named_like_an_attribute_is_just_a_key():
    assert compile_expression("a.__class__")({"a": {"__class__": "text"}}) == "text"


def test_a_deep_or_foreign_value_is_refused_at_the_door():
    deep: list[object] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(FeelLimitError):
        to_feel(deep)
    with pytest.raises(FeelError) as caught:
        compile_expression("x")({"x": object()})
    assert caught.value.key == "feel-foreign-value"


def test_the_clock_is_the_callers():
    expression = compile_expression("now()")
    with pytest.raises(FeelError) as caught:
        expression({})
    assert caught.value.key == "feel-no-clock"


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..99000 return mode(numbers)",
        "for i in 1..99000 return number(digits)",
        "for i in 1..99000 return substring(digits, 2)",
        "for i in 1..99000 return digits = others",
        "for i in 1..99000 return digits < others",
        "for i in 1..99000 return contains(digits, others)",
        "for i in 1..99000 return numbers instance of list<number>",
        "for i in 1..99000 return (function(a: list<number>) 1)(numbers)",
        "for i in 1..99999 return 2 ** 0.5",
    ],
)
def test_work_on_large_values_is_charged_for_its_size(text):
    context = {"numbers": list(range(5_000)), "digits": "9" * 90_000, "others": "9" * 89_999 + "8"}
    with pytest.raises(FeelLimitError) as caught:
        compile_expression(text)(context)
    assert caught.value.what == "steps"


def test_instants_at_the_ends_of_the_calendar_compare():
    assert compile_expression('@"0001-01-01T00:00:00+14:00" < @"9999-12-31T23:59:59-05:00"')({}) is True
    assert compile_expression("for n in 1E6000..9 return n")({}) is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("(" * 80 + "1", 1, 65),
        ("1 +\n count(for i in 1..200000 return i)", 2, 8),
        ('1 + string join(for i in 1..90000 return "' + "a" * 90 + '")', 1, 5),
        ("(function(f) f(f))(function(f) f(f))", 1, 32),
        ("1 " * 2_001, 1, 4_001),
    ],
)
def test_a_limit_names_the_place_where_it_was_exceeded(text, line, column):
    with pytest.raises(FeelLimitError) as caught:
        compile_expression(text)({})
    assert (caught.value.details["line"], caught.value.details["column"]) == (line, column)
