from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Range, YearsMonths, compile_expression, compile_unary_tests, to_feel, to_json

D = Decimal
CONTEXT = {
    "n": 3,
    "x": 1.5,
    "s": "市容",
    "b": True,
    "none": None,
    "xs": [1, 2, 3],
    "person": {"name": "王", "age": 40},
    "rows": [{"k": "a", "v": 1}, {"k": "b", "v": 2}, {"k": "c"}],
}
CASES = {
    # arithmetic
    "1 + 2 * 3 ** 2": D(19),
    "-2 ** 2": D(4),
    "2 - 3 - 4": D(-5),
    "8 / 4 / 2": D(1),
    "0.1 + 0.2 = 0.3": True,
    "1 / 3": D("0.3333333333333333333333333333333333"),
    "1 / 0": None,
    '1 + "a"': None,
    '"a" + "b"': "ab",
    "n + x": D("4.5"),
    "missing + 1": None,
    ".5 + 1.5e1": D("15.5"),
    # comparison and equality
    "1 = 1.0": True,
    '1 = "1"': None,
    "null = null": True,
    "1 = null": False,
    "1 != null": True,
    "null < 1": None,
    '"a" < "b"': True,
    "[1, 2] = [1, 2]": True,
    "[1, 2] = [2, 1]": False,
    "{a: 1, b: 2} = {b: 2, a: 1}": True,
    "n between 1 and 3": True,
    "n between 4 and 9": False,
    # three values
    "true and null": None,
    "false and null": False,
    "true or null": True,
    "false or null": None,
    "not(null)": None,
    "not(1 > 2)": True,
    '"a" and false': False,
    # in
    "n in (1, 2, 3)": True,
    "n in [1..3)": False,
    "n in ]2..3]": True,
    "n in (> 5, < 4)": True,
    "n in xs": True,
    "n in (1 + 1) + 1": True,
    # blocks
    'if n > 2 then "big" else "small"': "big",
    'if null then "yes" else "no"': "no",
    "for i in 1..3 return i * 2": [D(2), D(4), D(6)],
    "for i in 3..1 return i": [D(3), D(2), D(1)],
    "for i in [1..3) return i": [D(1), D(2)],
    "for i in [1, 2], j in [i, 10] return i * j": [D(1), D(10), D(4), D(20)],
    "for i in 1..4 return if i = 1 then 1 else partial[-1] * i": [D(1), D(2), D(6), D(24)],
    "some i in xs satisfies i > 2": True,
    "every i in xs satisfies i > 2": False,
    "every i in [] satisfies false": True,
    "some i in [1, null] satisfies i > 5": None,
    # lists, filters, paths
    "xs[2]": D(2),
    "xs[-1]": D(3),
    "xs[9]": None,
    "xs[item > 1]": [D(2), D(3)],
    "rows[v >= 1].k": ["a", "b"],
    "rows[k = s]": [],
    "rows.k": ["a", "b", "c"],
    "rows.v": [D(1), D(2), None],
    "person.name": "王",
    "person.missing.deeper": None,
    "s.length": None,
    "5[1]": D(5),
    "count(rows[v = null])": D(1),
    # contexts and functions
    "{a: 1, b: a + 1}.b": D(2),
    '{"quoted key": 1}': {"quoted key": D(1)},
    "{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r": D(4),
    "(function(a) function(b) a + b)(1)(2)": D(3),
    "{f: function(a) a, r: f(1, 2)}.r": None,
    "{count: 5, r: count}.r": D(5),
    # types
    "n instance of number": True,
    "null instance of Any": False,
    "xs instance of list<number>": True,
    "xs instance of list<string>": False,
    "[1..2] instance of range<number>": True,
    '@"2026-01-01" instance of date': True,
    '@"2026-01-01T00:00:00" instance of date': False,
    '@"2026-01-01T00:00:00" instance of date and time': True,
    "true instance of number": False,
    # dates
    'date("2026-02-30")': None,
    'date("2026-01-31") + @"P1M"': date(2026, 2, 28),
    '@"2026-03-01" - @"2026-02-01"': timedelta(days=28),
    '@"2026-01-01" + @"P1D"': date(2026, 1, 2),
    '@"2026-01-01T10:00:00+08:00" = @"2026-01-01T02:00:00Z"': True,
    '@"2026-01-01T10:00:00+08:00" - @"2026-01-01T02:00:00Z"': timedelta(0),
    '@"2026-01-01T10:00:00" < @"2026-01-01T02:00:00Z"': None,
    '@"23:30:00" + @"PT1H"': time(0, 30),
    '@"P1Y2M" = @"P14M"': True,
    '@"P1D" = @"PT24H"': True,
    '@"P1D" < @"P1M"': None,
    '@"P2D" / @"PT12H"': D(4),
    '@"PT1H" * 1.5': timedelta(minutes=90),
    '@"2026-11-23".weekday': D(1),
    '@"2026-01-01T10:20:30+08:00".time offset': timedelta(hours=8),
    '@"P1DT2H".hours': D(2),
    '@"-P1Y2M".months': D(-2),
    "[1..5).end included": False,
    'date and time(date("2026-01-01"), time("10:00:00"))': datetime(2026, 1, 1, 10),  # noqa: DTZ001 - a local time
    'string(@"2026-01-01T10:00:00.500@Asia/Shanghai")': "2026-01-01T10:00:00.5@Asia/Shanghai",
    # strings
    '"\\u4e2d\\t\\"\\\\"': '中\t"\\',
    '"\\uD83D\\uDC0E"': "🐎",
    'string length("🐎ab")': D(3),
    'substring("foobar", 3, 3)': "oba",
    'substring("foobar", -2, 1)': "a",
    'contains(s, "容")': True,
    'matches("foobar", "^fo*b")': True,
    'replace("abracadabra", "a(.)", "[$1]")': "[b]r[c][d][b]ra",
    'split("a;b;;c", ";")': ["a", "b", "", "c"],
    'matches("a", "[")': None,
    'string join(["a", null, "b"], "-")': "a-b",
    'string([1, "a", {b: 2.50}, null, true])': '[1, "a", {b: 2.50}, null, true]',
    # numbers and lists
    "round half up(2.5, 0)": D(3),
    "decimal(2.5, 0)": D(2),
    "floor(-1.5)": D(-2),
    "modulo(-12, 5)": D(3),
    'number("1 000,5", " ", ",")': D("1000.5"),
    "min(3, 1, 2)": D(1),
    'max(["a", 1])': None,
    "sum([])": None,
    "count([])": D(0),
    "mean(1, 2)": D("1.5"),
    "median([3, 1, 2])": D(2),
    "mode([1, 2, 2, 1])": [D(1), D(2)],
    "sublist([1, 2, 3], 2, 5)": None,
    "append([1], 2, 3)": [D(1), D(2), D(3)],
    "union([1, 2], [2, 3])": [D(1), D(2), D(3)],
    "flatten([[1, [2]], 3])": [D(1), D(2), D(3)],
    "sort([3, 1, 2], function(a, b) a > b)": [D(3), D(2), D(1)],
    "insert before([1, 3], 2, 2)": [D(1), D(2), D(3)],
    "index of([1, 2, 1], 1)": [D(1), D(3)],
    "all([true, null])": None,
    "any([false, true, null])": True,
    'get value(person, "age")': D(40),
    'context put({a: 1}, "b", 2)': {"a": D(1), "b": D(2)},
    "before([1..5], 6)": True,
    "overlaps([1..5], [5..8])": True,
    "overlaps([1..5), [5..8])": False,
    "meets([1..5], [5..8])": True,
    "during(3, [1..5])": True,
    "includes([1..5], [2..3])": True,
    'day of week(@"2026-11-23")': "Monday",
    'week of year(@"2026-01-01")': D(1),
    'years and months duration(@"2011-12-22", @"2013-08-24")': YearsMonths(20),
    'substring(string: "abc", start position: 2)': "bc",
}


