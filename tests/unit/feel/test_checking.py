import pytest

from engine.feel import FeelSyntaxError
from engine.feel.checking import Environment, StaticType, check_cell, check_expression, read_type
from engine.feel.checking.static_types import ANY, NUMBER, STRING, list_of

URGENCY = StaticType("string", values=("一般", "紧急", "特急"))
CASE = StaticType("context", fields={"id": STRING, "title": STRING}, closed=True)
SEEN = Environment(
    {
        "urgency": URGENCY,
        "days": NUMBER,
        "问题类别": STRING,
        "case": CASE,
        "opened": StaticType("date"),
        "amounts": list_of(NUMBER),
        "cases": list_of(CASE),
        "anything": ANY,
    }
)


def found(text, seen=SEEN, wanted=()):
    return [(one.code, one.severity, one.line, one.column) for one in check_expression(text, seen, wanted)[1]]


@pytest.mark.parametrize(
    "text",
    [
        "count(amounts) + days > 2",
        "amounts[item > 3]",
        'cases[title = "x"].id',
        "cases[1].title",
        'opened + duration("P1D") > date("2026-01-01")',
        'opened - opened > duration("P1D")',
        "urgency = null or anything.whatever > 3",
        'urgency in ("一般", "紧急")',
        "days in [1..5]",
        "for x in amounts return x * 2",
        'some c in cases satisfies starts with(c.title, "井")',
        "if anything then days else 0",
        "{a: days, b: a + 1}.b > 2",
        "(function(x) x + 1)(days)",
        "substring(string: case.title, start position: 1)",
        "min(amounts) < days",
        "anything + 1 > 2",
        "opened.weekday > 5",
        "sort(amounts, function(x, y) x < y)[1] + 1",
        'date and time(opened, time("09:00:00")).hour = 9',
        "not(anything)",
        "count(append(days, 2)) + abs(days) > 1",
        'append(amounts, "a")[1] = "a"',
    ],
)
def test_an_expression_that_may_be_right_has_no_findings(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "code", "severity", "column"),
    [
        ('"a" + 1', "feel-operand-types", "error", 1),
        ('opened < "2026"', "feel-operand-types", "error", 1),
        ("days > 3 and urgency", "feel-not-boolean", "error", 14),
        ("if days then 1 else 2", "feel-not-boolean", "error", 4),
        ('urgency = "非常急"', "feel-value-impossible", "warning", 1),
        ("days = urgency", "feel-compare-types", "warning", 1),
        ("substring(days, 1)", "feel-argument-type", "error", 11),
        ("case.titel", "feel-property-misspelt", "error", 1),
        ("case.owner", "feel-property-unknown", "error", 1),
        ("opened.hour", "feel-property-unknown", "error", 1),
        ("cases[titel = 1]", "feel-name-misspelt", "error", 7),
        ('for x in amounts return x + "a"', "feel-operand-types", "error", 25),
        ("days(1)", "feel-not-function", "error", 1),
        ("-urgency", "feel-operand-types", "error", 1),
        ('days between 1 and "9"', "feel-operand-types", "error", 1),
    ],
)
def test_what_cannot_be_right_is_told_with_its_place(text, code, severity, column):
    assert found(text) == [(code, severity, 1, column)]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("urgncy", "urgency"), ("问题类型", "问题类别"), ("Urgency", "urgency"), ("contans(days)", "contains")],
)
def test_an_unknown_name_comes_with_the_one_that_was_meant(text, suggestion):
    finding = check_expression(text, SEEN)[1][0]
    assert (finding.code, finding.params["suggestion"]) == ("feel-name-misspelt", suggestion)


def test_a_name_that_nobody_knows_is_told_without_a_guess():
    assert found("x9 + 1") == [("feel-name-unknown", "error", 1, 1)]


def test_where_others_may_add_names_only_a_slip_of_the_pen_is_told():
    seen = Environment(SEEN.names, "open")
    assert found("entirely_else", seen) == []
    assert found("urgenzy", seen) == [("feel-name-misspelt", "warning", 1, 1)]


def test_the_place_counts_lines():
    assert found("1 +\n  substring(days, 1)")[0][2:] == (2, 13)


def test_a_result_of_another_type_than_wanted_is_told():
    assert found("days + 1", wanted=(StaticType("boolean"),)) == [("feel-result-type", "error", 1, 1)]
    assert found("anything", wanted=(StaticType("boolean"),)) == []
    assert found('"慢"', wanted=(URGENCY,)) == [("feel-value-impossible", "warning", 1, 1)]


def test_a_cell_is_checked_against_the_type_of_its_input():
    assert check_cell('"一般", "紧急"', URGENCY, SEEN) == ()
    assert [one.code for one in check_cell('"一半"', URGENCY, SEEN)] == ["feel-value-impossible"]
    assert [one.code for one in check_cell('? > 5 and ? < "9"', NUMBER, SEEN)] == ["feel-operand-types"]
    assert check_cell("[1..days], > 7, not(? = 3)", NUMBER, SEEN) == ()


def test_types_are_read_as_feel_writes_them():
    assert read_type("list<number>") == list_of(NUMBER)
    with pytest.raises(FeelSyntaxError):
        read_type("list<")
