"""Expressions, cells and contexts made of bytes: whatever a fuzzer changes, the grammar makes text of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

MAX_DEPTH = 6
NAMES = ("a", "b", "n", "s", "d", "items", "市 区", "x y", "x  y", "a-b", "partial", "item", "__class__", "?")
# Names that a loop, a context or a function may give.
BOUND = ("a", "b", "n", "s", "d", "items", "市 区", "x y", "item", "__class__")
FUNCTIONS = (
    *("count", "sum", "min", "max", "mean", "median", "mode", "stddev", "product", "all", "any", "not", "string"),
    *("number", "date", "time", "date and time", "duration", "years and months duration", "substring", "matches"),
    *("replace", "split", "string join", "string length", "upper case", "contains", "starts with", "append"),
    *("concatenate", "insert before", "remove", "reverse", "index of", "union", "distinct values", "flatten", "sort"),
    *("sublist", "list contains", "get value", "get entries", "context", "context put", "context merge", "range"),
    *("decimal", "floor", "ceiling", "round up", "round half up", "modulo", "sqrt", "log", "exp", "abs", "odd", "even"),
    *("before", "after", "meets", "overlaps", "includes", "during", "starts", "coincides", "is", "now", "today"),
    *("day of week", "day of year", "week of year", "month of year", "list replace", "substring before", "extract"),
)
NUMBERS = ("0", "1", "-1", "2.5", "1E6000", "1E-6000", "9" * 40, ".5", "34", "1000000", "1" + "0" * 300)
TEXTS = (
    '""',
    '"a"',
    '"aaaa"',
    '"(a*)*b"',
    '"(a|aa)+$"',
    '"[a-z]{1,99}"',
    '"\\u4E2D\\\\d+"',
    '"\\"',
    '"2026-02-29"',
    '"$1"',
)
TEMPORALS = (
    *('@"2026-02-28"', '@"9999-12-31T23:59:59Z"', '@"0001-01-01T00:00:00+14:00"', '@"10:00:00@Asia/Shanghai"'),
    *('@"P1Y"', '@"-P999999999Y"', '@"PT0.000001S"', '@"P999999999D"', '@"-999999999-12-31"', '@"2026-01-01T24:00:00"'),
)
SIGNS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "instance of")
TYPES = ("number", "string", "list<number>", "context<a: number>", "function<Any>->Any", "range<date>", "Any", "Null")
NOISE = (
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "..",
    ",",
    ":",
    '"',
    "@",
    "?",
    "//",
    "/*",
    "。",
    "，",
    "\u0000",
    "\ud800",
    "if",
    "for ",
)


class Bytes:
    """Choices read from bytes; when they run out, the first of all alternatives, which is the shortest."""

    def __init__(self, data: bytes) -> None:
        """Start at the first byte."""
        self._data = data
        self._at = 0

    def below(self, count: int) -> int:
        """Return a number from 0."""
        if self._at >= len(self._data):
            return 0
        value = self._data[self._at]
        self._at += 1
        return value % count

    def one_of(self, texts: tuple[str, ...]) -> str:
        """Return one of some texts."""
        return texts[self.below(len(texts))]


class Grammar:
    """Writes texts of FEEL."""

    def __init__(self, source: Bytes) -> None:
        """Take the choices."""
        self.source = source
        self._forms: tuple[Callable[[int], str], ...] = (
            self._leaf,
            self._infix,
            self._call,
            self._list,
            self._loop,
            self._context,
            self._function,
            self._filter,
            self._path,
            self._range,
            self._choice,
            self._between,
            self._infix,
            self._call,
        )

    def expression(self, depth: int = 0) -> str:
        """Return an expression."""
        if depth >= MAX_DEPTH:
            return self._leaf(depth)
        return self._forms[self.source.below(len(self._forms))](depth + 1)

    def _operand(self, depth: int) -> str:
        """Return an expression that may stand beside an operator; now and then one that may not."""
        text = self.expression(depth)
        bare = len(text) < 8 or self.source.below(16) == 15
        return text if bare else f"({text})"

    def cell(self) -> str:
        """Return the tests of a cell of a table."""
        tests = ", ".join(self._test() for _ in range(1 + self.source.below(3)))
        return (tests, f"not({tests})", "-", "")[self.source.below(4)]

    def _test(self) -> str:
        sign = self.source.one_of(("", "< ", ">= ", "= ", "!= ", "? > ", ""))
        return sign + (self._range(4) if not sign and self.source.below(2) else self._operand(4))

    def mutated(self, text: str) -> str:
        """Return a text with pieces cut out, doubled, or put in."""
        for _ in range(self.source.below(5)):
            place = (self.source.below(256) * 256 + self.source.below(256)) % (len(text) + 1)
            length = self.source.below(12)
            kind = self.source.below(4)
            piece = (self.source.one_of(NOISE), chr(self.source.below(256)), text[place : place + length], "")[kind]
            text = text[:place] + piece * (1 + self.source.below(3)) + text[place + length * (kind == 3) :]
        return text

    def _leaf(self, _depth: int) -> str:
        return self.source.one_of((*NUMBERS, *NAMES, *TEXTS, *TEMPORALS, "true", "false", "null"))

    def _infix(self, depth: int) -> str:
        left, sign = self._operand(depth), self.source.one_of(SIGNS)
        right = self.source.one_of(TYPES) if sign == "instance of" else self._operand(depth)
        text = f"{left} {sign} {right}"
        return f"({text})" if self.source.below(3) else text

    def _call(self, depth: int) -> str:
        arguments = [self.expression(depth) for _ in range(self.source.below(4))]
        return f"{self.source.one_of(FUNCTIONS)}({', '.join(arguments)})"

    def _list(self, depth: int) -> str:
        return f"[{', '.join(self.expression(depth) for _ in range(self.source.below(4)))}]"

    def _loop(self, depth: int) -> str:
        word, end = (("for", "return"), ("some", "satisfies"), ("every", "satisfies"))[self.source.below(3)]
        sources = [
            f"{self.source.one_of(BOUND)} in {self._operand(depth)}" + self.source.one_of(("", " .. 99999999", "..9"))
            for _ in range(1 + self.source.below(3))
        ]
        return f"{word} {', '.join(sources)} {end} {self.expression(depth)}"

    def _context(self, depth: int) -> str:
        entries = {self.source.one_of(BOUND): self.expression(depth) for _ in range(self.source.below(4))}
        return f"{{{', '.join(f'{key}: {value}' for key, value in entries.items())}}}"

    def _function(self, depth: int) -> str:
        names = sorted({self.source.one_of(BOUND) for _ in range(self.source.below(3))})
        types = self.source.one_of(("", ": number", ": Any"))
        text = f"function({', '.join(name + types for name in names)}) {self.expression(depth)}"
        if not self.source.below(2):
            return text
        itself = self.source.one_of((self.expression(depth), text))
        return f"({text})({', '.join([itself] * len(names))})"

    def _filter(self, depth: int) -> str:
        return f"{self._operand(depth)}[{self.expression(depth)}]"

    def _path(self, depth: int) -> str:
        names = (*NAMES, "year", "time offset", "start", "__globals__", "value")
        return f"({self.expression(depth)}).{self.source.one_of(names)}"

    def _range(self, depth: int) -> str:
        opening, closing = self.source.one_of(("[", "(", "]")), self.source.one_of(("]", ")", "["))
        return f"{opening}{self._operand(depth)}..{self._operand(depth)}{closing}"

    def _choice(self, depth: int) -> str:
        return f"if {self.expression(depth)} then {self.expression(depth)} else {self.expression(depth)}"

    def _between(self, depth: int) -> str:
        return f"{self._operand(depth)} between {self._operand(depth)} and {self._operand(depth)}"

    def value(self, depth: int = 0) -> object:
        """Return a value as a caller may give it."""
        plain: tuple[object, ...] = (
            *(
                None,
                0,
                1,
                -3,
                2.5,
                10**40,
                10**4200,
                Decimal("1E7000"),
                float("inf"),
                Decimal("1.50"),
                True,
                "",
                "a",
                "中",
                "x" * 2000,
            ),
            *(date(2026, 2, 28), time(10, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), timedelta(days=1), [], {}),
        )
        choice = self.source.below(len(plain) + 3)
        if choice < len(plain) or depth > 2:
            return plain[choice % len(plain)]
        if choice == len(plain):
            return [self.value(depth + 1) for _ in range(self.source.below(5))]
        if choice == len(plain) + 1:
            return self.context(depth + 1)
        deep: list[object] = []
        for _ in range(self.source.below(256)):
            deep = [deep]
        return deep

    def context(self, depth: int = 0) -> dict[str, object]:
        """Return names with their values."""
        return {self.source.one_of(NAMES): self.value(depth + 1) for _ in range(self.source.below(6))}
