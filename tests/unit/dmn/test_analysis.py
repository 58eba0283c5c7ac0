from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dmn import NoMatch, TooManyMatches, analyse, evaluate

LIGHT = [("light", "string", None, None)]
AGE = [("age", "number", None)]


def rows_of(cells):
    return [([cell], [f'"{index}"']) for index, cell in enumerate(cells)]


def found(decision):
    return [(finding.kind, finding.severity, finding.rows) for finding in analyse(decision)]


def test_a_complete_table_without_overlaps_has_no_findings(table):
    assert found(table(AGE, LIGHT, rows_of(["< 3", "[3..7)", ">= 7"]))) == []


def test_a_gap_between_two_intervals_is_an_error_with_a_witness(table):
    (finding,) = analyse(table(AGE, LIGHT, rows_of(["< 3", "> 3"])))
    assert (finding.kind, finding.severity, finding.witness) == ("gap", "error", {"age": 3})


def test_no_gap_is_reported_where_a_default_answers(table):
    assert found(table(AGE, [("light", "string", None, '"grey"')], rows_of(["< 3"]))) == []


def test_no_gap_is_reported_where_many_rows_may_answer(table):
    assert found(table(AGE, LIGHT, rows_of(["< 3"]), "COLLECT")) == []


def test_an_overlap_under_unique_is_an_error_that_names_both_rows_and_an_input(table):
    (finding,) = analyse(table(AGE, LIGHT, rows_of(["<= 3", ">= 3"])))
    assert (finding.kind, finding.severity, finding.rows) == ("overlap", "error", (1, 2))
    assert finding.witness == {"age": 3}


def test_rows_that_differ_in_any_column_do_not_overlap(table):
    inputs = [("age", "number", None), ("kind", "string", '"a", "b"')]
    rows = [(["-", '"a"'], ['"1"']), (["< 3", '"b"'], ['"2"']), ([">= 3", '"b"'], ['"3"'])]
    assert found(table(inputs, LIGHT, rows)) == []


def test_whole_numbers_have_no_gap_between_neighbours(table):
    assert found(table([("age", "integer", None)], LIGHT, rows_of(["<= 3", ">= 4"]))) == []
    assert found(table(AGE, LIGHT, rows_of(["<= 3", ">= 4"]))) == [("gap", "error", ())]


def test_days_have_no_gap_between_neighbours(table):
    cells = ['<= date("2026-05-01")', '>= date("2026-05-02")']
    assert found(table([("day", "date", None)], LIGHT, rows_of(cells))) == []
    cells[1] = '>= date("2026-05-03")'
    (finding,) = analyse(table([("day", "date", None)], LIGHT, rows_of(cells)))
    assert finding.witness == {"day": "2026-05-02"}


def test_durations_are_compared_by_length(table):
    cells = ['< duration("P1D")', '>= duration("PT24H")']
    assert found(table([("age", "days and time duration", None)], LIGHT, rows_of(cells))) == []


def test_listed_texts_that_have_no_row_are_a_gap(table):
    inputs = [("kind", "string", '"a", "b", "c"')]
    (finding,) = analyse(table(inputs, LIGHT, rows_of(['"a"', '"b"'])))
    assert (finding.kind, finding.severity, finding.witness) == ("gap", "error", {"kind": "c"})


def test_texts_that_nobody_listed_are_a_missing_default(table):
    assert found(table([("kind", "string", None)], LIGHT, rows_of(['"a"', '"b"']))) == [
        ("missing-default", "warning", ())
    ]
    assert found(table([("kind", "string", None)], LIGHT, rows_of(['"a"', 'not("a")']))) == []


def test_a_gap_beside_an_unbounded_column_is_a_warning(table):
    inputs = [("kind", "string", None), ("age", "number", None)]
    rows = [(['"a"', "< 3"], ['"1"']), (['not("a")', "-"], ['"2"'])]
    assert found(table(inputs, LIGHT, rows)) == [("gap", "warning", ())]


def test_both_truths_need_a_row(table):
    (finding,) = analyse(table([("big", "boolean", None)], LIGHT, rows_of(["true"])))
    assert (finding.kind, finding.severity, finding.witness) == ("gap", "error", {"big": False})


