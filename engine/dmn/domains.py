"""The values that an input can have: from its type, or from what its expression can answer."""

from dataclasses import dataclass
from decimal import Decimal

from engine.dmn.model import InputClause
from engine.feel import FeelError, UnaryTests, compile_unary_tests
from engine.feel.nodes import Between, Comparison, If, In, InstanceOf, Literal, Logic, Node, Quantified
from engine.feel.run import Run
from engine.feel.syntax import parse_expression
from engine.feel.writing import write

_TRUTHS = (Comparison, Logic, Between, In, InstanceOf, Quantified)
_NAMES: dict[type, str] = {str: "string", Decimal: "number", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Domain:
    """The type of an input, `Any` where it is not known, and the values that it may have."""

    name: str
    allowed: UnaryTests | None


def domain_of(clause: InputClause) -> Domain:
    """Return the domain that the column declares, or that its expression has (`if … then "a" else "b"`, `a > 3`)."""
    if clause.type.allowed is not None:
        return Domain(clause.type.name, clause.type.allowed)
    try:
        values = _answers(parse_expression(clause.expression.text, clause.expression.names))
    except FeelError:
        values = None
    kinds = {value.__class__ for value in values or () if value is not None}
    if values is None or len(kinds) != 1 or not kinds <= _NAMES.keys():
        return Domain(clause.type.name, None)
    name = _NAMES[kinds.pop()]
    if clause.type.name not in {"Any", name}:
        return Domain(clause.type.name, None)
    if name == "boolean":
        return Domain(name, None)
    texts = [write(value, Run()) for value in dict.fromkeys(values) if value is not None]
    return Domain(name, compile_unary_tests(", ".join(texts)))


def _answers(node: Node) -> list[object] | None:
    """Return every value that an expression can have; None where that is not plain to see."""
    if isinstance(node, If):
        then, otherwise = _answers(node.then), _answers(node.otherwise)
        return None if then is None or otherwise is None else then + otherwise
    if isinstance(node, Literal):
        return [node.value]
    return [True, False] if isinstance(node, _TRUTHS) else None
