"""Equality, order and membership; three-valued: null where two values cannot be compared."""

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.far_dates import FarDate, FarDateTime, instant, order_keys
from engine.feel.run import CHARACTERS_PER_STEP, Run
from engine.feel.values import Range, YearsMonths

# Values of one of these types compare as Python compares them.
PLAIN = frozenset({str, Decimal, bool, date, timedelta, YearsMonths})
ORDERED = frozenset({str, Decimal, date, timedelta, YearsMonths})
# Comparing longer texts costs more than a step.
LONG_TEXT = 4_096
_FAR = frozenset({FarDate, FarDateTime})


def equal(left: object, right: object, run: Run) -> bool | None:
    """Return left = right; null for values of different kinds, false when just one is null; charges for lists."""
    if left is None or right is None:
        return left is right
    if left.__class__ is not right.__class__:
        pair = comparable(left, right)
        return None if pair is None else pair[0] == pair[1]
    if left.__class__ in PLAIN:
        if isinstance(left, str) and len(left) > LONG_TEXT and left is not right:
            run.charge(len(left) // CHARACTERS_PER_STEP)
        return left == right
    return _equal_structures(left, right, run)


def _equal_structures(left: object, right: object, run: Run) -> bool | None:
    """Return the equality of two values of one kind that Python compares in another way than FEEL."""
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right, run)
    if isinstance(left, dict) and isinstance(right, dict):
        alike = left.keys() == right.keys()
        return _equal_lists(list(left.values()), [right[key] for key in left], run) if alike else False
    if isinstance(left, Range) and isinstance(right, Range):
        alike = (left.low_closed, left.high_closed) == (right.low_closed, right.high_closed)
        return _equal_lists([left.low, left.high], [right.low, right.high], run) if alike else False
    pair = comparable(left, right)
    return None if pair is None else pair[0] == pair[1]


def _equal_lists(left: list[object], right: list[object], run: Run) -> bool | None:
    if len(left) != len(right):
        return False
    run.charge(len(left))
    answer: bool | None = True
    for one, other in zip(left, right, strict=True):
        alike = equal(one, other, run)
        if alike is False:
            return False
        if alike is None:
            answer = None
    return answer


def same(left: object, right: object, run: Run) -> bool:
    """Tell whether two values are equal for the functions on lists: null counts as a value, unlike kinds differ."""
    return equal(left, right, run) is True


def comparable(left: object, right: object) -> tuple[object, object] | None:
    """Return two Python values in the order of the FEEL values; None where there is no order."""
    kind = left.__class__
    if kind in _FAR or right.__class__ in _FAR:
        return order_keys(left, right)
    if kind is not right.__class__:
        return None
    if kind in ORDERED:
        return left, right
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _comparable_instants(left, right)
    if isinstance(left, time) and isinstance(right, time):
        return _comparable_times(left, right)
    return None


def _comparable_instants(left: datetime, right: datetime) -> tuple[object, object] | None:
    if left.tzinfo is None or right.tzinfo is None:
        return (left, right) if left.tzinfo is right.tzinfo else None
    return (left, right) if left.tzinfo is right.tzinfo is UTC else (instant(left), instant(right))


def _comparable_times(left: time, right: time) -> tuple[object, object] | None:
    if left.tzinfo is right.tzinfo:
        return left.replace(tzinfo=None), right.replace(tzinfo=None)
    first, second = left.utcoffset(), right.utcoffset()
    if first is None or second is None:
        # A time of day in a named zone has no offset without its date.
        return None
    return _since_midnight(left) - first, _since_midnight(right) - second


def _since_midnight(value: time) -> timedelta:
    return timedelta(
        hours=value.hour,
        minutes=value.minute,
        seconds=value.second,
        microseconds=value.microsecond,
    )


def _ordering(compare: Callable[..., bool]) -> Callable[[object, object, Run], bool | None]:
    def test(left: object, right: object, run: Run) -> bool | None:
        if left.__class__ is right.__class__ and left.__class__ in ORDERED:
            if isinstance(left, str) and len(left) > LONG_TEXT:
                run.charge(len(left) // CHARACTERS_PER_STEP)
            return compare(left, right)
        pair = comparable(left, right)
        return None if pair is None else compare(*pair)

    return test


def _unequal(left: object, right: object, run: Run) -> bool | None:
    answer = equal(left, right, run)
    return None if answer is None else not answer


COMPARE: dict[str, Callable[[object, object, Run], bool | None]] = {
    "=": equal,
    "!=": _unequal,
    "<": _ordering(operator.lt),
    "<=": _ordering(operator.le),
    ">": _ordering(operator.gt),
    ">=": _ordering(operator.ge),
}


def conjunction(first: bool | None, second: bool | None) -> bool | None:  # noqa: FBT001 - truth values are the subject
    """Return the three-valued `and`."""
    if first is False or second is False:
        return False
    return True if first and second else None


def in_range(value: object, interval: Range, run: Run) -> bool | None:
    """Tell whether a value lies in an interval; null where it cannot be compared with an end."""
    if interval.endless == "low":
        return COMPARE["<=" if interval.high_closed else "<"](value, interval.high, run)
    above = COMPARE[">=" if interval.low_closed else ">"](value, interval.low, run)
    if interval.endless == "high":
        return above
    below = COMPARE["<=" if interval.high_closed else "<"](value, interval.high, run)
    return conjunction(above, below)


def member(value: object, tested: object, run: Run) -> bool | None:
    """Return `value in tested`: equal to it, inside the interval, or in the list that it is."""
    if isinstance(tested, Range) and not isinstance(value, Range):
        return in_range(value, tested, run)
    if not isinstance(tested, list):
        return equal(value, tested, run)
    if isinstance(value, list) and equal(value, tested, run):
        return True
    run.charge(len(tested))
    found = [in_range(value, item, run) if isinstance(item, Range) else equal(value, item, run) for item in tested]
    if True in found:
        return True
    return None if found and all(answer is None for answer in found) else False
