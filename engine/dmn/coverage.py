"""Looking for inputs that a set of rows leaves uncovered, within an amount of work that is fixed beforehand."""

from collections.abc import Iterator, Sequence

from engine.dmn.passing import indexes
from engine.dmn.regions import Dimension

MAX_VISITS = 100_000
_WIDE = 500
_FEW = 64
# The number of a guess, where a place is no region.
GUESS = -1
# A place: for each dimension a region, or GUESS.
Place = dict[int, int]


class TooLargeError(Exception):
    """The space has more parts than are looked at."""


class Budget:
    """The visits that are left; wide tables get fewer, because each costs more."""

    def __init__(self, rows: int) -> None:
        self.left = max(MAX_VISITS * _WIDE // max(rows, _WIDE), MAX_VISITS // 10)

    def take(self, visits: int = 1) -> None:
        """Take some; raises TooLargeError when none are left."""
        self.left -= visits
        if self.left < 0:
            raise TooLargeError


class Coverage:
    """The space of a table, the dimensions with few parts first: what they rule out is ruled out for all the others."""

    def __init__(self, dimensions: Sequence[Dimension], *, guessing: bool = False) -> None:
        self.dimensions = dimensions
        self._parts = [list(_parts(dimension, guessing=guessing)) for dimension in dimensions]
        self.order = sorted(range(len(dimensions)), key=lambda index: len(self._parts[index]))

    def gaps(self, rows: int, assumed: int, budget: Budget) -> Iterator[Place]:
        """Yield a place of each part of the space that none of the rows covers; `assumed` rows match everything.

        Raises   TooLargeError
        """
        parts = [self._parts[index] for index in self.order]
        parts = [[(region, passing | assumed) for region, passing in column] for column in parts]
        return self._search(parts, rows, budget)

    def escape(self, row: int, earlier: int, budget: Budget) -> Place | None:
        """Return a place where a row passes and none of the earlier ones does; None where there is none.

        Raises   TooLargeError
        """
        quick = self._quick_escape(row, earlier)
        if quick is not None:
            return quick
        columns = []
        for index in self.order:
            budget.take(sum(high - low for low, high in self.dimensions[index].cells[row].stretches) // 16)
            own = self._within(index, row)
            if not own:
                return None
            columns.append(_least([(region, passing & earlier) for region, passing in own]))
        return next(self._search(columns, earlier, budget), None)

    def _quick_escape(self, row: int, earlier: int) -> Place | None:
        """Take in each dimension, of a few parts, the one that most of the earlier rows miss."""
        place: Place = {}
        left = earlier
        for index in self.order:
            own = self._some_within(index, row)
            if not own:
                return None
            region, passing = min(own, key=lambda part: (left & part[1]).bit_count())
            place[index] = region
            left &= passing
        return None if left else place

    def _some_within(self, index: int, row: int) -> list[tuple[int, int]]:
        dimension = self.dimensions[index]
        stretches = dimension.cells[row].stretches
        stretches = stretches[:: -(-len(stretches) // _FEW) or 1]
        found = []
        for low, high in stretches:
            step = -(-(high + 1 - low) * len(stretches) // _FEW)
            found += [(region, dimension.rows[region]) for region in range(low, high + 1, step)]
            found.append((high, dimension.rows[high]))
        return found

    def _within(self, index: int, row: int) -> list[tuple[int, int]]:
        dimension = self.dimensions[index]
        own = [
            (region, dimension.rows[region])
            for low, high in dimension.cells[row].stretches
            for region in range(low, high + 1)
        ]
        own += [part for part in self._parts[index] if part[0] == GUESS and part[1] >> row & 1]
        # A value proves more to a reader than null does.
        return own[1:] + own[:1] if own and own[0][0] == 0 else own

    def _search(self, columns: Sequence[Sequence[tuple[int, int]]], rows: int, budget: Budget) -> Iterator[Place]:
        """Two places with the same rows left and the same dimensions to go fare alike below: seen once is enough."""
        full = _full_from(columns, rows)
        seen: set[tuple[int, int]] = set()
        pending: list[tuple[int, int, Place]] = [(0, rows, {})]
        while pending:
            depth, left, place = pending.pop()
            if left & full[depth]:
                continue
            if not left or depth == len(columns):
                # Where no row is left, any part of the dimensions to go will do.
                yield place
                continue
            for region, passing in columns[depth]:
                budget.take()
                key = (depth + 1, left & passing)
                if key not in seen:
                    seen.add(key)
                    pending.append((depth + 1, left & passing, {**place, self.order[depth]: region}))


def _parts(dimension: Dimension, *, guessing: bool) -> Iterator[tuple[int, int]]:
    """Yield the parts that differ: a region of each with the rows that pass in it; listed values before others."""
    seen: set[int] = set()
    regions = range(dimension.first, len(dimension.regions))
    for region in sorted(regions, key=lambda at: (at == 0, not dimension.regions[at].listed)):
        if dimension.rows[region] not in seen:
            seen.add(dimension.rows[region])
            yield region, dimension.rows[region]
    for passing in dimension.guesses if guessing else ():
        if passing not in seen:
            seen.add(passing)
            yield GUESS, passing


def _least(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out the parts in which more rows pass than in another one; of equal ones the first stays."""
    different: dict[int, int] = {}
    for region, passing in parts:
        different.setdefault(passing, region)
    least: list[tuple[int, int]] = []
    for passing in sorted(different, key=int.bit_count):
        if len(least) >= _FEW or not any(passing & other == other for _, other in least):
            least.append((different[passing], passing))
    return least


def _full_from(columns: Sequence[Sequence[tuple[int, int]]], rows: int) -> list[int]:
    """Return for each depth the rows that cover every part from there on."""
    full = [rows]
    for column in reversed(columns):
        covering = full[0]
        for _, passing in column:
            covering &= passing
            if not covering:
                break
        full.insert(0, covering)
    return full


def numbers(rows: int) -> tuple[int, ...]:
    """Return the numbers of rows, from 1."""
    return tuple(index + 1 for index in indexes(rows))
