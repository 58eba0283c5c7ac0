"""Texts that a pattern matches: candidates for a proof, put to the pattern itself before anybody believes them."""

from collections.abc import Iterable
from itertools import islice, product

MOST = 6
_LONGEST = 60
_CLASSES = {"d": "1", "s": " ", "w": "a", "i": "a", "c": "a", "D": "a", "S": "a", "W": "-", "n": "\n", "t": "\t"}
_END_OF_COUNT = "}"


class _Unreadable(Exception):
    """The pattern holds something that no sample is made for."""


def samples_of(pattern: str) -> tuple[str, ...]:
    """Return a few short texts that the pattern should match; none where it is not understood."""
    reader = _Reader(pattern)
    try:
        found = reader.alternatives()
    except _Unreadable:
        return ()
    return tuple(found) if reader.place == len(pattern) else ()


class _Reader:
    """Reads a pattern and keeps a few texts for each part instead of a program."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self) -> str:
        if self.place >= len(self.text):
            raise _Unreadable
        self.place += 1
        return self.text[self.place - 1]

    def alternatives(self) -> list[str]:
        branches = [self.sequence()]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence())
        # One text of each branch before the second of any: a few texts show as much as they can.
        found = [branch[turn] for turn in range(MOST) for branch in branches if turn < len(branch)]
        return _kept(found, 4 * MOST)

    def sequence(self) -> list[str]:
        texts = [""]
        while self.peek() not in {"", "|", ")"}:
            part = self.quantified(self.atom())
            texts = _kept(("".join(pair) for pair in product(texts, part)), 4 * MOST)
        return texts

    def quantified(self, body: list[str]) -> list[str]:
        mark = self.peek()
        if mark not in {"*", "+", "?", "{"}:
            return body
        least = self.least(self.take())
        if self.peek() == "?":
            self.take()
        if least:
            return [text * least for text in body if len(text) * least <= _LONGEST]
        return _kept(["", *body], 4 * MOST)

    def least(self, mark: str) -> int:
        if mark != "{":
            return int(mark == "+")
        inside, closed, _ = self.text[self.place :].partition(_END_OF_COUNT)
        low = inside.partition(",")[0]
        if not closed or not low.isdecimal() or int(low) > _LONGEST:
            raise _Unreadable
        self.place += len(inside) + 1
        return int(low)

    def atom(self) -> list[str]:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return [self.one_of_class()]
        if character == "\\":
            escaped = self.take()
            if escaped in "pP123456789":
                raise _Unreadable
            return [_CLASSES.get(escaped, escaped)]
        if character in "^$":
            return [""]
        return ["某" if character == "." else character]

    def group(self) -> list[str]:
        if self.text.startswith("?:", self.place):
            self.place += 2
        body = self.alternatives()
        if self.take() != ")":
            raise _Unreadable
        return body

    def one_of_class(self) -> str:
        negated = self.peek() == "^"
        inside = ""
        while self.peek() != "]" or not inside:
            character = self.take()
            if character == "[":
                raise _Unreadable
            inside += _CLASSES.get(self.peek(), self.peek()) if character == "\\" else character
            self.place += character == "\\"
        self.take()
        if not negated:
            return inside[0]
        return next((other for other in "某a1 " if other not in inside), "〇")


def _kept(texts: Iterable[str], most: int) -> list[str]:
    """Return the first different texts that are not too long."""
    return list(islice(dict.fromkeys(text for text in texts if len(text) <= _LONGEST), most))