@pytest.mark.parametrize("text", CASES)
def test_an_expression_has_the_value_of_the_standard(text):
    value = compile_expression(text)(CONTEXT)
    assert value == CASES[text]
    assert value.__class__ is CASES[text].__class__


@pytest.mark.parametrize(
    ("cell", "passing", "failing"),
    [
        ("-", [1, "a", None], []),
        ("", [1, None], []),
        ("< 3", [2, 2.9], [3, None, "a"]),
        ("3", [3, 3.0], [4, None, "3"]),
        ("[1..3)", [1, 2.5], [3, 0]),
        ("(1..3]", [3], [1]),
        ('"a", "b"', ["a", "b"], ["c", None]),
        ('not("a", "b")', ["c", None], ["a", "b"]),
        ("not(< 3)", [3, 5], [2, None]),
        ("null", [None], [1]),
        ("true", [True], [False, 1]),
        ("> n, 0", [4, 0], [3, 1]),
        ("? > 2 and ? < 5", [3], [6, None]),
        ('starts with(?, "市")', ["市容"], ["容"]),
        ("xs", [1, 2], [9]),
        ('> @"2026-01-01"', [date(2026, 1, 2)], [date(2026, 1, 1)]),
        ("-5", [-5], [5]),
    ],
)
def test_a_cell_tests_its_input(cell, passing, failing):
    tests = compile_unary_tests(cell)
    assert [value for value in passing if not tests(value, CONTEXT)] == []
    assert [value for value in failing if tests(value, CONTEXT)] == []


