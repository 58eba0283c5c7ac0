"""Files that are too deep or too big, and tables of ten thousand rows."""

import time

import pytest

from engine.dmn import evaluate, read_decisions
from engine.errors import DeploymentError

AGE = [("age", "number", None)]
BAND = [("band", "number", None, None)]


def test_a_table_of_ten_thousand_rows_is_read_and_asked_soon(dmn):
    rows = [([f"[{number}..{number + 1})"], [str(number)]) for number in range(10_000)]
    begun = time.process_time()
    [decision] = read_decisions(dmn.model(("t1", (), dmn.table(AGE, BAND, rows))), "t.dmn")
    assert [evaluate(decision, {"age": age}).value for age in (0, 4_999.5, 9_999)] == [0, 4_999, 9_999]
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 + " * 5_000 + "1", "feel-limit-source-length"),
        ("(" * 500 + "1" + ")" * 500, "feel-limit-nesting-depth"),
        ("1E99999999999", "feel-bad-literal"),
    ],
)
def test_a_cell_that_exceeds_a_limit_is_named_with_its_line(dmn, text, code):
    xml = dmn.model(("t1", (), "\n" + dmn.table(AGE, BAND, [(["> 1"], [text])])))
    with pytest.raises(DeploymentError) as caught:
        read_decisions(xml, "t.dmn")
    assert [(problem.code, problem.line, problem.file) for problem in caught.value.problems] == [(code, 2, "t.dmn")]


def test_outputs_whose_names_differ_by_blanks_alone_are_refused(dmn):
    outputs = [("x y", "number", None, None), ("x  y", "number", None, None)]
    with pytest.raises(DeploymentError) as caught:
        read_decisions(dmn.model(("t1", (), dmn.table(AGE, outputs, [(["1"], ["1", "2"])]))), "t.dmn")
    assert [problem.code for problem in caught.value.problems] == ["dmn-duplicate-output"]
