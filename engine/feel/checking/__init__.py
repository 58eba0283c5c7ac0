"""Checking expressions before they run: unknown names, types that do not fit, values that there cannot be.

What is not known is never wrong: a finding rests on types that are certain.
"""

from collections.abc import Iterable

import engine.feel.checking.calls
import engine.feel.checking.structures  # noqa: F401 - importing these rooms registers what they read
from engine.feel.checking.checker import Checker
from engine.feel.checking.completion import Completion, FunctionText, completions
from engine.feel.checking.environment import Environment
from engine.feel.checking.findings import ExpressionFinding
from engine.feel.checking.static_types import ANY, StaticType
from engine.feel.checking.structures import named_type
from engine.feel.nodes import Node
from engine.feel.syntax import parse_cell, parse_expression, parse_type_name

__all__ = [
    "ANY",
    "Completion",
    "Environment",
    "ExpressionFinding",
    "FunctionText",
    "StaticType",
    "check_cell",
    "check_expression",
    "completions",
    "read_type",
]


def check_expression(
    text: str, seen: Environment, wanted: Iterable[StaticType] = (), names: Iterable[str] = ()
) -> tuple[StaticType, tuple[ExpressionFinding, ...]]:
    """Return the type of an expression and what is wrong with it.

    Reads    `wanted`: the types that the result may have, any where none is given; `names`: further names that may
             hold blanks or signs
    Raises   FeelSyntaxError, FeelLimitError
    """
    node: Node = parse_expression(text, {*seen.names, *names})
    checker = Checker(text)
    found = checker.type_of(node, seen)
    checker.result(node, found, tuple(wanted))
    return found, tuple(checker.findings)


def check_cell(
    text: str, value: StaticType, seen: Environment, names: Iterable[str] = ()
) -> tuple[ExpressionFinding, ...]:
    """Return what is wrong with the unary tests of a value of some type; raises as `check_expression` does."""
    cell = parse_cell(text, {*seen.names, *names})
    checker = Checker(text)
    checker.tests(cell.tests, value, seen)
    return tuple(checker.findings)


def read_type(text: str) -> StaticType:
    """Return the type that a text such as `list<number>` names; raises FeelSyntaxError."""
    return named_type(parse_type_name(text))
