import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import FeelLimitError, compile_expression
from engine.feel.regex import compile_pattern
from engine.feel.run import Run


def spans(pattern, text):
    compiled = compile_pattern(pattern, "")
    return [tuple(groups[:2]) for groups in compiled.iterate(text, Run())]


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "(a|b)", "(ab)", "(?:ba)"])
PIECES = st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "*?", "+?"])).map("".join)
PATTERNS = st.lists(PIECES, min_size=1, max_size=4).map("".join) | st.tuples(PIECES, PIECES).map("|".join)


@given(PATTERNS, st.text("ab1", max_size=10))
def test_matches_are_those_of_the_engine_of_python(pattern, text):
    expected = re.search(pattern, text)
    found = compile_pattern(pattern, "").search(text, 0, Run())
    assert (found and tuple(found[:2])) == (expected and expected.span())


def test_a_pattern_that_stops_other_engines_takes_linear_work():
    run = Run()
    assert compile_pattern("^(a|a)*$", "").search("a" * 500 + "!", 0, run) is None
    assert run.steps < 20_000


@pytest.mark.parametrize("pattern", ["[", "(", ")", "a**", "{1}", "a{2,1}", "\\", "(?=a)", "[b-a]", "\\p{Q}", "a{x}"])
def test_what_is_no_pattern_is_null(pattern):
    text = pattern.replace("\\", "\\\\")
    assert compile_expression(f'matches("a", "{text}")')({}) is None


def test_a_back_reference_reads_again_what_its_group_has_read():
    assert compile_expression('matches("abcabc", "^(a|abc)\\\\1$")')({}) is True
    assert compile_expression('matches("abcabd", "^(abc)\\\\1$")')({}) is False
    assert compile_expression('matches("a", "\\\\1(a)")')({}) is None


def test_a_catastrophic_back_reference_ends_at_the_limit_of_steps():
    with pytest.raises(FeelLimitError) as caught:
        compile_expression('matches(text, "^(a*)*(a*)*(a*)*(a*)*\\\\1b$")')({"text": "a" * 200})
    assert caught.value.what == "steps"


def test_a_block_of_characters_is_known_by_its_name():
    assert compile_expression('matches("治理", "^\\\\p{IsCJKUnifiedIdeographs}+$")')({}) is True
    assert compile_expression('matches("a", "\\\\P{IsBasicLatin}")')({}) is False
    assert compile_expression('matches("a", "\\\\p{IsNowhere}")')({}) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('matches("A市", "^\\\\p{Lu}\\\\w$")', True),
        ('matches("x\ny", "x.y")', False),
        ('matches("x\ny", "x.y", "s")', True),
        ('matches("x\ny", "^y$", "m")', True),
        ('matches("ABC", "b", "i")', True),
        ('matches("helloworld", "hello[ ]world", "x")', False),
        ('matches("c", "[a-z-[aeiou]]")', True),
        ('matches("e", "[a-z-[aeiou]]")', False),
        ('replace("a-b", "([a-z])-([a-z])", "$2-$1")', "b-a"),
        ('replace("aaa", "a{2}", "x")', "xa"),
        ('replace("abc", "x*", "-")', None),
        ('replace("abc", "b", "$")', None),
        ('replace("abc", "b", "\\\\$")', "a$c"),
    ],
)
def test_patterns_follow_xpath(text, value):
    assert compile_expression(text)({}) == value


def test_all_matches_are_found_from_left_to_right():
    assert spans("ab?", "abaab") == [(0, 2), (2, 3), (3, 5)]
