"""Expressions of other vendors: what FEEL is derived from them, and that it means the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import compile_expression
from engine.feel.foreign import Recognised, declared, derive, derive_script, recognise


@pytest.mark.parametrize(
    ("text", "language", "feel"),
    [
        ("${amount > 100 && !late}", "juel", "amount > 100 and not(late)"),
        (
            "#{order.lines[0].price ge 5 or empty order.owner}",
            "",
            'order.lines[1].price >= 5 or order.owner in [null, "", []]',
        ),
        ("${a ne b ? 'x' : \"y\"}", "juel", 'if a != b then "x" else "y"'),
        ("${name.equals('li') and list.size() < 3}", "juel", 'name = "li" and count(list) < 3'),
        ("${'x'.contains(a)}", "juel", 'contains("x", a)'),
        ("${list.isEmpty()}", "juel", 'list in ["", []]'),
        ("${execution.getVariable('a') mod 2 == 0}", "juel", "modulo(a, 2) = 0"),
        ("${a}/${b}", "juel", 'string(a) + "/" + string(b)'),
        ('status === "open" || n !== undefined', "javascript", 'status = "open" or n != null'),
        ("[1, 2].includes(a)", "JavaScript", "list contains([1, 2], a)"),
        ('"n" + n', "application/javascript", '"n" + string(n)'),
        ("a ?? 0", "js", "if a != null then a else 0"),
        ("Math.round(a * 1.5)", "js", "round half up(a * 1.5, 0)"),
        ("a ?: 'none'", "groovy", 'if a in [null, "", []] then "none" else a'),
        ("a?.b == 1L", "groovy", "a.b = 1"),
        ("'x' if a is not None and b else c", "python", 'if a != null and b then "x" else c'),
        ("0 < a <= 10", "python", "0 < a and a <= 10"),
        ("not a in ['x', 'y']", "python", 'not(list contains(["x", "y"], a))'),
        ("name.startswith('L') and len([a]) == 1", "python", 'starts with(name, "L") and count([a]) = 1'),
        ("order['amount'] > 3", "python", 'get value(order, "amount") > 3'),
        ("items[-1]", "python", "items[-1]"),
        ("a - (b - c)", "python", "a - (b - c)"),
        ("(a == b) == c", "js", "(a = b) = c"),
    ],
)
def test_feel_is_derived(text, language, feel):
    assert derive(text, language) == feel


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("${user.name()}", "juel"),
        ("${bean.pick(a, b)}", "juel"),
        ("${task.name}", "juel"),
        ("${'a' + 1}", "juel"),
        ("${a", "juel"),
        ("a[i]", "js"),
        ("x => x + 1", "js"),
        ("new Date()", "js"),
        ("[x for x in y]", "python"),
        ("lambda: 1", "python"),
        ("f'{a}'", "python"),
        ("a = 1", "groovy"),
        ("a; b", "groovy"),
        ("if == 1", "js"),
        ("then", "python"),
        ("import os", "python"),
        ("(" * 80 + "a" + ")" * 80, "python"),
        ("a" * 20_000, "python"),
        ("/order/amount > 5", "http://www.w3.org/1999/XPath"),
        ("a", "cobol"),
        ("", "python"),
    ],
)
def test_what_is_not_certain_is_not_derived(text, language):
    assert derive(text, language) is None


@pytest.mark.parametrize(
    ("value", "empty"), [(None, True), ("", True), ([], True), ("a", False), ([1], False), ([""], False), (0, False)]
)
def test_empty_means_what_juel_means(value, empty):
    assert compile_expression(derive("${empty x}", "juel"))({"x": value}) is empty
    assert compile_expression(derive("${!empty x}", "juel"))({"x": value}) is not empty


@pytest.mark.parametrize(("value", "holds"), [("abc", True), (["b"], True), ("c", False), (["abc"], False)])
def test_an_element_of_a_list_and_a_part_of_a_text_are_told_apart_at_run_time(value, holds):
    assert compile_expression(derive("'b' in x", "python"))({"x": value}) is holds


@pytest.mark.parametrize(
    ("script", "language", "found"),
    [
        ("total = a + b", "python", ("a + b", "total")),
        ("var total = a + b;", "javascript", ("a + b", "total")),
        ("execution.setVariable('total', a)", "groovy", ("a", "total")),
        ("return a == 1", "groovy", ("a = 1", None)),
        ("a == 1", "python", ("a = 1", None)),
        ("a = 1\nb = 2", "python", None),
        ("print(a)", "python", None),
    ],
)
def test_a_script_of_one_statement_is_an_expression_and_a_variable(script, language, found):
    assert derive_script(script, language) == found


def test_a_language_is_recognised_by_what_can_be_read():
    assert recognise("a == 1 && b") == Recognised("JavaScript", "a = 1 and b")
    assert recognise("a is None") == Recognised("Python", "a = null")
    assert recognise("${a.b(1)}") == Recognised("JUEL", None)
    assert recognise("a = 1 annd b") is None
    assert declared("a > 1", "XPath") == Recognised("XPath", None)


_WORDS = ["a", "b.c", "1", "'x'", "(", ")", "[", "]", "&&", "||", "!", "==", "and", "not", "in", "if", "else", "?", ":"]


@given(
    st.lists(st.sampled_from([*_WORDS, "+", "-", "%", "null", "None", "empty", "${", "}", ",", "len("]), max_size=12)
)
def test_no_text_breaks_the_derivation_and_every_answer_compiles(words):
    text = " ".join(words)
    for language in ("juel", "javascript", "groovy", "python"):
        found = derive(text, language)
        if found is not None:
            compile_expression(found)
