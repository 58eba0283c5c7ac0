"""Reading as one step: text in, syntax tree out."""

from collections.abc import Iterable

from engine.feel.blocks import read_block
from engine.feel.functions.registry import COMPOUND_NAMES
from engine.feel.nodes import Cell, Node, TypeName
from engine.feel.parser import Parser
from engine.feel.type_names import parse_type


def parse_expression(text: str, names: Iterable[str], type_names: Iterable[str] = ()) -> Node:
    """Read an expression; `names` are those that hold blanks or signs.

    Raises   FeelSyntaxError with the place, FeelLimitError for a text too long or too deep
    """
    parser = Parser(text, (*COMPOUND_NAMES, *names), read_block, parse_type, type_names)
    node = parser.expression()
    parser.finish()
    return node


def parse_cell(text: str, names: Iterable[str]) -> Cell:
    """Read the unary tests of a cell; raises as `parse_expression` does."""
    return Parser(text, (*COMPOUND_NAMES, *names), read_block, parse_type).cell()


def parse_type_name(text: str) -> TypeName:
    """Read the name of a type, e.g. `list<number>`; raises as `parse_expression` does."""
    parser = Parser(text, (), read_block, parse_type)
    name = parse_type(parser)
    parser.finish()
    return name
