"""The parts of an expression that open with a word or a bracket: `if`, `for`, lists, contexts, ranges, functions."""

from collections.abc import Callable

from engine.feel.errors import FeelSyntaxError
from engine.feel.nodes import (
    ContextOf,
    For,
    FunctionOf,
    If,
    Iterator,
    ListOf,
    Literal,
    Name,
    Node,
    Quantified,
    TypeName,
    UnaryRange,
)
from engine.feel.parser import COMPARE, Parser
from engine.feel.temporal import parse_temporal

_BOUNDS = ("<", "<=", ">", ">=", "=")
_CONSTANTS = {"true": True, "false": False, "null": None}


def read_block(parser: Parser) -> Node:
    """Read what opens with the next word or sign; raises FeelSyntaxError when nothing does."""
    token = parser.token
    if token.kind == "word" and token.value in _CONSTANTS:
        parser.advance()
        return Literal(token.start, _CONSTANTS[str(token.value)])
    reader = _BLOCKS.get(str(token.value)) if token.kind in {"word", "sign"} else None
    if reader is None:
        raise parser.unexpected()
    return reader(parser)


def _if(parser: Parser) -> Node:
    start = parser.advance().start
    condition = parser.expression()
    parser.expect_word("then")
    then = parser.expression()
    parser.expect_word("else")
    return If(start, condition, then, parser.expression())


def _for(parser: Parser) -> Node:
    start = parser.advance().start
    iterators, body = _iterated(parser, "return", ("partial",))
    return For(start, iterators, body)


def _quantified(parser: Parser) -> Node:
    token = parser.advance()
    iterators, condition = _iterated(parser, "satisfies", ())
    return Quantified(token.start, token.value == "every", iterators, condition)


def _iterated(parser: Parser, word: str, extra: tuple[str, ...]) -> tuple[tuple[Iterator, ...], Node]:
    iterators: list[Iterator] = []
    with parser.declared(()):
        while True:
            iterators.append(_iterator(parser))
            parser.declare((iterators[-1].name,))
            if not parser.at(","):
                break
            parser.advance()
        if not parser.at_word(word):
            raise parser.unexpected(f"{word} is expected")
        parser.declare(extra)
        parser.advance()
        return tuple(iterators), parser.expression()


def _iterator(parser: Parser) -> Iterator:
    start = parser.token.start
    name = parser.words_until(lambda: parser.at_word("in"))
    parser.expect_word("in")
    source = parser.expression()
    last = None
    if parser.at(".."):
        parser.advance()
        last = parser.expression()
    return Iterator(start, name, source, last)


def _parenthesis(parser: Parser) -> Node:
    start = parser.advance().start
    if parser.at(*_BOUNDS):
        operator = str(parser.advance().value)
        operand = parser.expression(COMPARE)
        parser.expect(")")
        return UnaryRange(start, operator, operand)
    inner = parser.expression()
    if parser.at(".."):
        return parser.range_from(start, inner, low_closed=False)
    parser.expect(")")
    return inner


def _open_range(parser: Parser) -> Node:
    start = parser.advance().start
    return parser.range_from(start, parser.expression(COMPARE), low_closed=False)


def _bracket(parser: Parser) -> Node:
    start = parser.advance().start
    items: list[Node] = []
    while not parser.at("]"):
        if items:
            parser.expect(",")
        items.append(parser.expression())
        if len(items) == 1 and parser.at(".."):
            return parser.range_from(start, items[0], low_closed=True)
    parser.advance()
    return ListOf(start, tuple(items))


def _brace(parser: Parser) -> Node:
    start = parser.advance().start
    entries: list[tuple[str, Node]] = []
    with parser.declared(()):
        while not parser.at("}"):
            if entries:
                parser.expect(",")
            entries.append(_entry(parser, {key for key, _ in entries}))
        parser.advance()
    return ContextOf(start, tuple(entries))


def _entry(parser: Parser, taken: set[str]) -> tuple[str, Node]:
    token = parser.token
    key = str(parser.advance().value) if token.kind == "string" else parser.new_name(":")
    if key in taken:
        reason = f"the key {key!r} occurs twice"
        raise FeelSyntaxError(parser.text, token.start, key, reason, "feel-duplicate-key")
    parser.expect(":")
    value = parser.expression()
    parser.remember_key(key)
    parser.declare((key,))
    return key, value


def _function(parser: Parser) -> Node:
    start = parser.advance().start
    parser.expect("(")
    names: list[str] = []
    types: list[TypeName | None] = []
    while not parser.at(")"):
        if names:
            parser.expect(",")
        names.append(parser.new_name(",", ")", ":"))
        types.append(_type_of_parameter(parser))
    if len(set(names)) < len(names):
        raise parser.unexpected("each parameter needs a name of its own")
    parser.advance()
    external = parser.at_word("external")
    if external:
        parser.advance()
    with parser.declared(names):
        return FunctionOf(start, tuple(names), parser.expression(), tuple(types), external)


def _type_of_parameter(parser: Parser) -> TypeName | None:
    if not parser.at(":"):
        return None
    parser.advance()
    return parser.read_type()


def _at_literal(parser: Parser) -> Node:
    start = parser.advance().start
    token = parser.token
    if token.kind != "string":
        raise parser.unexpected("a string is expected after @")
    value = parse_temporal(str(token.value))
    if value is None:
        reason = f"{token.value!r} is neither date, time nor duration"
        raise FeelSyntaxError(parser.text, start, f'@"{token.value}"', reason, "feel-bad-literal")
    parser.advance()
    return Literal(start, value)


def _input_value(parser: Parser) -> Node:
    return Name(parser.advance().start, "?")


_BLOCKS: dict[str, Callable[[Parser], Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
    "(": _parenthesis,
    "[": _bracket,
    "]": _open_range,
    "{": _brace,
    "@": _at_literal,
    "?": _input_value,
}
