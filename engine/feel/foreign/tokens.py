"""From characters to tokens, for all dialects: numbers, strings, names and signs."""

import re
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.foreign.tree import Underivable

LONGEST = 10_000
_TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.])|\d+(?:\.\d+)?[LlFfDdGgn](?![\w.]))"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?:|\?\?|\*\*|[-+*/%<>!?:.,()\[\]=;])"
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\", "/": "/", "$": "$"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token: kind is number, string, name, sign or end; a string's text is its value."""

    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens, with one at the end. Raises Underivable for a character that none of them begins with."""
    if len(text) > LONGEST:
        raise Underivable("too long")
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Underivable(f"{text[position]!r} is not read")
        position = match.end()
        if match.lastgroup != "blank":
            found.append(_token(str(match.lastgroup), match[0]))
    return [*found, Token("end", "")]


def _token(kind: str, text: str) -> Token:
    if kind == "number":
        return Token(kind, format(Decimal(text.rstrip("LlFfDdGgn")), "f"))
    return Token(kind, _ESCAPE.sub(_unescaped, text[1:-1]) if kind == "string" else text)


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        return chr(int(digits, 16))
    if match[3] not in _ESCAPED:
        raise Underivable("an escape is not read")
    return _ESCAPED[match[3]]


def quoted(value: str) -> str:
    """Write a FEEL string."""
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    for character, escaped in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(character, escaped)
    return f'"{text}"'