def test_a_missing_variable_is_null_and_known_as_a_name():
    expression = compile_expression("missing = null")
    assert expression({}) is True
    assert expression.names == {"missing"}


def test_a_variable_named_like_a_function_hides_it_only_as_a_value():
    assert compile_expression("count + count([1, 2])")({"count": 5}) == 7


def test_now_and_today_are_those_of_the_caller():
    instant = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert compile_expression("now()")({}, now=instant) == instant
    assert compile_expression("today()")({}, now=instant) == date(2026, 11, 23)


def test_an_hour_is_an_hour_when_clocks_change():
    text = '@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"'
    assert to_json(compile_expression(text)({})) == "2026-03-29T03:30:00@Europe/Paris"
    text = '@"2026-03-29T03:30:00@Europe/Paris" - @"2026-03-29T01:30:00@Europe/Paris"'
    assert compile_expression(text)({}) == timedelta(hours=1)


def test_the_callers_context_is_never_changed():
    context = {"a": {"b": [1]}, "c": [1]}
    compile_expression('context put(a, "b", append(c, 2))')(context)
    assert context == {"a": {"b": [1]}, "c": [1]}


def test_values_become_json():
    value = compile_expression('{d: @"2026-01-01", p: @"PT90M", m: @"P14M", n: 1.50, w: 2.0, r: [1..2)}')({})
    assert to_json(value) == {
        "d": "2026-01-01",
        "p": "PT1H30M",
        "m": "P1Y2M",
        "n": 1.5,
        "w": 2,
        "r": {"start": 1, "end": 2, "start included": True, "end included": False},
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.text(max_size=8) | st.floats(-1e15, 1e15),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_json_survives_the_way_in_and_out(value):
    assert to_json(to_feel(value)) == value
    assert to_json(compile_expression("x")({"x": value})) == value


@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3), st.decimals(1, 1000, places=3))
def test_arithmetic_is_that_of_decimals(a, b, c):
    context = {"a": a, "b": b, "c": c}
    assert compile_expression("a + b * c")(context) == a + b * c
    assert compile_expression("(a - b) / c * c - (a - b)")(context).copy_abs() < D("1E-25")
    assert compile_expression("modulo(a, c)")(context) == a - c * (a / c).to_integral_value("ROUND_FLOOR")


TRUTH = st.sampled_from([True, False, None])


@given(TRUTH, TRUTH)
def test_the_laws_of_three_valued_logic_hold(a, b):
    context = {"a": a, "b": b}
    for left, right in (("a and b", "b and a"), ("not(a and b)", "not(a) or not(b)"), ("a or b", "b or a")):
        assert compile_expression(left)(context) is compile_expression(right)(context)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50), st.booleans(), st.booleans())
def test_a_range_contains_what_its_ends_say(low, high, value, low_closed, high_closed):
    opening, closing = "[" if low_closed else "(", "]" if high_closed else ")"
    inside = (value >= low if low_closed else value > low) and (value <= high if high_closed else value < high)
    assert compile_expression(f"v in {opening}{low}..{high}{closing}")({"v": value}) is inside
    assert compile_unary_tests(f"{opening}{low}..{high}{closing}")(value, {}) is inside


@given(st.datetimes(), st.timedeltas(timedelta(days=-9999), timedelta(days=9999)), st.integers(-9999, 9999))
def test_dates_and_durations_survive_their_text(instant, span, months):
    for value in (instant, instant.date(), instant.time(), span, YearsMonths(months)):
        text = to_json(value)
        assert compile_expression(f'@"{text}"')({}) == value


@given(st.text(max_size=30))
def test_a_text_survives_as_a_literal(text):
    literal = text.replace("\\", "\\\\").replace('"', '\\"')
    assert compile_expression(f'"{literal}"')({}) == text


def test_a_range_is_a_value():
    assert compile_expression("[1..n)")({"n": 5}) == Range(D(1), D(5), low_closed=True, high_closed=False)
    assert compile_expression('[1.."a"]')({}) is None
