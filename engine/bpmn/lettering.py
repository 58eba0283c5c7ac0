"""Text in pictures: how wide it is and where its lines break, without a font at hand."""

import re
import unicodedata
from collections.abc import Iterator

# No line begins with one of these.
CLOSING = frozenset("，。、；：！？）》」』】〕,.;:!?)]}%")
WIDE = 1.0
NARROW = 0.56
ELLIPSIS = "…"
# The height of a line, in em.
LEADING = 1.25
SMALLEST = 10.0
# A line break between Chinese characters, which is no blank.
_BREAK = re.compile(r"(?<=[\u2e80-\u2fff\u3001-\uffef])[ \t]*[\r\n]\s*(?=[\u2e80-\u2fff\u3001-\uffef])")
# A part of a long word: up to a sign that joins, or to a capital after a small letter.
_PARTS = re.compile(r"[^\s]+?(?:[\-_/.,;:]+|(?<=[a-z0-9])(?=[A-Z])|(?=\s|$))\s*")


def width_of(text: str) -> float:
    """Return the width in em: a Chinese character is one em, a Latin one a little more than half."""
    return sum(WIDE if unicodedata.east_asian_width(character) in "WFA" else NARROW for character in text)


def wrap(text: str, width: float, lines: int) -> list[str]:
    """Break a text into at most `lines` lines of at most `width` em; what does not fit ends in an ellipsis."""
    broken: list[str] = []
    current = ""
    most = int(lines * (max(width, 0) / NARROW + 2)) + 2
    for piece in _fitting(" ".join(_BREAK.sub("", text).split())[:most], width):
        if current and width_of(current + piece.rstrip()) > width and piece not in CLOSING:
            broken.append(current)
            current = ""
        current += piece if current else piece.lstrip()
    if current.strip():
        broken.append(current)
    whole = [line.rstrip() for line in broken]
    if len(broken) <= lines:
        return _balanced(whole, width)
    return [*whole[: lines - 1], _shortened("".join(broken[lines - 1 :]), width)]


def fit(text: str, width: float, height: float, size: float) -> tuple[list[str], float]:
    """Break a text for a room of this width and height; one that is too long is written smaller, down to 10.

    Return the lines, and the size of their letters.
    """
    for smaller in (size, size - 1):
        lines = wrap(text, width / smaller, max(1, int(height / (LEADING * smaller))))
        if smaller > SMALLEST and (not lines or not lines[-1].endswith(ELLIPSIS)):
            return lines, smaller
    return wrap(text, width / SMALLEST, max(1, int(height / (LEADING * SMALLEST)))), SMALLEST


def _fitting(text: str, width: float) -> Iterator[str]:
    """Yield the pieces of a text, those that are wider than a line in parts: `businessRule`, `Task`."""
    for piece in _pieces(text):
        if width_of(piece.rstrip()) <= width:
            yield piece
            continue
        most = max(1, int(width / NARROW))
        for part in _PARTS.findall(piece):
            yield from (part[start : start + most] for start in range(0, len(part), most))


def _pieces(text: str) -> Iterator[str]:
    """Yield what may stand at the beginning of a line: a Chinese character, or a Latin word with its blank."""
    word = ""
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            if word:
                yield word
                word = ""
            yield character
            continue
        word += character
        if character == " ":
            yield word
            word = ""
    if word:
        yield word


def _balanced(lines: list[str], width: float) -> list[str]:
    """Spread Chinese text evenly, so that no single character is left for the last line."""
    text = "".join(lines)
    if len(lines) < 2 or any(unicodedata.east_asian_width(character) not in "WF" for character in text):  # noqa: PLR2004  one line needs no balance
        return lines
    size = -(-len(text) // len(lines))
    spread = [text[start : start + size] for start in range(0, len(text), size)]
    fits = all(width_of(line) <= width for line in spread)
    return spread if fits and not any(line[0] in CLOSING for line in spread) else lines


def _shortened(text: str, width: float) -> str:
    while text and width_of(text + ELLIPSIS) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS
