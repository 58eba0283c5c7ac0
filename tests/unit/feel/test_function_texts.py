"""Every function says in both languages what it does, and its example is true."""

import re
from datetime import datetime

import pytest

from api.bootstrap import load_handlers
from api.expression_view import function_texts
from api.language import LANGUAGES
from engine.feel import compile_expression
from engine.feel.checking import Environment, StaticType, completions
from engine.feel.functions.registry import BUILTINS
from tests.builders.facts import some_facts

load_handlers()
NOW = datetime.fromisoformat("2026-05-01T09:30:00+08:00")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_each_function_is_documented_in_both_languages(name):
    chinese, english = (function_texts(language)[name] for language in LANGUAGES)
    assert CHINESE.search(chinese.text)
    assert english.text.strip()
    assert not CHINESE.search(english.text)


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_each_example_gives_the_stated_result(name):
    text = function_texts("en")[name]
    assert name in text.example
    assert compile_expression(text.example)({}, now=NOW, facts=some_facts()) == compile_expression(text.result)({})


def test_nothing_is_documented_that_is_not_there():
    assert set(function_texts("en")) == set(BUILTINS)


def test_an_editor_is_offered_names_functions_words_and_types():
    urgency = StaticType("string", values=("一般", "紧急"))
    items = completions(Environment({"urgency": urgency}, labels={"urgency": "紧急程度"}), function_texts("zh-CN"))
    by_label = {one.label: one for one in items}
    assert by_label["urgency"].detail == '紧急程度 · "一般", "紧急"'
    assert by_label["contains"].kind == "function"
    assert by_label["contains"].insert_text == "contains(string, match)"
    assert 'contains("路灯不亮", "路灯") = true' in by_label["contains"].documentation
    assert by_label["satisfies"].kind == "keyword"
    assert by_label["date and time"].kind in {"type", "function"}