def test_different_answers_under_any_are_a_conflict_and_equal_ones_are_not(table):
    rows = [(["< 5"], ['"a"']), (["-"], ['"a"'])]
    assert found(table(AGE, LIGHT, rows, "ANY")) == []
    assert found(table(AGE, LIGHT, [*rows, (["7"], ['"b"'])], "ANY")) == [("conflict", "error", (2, 3))]


def test_a_row_hidden_by_those_above_is_unreachable_under_first(table):
    assert found(table(AGE, LIGHT, rows_of(["< 5", ">= 5", "7"]), "FIRST")) == [("unreachable", "warning", (3,))]
    assert found(table(AGE, LIGHT, rows_of(["< 5", "> 5", "[4..6]"]), "FIRST")) == []


def test_a_row_that_takes_what_is_left_is_not_unreachable_because_of_null(table):
    assert found(table(AGE, LIGHT, rows_of(["< 5", ">= 5", "-"]), "FIRST")) == []


def test_a_row_outside_of_the_listed_values_is_unreachable(table):
    inputs = [("kind", "string", '"a", "b"')]
    assert ("unreachable", "warning", (3,)) in found(table(inputs, LIGHT, rows_of(['"a"', '"b"', '"z"'])))


def test_cells_that_compute_are_told_and_not_guessed(table):
    findings = found(table(AGE, LIGHT, rows_of(["? > limit", "<= 3"])))
    assert findings == [("not-analysable", "info", (1,))]


def test_two_columns_over_the_same_input_are_one_dimension(table):
    inputs = [("age", "number", None), ("age", "number", None)]
    rows = [(["< 3", "-"], ['"1"']), ([">= 3", "< 9"], ['"2"']), (["-", ">= 9"], ['"3"'])]
    assert found(table(inputs, LIGHT, rows)) == []


def test_a_large_table_is_analysed_in_bounds(table):
    inputs = [(f"x{index}", "number", None) for index in range(8)]
    rows = [([f"{(row * 7 + index) % 50}" for index in range(8)], [f'"{row}"']) for row in range(300)]
    kinds = {finding.kind for finding in analyse(table(inputs, LIGHT, rows))}
    assert kinds <= {"gap", "overlap", "not-decided"}
    assert "gap" in kinds


@pytest.mark.parametrize("number", [1, 7])
def test_category_by_region_of_city_size_is_proved_complete(table, number):
    regions = [f"区{index}" for index in range(18)]
    kinds = [f"类{index}" for index in range(40 * number)]
    inputs = [("region", "string", ", ".join(f'"{name}"' for name in regions))]
    inputs.append(("kind", "string", None))
    rows = [([f'"{region}"', ", ".join(f'"{kind}"' for kind in kinds[:5])], ['"x"']) for region in regions]
    rows.append((["-", "not(" + ", ".join(f'"{kind}"' for kind in kinds[:5]) + ")"], ['"y"']))
    assert found(table(inputs, LIGHT, rows)) == []


CELLS = st.one_of(
    st.just("-"),
    st.integers(0, 4).map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 4)).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.tuples(st.sampled_from("[("), st.integers(0, 2), st.integers(2, 4), st.sampled_from(")]")).map(
        lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}",
    ),
    st.lists(st.integers(0, 4), min_size=1, max_size=3).map(lambda items: f"not({', '.join(map(str, items))})"),
    st.lists(st.integers(0, 4), min_size=1, max_size=3).map(lambda items: ", ".join(map(str, items))),
)
SAMPLES = [Decimal(half) / 2 for half in range(-2, 12)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_analysis_and_evaluation_agree_on_every_input(table, rows):
    inputs = [("a", "number", None), ("b", "number", None)]
    decision = table(inputs, LIGHT, [(list(cells), ['"x"']) for cells in rows])
    kinds = {finding.kind for finding in analyse(decision)}
    outcomes = set()
    for first in SAMPLES:
        for second in SAMPLES:
            try:
                evaluate(decision, {"a": first, "b": second})
            except NoMatch:
                outcomes.add("gap")
            except TooManyMatches:
                outcomes.add("overlap")
    assert outcomes == kinds & {"gap", "overlap"}
