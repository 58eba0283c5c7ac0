"""Every sentence that can be said exists in both languages, and nothing is kept that nobody says."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.config import ROOT
from api.errors import CODE_OF_STATUS
from api.language import LANGUAGES, catalog

CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
WORD = re.compile(r"[a-z]+(-[a-z0-9]+)*")
KIND = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
# Calls whose text argument is the code of a sentence.
SAYERS = {"Problem", "problem", "_problem", "_refused", "wrong", "Wrong", "BadJson", "add"}
# Codes that are put together where they are raised: prefix, and the parts that are written elsewhere.
COMPOSED = {
    "feel-limit-": {"source-length", "nesting-depth", "steps", "size", "number", "call-depth"},
    "unknown-": {"channel", "category", "request-type", "urgency"},
    "light-": {"fraction"},
    "rung-": {"fraction"},
    "table-": {
        *("gap", "overlap", "overlap-same", "unreachable", "conflict", "duplicate", "missing-default"),
        *(f"not-analysable-{reason}" for reason in ("variables", "clock", "structures", "kinds")),
        *(f"not-decided-{what}" for what in ("gap", "overlap", "unreachable")),
    },
}
CALENDAR = "calendar-"  # before every code that a calendar's reader refuses with


def modules(*roots: str) -> Iterator[tuple[Path, ast.Module]]:
    for root in roots:
        for file in sorted((ROOT / root).rglob("*.py")):
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def said() -> dict[str, str]:
    """Collect the codes that are raised, with where."""
    found: dict[str, str] = {}
    for file, tree in modules("engine", "registers", "handlers", "api"):
        place = str(file.relative_to(ROOT))
        for node in ast.walk(tree):
            for code in codes_of(node):
                found.setdefault(code, place)
    for prefix, parts in COMPOSED.items():
        found |= {prefix + part: "composed" for part in parts}
    return found


def codes_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and name_of(node) == "Refused":
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and WORD.fullmatch(str(first.value)):
            yield CALENDAR + first.value
    elif isinstance(node, ast.Call):
        named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        given = node.args if name_of(node) in SAYERS else []
        for value in (*named, *given):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and CODE.fullmatch(value.value):
                yield value.value
    if isinstance(node, ast.ClassDef):
        for item in node.body:
            if isinstance(item, (ast.Assign, ast.AnnAssign)):
                target = item.target if isinstance(item, ast.AnnAssign) else item.targets[0]
                if getattr(target, "id", "") == "code" and isinstance(item.value, ast.Constant):
                    yield item.value.value


def sentences_in(path: str, name: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if getattr(target, "id", "") == name and isinstance(node.value, ast.Dict):
            return {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    raise AssertionError(f"{name} is not in {path}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_that_is_raised_has_its_sentence(language):
    texts = catalog(language).texts
    missing = {code: place for code, place in said().items() if code not in texts}
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_about_a_diagram_exists(language):
    assert sentences_in("engine/bpmn/sentences.py", "SENTENCES") - set(catalog(language).texts) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_of_the_framework_has_its_sentence_and_its_title(language):
    assert set(CODE_OF_STATUS.values()) - set(catalog(language).texts) == set()
    assert {str(status) for status in CODE_OF_STATUS} - set(catalog(language).titles) == set()


def test_no_sentence_is_kept_that_nobody_says():
    source = "\n".join(
        file.read_text(encoding="utf-8") for file, _ in modules("engine", "registers", "handlers", "api")
    )
    composed = {prefix + part for prefix, parts in COMPOSED.items() for part in parts}
    kept = [
        code
        for code in catalog("en").texts
        if code not in composed and f'"{code.removeprefix(CALENDAR)}"' not in source
    ]
    assert [code for code in kept if f'"{code}"' not in source] == []


def test_both_languages_say_the_same_things_with_the_same_facts():
    chinese, english = (catalog(language) for language in LANGUAGES)
    for part in ("titles", "texts", "events", "nouns"):
        assert set(getattr(chinese, part)) == set(getattr(english, part)), part
    fields = lambda text: {name for _, name, _, _ in string.Formatter().parse(text) if name}  # noqa: E731  one use
    for code, text in chinese.texts.items():
        # A sentence may say less than the other one, never something that only it knows.
        assert fields(text) <= fields(english.texts[code]) or fields(english.texts[code]) <= fields(text), code


def test_each_chinese_sentence_is_chinese():
    for code, text in catalog("zh-CN").texts.items():
        assert re.search(r"[\u4e00-\u9fff]", text), code
    for code, text in catalog("en").texts.items():
        assert not re.search(r"[\u4e00-\u9fff]", text), code


def test_each_kind_of_history_event_that_is_recorded_has_its_words():
    recorded = set()
    for _, tree in modules("engine/services", "handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) in {"record", "_record", "HistoryEvent"}:
                values = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "kind")]
                recorded |= {
                    value.value
                    for value in values
                    if isinstance(value, ast.Constant) and isinstance(value.value, str) and KIND.fullmatch(value.value)
                }
    assert len(recorded) > 10
    assert recorded - set(catalog("zh-CN").events) == set()


def test_a_missing_fact_never_loses_a_sentence():
    assert catalog("en").text("not-found", {}, "otherwise") == "There is no <kind> <id>, or not for you."
    assert catalog("en").text("no-such-code", {}, "otherwise") == "otherwise"


def test_things_lists_and_instants_are_written_for_readers():
    chinese = catalog("zh-CN")
    assert chinese.text("not-found", {"kind": "case", "id": "7"}, "") == "没有找到事件 7，或者您无权查看。"
    taken = {"name": "签收", "by": "alice", "at": "2026-11-23T01:30:00+00:00"}
    assert chinese.text("task-taken", taken, "") == "任务“签收”已由 alice 于 2026-11-23 09:30 签收。"
    assert chinese.text("field-not-allowed", {"choices": ["绿", "黄"]}, "") == "只能是：绿、黄。"


def test_no_two_rooms_say_different_things_by_one_code():
    """A sentence about diagrams and one about something else would overwrite each other."""
    diagrams = sentences_in("engine/bpmn/sentences.py", "SENTENCES")
    elsewhere = {code for code, place in said().items() if "bpmn" not in place}
    tables = {
        code
        for file, tree in modules("engine", "registers", "handlers", "api")
        if "bpmn" not in str(file)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(code := key.value, str) and CODE.fullmatch(code)
    }

    assert diagrams & (elsewhere | tables) == set()
