"""The rows that are looked up are those that pass when every cell is run."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import lines
from engine.dmn.matcher import Matcher
from engine.feel import Range, YearsMonths, compile_expression, compile_unary_tests
from engine.feel.run import Run, Scope

CONTEXT = {"limit": 3, "word": "b", "none": None}
CONSTANTS = {
    "number": ["0", "1", "1.0", "1.5", "-2", "3", "1E33 + 1", "1E33", "1E-6143", "-9.99E6144"],
    "string": ['""', '"a"', '"a\\u0000"', '"b"', '"乙"', '"\U0001f600"'],
    "boolean": ["true", "false"],
    "date": ['date("2026-01-31")', '@"2026-02-01"', '@"0001-01-01"', '@"9999-12-31"'],
    "time": ['@"10:00:00"', '@"10:00:00Z"', '@"11:00:00+01:00"', '@"10:00:00@Asia/Shanghai"'],
    "instant": [
        '@"2026-01-31T10:00:00"',
        '@"2026-01-31T10:00:00Z"',
        '@"2026-01-31T18:00:00+08:00"',
        '@"2026-01-31T18:00:00@Asia/Shanghai"',
        '@"2026-01-31T10:00:00.000001Z"',
        '@"0001-01-01T00:00:00Z"',
        '@"9999-12-31T23:59:59.999999"',
    ],
    "days": ['@"P1D"', '@"PT24H"', '@"-PT0.000001S"', '@"P2D"'],
    "months": ['@"P1Y"', '@"P12M"', '@"P13M"', '@"-P1M"', '@"P999999999Y"'],
    "other": ["null", "[1, 3]", '["a", [2..3]]', "{a: 1}", "[null..5]", "(< 3)", "(>= 1)", "[(> 1)]", "(= 3)"],
}
ANY = [text for texts in CONSTANTS.values() for text in texts]
VALUES = [compile_expression(text)({}) for text in ANY] + [
    Decimal("1.000"),
    Decimal("1e-6176"),
    Decimal(2),
    "aa",
    "c",
    "\U0001f600x",
    date(2026, 2, 2),
    time(10, 0),
    time(18, 0, tzinfo=timezone(timedelta(hours=8))),
    datetime(2026, 1, 31, 10, 0),  # noqa: DTZ001 - a local time is a value of FEEL
    datetime(2026, 1, 31, 5, 0, tzinfo=ZoneInfo("America/New_York")),
    datetime(2026, 1, 31, 10, 0, 0, 2, tzinfo=UTC),
    timedelta(days=1, microseconds=1),
    YearsMonths(14),
    [Decimal(1)],
    ["a"],
    [],
    {"a": Decimal(1)},
    Range(Decimal(1), Decimal(3), low_closed=True, high_closed=False),
    compile_expression("function(a) a")({}),
]


def _of_one_kind(texts):
    constant = st.sampled_from(texts)
    operator = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    interval = st.tuples(st.sampled_from("[("), constant, constant, st.sampled_from("])")).map(
        lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}"
    )
    compared = st.tuples(operator, constant).map(" ".join)
    truths = (
        compared.map(lambda test: f"? {test}")
        | st.tuples(constant, operator).map(lambda parts: f"{parts[0]} {parts[1]} ?")
        | st.tuples(constant, constant).map(lambda parts: f"? between {parts[0]} and {parts[1]}")
        | interval.map(lambda text: f"? in {text}")
        | st.lists(compared | constant, min_size=2, max_size=3).map(lambda parts: f"? in ({', '.join(parts)})")
    )
    logic = st.tuples(truths, st.sampled_from([" and ", " or "]), truths).map("".join)
    tests = constant | interval | compared | truths | logic
    tests |= st.lists(constant | interval, min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    listed = st.lists(tests, min_size=1, max_size=3).map(", ".join)
    return listed | listed.map(lambda text: f"not({text})")


OPEN_CELLS = ["-", "", "< limit", "word", "not(word)", "none", "? != limit", 'starts with(?, "a")', "count(?) = 1"]
CELLS = st.sampled_from(OPEN_CELLS) | _of_one_kind(ANY)
for _texts in CONSTANTS.values():
    CELLS |= _of_one_kind(_texts)


def one_by_one(rows, values, scope):
    return [
        index
        for index, row in enumerate(rows)
        if all(cell.passes(value, scope) for cell, value in zip(row, values, strict=True))
    ]


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 3))
    texts = draw(st.lists(st.lists(CELLS, min_size=columns, max_size=columns), max_size=12))
    return [[compile_unary_tests(text) for text in row] for row in texts], columns


@settings(max_examples=250)
@given(tables(), st.data(), st.sampled_from([1, 64, 2_000_000]))
def test_the_rows_that_are_looked_up_are_those_that_pass_one_by_one(table, data, room):
    rows, columns = table
    scope = Scope(CONTEXT, None, Run(10_000_000))
    before, lines.MAX_BYTES = lines.MAX_BYTES, room
    try:
        matcher = Matcher(rows, columns)
        for _ in range(4):
            values = [data.draw(st.sampled_from(VALUES)) for _ in range(columns)]
            assert matcher.matching(values, scope) == one_by_one(rows, values, scope)
    finally:
        lines.MAX_BYTES = before


@pytest.mark.parametrize("value", VALUES, ids=[f"value {number}" for number in range(len(VALUES))])
def test_each_value_meets_each_plain_cell_as_if_it_were_run(value):
    texts = [*ANY, *(f"not({text})" for text in ANY), *(f">= {text}" for text in ANY), *(f"!= {text}" for text in ANY)]
    rows = [[compile_unary_tests(text)] for text in texts]
    scope = Scope(CONTEXT, None, Run(10_000_000))
    assert Matcher(rows, 1).matching([value], scope) == one_by_one(rows, [value], scope)


def test_a_cell_that_calls_a_function_is_run_only_for_rows_that_still_count():
    loop = "count(for i in 1..1000 return i) = 1000 and ? > 0"
    rows = [[compile_unary_tests(f'"{number}"'), compile_unary_tests(loop)] for number in range(50)]
    run = Run(1_500)
    assert Matcher(rows, 2).matching(["7", Decimal(1)], Scope({}, None, run)) == [7]


def test_ten_thousand_different_rows_stay_within_their_memory():
    rows = [[compile_unary_tests(f"[{number}..{number + 1})")] for number in range(10_000)]
    matcher = Matcher(rows, 1)
    scope = Scope({}, None, Run())
    found = [matcher.matching([Decimal(text)], scope) for text in ("-1", "0", "4999.5", "9999", "10000")]
    assert found == [[], [0], [4999], [9999], []]
    [(_, column)] = matcher._columns
    kept = sum(passing.bit_length() // 8 for passing in column._lines["number"]._kept)
    assert kept <= 2 * lines.MAX_BYTES
