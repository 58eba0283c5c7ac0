"""Is a table complete and free of contradictions? Exact where the cells allow it, and open about where they do not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.dmn.errors import show
from engine.dmn.model import SINGLE_HIT, Decision, DecisionTable, HitPolicy
from engine.dmn.regions import Dimension, dimensions_of
from engine.feel import to_json
from engine.feel.constants import constant_of

Kind = Literal["gap", "overlap", "unreachable", "conflict", "missing-default", "not-analysable"]
Severity = Literal["error", "warning", "info"]

MAX_FINDINGS = 50
MAX_VISITS = 100_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a table that its author should know.

    kind      gap: no row for these inputs · overlap, conflict: two rows for them · unreachable: a row that never
              answers · missing-default: values that nobody listed have no row · not-analysable: not decided here
    severity  error: the table must not be deployed · warning · info
    rows      numbers of the rows, from 1
    witness   inputs that prove it, JSON, by label
    """

    kind: Kind
    severity: Severity
    rows: tuple[int, ...]
    witness: Mapping[str, object] = field(default_factory=dict)
    message: str = ""


def analyse(decision: Decision) -> tuple[Finding, ...]:
    """Return what is wrong or doubtful about a decision table; nothing for a decision without one.

    Null inputs are not looked at: a row that is meant for them says so, and a table without one raises NoMatch.
    """
    if decision.table is None:
        return ()
    analysis = _Analysis(decision, decision.table)
    return tuple(analysis.findings())


