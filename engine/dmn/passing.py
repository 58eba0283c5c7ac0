"""Which rows pass in which regions: by place where tests are comparisons, by trying the cell everywhere else."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from engine.dmn.cell_reading import CellReading, Simple
from engine.dmn.stepping import Region
from engine.feel import FeelError, Range, UnaryTests, YearsMonths
from engine.feel.run import Run, Scope

# Kinds whose values Python orders as FEEL does.
_PLACED = frozenset({Decimal, str, date, timedelta, YearsMonths})


@dataclass(frozen=True, slots=True)
class Runs:
    """A set of regions: a bit for each, and the stretches that they form, both ends included."""

    mask: int
    stretches: tuple[tuple[int, int], ...]


def runs_of(mask: int) -> Runs:
    """Find the stretches of a set."""
    found: list[tuple[int, int]] = []
    rest, at = mask, 0
    while rest:
        skip = (rest & -rest).bit_length() - 1
        rest >>= skip
        at += skip
        length = (~rest & rest + 1).bit_length() - 1
        found.append((at, at + length - 1))
        rest >>= length
        at += length
    return Runs(mask, tuple(found))


def indexes(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    while bits:
        yield lowest(bits)
        bits &= bits - 1


def lowest(bits: int) -> int:
    """Return the number of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1


class Passing:
    """The regions of a dimension, and how cells fare in them; the first region is null."""

    def __init__(self, regions: Sequence[Region], kind: type, readings: Mapping[str, CellReading]) -> None:
        self.regions = regions
        self.readings = readings
        # All of one kind; Python orders them as FEEL does wherever `is_placed`.
        self.values: list[Any] = [region.sample for region in regions[1:]]
        self.is_placed = kind in _PLACED or (kind is datetime and self._is_local())
        self.at_null = Scope({"?": None}, None, Run())
        self.known: dict[str, Runs] = {}

    def _is_local(self) -> bool:
        return all(isinstance(value, datetime) and value.tzinfo is None for value in self.values)

    def cells(self, columns: Sequence[Sequence[UnaryTests]], unknown: int) -> tuple[Runs, ...]:
        """Return for each row the regions that all its cells pass in; none for an unknown row."""
        found: list[Runs] = []
        nowhere = runs_of(0)
        for row, own in enumerate(zip(*columns, strict=True)):
            if unknown >> row & 1:
                found.append(nowhere)
                continue
            passing = self._cell(own[0])
            for cell in own[1:]:
                passing = runs_of(passing.mask & self._cell(cell).mask)
            found.append(passing)
        return tuple(found)

    def rows(self, cells: Sequence[Runs]) -> tuple[int, ...]:
        """Return for each region the rows that pass in it."""
        toggles = [0] * (len(self.regions) + 1)
        for row, runs in enumerate(cells):
            for low, high in runs.stretches:
                toggles[low] ^= 1 << row
                toggles[high + 1] ^= 1 << row
        passing = 0
        found: list[int] = []
        for toggle in toggles[:-1]:
            passing ^= toggle
            found.append(passing)
        return tuple(found)

    def _cell(self, cell: UnaryTests) -> Runs:
        if cell.text not in self.known:
            simple = self.readings[cell.text].simple
            placed = self._place(simple, negated=cell.cell.negated) if simple is not None and self.is_placed else None
            if placed is None:
                mask = sum(1 << at for at, region in enumerate(self.regions) if passes(cell, region.sample))
            else:
                mask = placed << 1 | passes(cell, None)
            self.known[cell.text] = runs_of(mask)
        return self.known[cell.text]

    def _place(self, tests: Sequence[Simple], *, negated: bool) -> int | None:
        """Return the regions behind null in which any of the tests passes, or none where they are negated."""
        everywhere = (1 << len(self.values)) - 1
        if not tests:
            return everywhere
        mask = 0
        for operator, value in tests:
            mask |= self._range(value) if isinstance(value, Range) else self._compared(operator, value)
        return everywhere & ~mask if negated else mask

    def _compared(self, operator: str, value: object) -> int:
        everywhere = (1 << len(self.values)) - 1
        if value is None:
            return everywhere if operator == "!=" else 0
        low, high = self._bounds(value)
        below, at_most = (1 << low) - 1, (1 << high) - 1
        return {
            "<": below,
            "<=": at_most,
            ">": everywhere & ~at_most,
            ">=": everywhere & ~below,
            "!=": everywhere & ~(at_most & ~below),
        }.get(operator, at_most & ~below)

    def _range(self, interval: Range) -> int:
        above = self._compared(">=" if interval.low_closed else ">", interval.low)
        return above & self._compared("<=" if interval.high_closed else "<", interval.high)

    def _bounds(self, value: object) -> tuple[int, int]:
        """Return how many values lie before one, and how many do not lie after it."""
        return bisect_left(self.values, value), bisect_right(self.values, value)


def passes(cell: UnaryTests, sample: object) -> bool:
    """Put a value to a cell; what cannot be evaluated does not pass."""
    try:
        return cell.passes(sample, Scope({}, None, Run()))
    except FeelError:
        return False


class Blocks:
    """Sets of rows by region, joined over stretches of regions in few steps."""

    SIZE = 128

    def __init__(self, rows: Sequence[int]) -> None:
        self._rows = rows
        starts = [*range(0, len(rows), self.SIZE), len(rows)]
        self._blocks = [_joined(rows[low:high]) for low, high in pairwise(starts)]
        self._known: dict[int, int] = {}

    def meeting(self, runs: Runs) -> int:
        """Return the rows that pass in any of these regions; columns hold few different cells, so each is kept."""
        if runs.mask not in self._known:
            self._known[runs.mask] = _joined([self._stretch(low, high + 1) for low, high in runs.stretches])
        return self._known[runs.mask]

    def _stretch(self, low: int, high: int) -> int:
        first, last = -(-low // self.SIZE), high // self.SIZE
        if first >= last:
            return _joined(self._rows[low:high])
        edges = (*self._rows[low : first * self.SIZE], *self._rows[last * self.SIZE : high])
        return _joined([*edges, *self._blocks[first:last]])


def _joined(sets: Sequence[int]) -> int:
    rows = 0
    for one in sets:
        rows |= one
    return rows
