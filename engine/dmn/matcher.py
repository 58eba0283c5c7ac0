"""Finding the rows that match: cells that list constants are looked up, the others are tested one by one."""

from collections.abc import Sequence

from engine.feel import UnaryTests
from engine.feel.comparison import PLAIN
from engine.feel.constants import listed_constants
from engine.feel.run import Scope


class Matcher:
    """The rows of a table, a bit for each."""

    def __init__(self, rows: Sequence[Sequence[UnaryTests]], columns: int) -> None:
        """Sort the cells of each column."""
        self._all = (1 << len(rows)) - 1
        self._columns = [_Column([row[index] for row in rows]) for index in range(columns)]

    def matching(self, values: Sequence[object], scope: Scope) -> list[int]:
        """Return the indexes of the rows whose every cell passes, in their order."""
        rows = self._all
        for column, value in zip(self._columns, values, strict=True):
            rows = column.passing(rows, value, scope)
            if not rows:
                return []
        found: list[int] = []
        while rows:
            found.append((rows & -rows).bit_length() - 1)
            rows &= rows - 1
        return found


class _Column:
    """The cells of one input."""

    def __init__(self, cells: Sequence[UnaryTests]) -> None:
        self._always = 0
        self._equal: dict[tuple[type, object], int] = {}
        self._tested: list[tuple[int, UnaryTests]] = []
        for index, cell in enumerate(cells):
            self._sort(1 << index, cell)

    def _sort(self, bit: int, cell: UnaryTests) -> None:
        constants = listed_constants(cell)
        if not cell.cell.tests:
            self._always |= bit
        elif constants is not None and all(value.__class__ in PLAIN for value in constants):
            for value in constants:
                key = (value.__class__, value)
                self._equal[key] = self._equal.get(key, 0) | bit
        else:
            self._tested.append((bit, cell))

    def passing(self, rows: int, value: object, scope: Scope) -> int:
        """Return those of the rows whose cell passes."""
        passed = self._always
        if value.__class__ in PLAIN:
            passed |= self._equal.get((value.__class__, value), 0)
        if self._tested:
            inner = Scope({"?": value}, scope, scope.run)
            for bit, cell in self._tested:
                if rows & bit and cell.passes_in(inner):
                    passed |= bit
        return rows & passed
