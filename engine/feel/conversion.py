"""In and out: between JSON or Python values and the values of FEEL."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.errors import FeelError, FeelLimitError
from engine.feel.far_dates import FarDate, FarDateTime
from engine.feel.temporal import format_temporal
from engine.feel.values import NUMBERS, Function, Range, YearsMonths

MAX_DEPTH = 100
# What JSON writers of every kind carry without loss.
MAX_JSON_INTEGER = 2**63 - 1
MAX_JSON_DIGITS = 19
MAX_FLOAT_DIGITS = 308
MAX_JSON_WEIGHT = 1_000_000
CHARACTERS_PER_UNIT = 64
_TEMPORAL = (date, time, timedelta, YearsMonths, FarDate, FarDateTime)
_UNCHANGED = frozenset((str, bool, type(None), Decimal, datetime, *_TEMPORAL, Range, Function))


def to_feel(value: object, depth: int = 0) -> object:
    """Convert a JSON or Python value into a FEEL value.

    Reads    None, bool, int, float, Decimal, str, dates, times, timedelta, lists, tuples, mappings with text keys
    Raises   FeelLimitError for a structure deeper than 100, FeelError for any other type
    """
    kind = value.__class__
    if kind in _UNCHANGED:
        return _number(value) if isinstance(value, Decimal) else value
    if depth > MAX_DEPTH:
        raise FeelLimitError("nesting-depth", MAX_DEPTH)
    if isinstance(value, (int, float)):
        return _number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [to_feel(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_feel(item, depth + 1) for key, item in value.items()}
    raise FeelError(code="feel-foreign-value", type=kind.__name__)


def _number(value: Decimal) -> Decimal | None:
    """Round to 34 digits; what is no finite number is null."""
    if not value.is_finite() or (value and abs(value.adjusted()) > NUMBERS.Emax - 1):
        return None
    return NUMBERS.plus(value)


def to_json(value: object) -> object:
    """Convert a FEEL value into JSON: whole numbers to int, others to float, dates and durations to ISO 8601 text.

    Raises   FeelError for a function, FeelLimitError for a value too deep or too big, or a number beyond all floats
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    return _JsonWriter().write(value, 0)


class _JsonWriter:
    """Writes one value; a small value may name one part many times, so what is written is counted."""

    def __init__(self) -> None:
        self.left = MAX_JSON_WEIGHT

    def write(self, value: object, depth: int) -> object:
        self.left -= 1 + (len(value) // CHARACTERS_PER_UNIT if isinstance(value, str) else 0)
        if self.left < 0:
            raise FeelLimitError("size", MAX_JSON_WEIGHT)
        if depth > MAX_DEPTH:
            raise FeelLimitError("nesting-depth", MAX_DEPTH)
        if value is None or isinstance(value, (str, bool)):
            return value
        if isinstance(value, list):
            return [self.write(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self.write(item, depth + 1) for key, item in value.items()}
        return self._simple(value, depth)

    def _simple(self, value: object, depth: int) -> object:
        if isinstance(value, Decimal):
            return _json_number(value)
        if isinstance(value, Range):
            ends = {"start": self.write(value.low, depth + 1), "end": self.write(value.high, depth + 1)}
            return {**ends, "start included": value.low_closed, "end included": value.high_closed}
        if isinstance(value, _TEMPORAL):
            return format_temporal(value)
        if isinstance(value, Function):
            raise FeelError(code="feel-foreign-value", type="function")
        return self.write(to_feel(value), depth)


def _json_number(value: Decimal) -> int | float:
    if value.adjusted() < MAX_JSON_DIGITS and value == value.to_integral_value():
        whole = int(value)
        if abs(whole) <= MAX_JSON_INTEGER:
            return whole
    number = float(value)
    if number in (float("inf"), float("-inf")):
        raise FeelLimitError("number", MAX_FLOAT_DIGITS)
    return number
