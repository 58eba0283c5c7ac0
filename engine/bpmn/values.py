"""Texts of a diagram that are either literal or FEEL, compiled once and evaluated often."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite

from engine.bpmn.failures import ExecutionError
from engine.bpmn.moment import Moment
from engine.errors import Invalid
from engine.feel import Expression, FeelError, compile_expression, to_json

_FOREIGN = re.compile(r"[$#]\{")
MOST_DEPTH = 100
_LARGEST = 2**63 - 1


class ForeignExpressionError(ValueError):
    """A text in an expression language that is not FEEL."""


@dataclass(frozen=True, slots=True)
class Value:
    """A literal text or an expression, with the place where it stands in the diagram.

    place       element id and attribute, for messages
    text        as written
    expression  None for a literal
    """

    place: str
    text: str
    expression: Expression | None = None

    @property
    def names(self) -> frozenset[str]:
        """Variables that it reads."""
        return frozenset() if self.expression is None else self.expression.names

    @property
    def literal(self) -> str | None:
        """The text itself, where it is no expression."""
        return self.text if self.expression is None else None

    def evaluate(self, variables: Mapping[str, object], moment: Moment) -> object:
        """Return the literal, or the JSON form of what the expression gives; raise ExecutionError."""
        return self.text if self.expression is None else evaluate(self.expression, variables, moment, self.place)

    def text_in(self, variables: Mapping[str, object], moment: Moment) -> str | None:
        """Evaluate to one text; numbers are written out, null and the empty text are None."""
        value = self.evaluate(variables, moment)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        raise ExecutionError("value-not-text", self.place, value=value)

    def texts_in(self, variables: Mapping[str, object], moment: Moment) -> tuple[str, ...]:
        """Evaluate to a list of texts; a single text is split at its commas."""
        value = self.evaluate(variables, moment)
        items = value.split(",") if isinstance(value, str) else value
        if items is None:
            return ()
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ExecutionError("value-not-texts", self.place, value=value)
        return tuple(item.strip() for item in items if item.strip())


def evaluate(expression: Expression, variables: Mapping[str, object], moment: Moment, place: str) -> object:
    """Evaluate to a JSON value; raise ExecutionError when the expression or the command exceeds its limits."""
    moment.check(place)
    try:
        return to_json(expression(variables, now=moment.local, facts=moment.facts))
    except FeelError as error:
        raise ExecutionError("expression-failed", place, text=expression.text, reason=error.message) from error


def truth(expression: Expression, variables: Mapping[str, object], moment: Moment, element_id: str, code: str) -> bool:
    """Evaluate to true or false; null counts as false. Raises ExecutionError with the code for anything else."""
    value = evaluate(expression, variables, moment, element_id)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise ExecutionError(code, element_id, value=value)


CONSTANT_NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOT_CONSTANT = object()


def constant(value: Value) -> object:
    """Return what an expression that reads nothing always gives; NOT_CONSTANT for one that depends on anything."""
    expression = value.expression
    if expression is None or expression.names or expression.maybe_names:
        return NOT_CONSTANT
    try:
        first, second = (
            to_json(expression({}, now=now, max_steps=1_000)) for now in (CONSTANT_NOW, CONSTANT_NOW.replace(year=2031))
        )
    except FeelError:
        return NOT_CONSTANT
    return first if first == second else NOT_CONSTANT


def read_value(text: str, place: str) -> Value:
    """Compile a text: `= …` is an expression, the rest literal.

    Raises ForeignExpressionError for `${…}` and `#{…}`, FeelError for wrong FEEL.
    """
    stripped = text.strip()
    if stripped.startswith("="):
        return Value(place, text, compile_expression(stripped[1:].strip()))
    if _FOREIGN.search(stripped):
        raise ForeignExpressionError(stripped)
    return Value(place, stripped)


def json_value(value: object, depth: int = 0) -> object:
    """Return a copy made of JSON values only; decimals and dates are written as FEEL writes them.

    Raises Invalid for values that no JSON document holds: not finite, beyond 64 bits, half a surrogate pair, keys
    that are no texts, deeper than 100, foreign types.
    """
    kind = value.__class__
    if kind is str:
        return _checked_text(value)
    if value is None or kind is bool:
        return value
    if isinstance(value, (int, float)):
        return _checked_number(value)
    if depth >= MOST_DEPTH:
        raise Invalid(f"Values are nested at most {MOST_DEPTH} deep.", code="value-too-deep", limit=MOST_DEPTH)
    if isinstance(value, Mapping):
        return {_checked_text(key): json_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item, depth + 1) for item in value]
    return to_json(value)


def _checked_text(value: object) -> str:
    if not isinstance(value, str):
        name = type(value).__name__
        raise Invalid(f"A key is a {name}; a text is expected.", code="value-key-not-text", type=name)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Invalid("A text holds half a character.", code="value-broken-text") from error
    return value


def _checked_number(value: float) -> int | float:
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise Invalid(f"Numbers go up to {_LARGEST}.", code="value-number-too-large", limit=_LARGEST)
    elif not isfinite(value):
        raise Invalid("Infinity and not-a-number are no values.", code="value-not-finite")
    return value


def json_object(values: Mapping[str, object]) -> dict[str, object]:
    """Return a copy of named values, each of them JSON."""
    return {_checked_text(name): json_value(value) for name, value in values.items()}
