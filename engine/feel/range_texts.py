"""The function `range`, which reads an interval that is written as a text (DMN 1.4 §10.3.4.1)."""

from engine.feel.errors import FeelError
from engine.feel.expression import of_node
from engine.feel.functions.registry import builtin
from engine.feel.nodes import RangeOf, UnaryRange
from engine.feel.operators import is_static
from engine.feel.run import Run, Scope
from engine.feel.syntax import parse_expression
from engine.feel.values import Range


@builtin("range", "from: string")
def range_from_text(run: Run, text: str) -> Range | None:
    """Read an interval whose ends are written out, e.g. `[1..10)`; null for anything else."""
    run.charge(len(text))
    try:
        node = parse_expression(text, ())
    except FeelError:
        return None
    ends = [node.operand] if isinstance(node, UnaryRange) else []
    if isinstance(node, RangeOf):
        ends = [node.low, node.high]
    if not ends or not all(map(is_static, ends)):
        return None
    value = of_node(text, node).within(Scope({}, None, Run()))
    if not isinstance(value, Range) or (not value.endless and None in (value.low, value.high)):
        return None
    return value
