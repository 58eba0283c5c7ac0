"""Reading the name of a type: behind `instance of`, and of the parameters of functions."""

from collections.abc import Callable, Mapping

from engine.feel.errors import FeelSyntaxError
from engine.feel.kinds import ALIASES, CLASSES, Type
from engine.feel.nodes import TypeName
from engine.feel.parser import Parser

_SIMPLE = CLASSES.keys() | ALIASES.keys() | {"Any"}


def parse_type(parser: Parser) -> TypeName:
    """Read the name of a type; one that FEEL does not know is looked up when the text is compiled."""
    with parser.nested(), parser.declared(_SIMPLE | parser.type_names):
        token = parser.token
        if token.kind not in {"name", "word"}:
            raise parser.unexpected("the name of a type is expected")
        parser.advance()
        name = str(token.value)
        while parser.at("."):
            parser.advance()
            name += f".{parser.advance().value}"
        name = ALIASES.get(name, name)
        reader = _PARAMETRIC.get(name)
        if reader is None or not parser.at("<"):
            return TypeName(token.start, name)
        return reader(parser, token.start, name)


def _of_elements(parser: Parser, start: int, name: str) -> TypeName:
    parser.expect("<")
    element = parse_type(parser)
    parser.expect(">")
    return TypeName(start, name, element)


def _of_entries(parser: Parser, start: int, name: str) -> TypeName:
    parser.expect("<")
    fields: list[tuple[str, TypeName]] = []
    while not parser.at(">"):
        if fields:
            parser.expect(",")
        key = parser.new_name(":")
        parser.expect(":")
        fields.append((key, parse_type(parser)))
    parser.advance()
    return TypeName(start, name, fields=tuple(fields))


def _of_function(parser: Parser, start: int, name: str) -> TypeName:
    parser.expect("<")
    parameters: list[TypeName] = []
    while not parser.at(">"):
        if parameters:
            parser.expect(",")
        parameters.append(parse_type(parser))
    parser.advance()
    parser.expect("->")
    return TypeName(start, name, parameters=tuple(parameters), result=parse_type(parser))


_PARAMETRIC: dict[str, Callable[[Parser, int, str], TypeName]] = {
    "list": _of_elements,
    "range": _of_elements,
    "context": _of_entries,
    "function": _of_function,
}


def resolve(text: str, node: TypeName, types: Mapping[str, Type]) -> Type:
    """Return the type of a name; raises FeelSyntaxError for one that does not exist."""
    if node.name in types:
        return types[node.name]
    if node.name not in CLASSES and node.name != "Any":
        reason = f"there is no type {node.name}"
        raise FeelSyntaxError(text, node.offset, node.name, reason, "feel-unknown-type")
    return Type(
        node.name,
        element=resolve(text, node.element, types) if node.element else None,
        fields={key: resolve(text, kind, types) for key, kind in node.fields},
        parameters=None if node.parameters is None else tuple(resolve(text, one, types) for one in node.parameters),
        result=resolve(text, node.result, types) if node.result else None,
    )