class _Analysis:
    """One table, its dimensions, and the account of work that is left."""

    def __init__(self, decision: Decision, table: DecisionTable) -> None:
        self.decision = decision
        self.table = table
        self.dimensions = dimensions_of(table)
        self.all_rows = (1 << len(table.rules)) - 1
        self.unknown = 0
        for dimension in self.dimensions:
            self.unknown |= dimension.unknown
        self.visits = 0

    def findings(self) -> Iterator[Finding]:
        yield from self._unknown_rows()
        yield from self._unreachable()
        if self.table.hit_policy in {HitPolicy.UNIQUE, HitPolicy.ANY}:
            yield from self._overlaps()
        if self.table.hit_policy in SINGLE_HIT and not self.table.has_default:
            yield from self._gaps()

    def _unknown_rows(self) -> Iterator[Finding]:
        if self.unknown:
            rows = _numbers(self.unknown)
            message = f"The cells of rows {list(rows)} do more than compare with constants; they are not analysed."
            yield Finding("not-analysable", "info", rows, message=message)

    def _bounded(self, what: str) -> Finding:
        message = f"The table is too large to look for all {what}."
        return Finding("not-analysable", "info", (), message=message)

    def _witness(self, samples: Mapping[int, int]) -> dict[str, object]:
        """Return the inputs at a region of each dimension; the first one where any will do."""
        return {
            dimension.label: to_json(dimension.regions[samples.get(index, 0)].sample)
            for index, dimension in enumerate(self.dimensions)
            if dimension.regions
        }

    # -- rows that never answer

    def _unreachable(self) -> Iterator[Finding]:
        for row in range(len(self.table.rules)):
            if self.unknown >> row & 1:
                continue
            if any(not _meets(dimension, row) for dimension in self.dimensions):
                message = f"Row {row + 1} matches no input that there can be."
                yield Finding("unreachable", "warning", (row + 1,), message=message)
            elif self.table.hit_policy is HitPolicy.FIRST and row:
                yield from self._hidden(row)

    def _hidden(self, row: int) -> Iterator[Finding]:
        """Tell where the rows above leave nothing to a row."""
        earlier = (1 << row) - 1
        self.visits = 0
        try:
            free = next(self._uncovered(earlier, restricted_to=row), None)
        except _TooLargeError:
            yield self._bounded("rows that are hidden")
            return
        if free is None and not self._null_only(row):
            message = f"Row {row + 1} never answers: the rows above it match all that it matches."
            yield Finding("unreachable", "warning", (row + 1,), message=message)

    def _null_only(self, row: int) -> bool:
        """Tell whether a row takes nulls that no earlier row takes."""
        earlier = (1 << row) - 1
        return any(
            dimension.null_rows >> row & 1 and not dimension.null_rows & earlier for dimension in self.dimensions
        )

    # -- rows that contradict each other

    def _overlaps(self) -> Iterator[Finding]:
        cells = [_cells(dimension, len(self.table.rules)) for dimension in self.dimensions]
        reach = [_Reach(dimension) for dimension in self.dimensions]
        found = 0
        for first in range(len(self.table.rules)):
            # All later rows at once: those that meet this row in every dimension.
            others = (self.all_rows >> first + 1 << first + 1) & ~self.unknown
            for own, rows in zip(cells, reach, strict=True):
                others &= rows.meeting(own[first])
            for second in [] if self.unknown >> first & 1 else _indexes(others):
                common = [column[first] & column[second] for column in cells]
                # A value proves more to a reader than null does.
                witness = {index: _lowest(regions >> 1 << 1 or regions) for index, regions in enumerate(common)}
                finding = self._overlap(first, second, witness)
                if finding is None:
                    continue
                yield finding
                found += 1
                if found >= MAX_FINDINGS:
                    yield self._bounded("overlaps")
                    return

    def _overlap(self, first: int, second: int, regions: Mapping[int, int]) -> Finding | None:
        rows = (first + 1, second + 1)
        # The bit of null comes first in a cell, before those of the regions.
        witness = {
            dimension.label: to_json(dimension.regions[regions[index] - 1].sample) if regions[index] else None
            for index, dimension in enumerate(self.dimensions)
        }
        if self.table.hit_policy is HitPolicy.UNIQUE:
            message = f"Rows {rows[0]} and {rows[1]} match the same inputs; under UNIQUE only one may."
            return Finding("overlap", "error", rows, witness, message)
        answers = [[constant_of(answer) for answer in self.table.rules[row].answers] for row in (first, second)]
        if answers[0] == answers[1] and all(known for known, _ in answers[0]):
            return None
        certain = all(known for known, _ in (*answers[0], *answers[1]))
        message = f"Rows {rows[0]} and {rows[1]} match the same inputs and give different answers."
        return Finding("conflict", "error" if certain else "warning", rows, witness, message)

    # -- inputs without a row

    def _gaps(self) -> Iterator[Finding]:
        found = 0
        self.visits = 0
        unlisted = False
        try:
            # A row that is not analysed may match anything: it hides gaps rather than inventing them.
            for samples in self._uncovered(self.all_rows, assumed=self.unknown):
                if not self._is_listed(samples):
                    unlisted = True
                    continue
                yield self._gap(samples)
                found += 1
                if found >= MAX_FINDINGS:
                    yield self._bounded("gaps")
                    return
        except _TooLargeError:
            yield self._bounded("gaps")
        if unlisted:
            message = "Values that no row lists have no answer; give the inputs their values, or the outputs a default."
            yield Finding("missing-default", "warning", (), message=message)

    def _is_listed(self, samples: Mapping[int, int]) -> bool:
        """Tell whether a gap lies among values that somebody wrote down or that the type bounds."""
        return all(
            self.dimensions[index].bounded or self.dimensions[index].regions[region].listed
            for index, region in samples.items()
        )

    def _gap(self, samples: Mapping[int, int]) -> Finding:
        witness = self._witness(samples)
        bounded = all(dimension.bounded for dimension in self.dimensions)
        certain = bounded and not self.unknown
        shown = ", ".join(f"{name} = {show(value)}" for name, value in witness.items())
        message = f"No row matches {shown}, and there is no default."
        return Finding("gap", "error" if certain else "warning", (), witness, message)

    def _uncovered(
        self,
        rows: int,
        restricted_to: int | None = None,
        assumed: int = 0,
    ) -> Iterator[dict[int, int]]:
        """Yield a sample of each part of the space that none of the rows covers; within one row where asked.

        The rows `assumed` are taken to match everything.

        Two places with the same rows left and the same dimensions to go have the same gaps below: seen once is enough.
        Raises   _TooLargeError when the space is too large
        """
        full = self._full_from(rows, restricted_to, assumed)
        seen: set[tuple[int, int]] = set()
        pending: list[tuple[int, int, dict[int, int]]] = [(0, rows, {})]
        while pending:
            depth, left, samples = pending.pop()
            if left & full[depth]:
                continue
            if not left or depth == len(self.dimensions):
                yield samples
                continue
            for region, passing in self._groups(depth, restricted_to, assumed):
                key = (depth + 1, left & passing)
                self.visits += 1
                if self.visits > MAX_VISITS:
                    raise _TooLargeError
                if key not in seen:
                    seen.add(key)
                    pending.append((depth + 1, left & passing, {**samples, depth: region}))

    def _groups(self, depth: int, restricted_to: int | None, assumed: int) -> Iterator[tuple[int, int]]:
        dimension = self.dimensions[depth]
        for region, passing in enumerate(dimension.rows):
            if restricted_to is None or passing >> restricted_to & 1:
                yield region, passing | assumed

    def _full_from(self, rows: int, restricted_to: int | None, assumed: int) -> list[int]:
        """Return for each depth the rows that cover every region from there on."""
        full = [rows]
        for depth in range(len(self.dimensions) - 1, -1, -1):
            covering = full[0]
            for _, passing in self._groups(depth, restricted_to, assumed):
                covering &= passing
            full.insert(0, covering)
        return full


class _TooLargeError(Exception):
    """The space has more parts than are looked at."""


class _Reach:
    """For a set of regions of one dimension, the rows that pass in any of them."""

    def __init__(self, dimension: Dimension) -> None:
        self._rows = (dimension.null_rows, *dimension.rows)
        self._known: dict[int, int] = {}

    def meeting(self, regions: int) -> int:
        """Return the rows; columns hold few different cells, so each set is looked up once."""
        if regions not in self._known:
            rows = 0
            for index in _indexes(regions):
                rows |= self._rows[index]
            self._known[regions] = rows
        return self._known[regions]


def _indexes(bits: int) -> Iterator[int]:
    while bits:
        yield _lowest(bits)
        bits &= bits - 1


def _numbers(rows: int) -> tuple[int, ...]:
    return tuple(index + 1 for index in _indexes(rows))


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _meets(dimension: Dimension, row: int) -> bool:
    return bool(dimension.null_rows >> row & 1) or any(rows >> row & 1 for rows in dimension.rows)


def _cells(dimension: Dimension, count: int) -> list[int]:
    """Return for each row the regions that its cell passes, a bit for each, the lowest for null."""
    cells = [dimension.null_rows >> row & 1 for row in range(count)]
    for index, rows in enumerate(dimension.rows, 1):
        for row in _indexes(rows):
            cells[row] |= 1 << index
    return cells
