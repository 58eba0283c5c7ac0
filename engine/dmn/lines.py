"""Kinds of value with an order, and which rows pass in each region of such a line."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from itertools import pairwise
from typing import Any

from engine.feel import UnaryTests, YearsMonths
from engine.feel.run import Run, Scope

# Bytes that the rows of the regions of one line may take; beyond that, some are derived from their neighbours.
MAX_BYTES = 2_000_000
# Constants have 34 digits: with more, there is always a number between two of them.
_FINE = Context(prec=68, Emin=-99_999, Emax=99_999)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """A kind of value that has an order; each value has a key by which Python sorts as FEEL does.

    after   a key above this one and below every greater constant
    before  a key below this one
    value   a value of a key
    """

    name: str
    key: Callable[[Any], Any]
    after: Callable[[Any], Any]
    before: Callable[[Any], Any]
    value: Callable[[Any], object]


def _same(value: object) -> object:
    return value


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def _steps(name: str, step: timedelta) -> Axis:
    return Axis(name, _same, lambda key: key + step, lambda key: key - step, _same)


_LOCAL = _steps("date and time", _MICROSECOND)
_ZONED = Axis("instant", _utc, _LOCAL.after, _LOCAL.before, lambda key: key.replace(tzinfo=UTC))
_AXES: dict[type, Axis] = {
    Decimal: Axis("number", _same, _FINE.next_plus, _FINE.next_minus, _same),
    # The shortest text is followed by itself with the least character behind it.
    str: Axis("string", _same, lambda key: key + "\0", lambda key: "" if key else None, _same),
    bool: Axis("boolean", _same, lambda key: None if key else True, lambda key: False if key else None, _same),
    date: _steps("date", _DAY),
    timedelta: _steps("days and time duration", _MICROSECOND),
    YearsMonths: Axis(
        "years and months duration",
        lambda value: value.months,
        lambda key: key + 1,
        lambda key: key - 1,
        YearsMonths,
    ),
    type(None): Axis("null", lambda _value: 0, lambda _key: None, lambda _key: None, lambda _key: None),
}


def axis_of(value: object) -> Axis | None:
    """Return the kind of a value; None for one that has no order, such as a list or a time of day."""
    if isinstance(value, datetime):
        return _ZONED if value.tzinfo is not None else _LOCAL
    return _AXES.get(value.__class__)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that answers alike between its end points, and the rows in which it stands.

    keys  the keys of its end points in their order, by the name of their axis
    """

    tests: UnaryTests
    rows: tuple[int, ...]
    keys: Mapping[str, Sequence[Any]]

    def answers(self, axis: Axis, sample: object) -> list[bool]:
        """Return the answer below the first end point, at it, above it, at the next …; `sample` is of the kind."""
        keys = self.keys.get(axis.name, ())
        if not keys:
            return [self._passes(sample)]
        answers = [self._passes_at(axis, axis.before, keys[0])]
        for key in keys:
            answers += [self._passes_at(axis, _same, key), self._passes_at(axis, axis.after, key)]
        return answers

    def _passes_at(self, axis: Axis, move: Callable[[Any], Any], key: object) -> bool:
        try:
            moved = move(key)
            return moved is not None and self._passes(axis.value(moved))
        except OverflowError:
            # Beyond the last day or the longest duration there is no value that could come.
            return False

    def _passes(self, value: object) -> bool:
        run = Run()
        # The outermost scope is the caller's, whose values are rounded; a value under test is not.
        return self.tests.passes_in(Scope({"?": value}, Scope({}, None, run), run))


class Line:
    """The regions of an axis, an end point or what lies between two, each with the rows that pass there."""

    def __init__(self, axis: Axis, cells: Sequence[Cell], sample: object, rows: int) -> None:
        """Run each cell on a value of each of its regions; a table has so many rows."""
        self._points = sorted({key for cell in cells for key in cell.keys.get(axis.name, ())})
        regions = 2 * len(self._points) + 1
        changes = self._changes(axis, cells, sample)
        self._stride = max(1, regions * (rows // 8 + 1) // MAX_BYTES)
        self._later: Mapping[int, Sequence[int]] = changes if self._stride > 1 else {}
        self._kept: list[int] = []
        passing = 0
        for region in range(regions):
            passing ^= bits(changes.get(region, ()))
            if region % self._stride == 0:
                self._kept.append(passing)

    def _changes(self, axis: Axis, cells: Sequence[Cell], sample: object) -> dict[int, list[int]]:
        """Return by region the rows that answer otherwise than in the region before it."""
        position = {key: index for index, key in enumerate(self._points)}
        changes: dict[int, list[int]] = {}
        for cell in cells:
            starts = [0]
            for key in cell.keys.get(axis.name, ()):
                starts += [2 * position[key] + 1, 2 * position[key] + 2]
            answers = [False, *cell.answers(axis, sample)]
            for start, (before, after) in zip(starts, pairwise(answers), strict=True):
                if before is not after:
                    changes.setdefault(start, []).extend(cell.rows)
        return changes

    def rows_at(self, key: object) -> int:
        """Return the rows that pass at a key, a bit for each."""
        index = bisect_left(self._points, key)
        region = 2 * index + (index < len(self._points) and self._points[index] == key)
        kept, rest = divmod(region, self._stride)
        passing = self._kept[kept]
        for later in range(region - rest + 1, region + 1):
            passing ^= bits(self._later.get(later, ()))
        return passing


def bits(rows: Sequence[int]) -> int:
    """Return a number with a bit for each row."""
    found = 0
    for index in rows:
        found |= 1 << index
    return found
