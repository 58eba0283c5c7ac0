import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.feel import FeelError, FeelLimitError, FeelSyntaxError, compile_expression, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("a b", 1, 3),
        ('a and\n  "open', 2, 3),
        ("if a then b", 1, 12),
        ("[1, 2", 1, 6),
        ("(1", 1, 3),
        ("1 < x < 3", 1, 7),
        ("for in xs return 1", 1, 5),
        ("1a", 1, 2),
        ("a.", 1, 3),
        ("f(a: 1, 2)", 1, 9),
        ("", 1, 1),
        ("$x", 1, 1),
        ("#{x}", 1, 1),
    ],
)
def test_a_text_that_is_no_feel_is_refused_with_its_place(text, line, column):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert isinstance(caught.value, Invalid)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("x instance of list<function>", None),
        ("x instance of tPerson", "feel-unknown-type"),
        ("function(a: tPerson) a", "feel-unknown-type"),
        ("random number()", "feel-syntax"),
        ("unknown(1)", "feel-unknown-function"),
        ("123()", "feel-unknown-function"),
        ("count()", "feel-wrong-arguments"),
        ("substring(text: 1)", "feel-wrong-arguments"),
        ("? > 1", "feel-no-input"),
        ('@"tomorrow"', "feel-bad-literal"),
        ("1E9999", "feel-bad-literal"),
        ('"\\uD800"', "feel-bad-literal"),
        ("{a: 1, a: 2}", "feel-duplicate-key"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(text, key):
    if key is None:
        assert compile_expression(text)({}) is False
        return
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert caught.value.key == key
    assert caught.value.construct


@pytest.mark.parametrize(("sign", "meant"), [("，", ","), ("（", "("), ("“", '"'), ("＝", "="), ("：", ":")])
def test_full_width_signs_are_refused_with_the_sign_that_is_meant(sign, meant):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(f"类别 {sign} 级别")
    assert caught.value.key == "feel-full-width"
    assert f"write {meant}" in str(caught.value)


def test_chinese_names_need_no_declaration():
    expression = compile_expression('类别 = "市容" and 级别 < 3')
    assert expression.names == {"类别", "级别"}
    assert expression({"类别": "市容", "级别": 2}) is True


def test_names_with_blanks_and_signs_are_matched_longest_first_where_declared():
    context = {"a": 1, "b": 2, "a+b": 10, "Full Name": "王", "Full": "x"}
    assert compile_expression("a+b", ["a+b", "a", "b"])(context) == 10
    assert compile_expression("a+b")(context) == 3
    assert compile_expression("Full  Name", ["Full", "Full Name"])(context) == "王"
    assert compile_expression("a+bc", ["a+b"])({"a": 1, "bc": 5}) == 6


def test_a_key_of_a_context_is_a_name_inside_it_only():
    assert compile_expression("{a-b: 5, c: a-b}.c")({}) == 5
    assert compile_expression("[{a-b: 5}, a-b][2]")({"a": 3, "b": 1}) == 2
    assert compile_expression("{monthly rate: 5}.monthly rate")({}) == 5


def test_the_names_of_an_expression_are_its_free_variables():
    expression = compile_expression("for x in xs return x + y + {z: w, v: z}.v + count(us) + date(d).year")
    assert expression.names == {"xs", "y", "w", "us", "d"}


def test_names_inside_a_filter_may_belong_to_its_items():
    expression = compile_expression("rows[age > limit]")
    assert expression.names == {"rows"}
    assert expression.maybe_names == {"age", "limit"}


def test_comments_are_skipped():
    assert compile_expression("1 /* one */ + // plus\n 2")({}) == 3


def test_texts_are_compiled_once():
    assert compile_expression("a + 1") is compile_expression("a + 1")
    assert compile_unary_tests("< 3") is compile_unary_tests("< 3")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 65 + "1" + ")" * 65,
        "[" * 600,
        "-" * 300 + "1",
        "a" + ".b" * 300,
        "a" + "[1]" * 300,
        "if true then 1 else " * 70 + "1",
        "x in (" * 70 + "1" + ")" * 70,
        "{a:" * 70 + "1" + "}" * 70,
        "1" * 4_001,
    ],
)
def test_deep_and_long_texts_are_refused_before_they_run(text):
    with pytest.raises((FeelLimitError, FeelSyntaxError)):
        compile_expression(text)


def test_a_long_flat_condition_is_no_deep_one():
    assert compile_expression("1" + "+1" * 1_999)({}) == 2_000
    assert compile_expression(" or ".join(["a = 1"] * 300))({"a": 2}) is False


def refused_as_feel(run):
    """Run; tell whether it went through or was refused by an error of FEEL; anything else fails the test."""
    try:
        run()
    except FeelError as error:
        return error.key.startswith("feel-")
    return True


@given(st.text(alphabet=string.printable + "类，。“\\\u0000\U0001f600", max_size=60))
def test_any_text_compiles_or_is_refused_as_feel(text):
    assert refused_as_feel(lambda: compile_expression(text))
    assert refused_as_feel(lambda: compile_unary_tests(text))


TOKENS = st.sampled_from(
    [
        *[
            "if",
            "then",
            "else",
            "for",
            "in",
            "return",
            "some",
            "every",
            "satisfies",
            "and",
            "or",
            "not",
            "between",
            "instance",
            "of",
            "function",
        ],
        *["(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "+", "-", "*", "/", "**", "<", "<=", "=", "!=", ">", "?"],
        *['"s"', "1", "2.5", "x", "y", "item", "true", "null", "number", "date", "and", "time", '@"P1D"'],
    ],
)


@given(st.lists(TOKENS, max_size=25).map(" ".join))
def test_any_row_of_tokens_compiles_and_runs_or_is_refused(text):
    assert refused_as_feel(lambda: compile_expression(text)({"x": 1, "y": [1, {"a": 2}]}))
    assert refused_as_feel(lambda: compile_unary_tests(text)(1, {"x": 1}))
