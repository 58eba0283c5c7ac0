"""No null without its reason: what was missing or did not fit stays beside the value, with its place."""

import pytest

from engine.feel import compile_expression


def reasons_of(text, **context):
    return [
        (one.code.removeprefix("feel-null-"), one.column) for one in compile_expression(text).evaluate(context).reasons
    ]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("fee + 1", [("unknown-name", 1), ("operands", 1)]),
        ('1 + "a"', [("operands", 1)]),
        ("1 + 10 / 0", [("operands", 5), ("operands", 1)]),
        ("case.level", [("no-property", 1)]),
        ('1 < "a"', [("not-comparable", 1)]),
        ('1 between "a" and 3', [("not-comparable", 1)]),
        ("not(1)", [("no-answer", 1)]),
        ('true and "yes"', [("not-boolean", 1)]),
        ('if "yes" then 1 else 2', [("not-boolean", 1)]),
        ("[1, 2][5]", [("no-element", 1)]),
        ('[1.."a"]', [("range", 1)]),
        ("for x in null return x", [("not-iterable", 1)]),
        ('date("yesterday")', [("no-answer", 1)]),
        ("case(1)", [("not-a-function", 1)]),
        ('-"a"', [("operands", 1)]),
        ('(function(a: number) a)("x")', [("type", 2)]),
    ],
)
def test_each_null_says_why_and_where(text, reasons):
    names = ("case",)
    evaluated = compile_expression(text, names).evaluate({"case": {"name": "积水"}})
    found = [(one.code.removeprefix("feel-null-"), one.column) for one in evaluated.reasons]
    assert found == reasons


def test_a_value_has_no_reason():
    assert reasons_of("case.name", case={"name": None}) == []
    assert reasons_of("if a = null then 1 else 2", a=None) == []


def test_a_reason_shows_its_values_in_short_and_speaks():
    evaluated = compile_expression("text + 1").evaluate({"text": "噪声" * 100})
    (reason,) = evaluated.reasons
    assert len(reason.params["left"]) < 50
    assert reason.message == f"+ cannot join {reason.params['left']} and 1"
    assert reason.as_json()["line"] == 1


def test_a_place_is_told_once_however_often_it_is_passed():
    assert len(compile_expression('for x in 1..1000 return x + "a"').evaluate({}).reasons) == 1


def test_only_so_many_reasons_are_kept():
    text = "[" + ", ".join(['1 + "a"'] * 100) + "]"
    assert len(compile_expression(text).evaluate({}).reasons) == 20
