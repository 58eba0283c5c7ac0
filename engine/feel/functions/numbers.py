"""Functions on numbers."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from engine.feel.values import NUMBERS, ONE, ZERO, YearsMonths

# The scales of decimal128.
MIN_SCALE, MAX_SCALE = -6_111, 6_176
_NUMERAL = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SEPARATORS = frozenset({" ", ",", ".", None})
# A quotient is exact up to this many digits more than the precision; enough for floor to be right.
_EXACT = NUMBERS.copy()
_EXACT.prec = 7_000


def rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """Round to a number of decimal places, which may be negative."""
    if scale != scale.to_integral_value() or not MIN_SCALE <= scale <= MAX_SCALE:
        return None
    if scale >= -int(number.as_tuple().exponent):
        return number
    value = number.quantize(ONE.scaleb(-int(scale)), rounding=mode, context=_EXACT)
    return NUMBERS.plus(value) if value else ZERO


def _rounding(name: str, mode: str) -> None:
    @builtin(name, "n: number, scale: number")
    def function(_run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal | None:
        return rounded(n, scale, mode)

    if mode in {ROUND_FLOOR, ROUND_CEILING}:
        builtin(name, "n: number")(function)


for _name, _mode in (
    ("decimal", ROUND_HALF_EVEN),
    ("floor", ROUND_FLOOR),
    ("ceiling", ROUND_CEILING),
    ("round up", ROUND_UP),
    ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP),
    ("round half down", ROUND_HALF_DOWN),
):
    _rounding(_name, _mode)


@builtin("abs", "n: number")
@builtin("abs", "n: duration")
def absolute(_run: Run, n: Decimal | timedelta | YearsMonths) -> object:
    """Return a number or a duration without its sign."""
    if isinstance(n, YearsMonths):
        return YearsMonths(abs(n.months))
    return NUMBERS.abs(n) if isinstance(n, Decimal) else abs(n)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Return the rest of a division; it has the sign of the divisor."""
    if not divisor:
        return None
    rest = _EXACT.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = _EXACT.add(rest, divisor)
    return NUMBERS.plus(rest)


def _analysis(name: str, compute: Callable[[Decimal], Decimal], domain: Callable[[Decimal], bool]) -> None:
    @builtin(name, "number: number")
    def function(_run: Run, number: Decimal) -> Decimal | None:
        return compute(number) if domain(number) else None


_analysis("sqrt", NUMBERS.sqrt, lambda number: number >= 0)
_analysis("log", NUMBERS.ln, lambda number: number > 0)
_analysis("exp", NUMBERS.exp, lambda number: abs(number) < MAX_SCALE * 3)


@builtin("even", "number: number")
def even(_run: Run, number: Decimal) -> bool | None:
    """Tell whether a whole number is even; null for a fraction."""
    return _EXACT.remainder(number, Decimal(2)) == 0 if number == number.to_integral_value() else None


@builtin("odd", "number: number")
def odd(_run: Run, number: Decimal) -> bool | None:
    """Tell whether a whole number is odd; null for a fraction."""
    return _EXACT.remainder(number, Decimal(2)) != 0 if number == number.to_integral_value() else None


@builtin("number", "from: string")
def plain_number(_run: Run, text: str) -> Decimal | None:
    """Read a numeral with a decimal point."""
    return NUMBERS.create_decimal(text) if _NUMERAL.fullmatch(text) else None


@builtin("number", "from: string, grouping separator: any, decimal separator: any")
def number(run: Run, text: str, grouping: object, point: object) -> Decimal | None:
    """Read a numeral whose digits are grouped; a separator that is null does not occur."""
    if grouping not in _SEPARATORS or point not in _SEPARATORS - {" "} or (point is not None and point == grouping):
        return None
    if isinstance(grouping, str):
        text = text.replace(grouping, "")
    if isinstance(point, str):
        text = text.replace(point, ".")
    return plain_number(run, text)
