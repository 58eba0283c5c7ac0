"""What is known about an expression or a cell without running it: its constants."""

from engine.feel.errors import FeelError
from engine.feel.expression import Expression, UnaryTests, of_node
from engine.feel.nodes import Node
from engine.feel.values import Range

# What takes more work is computed when it is asked; a file may hold a hundred thousand cells.
_MOST_STEPS = 1_000


def constant_of(expression: Expression) -> tuple[bool, object]:
    """Return whether an expression has the same value everywhere, and that value."""
    if expression.names or expression.maybe_names:
        return False, None
    try:
        return True, expression({}, max_steps=_MOST_STEPS)
    except FeelError:
        # `now()`, or more work than a constant is worth.
        return False, None


def constant_node(text: str, node: Node) -> tuple[bool, object]:
    """Return whether a piece of a syntax tree has the same value everywhere, and that value."""
    try:
        return constant_of(of_node(text, node))
    except FeelError:
        # It speaks of `?`, or calls a function that the context brings along.
        return False, None


def listed_constants(tests: UnaryTests) -> tuple[object, ...] | None:
    """Return the values of a cell that is a plain list of constants, in their order; None for any other cell."""
    if tests.cell.negated or not tests.cell.tests:
        return None
    values: list[object] = []
    for test in tests.cell.tests:
        found, value = constant_node(tests.text, test.operand)
        if test.operator or not found:
            return None
        values.append(value)
    return tuple(values)


def named_constants(tests: UnaryTests) -> tuple[object, ...]:
    """Return the single values that a cell compares with; the ends of its ranges are among them."""
    values: list[object] = []
    for test in tests.cell.tests:
        _, value = constant_node(tests.text, test.operand)
        values += [value.low, value.high] if isinstance(value, Range) else [value]
    return tuple(value for value in values if value is not None and not isinstance(value, (list, dict)))
