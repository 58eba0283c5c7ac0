"""From characters to tokens. Names may hold spaces and signs where they are declared, so tokens are read on demand."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.values import ARITHMETIC_FAILURES, NUMBERS

KEYWORDS = frozenset(
    (
        "and",
        "between",
        "else",
        "every",
        "external",
        "false",
        "for",
        "function",
        "if",
        "in",
        "instance",
        "null",
        "of",
        "or",
        "return",
        "satisfies",
        "some",
        "then",
        "true",
    ),
)
_NAME = re.compile(r"(?:[^\W\d]|[\U00010000-\U000EFFFF])(?:\w|[\u0300-\u036F\u203F\u2040\u00B7\U00010000-\U000EFFFF])*")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_SIGN = re.compile(r"\*\*|<=|>=|!=|\.\.|->|[-+*/<>=()\[\]{},:.@?]")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_NAME_END = re.compile(r"\w")
# What a Chinese keyboard types where ASCII is meant; nothing of it can stand outside a string.
_FULL_WIDTH = dict(
    zip("，。：；（）［］｛｝【】＋－＊／＝＜＞！？“”‘’、…", ",.:;()[]{}[]+-*/=<>!?\"\"'',.", strict=False)
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: kind is number, string, name, word (keyword), sign or end."""

    kind: str
    value: object
    start: int
    end: int


class Names:
    """The names with blanks or signs in them that are known at a place, to be matched longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        """Keep the names that are not plain words."""
        self.all = frozenset(" ".join(name.split()) for name in names)
        compound = sorted((name for name in self.all if not _NAME.fullmatch(name)), key=len, reverse=True)
        parts = (r"\s+".join(re.escape(part) for part in name.split()) for name in compound if name)
        pattern = "|".join(parts)
        self._pattern = re.compile(pattern) if pattern else None

    def match(self, text: str, start: int) -> int | None:
        """Return where a known name that starts here ends."""
        found = self._pattern.match(text, start) if self._pattern else None
        if found is None:
            return None
        end = found.end()
        runs_on = end < len(text) and _NAME_END.match(text[end - 1]) and _NAME_END.match(text[end])
        return None if runs_on else end


@lru_cache(maxsize=256)
def names_of(names: frozenset[str]) -> Names:
    """Return the names that are known at a place; the same set, read again and again in a diagram, is made once."""
    return Names(names)


def skip_blank(text: str, position: int) -> int:
    """Return the first place that is neither blank nor comment."""
    found = _BLANK.match(text, position)
    return found.end() if found else position


def read_token(text: str, position: int, known: Names) -> Token:
    """Read the token at or after a place; raises FeelSyntaxError for a character that FEEL does not know."""
    start = skip_blank(text, position)
    if start >= len(text):
        return Token("end", None, start, start)
    named = known.match(text, start)
    if named is not None:
        return Token("name", " ".join(text[start:named].split()), start, named)
    for read in (_read_name, _read_number, _read_string, _read_sign):
        token = read(text, start)
        if token is not None:
            return token
    raise _unknown(text, start)


def _read_name(text: str, start: int) -> Token | None:
    found = _NAME.match(text, start)
    if found is None:
        return None
    word = found.group()
    return Token("word" if word in KEYWORDS else "name", word, start, found.end())


def _read_number(text: str, start: int) -> Token | None:
    found = _NUMBER.match(text, start)
    if found is None:
        return None
    end = found.end()
    if _NAME.match(text, end):
        raise FeelSyntaxError(text, end, text[start : end + 1], f"{text[start : end + 1]!r} is neither number nor name")
    try:
        value = NUMBERS.create_decimal(found.group())
    except ARITHMETIC_FAILURES:
        raise FeelSyntaxError(text, start, found.group(), "the number is too large", "feel-bad-literal") from None
    return Token("number", value or Decimal(0), start, end)


def _read_string(text: str, start: int) -> Token | None:
    found = _STRING.match(text, start)
    if found is None:
        return None
    return Token("string", unescape(text, found.start(1), found.end(1)), start, found.end())


def _read_sign(text: str, start: int) -> Token | None:
    found = _SIGN.match(text, start)
    return Token("sign", found.group(), start, found.end()) if found else None


def unescape(text: str, start: int, end: int) -> str:
    """Return the string that the escapes between two places stand for."""

    def replace(found: re.Match[str]) -> str:
        if code := found.group(1) or found.group(2):
            if int(code, 16) > sys.maxunicode:
                raise FeelSyntaxError(
                    text, found.start(), found.group(), "there is no such character", "feel-bad-literal"
                )
            return chr(int(code, 16))
        # DMN lists the escapes; any other backslash stands for itself, as regular expressions need it.
        return _ESCAPED.get(found.group(3), found.group())

    value = _ESCAPE.sub(replace, text[start:end]) if "\\" in text[start:end] else text[start:end]
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError(text, start, "\\u", "half a character (a lone surrogate)", "feel-bad-literal") from None


def _unknown(text: str, start: int) -> FeelSyntaxError:
    character = text[start]
    if character == '"':
        return FeelSyntaxError(text, start, '"', "the string does not end", "feel-unclosed-string")
    if character in _FULL_WIDTH:
        meant = _FULL_WIDTH[character]
        return FeelSyntaxError(text, start, character, f"write {meant} instead of {character}", "feel-full-width")
    return FeelSyntaxError(text, start, character, f"the character {character!r} has no meaning here")
