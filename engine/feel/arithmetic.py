"""The operators + - * / ** over numbers, strings, dates and durations; what has no meaning is null."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.far_dates import FarDate, FarDateTime, far_difference, far_sum
from engine.feel.run import Run
from engine.feel.temporal import in_microseconds
from engine.feel.values import ARITHMETIC_FAILURES, NUMBERS, ZERO, YearsMonths

# Beyond this, a power is no number of decimal128 unless its base is 0, 1 or -1; those need no bound.
MAX_EXPONENT = Decimal(1_000_000)
_HOUR = 60 * 60 * 1_000_000
_DAY = 24 * 60 * 60 * 1_000_000


def add(left: object, right: object, run: Run) -> object:
    """Return left + right."""
    if isinstance(left, Decimal):
        return NUMBERS.add(left, right) if isinstance(right, Decimal) else None
    if isinstance(left, str):
        return run.sized_text(left + right) if isinstance(right, str) else None
    if isinstance(left, (timedelta, YearsMonths)) and isinstance(right, (date, time)):
        left, right = right, left
    if isinstance(right, timedelta):
        return _add_span(left, right)
    if isinstance(right, YearsMonths):
        if isinstance(left, YearsMonths):
            return YearsMonths(left.months + right.months)
        return add_months(left, right.months) if isinstance(left, date) else None
    return None


def _add_span(left: object, span: timedelta) -> object:
    if isinstance(left, timedelta):
        return left + span
    if isinstance(left, datetime):
        return add_exactly(left, span)
    if isinstance(left, date):
        # A date is its midnight; the sum is a date again (DMN 1.3 §10.3.2.3.5).
        return (datetime.combine(left, time()) + span).date()
    if isinstance(left, time):
        moved = (_micro_of_day(left) + in_microseconds(span)) % _DAY
        hour, rest = divmod(moved, _HOUR)
        minute, rest = divmod(rest, _HOUR // 60)
        return time(hour, minute, *divmod(rest, 1_000_000), tzinfo=left.tzinfo)
    return None


def add_exactly(instant: datetime, span: timedelta) -> datetime:
    """Move an instant on the time line, so that an hour is an hour when clocks change."""
    if instant.tzinfo is None:
        return instant + span
    return (instant.astimezone(UTC) + span).astimezone(instant.tzinfo)


def add_months(day: date, months: int) -> date:
    """Move a date by months; the 31st becomes the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=min(day.day, last))
        except ValueError:
            continue
    raise OverflowError


def _micro_of_day(value: time) -> int:
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


def subtract(left: object, right: object, run: Run) -> object:
    """Return left - right."""
    if isinstance(left, Decimal):
        return NUMBERS.subtract(left, right) if isinstance(right, Decimal) else None
    if isinstance(right, (timedelta, YearsMonths)):
        if isinstance(left, (timedelta, YearsMonths)) and left.__class__ is not right.__class__:
            return None
        return add(left, negate(right), run)
    if isinstance(left, date) and isinstance(right, date):
        return _between(_as_instant(left, right), _as_instant(right, left))
    if isinstance(left, time) and isinstance(right, time):
        return _between_times(left, right)
    return None


def _as_instant(value: date, other: date) -> datetime:
    """Return a date as its midnight, which is in UTC beside a date and time (DMN 1.3 §10.3.2.3.5)."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), UTC if isinstance(other, datetime) else None)


def _between(left: datetime, right: datetime) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    if left.tzinfo is not None and right.tzinfo is not None:
        return left.astimezone(UTC) - right.astimezone(UTC)
    return left - right


def _between_times(left: time, right: time) -> timedelta | None:
    micro = _micro_of_day(left) - _micro_of_day(right)
    if left.tzinfo is not right.tzinfo:
        first, second = left.utcoffset(), right.utcoffset()
        if first is None or second is None:
            return None
        micro -= in_microseconds(first - second)
    return timedelta(microseconds=micro)


def negate(value: object) -> object:
    """Return -value."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, timedelta):
        return -value
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else None


def _scaled(span: object, factor: Callable[[Decimal], Decimal]) -> object:
    """Apply a factor to the length of a duration; parts too small to hold are cut off."""
    if isinstance(span, timedelta):
        return timedelta(microseconds=int(factor(Decimal(in_microseconds(span)))))
    return YearsMonths(int(factor(Decimal(span.months)))) if isinstance(span, YearsMonths) else None


def multiply(left: object, right: object, run: Run) -> object:
    """Return left * right."""
    if isinstance(right, Decimal):
        if isinstance(left, Decimal):
            return NUMBERS.multiply(left, right)
        return _scaled(left, lambda length: NUMBERS.multiply(length, right))
    return multiply(right, left, run) if isinstance(left, Decimal) and right is not None else None


def divide(left: object, right: object, run: Run) -> object:  # noqa: ARG001 - the operators share one signature
    """Return left / right; null for a division by zero."""
    if isinstance(right, Decimal):
        if not right:
            return None
        if isinstance(left, Decimal):
            return NUMBERS.divide(left, right)
        return _scaled(left, lambda length: NUMBERS.divide(length, right))
    if isinstance(left, timedelta) and isinstance(right, timedelta) and right:
        return NUMBERS.divide(Decimal(in_microseconds(left)), Decimal(in_microseconds(right)))
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths) and right.months:
        return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    return None


def power(left: object, right: object, run: Run) -> object:
    """Return left ** right; null where it is no number, charged for its size."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or abs(right) > MAX_EXPONENT:
        return None
    if not left and not right:
        return NUMBERS.plus(Decimal(1))
    # A broken exponent takes logarithms, which cost about ten turns of a loop.
    run.charge(1 if right == right.to_integral_value() else 10)
    value = NUMBERS.power(left, right)
    return value if value.is_finite() else None


_OPERATORS: dict[str, Callable[[object, object, Run], object]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


_FAR_OPERATORS: dict[str, Callable[[object, object], object]] = {"+": far_sum, "-": far_difference}
_DATES = frozenset({date, datetime, FarDate, FarDateTime})


def guarded(operator: str) -> Callable[[object, object, Run], object]:
    """Return the function of an operator; a result that no value can hold is null."""
    compute = _OPERATORS[operator]
    compute_far = _FAR_OPERATORS.get(operator)

    def apply(left: object, right: object, run: Run) -> object:
        try:
            value = compute(left, right, run)
        except ARITHMETIC_FAILURES:
            value = None
        if value is not None or compute_far is None:
            return value
        if left.__class__ not in _DATES and right.__class__ not in _DATES:
            return None
        try:
            return compute_far(left, right)
        except ARITHMETIC_FAILURES:
            return None

    return apply


def is_zero(value: object) -> bool:
    """Tell whether a value is the number 0."""
    return isinstance(value, Decimal) and value == ZERO
