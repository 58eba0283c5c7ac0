"""One concept, one word: the glossary names every table, and no table that is gone."""

import re
from pathlib import Path

import pytest

from tests.architecture.tables import tables_of_the_code

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
HEADER = ["English", "中文", "Table", "Meaning", "Source"]


def _rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if row != HEADER and not set(row[0]) <= set("-: ")]


def _named_tables() -> set[str]:
    return {name for row in _rows() for name in re.findall(r"`(\w+)`", row[2])}


def test_every_table_has_its_word_in_the_glossary() -> None:
    assert tables_of_the_code() - _named_tables() == set()


def test_no_word_of_the_glossary_names_a_table_that_is_gone() -> None:
    assert _named_tables() - tables_of_the_code() == set()


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_a_word_has_both_languages_a_meaning_and_a_source(row: list[str]) -> None:
    assert len(row) == len(HEADER)
    assert all(row[position] for position in (0, 1, 3, 4))
    assert re.search(r"[\u4e00-\u9fff]", row[1])


@pytest.mark.parametrize("column", [0, 1], ids=["English", "中文"])
def test_no_word_has_two_meanings(column: int) -> None:
    words = [row[column] for row in _rows()]
    assert sorted({word for word in words if words.count(word) > 1}) == []
