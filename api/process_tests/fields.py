"""The entries of a mapping, each taken as the kind that it has to be; what does not fit is noted with its line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.process_tests.nodes import Node
from engine.errors import Problem
from engine.feel import FeelError, YearsMonths, compile_expression

# A text that begins like this is FEEL.
MOMENT = "="
ZONE = "@"
_INSTANT = compile_expression("date and time(text)")
_DURATION = compile_expression("duration(text)")
Span = timedelta | YearsMonths


@dataclass(slots=True)
class Findings:
    """What is wrong with a file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, where: str, line: int, message: str, /, **params: object) -> None:
        """Note a mistake once, however often its place is read."""
        problem = Problem(code, where, message.format_map(params), params, self.file, line)
        if problem not in self.problems:
            self.problems.append(problem)

    def moment(self, text: str, where: str, line: int) -> datetime | None:
        """Return an instant with its zone; notes what is none."""
        found = moment_of(text)
        if found is None:
            message = "{text} is no instant with a zone, such as 2026-03-02T09:00:00+08:00."
            self.add("process-test-not-instant", where, line, message, text=text)
        return found

    def duration(self, text: str, where: str, line: int) -> None:
        """Note what is no duration."""
        if not text.startswith(MOMENT) and duration_of(text) is None:
            message = "{text} is no duration, such as PT30M or P2D."
            self.add("process-test-not-duration", where, line, message, text=text)


def moment_of(text: str) -> datetime | None:
    """Return the instant that a text names, its zone written as an offset or, as FEEL writes it, by name; else None."""
    try:
        found = _INSTANT({"text": text}) if ZONE in text else datetime.fromisoformat(text)
    except (ValueError, FeelError):
        return None
    return found if isinstance(found, datetime) and found.utcoffset() is not None else None


def duration_of(text: str) -> timedelta | None:
    """Return the duration that a text names, days and times only."""
    try:
        found = _DURATION({"text": text})
    except FeelError:
        return None
    return found if isinstance(found, timedelta) and found >= timedelta() else None


class Fields:
    """One mapping of a file; an entry that is not among `known` is a mistake, None lets every name through."""

    def __init__(self, node: Node, where: str, findings: Findings, known: Sequence[str] | None) -> None:
        """Note at once that it is no mapping, and which entries nobody knows."""
        self._node, self._where, self._findings = node, where, findings
        if not isinstance(node.value, dict):
            findings.add("process-test-not-mapping", where, node.line, "Keys with values are expected here.")
        for name, entry in node.entries.items():
            if known is not None and name not in known:
                message = "There is no key {name} here; known are {known}."
                findings.add("process-test-key-unknown", where, entry.line, message, name=name, known=", ".join(known))

    def get(self, name: str) -> Node | None:
        """Return an entry; one that holds nothing is none."""
        found = self._node.entries.get(name)
        return None if found is None or found.value is None else found

    def line(self, name: str) -> int:
        """Return the line of an entry, or of the mapping."""
        found = self._node.entries.get(name)
        return self._node.line if found is None else found.line

    def needed(self, name: str) -> Node | None:
        """Return an entry that has to be there, whatever it holds."""
        found = self._node.entries.get(name)
        if found is None and isinstance(self._node.value, dict):
            message = "The key {key} is missing."
            self._findings.add("process-test-key-missing", self._where, self._node.line, message, key=name)
        return found

    def text(self, name: str) -> str | None:
        """Return a text; a number is taken as it is written."""
        found = self.get(name)
        if found is None:
            return None
        if isinstance(found.value, (dict, list, bool)):
            self._findings.add("process-test-not-text", self._at(name), found.line, "A text is expected here.")
            return None
        return str(found.value)

    def required_text(self, name: str) -> str:
        """Return a text that has to be there."""
        return self.text(name) or "" if self.needed(name) is not None else ""

    def truth(self, name: str, *, usual: bool) -> bool:
        """Return true or false."""
        found = self.get(name)
        if found is not None and not isinstance(found.value, bool):
            self._findings.add("process-test-not-boolean", self._at(name), found.line, "true or false is expected.")
        return usual if found is None else bool(found.value)

    def moment(self, name: str) -> datetime | None:
        """Return an instant."""
        text = self.text(name)
        return None if text is None else self._findings.moment(text, self._at(name), self.line(name))

    def mapping(self, name: str) -> dict[str, object]:
        """Return a mapping of plain values."""
        return {key: node.plain() for key, node in self.entries(name).items()}

    def entries(self, name: str) -> Mapping[str, Node]:
        """Return the entries of a mapping."""
        found = self.get(name)
        if found is not None and not isinstance(found.value, dict):
            self._findings.add("process-test-not-mapping", self._at(name), found.line, "Keys with values are expected.")
        return {} if found is None else found.entries

    def items(self, name: str) -> Iterator[tuple[Node, str]]:
        """Stream the items of a list, each with its place."""
        found = self.get(name)
        if found is not None and not isinstance(found.value, list):
            self._findings.add("process-test-not-list", self._at(name), found.line, "A list is expected here.")
        for position, item in enumerate([] if found is None else found.items):
            yield item, f"{self._at(name)}[{position}]"

    def numbers(self, name: str) -> tuple[int, ...] | None:
        """Return a whole number or a list of them."""
        found = self.get(name)
        if found is None:
            return None
        values = [item.value for item in found.items] if isinstance(found.value, list) else [found.value]
        numbers = tuple(value for value in values if isinstance(value, int) and not isinstance(value, bool))
        if len(numbers) < len(values):
            self._findings.add("process-test-not-number", self._at(name), found.line, "A whole number is expected.")
        return numbers

    def whole(self) -> dict[str, object]:
        """Return everything as plain values."""
        return {name: node.plain() for name, node in self._node.entries.items()}

    def _at(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name
