"""The space of inputs, cut along every value that a cell names.

Within one region all cells whose tests are comparisons answer alike, so one value per region decides exactly. Cells
that ask functions (`contains(?, "x")`) are tried on the values that are written in them: what these prove is certain.
What they do not prove is held against guesses, in which each such test is free to pass or fail; what not even these
allow is certain too, and the rest is told as not decided.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations

from engine.dmn.cell_reading import CellReading, read_cell
from engine.dmn.domains import domain_of
from engine.dmn.model import DataType, DecisionTable, InputClause
from engine.dmn.passing import Passing, Runs, runs_of
from engine.dmn.stepping import OTHER_TEXT, Region, regions_between, sample_of, sorted_values
from engine.feel import UnaryTests, YearsMonths

MAX_SAMPLES = 1_500
MAX_FREE = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that cannot be analysed: `row` from 0, the column's label, the text, why."""

    row: int
    label: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """An input, cut into regions; the first region is null.

    rows      for each region the rows whose cell passes in it, a bit for each
    cells     for each row the regions in which its cell passes
    guesses   where cells ask functions: further sets of rows that may pass together
    first     0 where the table speaks of null, else 1: the first region that must have a row
    bounded   whether the regions are all values that there can be
    unknown   the rows whose cell cannot be analysed; they pass nowhere in `rows`
    tried     the rows whose cell was only tried out
    """

    label: str
    regions: tuple[Region, ...]
    rows: tuple[int, ...]
    cells: tuple[Runs, ...]
    guesses: tuple[int, ...]
    first: int
    bounded: bool
    unknown: int
    tried: int
    doubts: tuple[Doubt, ...]


def dimensions_of(table: DecisionTable) -> list[Dimension]:
    """Return the dimensions of a table; columns over the same expression are one."""
    columns: dict[str, list[int]] = {}
    for index, clause in enumerate(table.inputs):
        columns.setdefault(clause.expression.text, []).append(index)
    return [_Cutter(table, indexes).dimension() for indexes in columns.values()]


