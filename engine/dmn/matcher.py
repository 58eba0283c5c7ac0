"""Finding the rows that match: cells that compare with constants are looked up, the others are tested last.

A cell such as `[1..5)`, `not("a", "b")` or `? < 3 or ? > 7` gives one answer at each of its end points and one between
each two neighbours. So the end points of a column are sorted once, and the rows that pass are known for each region
between them before a value comes. What reads other variables or calls functions is run, for rows that still count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.dmn.end_points import end_points
from engine.dmn.lines import Axis, Cell, Line, axis_of, bits
from engine.feel import UnaryTests
from engine.feel.run import Scope


class Matcher:
    """The rows of a table, a bit for each."""

    def __init__(self, rows: Sequence[Sequence[UnaryTests]], columns: int) -> None:
        """Sort the cells of each column; the column with the fewest rows that take anything is asked first."""
        self._all = (1 << len(rows)) - 1
        sorted_cells = [_Column([row[index] for row in rows]) for index in range(columns)]
        self._columns = sorted(enumerate(sorted_cells), key=lambda pair: pair[1].openness)

    def matching(self, values: Sequence[object], scope: Scope) -> list[int]:
        """Return the indexes of the rows whose every cell passes, in their order."""
        rows = self._all
        untested: list[tuple[object, _Tested]] = []
        for index, column in self._columns:
            value = values[index]
            axis, key = _placed(value)
            tested = column.every_cell if axis is None else column.tested
            rows &= tested.rows | (column.always if axis is None else column.passing(axis, key, value))
            if not rows:
                return []
            if tested.cells:
                untested.append((value, tested))
        for value, tested in untested:
            rows = tested.passing(rows, value, scope)
        return _indexes(rows)


def _placed(value: object) -> tuple[Axis | None, Any]:
    """Return the axis of a value and its place there."""
    axis = axis_of(value)
    try:
        return axis, axis.key(value) if axis is not None else None
    except OverflowError:
        # An instant of the first or last day that has no date in UTC.
        return None, None


def _indexes(rows: int) -> list[int]:
    found: list[int] = []
    marks = format(rows, "b")[::-1]
    at = marks.find("1")
    while at >= 0:
        found.append(at)
        at = marks.find("1", at + 1)
    return found


@dataclass(frozen=True, slots=True)
class _Tested:
    """Cells that are run, each with the rows in which it stands; `rows` has all of these."""

    cells: tuple[tuple[UnaryTests, int], ...]
    rows: int

    def passing(self, rows: int, value: object, scope: Scope) -> int:
        """Return those of the rows that pass; a row without such a cell does."""
        inner = Scope({"?": value}, scope, scope.run)
        for cell, own in self.cells:
            if rows & own and not cell.passes_in(inner):
                rows &= ~own
        return rows


def _gathered(cells: Iterable[tuple[UnaryTests, int]]) -> _Tested:
    gathered = tuple(cells)
    return _Tested(gathered, sum(own for _, own in gathered))


class _Column:
    """The cells of one input.

    always    the rows that take any value
    tested    the cells that must be run
    openness  how many rows the column leaves without looking at its value
    """

    def __init__(self, cells: Sequence[UnaryTests]) -> None:
        rows: dict[UnaryTests, list[int]] = {}
        for index, tests in enumerate(cells):
            rows.setdefault(tests, []).append(index)
        self._count = len(cells)
        self._cells: list[Cell] = []
        self._lines: dict[str, Line] = {}
        self.always = 0
        tested: list[tuple[UnaryTests, int]] = []
        for tests, own in rows.items():
            known = _known(tests, own)
            if not tests.cell.tests:
                self.always |= bits(own)
            elif known is None:
                tested.append((tests, bits(own)))
            else:
                self._cells.append(known)
        self.tested = _gathered(tested)
        self.openness = (self.always | self.tested.rows).bit_count()

    @cached_property
    def every_cell(self) -> _Tested:
        """All cells, for a value of which nothing is known before."""
        known = ((cell.tests, bits(cell.rows)) for cell in self._cells)
        return _gathered([*known, *self.tested.cells])

    def passing(self, axis: Axis, key: object, value: object) -> int:
        """Return the rows whose cell passes without being run; the regions of an axis are made when it first comes."""
        line = self._lines.get(axis.name)
        if line is None:
            line = self._lines[axis.name] = Line(axis, self._cells, value, self._count)
        return self.always | line.rows_at(key)


def _known(tests: UnaryTests, rows: Sequence[int]) -> Cell | None:
    """Return a cell that compares with constants; None for one that must be run."""
    points = end_points(tests)
    if points is None:
        return None
    keys: dict[str, set[Any]] = {}
    for point in points:
        axis, key = _placed(point)
        if axis is None:
            return None
        keys.setdefault(axis.name, set()).add(key)
    return Cell(tests, tuple(rows), {name: sorted(found) for name, found in keys.items()})
