"""The shipped rule tables and code tables, read once."""

import csv
import functools
from collections.abc import Mapping
from pathlib import Path

from engine.dmn import Decision, evaluate, read_decisions

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "rules"
FILES = sorted(RULES.glob("*.dmn"))


@functools.cache
def decisions_of(file: Path) -> dict[str, Decision]:
    return {decision.key: decision for decision in read_decisions(file.read_bytes(), file.name)}


@functools.cache
def all_decisions() -> dict[str, Decision]:
    return {key: decision for file in FILES for key, decision in decisions_of(file).items()}


def answer(key: str, inputs: Mapping[str, object]) -> object:
    decisions = all_decisions()
    return evaluate(decisions[key], inputs, decisions).value


def rows_of(path: str) -> list[dict[str, str]]:
    with (RULES / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def codes_of(table: str) -> set[str]:
    return {row["code"] for row in rows_of(f"codes/{table}.csv")}
