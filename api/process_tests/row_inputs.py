"""Inputs that make a row of a table answer: found in the regions that its cells cut, confirmed by the table itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from api.process_tests.nodes import plain
from api.process_tests.unfolding import paths_of, unfold, with_path
from engine.dmn import Decision, evaluate
from engine.dmn.coverage import Budget, Coverage, TooLargeError
from engine.dmn.regions import Dimension, dimensions_of
from engine.errors import EngineError
from engine.feel import Expression, FeelError, YearsMonths, compile_expression, to_json

MOST_DEEP = 3


@dataclass(slots=True)
class RowInputs:
    """Finds inputs for the rows of some decisions, and remembers how each table is cut."""

    decisions: Mapping[str, Decision]
    now: datetime
    _cut: dict[str, list[Dimension]]

    @classmethod
    def of(cls, decisions: Mapping[str, Decision], now: datetime) -> "RowInputs":
        """Begin with nothing cut."""
        return cls(decisions, now, {})

    def find(self, key: str, row: int, depth: int = 0) -> dict[str, object] | None:
        """Return FEEL values by variable with which a row answers; None where none were found."""
        decision = self.decisions[key]
        if decision.table is None or depth > MOST_DEEP:
            return None
        dimensions = self._dimensions(decision)
        for earlier in _masks(row - 1, len(decision.rules)):
            try:
                place = Coverage(dimensions).escape(row - 1, earlier, Budget(len(decision.rules)))
            except TooLargeError:
                continue
            if place is None:
                continue
            whole = {index: place.get(index, _passing(one, row - 1)) for index, one in enumerate(dimensions)}
            context = self._context(decision, dimensions, whole, depth)
            if context is not None and row in self.answering(key, context):
                return self._short(key, row, context)
        return None

    def _short(self, key: str, row: int, context: dict[str, object]) -> dict[str, object]:
        """Return the same without the nulls that need not be said."""
        said = {name: value for name, value in context.items() if value is not None}
        return said if row in self.answering(key, said) else context

    def answering(self, key: str, context: Mapping[str, object]) -> tuple[int, ...]:
        """Return the rows that answer; none where the table refuses."""
        try:
            result = evaluate(self.decisions[key], context, decisions=self.decisions, now=self.now)
        except (EngineError, FeelError):
            return ()
        return tuple(match.row for match in result.matches)

    def _dimensions(self, decision: Decision) -> list[Dimension]:
        if decision.key not in self._cut and decision.table is not None:
            self._cut[decision.key] = dimensions_of(decision.table)
        return self._cut[decision.key]

    def _context(
        self, decision: Decision, dimensions: list[Dimension], place: Mapping[int, int], depth: int
    ) -> dict[str, object] | None:
        columns = {clause.expression.text: clause.expression for clause in decision.inputs}
        wanted: dict[str, tuple[Expression, object]] = {}
        for index, (text, expression) in enumerate(columns.items()):
            if place[index] < 0:
                return None
            wanted[text] = (expression, dimensions[index].regions[place[index]].sample)
        context: dict[str, object] = {}
        # What is a name alone comes first: the longer expressions have to agree with it.
        for text in sorted(wanted, key=lambda one: not _is_path(one)):
            if not self._give(decision, *wanted[text], context, depth):
                return None
        return context

    def _give(
        self, decision: Decision, expression: Expression, sample: object, context: dict[str, object], depth: int
    ) -> bool:
        """Make an expression have a value; False where that was not found."""
        text = expression.text.strip()
        for needed in decision.requires:
            if self.decisions[needed].variable == text:
                return self._answer(needed, sample, context, depth)
        if _is_path(text):
            with_path(context, text, sample)
            return True
        inner = list(paths_of(expression))
        if inner:
            return _give_inside(expression, inner[0], sample, context)
        found = unfold(expression, sample, context)
        if found is None:
            # A column that does not matter need not have just this value.
            return not expression.names or sample is None
        context |= found
        return True

    def _answer(self, key: str, sample: object, context: dict[str, object], depth: int) -> bool:
        """Make a required decision answer with a value."""
        for rule in self.decisions[key].rules:
            found = self.find(key, rule.number, depth + 1)
            if found is None:
                continue
            result = evaluate(self.decisions[key], found, decisions=self.decisions, now=self.now)
            if result.feel_value == sample:
                context |= found
                return True
        return False


def _is_path(text: str) -> bool:
    return all(part.isidentifier() for part in text.strip().split("."))


def _give_inside(expression: Expression, path: str, sample: object, context: dict[str, object]) -> bool:
    """Make an expression over one entry of a context have a value."""
    for value in (["x"] * number for number in range(4)) if isinstance(sample, Decimal) else (sample, [sample]):
        trial: dict[str, object] = {}
        with_path(trial, path, value)
        try:
            fits = expression(trial) == sample
        except FeelError:
            continue
        if fits:
            with_path(context, path, value)
            return True
    return False


def _passing(dimension: Dimension, row: int) -> int:
    """Return a region where a row passes, other than null where there is one; -1 where there is none."""
    regions = [region for region, rows in enumerate(dimension.rows) if rows >> row & 1]
    return next((region for region in regions if dimension.regions[region].sample is not None), (regions or [-1])[0])


def _masks(row: int, count: int) -> Iterator[int]:
    """Stream which other rows must not match: those before, all others, none."""
    yield (1 << row) - 1
    yield ((1 << count) - 1) & ~(1 << row)
    yield 0


def written(value: object) -> object:
    """Return a FEEL value as a test writes it."""
    if isinstance(value, Mapping):
        return {name: written(one) for name, one in value.items()}
    if isinstance(value, list):
        return [written(one) for one in value]
    if isinstance(value, Decimal) or value is None or isinstance(value, bool):
        return to_json(value)
    names = (
        (datetime, "date and time"),
        (date, "date"),
        (time, "time"),
        (timedelta, "duration"),
        (YearsMonths, "duration"),
    )
    for kind, name in names:
        if isinstance(value, kind):
            return f'= {name}("{to_json(value)}")'
    text = plain(value)
    return f'= "{text}"' if isinstance(text, str) and text.startswith("=") else text


def meant(value: object) -> object:
    """Return the value that a test has written; the way back of `written`."""
    if isinstance(value, str) and value.startswith("="):
        return compile_expression(value[1:].strip())({})
    return value
