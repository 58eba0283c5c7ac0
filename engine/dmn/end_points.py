"""The end points of a cell: where its answer may change, for a cell that compares its input with constants alone."""

from engine.feel import Range, UnaryTests
from engine.feel.constants import constant_node
from engine.feel.nodes import (
    Between,
    Call,
    Chain,
    Comparison,
    In,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    RangeOf,
    Test,
    UnaryRange,
)

# What these make of constants is a constant; other functions may look at a clock or a calendar.
_PURE = frozenset({"date", "time", "date and time", "duration"})


def end_points(tests: UnaryTests) -> tuple[object, ...] | None:
    """Return the single values that a cell compares its input with; None for a cell that does anything else.

    Between two neighbours among those values of one kind, the cell answers all values of that kind alike.
    """
    reader = _Reader(tests.text)
    return tuple(reader.points) if all(map(reader.test, tests.cell.tests)) else None


class _Reader:
    """Collects the end points of one cell; each method tells whether a piece compares with constants alone."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.points: list[object] = []

    def test(self, test: Test) -> bool:
        return self._constant(test.operand) or (not test.operator and self._truth(test.operand))

    def _truth(self, node: Node) -> bool:
        """Read a condition on `?`."""
        if isinstance(node, Logic):
            return all(map(self._truth, node.operands))
        if isinstance(node, Comparison):
            left, right = node.left, node.right
            return (_is_input(left) and self._constant(right)) or (_is_input(right) and self._constant(left))
        if isinstance(node, Between):
            return _is_input(node.operand) and self._constant(node.low) and self._constant(node.high)
        return isinstance(node, In) and _is_input(node.operand) and all(map(self.test, node.tests))

    def _constant(self, node: Node) -> bool:
        """Read what is written out."""
        if isinstance(node, Literal):
            self._add(node.value)
            return True
        if isinstance(node, RangeOf):
            return self._constant(node.low) and self._constant(node.high)
        if isinstance(node, UnaryRange):
            return self._constant(node.operand)
        if isinstance(node, ListOf):
            return all(map(self._constant, node.items))
        if not _is_pure(node):
            return False
        found, value = constant_node(self._text, node)
        self._add(value)
        return found

    def _add(self, value: object) -> None:
        if isinstance(value, Range):
            self.points += [value.low, value.high]
        elif isinstance(value, list):
            for item in value:
                self._add(item)
        else:
            self.points.append(value)


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == "?"


def _is_pure(node: Node) -> bool:
    if isinstance(node, Negate):
        return _is_pure(node.operand)
    if isinstance(node, Chain):
        return _is_pure(node.first) and all(_is_pure(operand) for _, operand in node.rest)
    if isinstance(node, Call):
        known = isinstance(node.function, Name) and node.function.name in _PURE
        return known and all(map(_is_pure, node.arguments))
    return isinstance(node, Literal)
