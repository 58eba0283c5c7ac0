"""Why something is null: the reasons that an evaluation keeps beside its value.

FEEL answers null where it cannot answer (DMN 1.3 §10.3.1.3 asks for the cause to be reported). A null that nobody can
explain is no proof, so each place that gives null because of what it was given notes why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.feel.temporal import format_temporal
from engine.feel.values import Function, Range

MAX_REASONS = 20
MAX_SHOWN = 40
MAX_PARTS = 3

TEMPLATES = {
    "feel-null-unknown-name": "{name} has no value",
    "feel-null-no-property": "{value} has no {name}",
    "feel-null-operands": "{operator} cannot join {left} and {right}",
    "feel-null-no-answer": "{function} has no answer for {arguments}",
    "feel-null-not-a-function": "{value} cannot be called like this",
    "feel-null-not-boolean": "{value} is neither true nor false",
    "feel-null-not-comparable": "{left} and {right} cannot be compared",
    "feel-null-not-iterable": "{value} cannot be run through",
    "feel-null-no-element": "the list has no element at {position}",
    "feel-null-range": "a range cannot go from {low} to {high}",
    "feel-null-type": "{value} is no {type}",
    "feel-null-no-logic": "{name} says nothing about how it is decided",
    "feel-null-external": "{function} is not written in FEEL and is not run",
    "feel-null-no-fact": "{function} needs {fact}, which is not there",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of an expression is null.

    code          key of the sentence; `params` are its parts
    line, column  where the part stands in `text`, from 1
    """

    code: str
    text: str
    offset: int
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """Line of the part, from 1."""
        return self.text.count("\n", 0, self.offset) + 1

    @property
    def column(self) -> int:
        """Column of the part, from 1."""
        return self.offset - (self.text.rfind("\n", 0, self.offset) + 1) + 1

    @property
    def message(self) -> str:
        """The sentence in English."""
        return TEMPLATES[self.code].format_map(self.params)

    def as_json(self) -> dict[str, object]:
        """Return code, message, text and place as JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "params": dict(self.params),
            "text": self.text,
            "line": self.line,
            "column": self.column,
        }


class Word(str):
    """A text that is shown as it stands: the name of a variable, an operator, a function."""

    __slots__ = ()


def brief(value: object) -> str:
    """Return a short text of a value: long ones are cut, lists and contexts show their size."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        cut = value if len(value) <= MAX_SHOWN else value[: MAX_SHOWN - 1] + "…"
        return f'"{cut}"'
    if isinstance(value, (list, dict)):
        opening, closing = "[]" if isinstance(value, list) else "{}"
        few = [_part(item) for item in list(value)[:MAX_PARTS]] + ["…"] * (len(value) > MAX_PARTS)
        return f"{opening}{', '.join(few)}{closing}"
    if isinstance(value, Range):
        opening, closing = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
        return f"{opening}{brief(value.low)}..{brief(value.high)}{closing}"
    return _brief_simple(value)


def _part(item: object) -> str:
    if isinstance(item, (list, dict)):
        return "[…]" if isinstance(item, list) else "{…}"
    return brief(item)


def _brief_simple(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(value)
    return "function" if isinstance(value, Function) else format_temporal(value)
