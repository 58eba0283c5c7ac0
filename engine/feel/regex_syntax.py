"""Reading a regular expression: from text to the program that engine.feel.regex runs."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from engine.feel.errors import FeelLimitError
from engine.feel.unicode_blocks import BLOCKS

CHAR, MATCH, JUMP, SPLIT, SAVE, START, END, BACK = range(8)
MAX_PROGRAM = 2_000
MAX_DEPTH = 32
MAX_DIGITS = 8
_CATEGORY = re.compile(r"\{([LMNPZSC][a-z]?)\}")
_BLOCK = re.compile(r"\{Is([A-Za-z0-9-]+)\}")
Predicate = Callable[[str], bool]


class PatternError(Exception):
    """The text is not a regular expression."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: read a character that passes `test`, go on at `first` or `second`, note a place, or end.

    `BACK` reads again what the group `first` has read; `second` is 1 where case does not count.
    """

    kind: int
    first: int = 0
    second: int = 0
    test: Predicate | None = None


Program = list[Instruction]


def _category(prefix: str) -> Predicate:
    return lambda character: unicodedata.category(character).startswith(prefix)


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_initial(character: str) -> bool:
    return character.isalpha() or character in "_:"


def _is_name_character(character: str) -> bool:
    return character.isalnum() or character in "_:.-·"


_CLASSES: dict[str, Predicate] = {
    "d": _category("Nd"),
    "s": lambda character: character in " \t\n\r",
    "w": _is_word,
    "i": _is_initial,
    "c": _is_name_character,
}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_DIGITS = frozenset("123456789")
_SPECIAL = frozenset(".\\?*+{}()[]|^$-")


def _inverse(test: Predicate) -> Predicate:
    return lambda character: not test(character)


def _either(tests: list[Predicate]) -> Predicate:
    return lambda character: any(test(character) for test in tests)


class _Reader:
    """A recursive-descent reader that emits the program as it goes."""

    def __init__(self, text: str, *, ignore_case: bool, dot_all: bool) -> None:
        self.text = text
        self.place = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.ignore_case = ignore_case
        self.dot_all = dot_all
        self._depth = 0

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self) -> str:
        if self.place >= len(self.text):
            raise PatternError
        self.place += 1
        return self.text[self.place - 1]

    def alternatives(self) -> Program:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FeelLimitError("nesting-depth", MAX_DEPTH)
        branches = [self.sequence()]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence())
        self._depth -= 1
        program = branches.pop()
        for branch in reversed(branches):
            program = _alternative(branch, program)
        return program

    def sequence(self) -> Program:
        program: Program = []
        while self.peek() not in {"", "|", ")"}:
            program = _joined(program, self.quantified(self.atom()))
        return program

    def quantified(self, body: Program) -> Program:
        mark = self.peek()
        if mark not in {"*", "+", "?", "{"}:
            return body
        least, most = self.bounds(self.take())
        lazy = self.peek() == "?"
        if lazy:
            self.take()
        if self.peek() in {"*", "+", "?", "{"}:
            raise PatternError
        return _repeated(body, least, most, lazy=lazy)

    def bounds(self, mark: str) -> tuple[int, int | None]:
        if mark != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        inside, closed, _ = self.text[self.place :].partition("}")
        low, comma, high = inside.partition(",")
        digits = low + high
        if not closed or not low or len(digits) > MAX_DIGITS or any(digit not in "0123456789" for digit in digits):
            raise PatternError
        self.place += len(inside) + 1
        least, most = int(low), (int(high) if high else None) if comma else int(low)
        if most is not None and most < least:
            raise PatternError
        return least, most

    def atom(self) -> Program:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return [Instruction(CHAR, test=self.char_class())]
        if character == "\\":
            return [self.reference()] if self.peek() in _DIGITS else [Instruction(CHAR, test=self.cased(self.escape()))]
        if character in "^$":
            return [Instruction(START if character == "^" else END)]
        if character == ".":
            return [Instruction(CHAR, test=(lambda _: True) if self.dot_all else (lambda read: read not in "\n\r"))]
        if character in "*+?{})]":
            raise PatternError
        return [Instruction(CHAR, test=self.cased(character.__eq__))]

    def group(self) -> Program:
        if self.text.startswith("?:", self.place):
            self.place += 2
            body = self.alternatives()
        else:
            self.groups += 1
            number = self.groups
            body = self.alternatives()
            body = _joined([Instruction(SAVE, 2 * number)], body, [Instruction(SAVE, 2 * number + 1)])
            self.closed.add(number)
        if self.take() != ")":
            raise PatternError
        return body

    def cased(self, test: Predicate) -> Predicate:
        if not self.ignore_case:
            return test
        return lambda read: test(read) or test(read.lower()) or test(read.upper())

    def escape(self) -> Predicate:
        character = self.take()
        if character in _CONTROLS:
            return _CONTROLS[character].__eq__
        if character in _SPECIAL:
            return character.__eq__
        if character.lower() in _CLASSES:
            test = _CLASSES[character.lower()]
            return test if character.islower() else _inverse(test)
        if character in "pP":
            return self.category(negated=character == "P")
        raise PatternError

    def reference(self) -> Instruction:
        """Read the number of a group that is closed already; the longest one that exists."""
        number = int(self.take())
        while self.peek() in _DIGITS | {"0"} and number * 10 + int(self.peek()) <= self.groups:
            number = number * 10 + int(self.take())
        if number not in self.closed:
            raise PatternError
        return Instruction(BACK, number, int(self.ignore_case))

    def category(self, *, negated: bool) -> Predicate:
        block = _BLOCK.match(self.text, self.place)
        if block is not None and block.group(1) in BLOCKS:
            self.place = block.end()
            first, last = BLOCKS[block.group(1)]
            return lambda character: (first <= ord(character) <= last) is not negated
        found = _CATEGORY.match(self.text, self.place)
        if found is None:
            raise PatternError
        self.place = found.end()
        test = _category(found.group(1))
        return _inverse(test) if negated else test

    def char_class(self) -> Predicate:
        negated = self.peek() == "^"
        if negated:
            self.take()
        tests: list[Predicate] = []
        removed: Predicate | None = None
        while self.peek() != "]" or not tests:
            if self.text.startswith("-[", self.place) and tests:
                self.place += 2
                removed = self.char_class()
                break
            tests.append(self.cased(self.class_item()))
        if self.take() != "]":
            raise PatternError
        found = _inverse(_either(tests)) if negated else _either(tests)
        if removed is None:
            return found
        without = removed
        return lambda character: found(character) and not without(character)

    def class_item(self) -> Predicate:
        character = self.take()
        if character == "[":
            raise PatternError
        if character == "\\":
            if self.peek() not in _SPECIAL | _CONTROLS.keys():
                return self.escape()
            character = self.take()
            character = _CONTROLS.get(character, character)
        if self.peek() != "-" or self.text[self.place + 1 : self.place + 2] in {"]", "[", ""}:
            return character.__eq__
        self.take()
        last = self.take()
        if last == "\\":
            last = self.take()
            last = _CONTROLS.get(last, last)
        if last < character:
            raise PatternError
        return lambda read: character <= read <= last


def _moved(program: Program, by: int) -> Program:
    return [
        Instruction(item.kind, item.first + by, item.second + by) if item.kind in {JUMP, SPLIT} else item
        for item in program
    ]


def _joined(*parts: Program) -> Program:
    """Put programs behind each other."""
    program: Program = []
    for part in parts:
        program += _moved(part, len(program))
    if len(program) > MAX_PROGRAM:
        raise FeelLimitError("size", MAX_PROGRAM)
    return program


def _alternative(first: Program, second: Program) -> Program:
    split = Instruction(SPLIT, 1, len(first) + 2)
    jump = Instruction(JUMP, len(first) + len(second) + 2)
    program = [split, *_moved(first, 1), jump, *_moved(second, len(first) + 2)]
    if len(program) > MAX_PROGRAM:
        raise FeelLimitError("size", MAX_PROGRAM)
    return program


def _split(inside: int, outside: int, *, lazy: bool) -> Instruction:
    return Instruction(SPLIT, outside, inside) if lazy else Instruction(SPLIT, inside, outside)


def _repeated(body: Program, least: int, most: int | None, *, lazy: bool) -> Program:
    if len(body) * max(least, most or 0, 1) > MAX_PROGRAM:
        raise FeelLimitError("size", MAX_PROGRAM)
    length = len(body)
    program = _joined(*[body] * least)
    if most is None:
        loop = [_split(1, length + 2, lazy=lazy), *_moved(body, 1), Instruction(JUMP, 0)]
        return _joined(program, loop)
    for _ in range(most - least):
        program = _joined(program, [_split(1, length + 1, lazy=lazy), *_moved(body, 1)])
    return program


def translate(pattern: str, *, ignore_case: bool, dot_all: bool) -> tuple[Program, int]:
    """Translate a pattern into a program and the number of its groups; raises PatternError where it is not valid."""
    reader = _Reader(pattern, ignore_case=ignore_case, dot_all=dot_all)
    body = reader.alternatives()
    if reader.place < len(pattern):
        raise PatternError
    return _joined([Instruction(SAVE, 0)], body, [Instruction(SAVE, 1), Instruction(MATCH)]), reader.groups
