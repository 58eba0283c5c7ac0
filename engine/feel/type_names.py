"""Reading the name of a type behind `instance of`."""

from engine.feel.errors import FeelSyntaxError
from engine.feel.kinds import ALIASES, CLASSES
from engine.feel.nodes import TypeName
from engine.feel.parser import Parser

_PARAMETRIC = frozenset({"list", "range"})


def parse_type(parser: Parser) -> TypeName:
    """Read the name of a type; raises FeelSyntaxError for a type that is not supported."""
    with parser.declared(CLASSES):
        token = parser.token
        name = ALIASES.get(str(token.value), str(token.value))
        known = token.kind in {"name", "word"} and (name in CLASSES or name == "Any")
        if not known or (name == "Null" and token.kind == "sign"):
            raise _unsupported(parser, str(token.value))
        parser.advance()
    if not parser.at("<"):
        return TypeName(token.start, name)
    if name not in _PARAMETRIC:
        raise _unsupported(parser, f"{name}<…>")
    parser.advance()
    element = parse_type(parser)
    parser.expect(">")
    return TypeName(token.start, name, element)


def _unsupported(parser: Parser, name: str) -> FeelSyntaxError:
    reason = f"the type {name} is not supported"
    return FeelSyntaxError(parser.text, parser.token.start, name, reason, "feel-unsupported")
