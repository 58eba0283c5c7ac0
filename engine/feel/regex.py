"""Patterns of XPath regular expressions, matched in time proportional to text times pattern.

Backtracking engines can be stopped by an author with twenty characters; this one follows all alternatives at once
(Thompson's construction, with the captures of Pike) and charges each step to the evaluation's account. A pattern with
a back-reference needs one alternative after the other; it is charged for each step too, so that it ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.feel.regex_syntax import BACK, CHAR, JUMP, MATCH, SAVE, SPLIT, START, Instruction, PatternError, translate
from engine.feel.run import Run

# A thread of the match: the instruction it is at, and the places it has noted.
Thread = tuple[int, list[int]]
_FLAGS = frozenset("smix")
_MOVES_PER_STEP = 4


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    program: tuple[Instruction, ...]
    groups: int
    multiline: bool

    def search(self, text: str, start: int, run: Run) -> list[int] | None:
        """Find the first match at or after a place; return its captures as pairs of places, -1 where empty."""
        if any(instruction.kind == BACK for instruction in self.program):
            return self._search_each(text, start, run)
        found: list[int] | None = None
        threads: list[Thread] = []
        moves = 0
        for place in range(start, len(text) + 1):
            seen: set[int] = set()
            ready: list[Thread] = []
            for counter, captures in threads:
                self._add(ready, seen, counter, captures, text, place)
            if found is None:
                self._add(ready, seen, 0, [-1] * (2 * self.groups + 2), text, place)
            moves += len(seen)
            run.charge(moves // _MOVES_PER_STEP)
            moves %= _MOVES_PER_STEP
            threads, matched = self._step(ready, text[place] if place < len(text) else "")
            found = matched if matched is not None else found
            if not threads and found is not None:
                break
        return found

    def _step(self, ready: list[Thread], character: str) -> tuple[list[Thread], list[int] | None]:
        """Move the threads over a character; the first one that is at its end cuts off those behind it."""
        threads: list[Thread] = []
        for counter, captures in ready:
            instruction = self.program[counter]
            if instruction.kind == MATCH:
                return threads, captures
            if character and instruction.test is not None and instruction.test(character):
                threads.append((counter + 1, captures))
        return threads, None

    def _add(
        self,
        ready: list[Thread],
        seen: set[int],
        counter: int,
        captures: list[int],
        text: str,
        place: int,
    ) -> None:
        """Follow the instructions that read nothing, in the order of preference."""
        pending = [(counter, captures)]
        while pending:
            counter, captures = pending.pop()
            if counter in seen:
                continue
            seen.add(counter)
            instruction = self.program[counter]
            if instruction.kind in {CHAR, MATCH}:
                ready.append((counter, captures))
            elif instruction.kind == JUMP:
                pending.append((instruction.first, captures))
            elif instruction.kind == SPLIT:
                pending.append((instruction.second, captures))
                pending.append((instruction.first, captures))
            elif instruction.kind == SAVE:
                moved = captures.copy()
                moved[instruction.first] = place
                pending.append((counter + 1, moved))
            elif self._holds(instruction.kind, text, place):
                pending.append((counter + 1, captures))

    def _search_each(self, text: str, start: int, run: Run) -> list[int] | None:
        for place in range(start, len(text) + 1):
            found = self._match_at(text, place, run)
            if found is not None:
                return found
        return None

    def _match_at(self, text: str, start: int, run: Run) -> list[int] | None:
        """Try one alternative after the other from a place."""
        pending: list[tuple[int, int, tuple[int, ...]]] = [(0, start, (-1,) * (2 * self.groups + 2))]
        seen: set[tuple[int, int, tuple[int, ...]]] = set()
        while pending:
            state = pending.pop()
            if state in seen:
                continue
            seen.add(state)
            run.charge(1)
            counter, place, captures = state
            instruction = self.program[counter]
            if instruction.kind == MATCH:
                return list(captures)
            pending += self._ways(instruction, counter, place, captures, text)
        return None

    def _ways(
        self, instruction: Instruction, counter: int, place: int, captures: tuple[int, ...], text: str
    ) -> list[tuple[int, int, tuple[int, ...]]]:
        """Return where a thread may go on, the way to try first at the end."""
        kind, first = instruction.kind, instruction.first
        if kind == CHAR:
            reads = place < len(text) and instruction.test is not None and instruction.test(text[place])
            return [(counter + 1, place + 1, captures)] if reads else []
        if kind == BACK:
            begin, end = captures[2 * first], captures[2 * first + 1]
            again, here = text[begin:end] if begin >= 0 else "", text[place : place + max(end - begin, 0)]
            alike = again.casefold() == here.casefold() if instruction.second else again == here
            return [(counter + 1, place + len(again), captures)] if alike else []
        if kind == JUMP:
            return [(first, place, captures)]
        if kind == SPLIT:
            return [(instruction.second, place, captures), (first, place, captures)]
        if kind == SAVE:
            return [(counter + 1, place, (*captures[:first], place, *captures[first + 1 :]))]
        return [(counter + 1, place, captures)] if self._holds(kind, text, place) else []

    def _holds(self, kind: int, text: str, place: int) -> bool:
        if kind == START:
            return place == 0 or (self.multiline and text[place - 1] == "\n")
        return place == len(text) or (self.multiline and text[place] == "\n")

    def iterate(self, text: str, run: Run) -> Iterator[list[int]]:
        """Yield the captures of each match, from left to right."""
        place = 0
        while place <= len(text):
            found = self.search(text, place, run)
            if found is None:
                return
            yield found
            place = found[1] if found[1] > found[0] else found[1] + 1

    def template(self, replacement: str) -> list[str | int] | None:
        """Split a replacement into texts and numbers of groups; None where it is not valid."""
        parts: list[str | int] = []
        index = 0
        while index < len(replacement):
            character, following = replacement[index], replacement[index + 1 : index + 2]
            if character == "$" and following.isascii() and following.isdigit():
                number, index = self._group_number(replacement, index + 1)
                parts.append(number if number <= self.groups else "")
                continue
            if character == "$" or (character == "\\" and following not in {"\\", "$"}):
                return None
            parts.append(following if character == "\\" else character)
            index += 2 if character == "\\" else 1
        return parts

    def _group_number(self, text: str, index: int) -> tuple[int, int]:
        """Read the longest number of a group that exists, at least one digit."""
        number, end = int(text[index]), index + 1
        while end < len(text) and text[end] in "0123456789" and number * 10 + int(text[end]) <= self.groups:
            number, end = number * 10 + int(text[end]), end + 1
        return number, end


@lru_cache(maxsize=1_024)
def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """Compile a pattern with the flags s, m, i, x; None where it is not valid.

    Raises   FeelLimitError for a pattern that unfolds too far
    """
    if not set(flags) <= _FLAGS:
        return None
    if "x" in flags:
        pattern = _without_blanks(pattern)
    try:
        program, groups = translate(pattern, ignore_case="i" in flags, dot_all="s" in flags)
    except PatternError:
        return None
    return Pattern(tuple(program), groups, "m" in flags)


def _without_blanks(pattern: str) -> str:
    """Drop the white space that the flag x allows; inside of a class it stands for itself."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if character in "[]" and not escaped:
            depth += 1 if character == "[" else -1
        if depth > 0 or not character.isspace():
            kept.append(character)
            escaped = character == "\\" and not escaped
    return "".join(kept)
