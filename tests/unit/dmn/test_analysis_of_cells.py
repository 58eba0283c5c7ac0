"""Analysis of what cells can say: every kind of value, null, functions of texts; and a proof by evaluation for all."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dmn import NoMatch, TooManyMatches, analyse, evaluate
from engine.feel import YearsMonths

LIGHT = [("light", "string", None, None)]
RANKED = [("light", "string", '"red", "yellow", "green"', None)]
TEXT = [("text", "string", None)]
AGE = [("age", "number", None)]


def rows_of(cells):
    return [([cell], [f'"{index}"']) for index, cell in enumerate(cells)]


def found(decision):
    return [(finding.kind, finding.severity, finding.rows) for finding in analyse(decision)]


@pytest.mark.parametrize(
    "cells",
    [
        ["? < 3 or ? > 9", "? >= 3 and ? <= 9"],
        ["not(? = 3)", "3"],
        ["? in (1, 2, [5..6])", "not(1, 2, [5..6])"],
        ["? between 3 and 7", "not([3..7])"],
        ["list contains([1, 2], ?)", "not(1, 2)"],
        ["[1..3], (5..9]", "< 1, (3..5], > 9"],
        ["3 < ?", "? <= 3"],
    ],
)
def test_conditions_on_the_input_are_analysed_exactly(table, cells):
    assert found(table(AGE, LIGHT, rows_of(cells))) == []


def test_null_needs_a_row_where_a_cell_speaks_of_it(table):
    assert found(table(AGE, LIGHT, rows_of(["null", "< 3", ">= 3"]))) == []
    assert found(table(AGE, LIGHT, rows_of(["not(null)"]))) == [("gap", "warning", ())]
    inputs = [("a", "number", None), ("b", "boolean", None)]
    rows = [(["null", "true"], ['"1"']), (["< 3, >= 3", "-"], ['"2"'])]
    (finding,) = analyse(table(inputs, LIGHT, rows))
    assert finding.witness == {"a": None, "b": False}


def test_an_input_whose_expression_lists_its_answers_is_bounded(table):
    inputs = [('if age > 60 then "old" else "young"', None, None)]
    assert found(table(inputs, LIGHT, rows_of(['"old"', '"young"']))) == []
    assert found(table(inputs, LIGHT, rows_of(['"old"']))) == [("gap", "error", ())]
    assert found(table([("age > 60", None, None)], LIGHT, rows_of(["true"]))) == [("gap", "error", ())]


def test_equal_answers_are_told_apart_from_different_ones(table):
    rows = [(["< 5"], ['"a"']), (["< 9"], ['"a"']), ([">= 5"], ['"b"'])]
    answers = {finding.rows: finding.facts["answers"] for finding in analyse(table(AGE, LIGHT, rows))}
    assert answers == {(1, 2): "same", (2, 3): "different"}


def test_a_row_that_is_always_outranked_is_unreachable_under_priority(table):
    rows = [(["< 5"], ['"green"']), (["< 9"], ['"red"']), ([">= 9"], ['"yellow"'])]
    assert found(table(AGE, RANKED, rows, "PRIORITY")) == [("unreachable", "warning", (1,))]
    rows[0] = (["< 10"], ['"green"'])
    assert found(table(AGE, RANKED, rows, "PRIORITY")) == [("unreachable", "warning", (1,))]
    rows[2] = ([">= 11"], ['"yellow"'])
    assert ("unreachable", "warning", (1,)) not in found(table(AGE, RANKED, rows, "PRIORITY"))


def test_a_row_that_says_the_same_again_is_a_duplicate_under_collect(table):
    rows = [(["< 5"], ['"a"']), (["? < 5"], ['"a"']), (["< 5"], ['"b"'])]
    assert found(table(AGE, LIGHT, rows, "COLLECT")) == [("duplicate", "warning", (1, 2))]


def test_functions_of_texts_are_proved_by_texts_that_pass(table):
    cells = ['contains(?, "井盖")', 'matches(?, "路灯.{0,3}(不亮|坏)")', 'starts with(?, "井盖丢")', "-"]
    assert found(table(TEXT, LIGHT, rows_of(cells), "FIRST")) == [("not-decided", "info", (3,))]
    assert found(table(TEXT, LIGHT, rows_of([*cells[:2], cells[0], "-"]), "FIRST")) == [
        ("unreachable", "warning", (3,))
    ]


def test_an_overlap_of_functions_is_told_only_with_a_text_that_proves_it(table):
    cells = ['contains(?, "井盖丢失")', 'contains(?, "井盖")', 'not(contains(?, "井盖"))']
    findings = analyse(table(TEXT, LIGHT, rows_of(cells)))
    proved = [finding for finding in findings if finding.kind == "overlap"]
    assert [(finding.rows, finding.witness) for finding in proved] == [((1, 2), {"text": "井盖丢失"})]
    assert not [finding for finding in findings if finding.kind == "gap"]


def test_a_cell_that_is_not_analysed_is_named_with_the_reason(table):
    (finding,) = analyse(table(AGE, LIGHT, rows_of(["? > limit", "<= 3"])))
    assert (finding.kind, finding.rows, finding.code) == (
        "not-analysable",
        (1,),
        "table-not-analysable-variables",
    )
    assert finding.facts == {"column": "age", "text": "? > limit", "reason": "variables"}


def test_large_tables_stay_within_seconds(table):
    started = time.monotonic()
    inputs = [("x", "number", None), ("k", "string", None), ("y", "number", None)]
    rows = [([f"[{row}..{row + 1})", f'"k{row % 50}"', "-"], ['"a"']) for row in range(3_000)]
    analyse(table(inputs, LIGHT, rows, "FIRST"))
    inputs = [(f"x{index}", "number", None) for index in range(6)]
    rows = [([f"[{(row * 7 + at) % 90}..{(row * 11) % 90 + 9}]" for at in range(6)], ['"a"']) for row in range(500)]
    analyse(table(inputs, LIGHT, rows))
    assert time.monotonic() - started < 60


def written(kind, value):
    return {
        "number": str,
        "string": lambda item: f'"{"abcde"[item]}"',
        "date": lambda item: f'date("{date(2026, 1, 1) + timedelta(days=2 * item)}")',
        "days and time duration": lambda item: f'duration("P{item}D")',
        "years and months duration": lambda item: f'duration("P{item}M")',
    }[kind](value)


SAMPLES = {
    "number": [Decimal(half) / 2 for half in range(-2, 12)],
    "string": ["", *"abcde", *(letter + "…" for letter in "abcde"), "（其他）"],
    "date": [date(2026, 1, 1) + timedelta(days=day) for day in range(-2, 12)],
    "days and time duration": [timedelta(hours=12 * half) for half in range(-2, 12)],
    "years and months duration": [YearsMonths(month) for month in range(-2, 8)],
}
PARTS = st.one_of(
    st.tuples(st.just("eq"), st.integers(0, 4), st.just(0)),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "!="]), st.integers(0, 4), st.just(0)),
    st.tuples(st.sampled_from(["[]", "()", "[)", "(]"]), st.integers(0, 2), st.integers(2, 4)),
    st.tuples(st.just("null"), st.just(0), st.just(0)),
)


def part_of(kind, part):
    sign, low, high = part
    if sign == "null":
        return "null"
    if sign == "eq":
        return written(kind, low)
    if len(sign) == 2 and sign[0] in "[(":
        return f"{sign[0]}{written(kind, low)}..{written(kind, high)}{sign[1]}"
    return f"? {sign} {written(kind, low)}" if sign == "!=" else f"{sign} {written(kind, low)}"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.lists(PARTS, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=5),
)
def test_analysis_and_evaluation_agree_for_every_kind_of_value(table, kind, rows):
    cells = []
    for parts, negated in rows:
        text = ", ".join(part_of(kind, part) for part in parts)
        cells.append(f"not({text})" if negated else text)
    decision = table([("a", kind, None)], LIGHT, [([cell], ['"x"']) for cell in cells])
    findings = analyse(decision)
    kinds = {"gap" if one.kind == "missing-default" else one.kind for one in findings}
    outcomes = set()
    for value in [*SAMPLES[kind], *([None] if any("null" in cell for cell in cells) else [])]:
        outcomes |= outcome(decision, {"a": value})
    assert outcomes == kinds & {"gap", "overlap"}
    for finding in findings:
        if finding.kind in {"gap", "overlap"}:
            assert finding.kind in outcome(decision, finding.witness)
        if finding.kind == "unreachable":
            [row] = finding.rows
            assert not any(row in matched(decision, {"a": value}) for value in SAMPLES[kind])


def outcome(decision, inputs):
    try:
        evaluate(decision, inputs)
    except NoMatch:
        return {"gap"}
    except TooManyMatches:
        return {"overlap"}
    return set()


def matched(decision, inputs):
    try:
        return [match.row for match in evaluate(decision, inputs).matches]
    except NoMatch:
        return []
    except TooManyMatches as error:
        return list(error.rows)
