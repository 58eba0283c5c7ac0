"""Values as text: numbers without exponents, dates in ISO 8601, lists and contexts as FEEL writes them."""

import re
from decimal import Decimal

from engine.feel.errors import FeelLimitError
from engine.feel.run import Run
from engine.feel.temporal import format_temporal
from engine.feel.values import Function, Range

MAX_DEPTH = 100
_PLAIN_KEY = re.compile(r"[^\W\d][\w ]*")


def write(value: object, run: Run, depth: int = 0) -> str:
    """Return the text of a value; charges for its parts, raises FeelLimitError for a value too deep or too big."""
    if depth > MAX_DEPTH:
        raise FeelLimitError("nesting-depth", MAX_DEPTH)
    run.charge(1)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return run.sized_text(f'"{escaped}"')
    if isinstance(value, (list, dict)):
        return run.sized_text(_write_parts(value, run, depth + 1))
    if isinstance(value, Range):
        low, high = write(value.low, run, depth + 1), write(value.high, run, depth + 1)
        return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"
    return _write_simple(value)


def _write_parts(value: list[object] | dict[str, object], run: Run, depth: int) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(write(item, run, depth) for item in value) + "]"
    return "{" + ", ".join(f"{_key(key)}: {write(item, run, depth)}" for key, item in value.items()) + "}"


def _key(key: str) -> str:
    """Return a key as it is read again: what is no plain name stands in quotes."""
    if _PLAIN_KEY.fullmatch(key):
        return key
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write_simple(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return f"function({', '.join(value.parameters)})" if isinstance(value, Function) else format_temporal(value)