class _Cutter:
    """Cuts one dimension."""

    def __init__(self, table: DecisionTable, indexes: Sequence[int]) -> None:
        self.clause: InputClause = table.inputs[indexes[0]]
        self.columns = [[rule.conditions[index] for rule in table.rules] for index in indexes]
        self.count = len(table.rules)
        self.readings: dict[str, CellReading] = {}
        for column in self.columns:
            for cell in column:
                if cell.text not in self.readings:
                    self.readings[cell.text] = read_cell(cell)
        self.domain = domain_of(self.clause)
        self.limit = read_cell(self.domain.allowed) if self.domain.allowed is not None else None

    def dimension(self) -> Dimension:
        unknown, tried = self._rows("unknown"), self._rows("tried")
        kind = self._kind()
        null = Region(None, listed=True)
        if kind is None:
            everything = (1 << self.count) - 1
            doubts = tuple(self._doubts("unknown", "structures" if self._is_structured() else "kinds"))
            nowhere = (runs_of(0),) * self.count
            return Dimension(
                self.clause.label, (null, null), (0, 0), nowhere, (), 1, bounded=False, unknown=everything, tried=0,
                doubts=doubts,
            )  # fmt: skip
        regions = (null, *self._regions(kind))
        passing = Passing(regions, kind, self.readings)
        cells = passing.cells(self.columns, unknown)
        rows = passing.rows(cells)
        return Dimension(
            label=self.clause.label,
            regions=regions,
            rows=rows,
            cells=cells,
            guesses=tuple(self._guesses(regions, rows, tried)),
            first=0 if any(reading.null for reading in self._known()) else 1,
            bounded=self._bounded(kind),
            unknown=unknown,
            tried=tried,
            doubts=tuple(self._doubts("unknown")),
        )

    def _known(self) -> Iterator[CellReading]:
        return (reading for reading in self.readings.values() if reading.depth != "unknown")

    def _bounded(self, kind: type) -> bool:
        limited = self.limit is not None and self.limit.depth == "exact"
        return limited or kind is bool or (kind is not str and self.clause.type.name != "Any")

    def _rows(self, depth: str) -> int:
        bits = 0
        for column in self.columns:
            for row, cell in enumerate(column):
                if self.readings[cell.text].depth == depth:
                    bits |= 1 << row
        return bits

    def _doubts(self, depth: str, reason: str = "") -> Iterator[Doubt]:
        for column in self.columns:
            for row, cell in enumerate(column):
                reading = self.readings[cell.text]
                if reason and cell.cell.tests:
                    yield Doubt(row, self.clause.label, cell.text, reason)
                elif reading.depth == depth:
                    yield Doubt(row, self.clause.label, cell.text, reading.reason)

    def _is_structured(self) -> bool:
        return _is_structured(self.clause.type) or any(one.reason == "structures" for one in self.readings.values())

    # -- regions

    def _kind(self) -> type | None:
        """Return the one kind of value that a dimension has; None where cells name several, or it is a list."""
        if _is_structured(self.clause.type):
            return None
        values = [value for reading in self._known() for value in reading.values]
        kinds = {value.__class__ for value in values}
        declared = KINDS.get(self.domain.name)
        if len(kinds) > 1 or not kinds <= {declared or next(iter(kinds), str)}:
            return None
        return next(iter(kinds), declared or self._tried_kind())

    def _tried_kind(self) -> type:
        samples = [sample for reading in self._known() for sample in reading.samples]
        return next((sample.__class__ for sample in samples), str)

    def _regions(self, kind: type) -> Iterator[Region]:
        for region in self._all_regions(kind):
            if self.domain.allowed is None or self.domain.allowed(region.sample, {}):
                yield region

    def _all_regions(self, kind: type) -> list[Region]:
        if kind is bool:
            return [Region(sample=truth, listed=True) for truth in (False, True)]
        readings = [*self._known(), *([self.limit] if self.limit is not None else [])]
        listed = [value for reading in readings for value in reading.values if value.__class__ is kind]
        samples = [sample for reading in self._known() for sample in reading.samples if sample.__class__ is kind]
        values = sorted_values([*listed, *list(dict.fromkeys(samples))[:MAX_SAMPLES]])
        named = set(listed)
        if kind is str and not any(reading.ordered for reading in readings):
            other = OTHER_TEXT
            while other in values:
                other += "…"
            found = [Region(value, listed=value in named) for value in values]
            return sorted([*found, Region(other, listed=False, point=False)], key=lambda region: str(region.sample))
        if not values:
            return [Region(sample_of(kind), listed=False, point=False)]
        return regions_between(values, named, self.clause.type)

    # -- guesses

    def _guesses(self, regions: Sequence[Region], rows: Sequence[int], tried: int) -> Iterator[int]:
        """Yield sets of rows that may pass together where tests that ask functions are free."""
        if not tried:
            return
        free = _Free(self.columns, self.readings)
        outcomes = list(dict.fromkeys(free.outcomes()))
        for base in dict.fromkeys(rows[at] & ~tried for at, region in enumerate(regions) if not region.point):
            yield from (base | outcome for outcome in outcomes)


class _Free:
    """What cells that ask functions may do together."""

    def __init__(self, columns: Sequence[Sequence[UnaryTests]], readings: Mapping[str, CellReading]) -> None:
        self.always = 0
        self.cells: list[tuple[int, frozenset[str], bool]] = []
        rows: dict[tuple[frozenset[str], bool], int] = {}
        for column in columns:
            for row, cell in enumerate(column):
                reading = readings[cell.text]
                if reading.depth == "tried":
                    key = frozenset(reading.atoms), cell.cell.negated
                    rows[key] = rows.get(key, 0) | 1 << row
        self.cells = [(bits, atoms, negated) for (atoms, negated), bits in rows.items()]

    def outcomes(self) -> Iterator[int]:
        """Yield the rows that pass for each choice of true tests that matters."""
        denied = sorted({atom for _, atoms, negated in self.cells if negated for atom in atoms})
        if len(denied) > MAX_FREE:
            yield 0
            yield from (bits for bits, _, _ in self.cells)
            return
        atoms = sorted({atom for _, atoms, _ in self.cells for atom in atoms} - set(denied))
        for size in range(len(denied) + 1):
            for chosen in combinations(denied, size):
                for extra in ([], *([atom] for atom in atoms)):
                    yield self._passing({*chosen, *extra})

    def _passing(self, true: set[str]) -> int:
        passing = 0
        for bits, atoms, negated in self.cells:
            if atoms.isdisjoint(true) is negated:
                passing |= bits
        return passing


def _is_structured(kind: DataType) -> bool:
    return kind.element is not None or kind.name in {"list", "context", "range", "function"}


KINDS: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "days and time duration": timedelta,
    "date and time": datetime,
    "years and months duration": YearsMonths,
}
