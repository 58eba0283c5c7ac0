"""Is a table complete and free of contradictions? Exact where the cells allow it, and open about where they do not."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from engine.dmn.coverage import GUESS, Budget, Coverage, Place, TooLargeError, numbers
from engine.dmn.findings import Finding, shown_inputs, witness_at
from engine.dmn.model import SINGLE_HIT, Decision, DecisionTable, HitPolicy, OutputClause
from engine.dmn.passing import Blocks, indexes, lowest
from engine.dmn.regions import dimensions_of
from engine.feel import Expression
from engine.feel.comparison import same
from engine.feel.constants import constant_of
from engine.feel.run import Run

MAX_FINDINGS = 50
_Found = Place | None | Literal["maybe"]


def analyse(decision: Decision) -> tuple[Finding, ...]:
    """Return what is wrong or doubtful about the tables of a decision, those inside boxed expressions too.

    Null inputs are looked at where a cell speaks of null; a table in which none does raises NoMatch for them.
    """
    return tuple(finding for _, table in decision.tables for finding in _Analysis(table).findings())


class _Analysis:
    """One table and its dimensions."""

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self.count = len(table.rules)
        self.dimensions = dimensions_of(table)
        self.unknown = 0
        self.tried = 0
        for dimension in self.dimensions:
            self.unknown |= dimension.unknown
            self.tried |= dimension.tried
        self.coverage = Coverage(self.dimensions)
        self.guesses = Coverage(self.dimensions, guessing=True) if self.tried else None
        self.answers = Answers(table)

    def findings(self) -> Iterator[Finding]:
        yield from self._doubts()
        yield from self._unreachable()
        if self.table.hit_policy in {HitPolicy.UNIQUE, HitPolicy.ANY}:
            yield from self._overlaps()
        elif self.table.hit_policy not in SINGLE_HIT:
            yield from self._duplicates()
        if self.table.hit_policy in SINGLE_HIT and not self.table.has_default:
            yield from self._gaps()

    def _doubts(self) -> Iterator[Finding]:
        doubts = [doubt for dimension in self.dimensions for doubt in dimension.doubts]
        for doubt in sorted(doubts, key=lambda one: one.row)[:MAX_FINDINGS]:
            message = f"Row {doubt.row + 1}, {doubt.label}: {doubt.text} is not analysed ({_REASONS[doubt.reason]})."
            facts = {"column": doubt.label, "text": doubt.text, "reason": doubt.reason}
            yield Finding("not-analysable", "info", (doubt.row + 1,), message=message, facts=facts)

    # -- rows that never answer

    def _unreachable(self) -> Iterator[Finding]:
        found = 0
        open_rows: list[int] = []
        outranked = self._outranked()
        budget = Budget(self.count)
        for row in range(self.count):
            if self.unknown >> row & 1:
                continue
            state: _Found = "maybe"
            if all(dimension.cells[row].mask for dimension in self.dimensions):
                state = self._state(row, outranked(row) & ~self.unknown, budget)
            elif not self._may_meet(row):
                state = None
            if state == "maybe":
                open_rows.append(row + 1)
            elif state is None and found < MAX_FINDINGS:
                found += 1
                yield self._never(row)
        if open_rows:
            yield _not_decided(open_rows, "unreachable")

    def _state(self, row: int, earlier: int, budget: Budget) -> _Found:
        """Return a place where only this row answers, None where there is none, `maybe` where that is not decided."""
        if not earlier:
            return {}
        try:
            found = self.coverage.escape(row, earlier, budget)
            if found is None and self.guesses is not None and (earlier | 1 << row) & self.tried:
                return None if self.guesses.escape(row, earlier, budget) is None else "maybe"
        except TooLargeError:
            return "maybe"
        return found

    def _never(self, row: int) -> Finding:
        if all(dimension.cells[row].mask for dimension in self.dimensions):
            message = f"Row {row + 1} never answers: rows that go before it match all that it matches."
        else:
            message = f"Row {row + 1} matches no input that there can be."
        return Finding("unreachable", "warning", (row + 1,), message=message)

    def _may_meet(self, row: int) -> bool:
        return all(
            dimension.cells[row].mask or any(guess >> row & 1 for guess in dimension.guesses)
            for dimension in self.dimensions
        )

    def _outranked(self) -> Callable[[int], int]:
        """Return the function that gives the rows which answer instead of a row wherever both match."""
        if self.table.hit_policy is HitPolicy.FIRST:
            return lambda row: (1 << row) - 1
        if self.table.hit_policy is HitPolicy.PRIORITY:
            return self.answers.before
        return lambda _row: 0

    # -- rows that contradict each other

    def _overlaps(self) -> Iterator[Finding]:
        found, open_pairs = 0, set[int]()
        for first, second in self._pairs():
            place = self._meeting(first, second)
            if place is None:
                open_pairs |= {first + 1, second + 1}
                continue
            finding = self._overlap(first, second, place)
            if finding is None:
                continue
            yield finding
            found += 1
            if found >= MAX_FINDINGS:
                yield _not_decided((), "overlap")
                return
        if open_pairs:
            yield _not_decided(sorted(open_pairs), "overlap")

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the rows that may match the same inputs."""
        joined = [Blocks(dimension.rows) for dimension in self.dimensions]
        for first in range(self.count):
            if self.unknown >> first & 1:
                continue
            # All later rows at once: those that meet this row in every dimension.
            others = ((1 << self.count) - 1 >> first + 1 << first + 1) & ~self.unknown
            for dimension, blocks in zip(self.dimensions, joined, strict=True):
                meeting = blocks.meeting(dimension.cells[first])
                for guess in dimension.guesses if dimension.tried else ():
                    meeting |= guess if guess >> first & 1 else 0
                if dimension.tried >> first & 1:
                    meeting |= dimension.tried
                others &= meeting
                if not others:
                    break
            yield from ((first, second) for second in indexes(others))

    def _meeting(self, first: int, second: int) -> Place | None:
        """Return a place where both rows match; None where no tried value is one."""
        place: Place = {}
        for index, dimension in enumerate(self.dimensions):
            common = dimension.cells[first].mask & dimension.cells[second].mask
            if not common:
                return None
            # A value proves more to a reader than null does.
            place[index] = lowest(common >> 1 << 1 or common)
        return place

    def _overlap(self, first: int, second: int, place: Place) -> Finding | None:
        rows = (first + 1, second + 1)
        witness = witness_at(self.dimensions, place)
        alike = self.answers.alike(first, second)
        if self.table.hit_policy is HitPolicy.UNIQUE:
            how = {True: "give the same answer", False: "give different answers", None: "may answer differently"}
            message = f"Rows {rows[0]} and {rows[1]} match the same inputs and {how[alike]}; under UNIQUE only one may."
            facts = {"answers": {True: "same", False: "different", None: "unknown"}[alike]}
            return Finding("overlap", "error", rows, witness, message, facts)
        if alike is True:
            return None
        message = f"Rows {rows[0]} and {rows[1]} match the same inputs and give different answers."
        return Finding("conflict", "error" if alike is False else "warning", rows, witness, message)

    def _duplicates(self) -> Iterator[Finding]:
        """Find rows that repeat another one: same conditions, same answers."""
        seen: dict[tuple[int, ...], list[int]] = {}
        for row in range(self.count):
            if (self.unknown | self.tried) >> row & 1:
                continue
            earlier = seen.setdefault(tuple(dimension.cells[row].mask for dimension in self.dimensions), [])
            twin = next((one for one in earlier if self.answers.alike(one, row)), None)
            earlier.append(row)
            if twin is not None and all(dimension.cells[row].mask for dimension in self.dimensions):
                message = f"Row {row + 1} says the same as row {twin + 1}."
                place = self._meeting(twin, row) or {}
                yield Finding("duplicate", "warning", (twin + 1, row + 1), witness_at(self.dimensions, place), message)

    # -- inputs without a row

    def _gaps(self) -> Iterator[Finding]:
        found = 0
        unlisted = False
        everything = (1 << self.count) - 1
        budget = Budget(self.count)
        try:
            # A row that is not analysed may match anything: it hides gaps rather than inventing them.
            for place in self.coverage.gaps(everything, self.unknown, budget):
                if not self._is_listed(place):
                    unlisted = True
                    continue
                yield self._gap(place)
                found += 1
                if found >= MAX_FINDINGS:
                    yield _not_decided((), "gap")
                    break
            if not found and not unlisted and self.guesses is not None:
                yield from self._possible_gaps(everything, budget)
        except TooLargeError:
            yield _not_decided((), "gap")
        if unlisted:
            message = "Values that no row lists have no answer; give the inputs their values, or the outputs a default."
            yield Finding("missing-default", "warning", (), message=message)

    def _possible_gaps(self, everything: int, budget: Budget) -> Iterator[Finding]:
        if self.guesses is not None and next(self.guesses.gaps(everything, self.unknown, budget), None) is not None:
            yield _not_decided(numbers(self.tried), "gap")

    def _is_listed(self, place: Place) -> bool:
        """Tell whether a gap lies among values that somebody wrote down or that the type bounds."""
        return all(
            region == GUESS or self.dimensions[index].bounded or self.dimensions[index].regions[region].listed
            for index, region in place.items()
        )

    def _gap(self, place: Place) -> Finding:
        witness = witness_at(self.dimensions, place)
        bounded = all(dimension.bounded for dimension in self.dimensions)
        certain = bounded and not self.unknown and None not in witness.values()
        message = f"No row matches {shown_inputs(witness)}, and there is no default."
        return Finding("gap", "error" if certain else "warning", (), witness, message)


