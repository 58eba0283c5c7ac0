"""What a cell of a condition says about its input, found in what was written: the values it names, and how it tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal as OneOf

from engine.dmn.text_samples import samples_of
from engine.feel import Range, UnaryTests, YearsMonths
from engine.feel.constants import constant_node
from engine.feel.nodes import (
    Between,
    Call,
    Comparison,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Node,
    Test,
    mentions,
)

ORDERED = (Decimal, str, date, datetime, time, timedelta, YearsMonths)
_CLOCKS = frozenset({"now", "today"})
_PATTERNS = frozenset({"matches", "replace", "split"})
_LONGEST_SAMPLE = 300
# What kind of knowledge a cell gives: its values decide it · it must be tried out · it says nothing.
Depth = OneOf["exact", "tried", "unknown"]
# A single test: an operator and a constant. Several are joined by `or`.
Simple = tuple[str, object]


@dataclass
class CellReading:
    """What was read.

    values   the values that the cell compares its input with; between two of them all inputs fare alike
    ordered  whether it compares by order
    null     whether it speaks of null
    simple   its tests, where each is an operator and a constant; None where it is more than that
    depth    exact: the values decide · tried: a function of the input alone · unknown: `reason` says why
    atoms    of a cell that is tried: the texts of its tests
    samples  values that may pass where a function is asked
    """

    values: list[object] = field(default_factory=list)
    ordered: bool = False
    null: bool = False
    simple: list[Simple] | None = field(default_factory=list)
    depth: Depth = "exact"
    reason: str = ""
    atoms: tuple[str, ...] = ()
    samples: list[object] = field(default_factory=list)


def read_cell(cell: UnaryTests) -> CellReading:
    """Read a cell, or the allowed values of a type."""
    reading = CellReading()
    reader = _Reader(cell.text, reading)
    outer = sorted(cell.names | cell.maybe_names)
    if outer:
        return CellReading(depth="unknown", reason="variables", simple=None, atoms=tuple(outer))
    for test in cell.cell.tests:
        if not reader.test(test):
            reader.note_tried(test)
    if reading.depth == "tried" and reading.reason != "clock":
        reading.atoms = tuple(_atoms(cell))
    if any(value.__class__ not in {*ORDERED, bool} for value in reading.values):
        return CellReading(depth="unknown", reason="structures", simple=None)
    return reading


def _atoms(cell: UnaryTests) -> Iterator[str]:
    """Yield the text of each test of a cell."""
    starts = [test.offset for test in cell.cell.tests]
    ends = [*starts[1:], len(cell.text)]
    for start, end in zip(starts, ends, strict=True):
        text = cell.text[start:end].strip().rstrip(",").strip()
        is_last = end == len(cell.text)
        yield text.removesuffix(")").strip() if cell.cell.negated and is_last else text


class _Reader:
    """Notes what the tests of one cell name."""

    def __init__(self, text: str, reading: CellReading) -> None:
        self.text = text
        self.reading = reading

    def test(self, test: Test) -> bool:
        """Note one test; False where it is more than comparisons with constants."""
        if not mentions(test.operand, "?"):
            return self.constant(test.operator, test.operand)
        self.reading.simple = None
        return not test.operator and self.condition(test.operand)

    def constant(self, operator: str, node: Node) -> bool:
        """Note a comparison of the input with a constant."""
        found, value = constant_node(self.text, node)
        if not found:
            return False
        items = value if isinstance(value, list) else [value]
        if isinstance(value, list) and operator:
            return False
        for item in items:
            self._value(operator, item)
        return True

    def _value(self, operator: str, value: object) -> None:
        reading = self.reading
        ends = [value.low, value.high] if isinstance(value, Range) else [value]
        reading.ordered = reading.ordered or isinstance(value, Range) or operator not in {"", "=", "!="}
        reading.null = reading.null or None in ends
        reading.values += [end for end in ends if end is not None]
        odd = (None in ends and reading.ordered) or (operator and isinstance(value, Range))
        if odd:
            reading.simple = None
        elif reading.simple is not None:
            reading.simple.append((operator, value))

    def condition(self, node: Node) -> bool:
        """Note a condition on `?`; False where it is more than comparisons with constants."""
        if isinstance(node, Logic):
            known = [self.condition(part) for part in node.operands]
            return all(known)
        if isinstance(node, Comparison):
            return self._comparison(node)
        if isinstance(node, (Between, In)):
            return isinstance(node.operand, Name) and self._within(node)
        if isinstance(node, InstanceOf):
            return isinstance(node.operand, Name)
        return isinstance(node, Name) or (isinstance(node, Call) and self._call(node))

    def _within(self, node: Between | In) -> bool:
        if isinstance(node, Between):
            ends = [self.constant(">=", node.low), self.constant("<=", node.high)]
            return all(ends)
        known = [self.constant(test.operator, test.operand) for test in node.tests]
        return all(known)

    def _comparison(self, node: Comparison) -> bool:
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, Name) and side.name == "?" and not mentions(other, "?"):
                return self.constant(node.operator, other)
        return False

    def _call(self, node: Call) -> bool:
        name = node.function.name if isinstance(node.function, Name) else ""
        if node.names:
            return False
        if name == "not" and len(node.arguments) == 1:
            return self.condition(node.arguments[0])
        if name == "list contains" and isinstance(node.arguments[-1], Name) and node.arguments[-1].name == "?":
            return len(node.arguments) == 2 and self.constant("", node.arguments[0])  # noqa: PLR2004 - list and element
        return False

    def note_tried(self, test: Test) -> None:
        """Note a test that asks a function: what is written in it may be worth trying."""
        self.reading.simple = None
        if any(isinstance(part, Name) and part.name in _CLOCKS for part in parts_of(test)):
            self.reading.depth, self.reading.reason = "unknown", "clock"
            return
        if self.reading.depth == "exact":
            self.reading.depth = "tried"
        patterns = {id(pattern) for part in parts_of(test) for pattern in _patterns(part)}
        for part in parts_of(test):
            if isinstance(part, Literal):
                self.reading.samples += _samples(part.value, pattern=id(part) in patterns)


def parts_of(node: object) -> Iterator[Node]:
    """Yield a node of a syntax tree and all that it is made of."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, tuple):
            pending.extend(part)
        elif isinstance(part, Node):
            yield part
            pending.extend(getattr(part, name) for name in part.__dataclass_fields__)


def _patterns(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in _PATTERNS:
        return node.arguments[1:2]
    return ()


def _samples(value: object, *, pattern: bool) -> list[object]:
    if isinstance(value, str) and pattern:
        return list(samples_of(value))
    if isinstance(value, Decimal) and value == value.to_integral_value() and 0 <= value < _LONGEST_SAMPLE:
        # A number beside a text is most often a length.
        return [value, *("字" * length for length in range(max(int(value) - 1, 0), int(value) + 2))]
    return [value] if value.__class__ in ORDERED else []