class Answers:
    """What the rows of a table answer, where that is written out."""

    def __init__(self, table: DecisionTable) -> None:
        self._table = table
        self._constants = [_constants(rule.answers) for rule in table.rules]
        self._ranks: list[list[int] | None] = [self._rank(row) for row in range(len(table.rules))]

    def alike(self, first: int, second: int) -> bool | None:
        """Tell whether two rows give the same answer; None where that depends on the inputs."""
        one, other = self._constants[first], self._constants[second]
        if one is None or other is None:
            return None
        run = Run()
        return all(same(left, right, run) for left, right in zip(one, other, strict=True))

    def before(self, row: int) -> int:
        """Return the rows whose answer has priority over that of a row; of equal ones the earlier goes first."""
        own = self._ranks[row]
        rows = 0
        for other, rank in enumerate(self._ranks):
            if own is not None and rank is not None and other != row and (rank, other) < (own, row):
                rows |= 1 << other
        return rows

    def _rank(self, row: int) -> list[int] | None:
        constants = self._constants[row]
        if constants is None:
            return None
        return [_place(output, value) for output, value in zip(self._table.outputs, constants, strict=True)]


def _place(output: OutputClause, value: object) -> int:
    run = Run()
    listed = (rank for rank, other in enumerate(output.priorities) if same(other, value, run))
    return next(listed, len(output.priorities))


def _constants(answers: Sequence[Expression]) -> list[object] | None:
    found = [constant_of(answer) for answer in answers]
    return [value for _, value in found] if all(known for known, _ in found) else None


_REASONS = {
    "variables": "it reads other variables",
    "clock": "it asks the clock",
    "structures": "it tests lists or contexts",
    "kinds": "the column compares with values of several kinds",
}


def _not_decided(rows: Sequence[int], what: str) -> Finding:
    of_rows = f" of rows {', '.join(map(str, rows))}" if rows else ""
    message = f"Whether there is more to say about {what}{of_rows} was not decided within the bounds of the analysis."
    return Finding("not-decided", "info", tuple(rows), message=message, facts={"what": what})
