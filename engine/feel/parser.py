"""From text to syntax tree: a Pratt parser for the expressions and unary tests of DMN 1.3."""

from collections.abc import Callable, Iterable
from collections.abc import Iterator as Iterate
from contextlib import contextmanager

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.lexer import Names, Token, read_token
from engine.feel.nodes import (
    Between,
    Call,
    Cell,
    Chain,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
    Test,
    TypeName,
)

MAX_LENGTH = 4_000
MAX_NESTING = 64
MAX_SECOND_READINGS = 32

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, POSTFIX = range(10, 90, 10)
_CHAINS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Parser:
    """Reads one text; the blocks (`if`, `for`, lists, contexts …) live in engine.feel.blocks."""

    def __init__(
        self,
        text: str,
        names: Iterable[str],
        read_block: "Callable[[Parser], Node]",
        read_type: "Callable[[Parser], TypeName]",
        type_names: Iterable[str] = (),
    ) -> None:
        """Take the text and the names that may occur in it; raises FeelLimitError when it is too long."""
        if len(text) > MAX_LENGTH:
            raise FeelLimitError("source-length", MAX_LENGTH)
        self.text = text
        self.position = 0
        self._read_block = read_block
        self._read_type = read_type
        self.type_names = frozenset(type_names)
        self._depth = 0
        # The depth at which `[` closes an interval instead of opening a filter; 0 for none.
        self._unfiltered = 0
        self._second_readings = 0
        self._known = Names(names)
        # Keys of contexts that were written in this text: they may follow a dot anywhere.
        self._keys = frozenset({"time offset", "start included", "end included"})
        self._token: Token | None = None

    # -- tokens

    @property
    def token(self) -> Token:
        """The next token, read with the names that are known here."""
        if self._token is None:
            self._token = read_token(self.text, self.position, self._known)
        return self._token

    def advance(self) -> Token:
        """Take the next token."""
        token = self.token
        self.position = token.end
        self._token = None
        return token

    def at(self, *signs: str) -> bool:
        """Tell whether one of these signs comes next."""
        return self.token.kind == "sign" and self.token.value in signs

    def at_word(self, *words: str) -> bool:
        """Tell whether one of these keywords comes next."""
        return self.token.kind == "word" and self.token.value in words

    def expect(self, sign: str) -> Token:
        """Take this sign; raises FeelSyntaxError for anything else."""
        if not self.at(sign):
            raise self.unexpected(f"{sign} is expected")
        return self.advance()

    def expect_word(self, word: str) -> Token:
        """Take this keyword; raises FeelSyntaxError for anything else."""
        if not self.at_word(word):
            raise self.unexpected(f"{word} is expected")
        return self.advance()

    def unexpected(self, hope: str = "") -> FeelSyntaxError:
        """Say what was found instead."""
        token = self.token
        found = "the end of the text" if token.kind == "end" else self.text[token.start : token.end]
        if token.kind == "end":
            return FeelSyntaxError(self.text, token.start, found, f"{hope or 'a value is expected'}, but the text ends")
        reason = f"{hope}, not {found!r}" if hope else f"{found!r} is not expected"
        return FeelSyntaxError(self.text, token.start, found, reason)

    @contextmanager
    def nested(self) -> Iterate[None]:
        """Count a level of nesting; raises FeelLimitError when it is too deep."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise FeelLimitError("nesting-depth", MAX_NESTING)
        yield
        self._depth -= 1

    # -- names

    def new_name(self, *stops: str) -> str:
        """Take a name that is introduced here: everything up to one of the signs that must follow it."""
        return self.words_until(lambda: self.at(*stops))

    def words_until(self, stop: Callable[[], bool]) -> str:
        """Take a new name: everything up to the word or sign that must follow it."""
        start = self.token.start
        end = start
        while not stop():
            if self.token.kind not in {"name", "word", "number"} and not self.at("-", "+", "*", "/", ".", "**", "->"):
                raise self.unexpected("a name is expected")
            end = self.advance().end
        if end == start:
            raise self.unexpected("a name is expected")
        return " ".join(self.text[start:end].split())

    def read_type(self) -> TypeName:
        """Read the name of a type."""
        return self._read_type(self)

    @contextmanager
    def declared(self, names: Iterable[str]) -> Iterate[None]:
        """Know more names within a block."""
        before = self._known
        self.declare(names)
        try:
            yield
        finally:
            self._known = before
            self._token = None

    def declare(self, names: Iterable[str]) -> None:
        """Know more names from here on."""
        self._known = Names(self._known.all.union(names))
        self._token = None

    def remember_key(self, key: str) -> None:
        """Know a key of a context after dots."""
        self._keys |= {key}

    def read_property(self) -> str:
        """Take the name after a dot; keywords are allowed there."""
        with self.declared(self._keys):
            token = self.token
            if token.kind not in {"name", "word"}:
                raise self.unexpected("a name is expected after the dot")
            self.advance()
        return str(token.value)

    # -- expressions

    def expression(self, rank: int = 0) -> Node:
        """Read an expression whose operators bind tighter than `rank`."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise FeelLimitError("nesting-depth", MAX_NESTING)
        left = self.continued(self._prefix(), rank)
        self._depth -= 1
        return left

    def _prefix(self) -> Node:
        if self.at("-"):
            start = self.advance().start
            return Negate(start, self.expression(NEGATE))
        return self.primary()

    def primary(self) -> Node:
        """Read a value, a name or a block."""
        token = self.token
        if token.kind in {"number", "string"}:
            self.advance()
            return Literal(token.start, token.value)
        if token.kind == "name":
            self.advance()
            return Name(token.start, str(token.value))
        return self._read_block(self)

    def continued(self, left: Node, rank: int) -> Node:
        """Read on behind a left operand."""
        links = 0
        while True:
            node = self._next(left, rank)
            if node is None:
                return left
            left = node
            links += 1
            if links > MAX_NESTING:
                raise FeelLimitError("nesting-depth", MAX_NESTING)

    def _next(self, left: Node, rank: int) -> Node | None:
        token = self.token
        if token.kind == "sign":
            return self._after_sign(left, str(token.value), rank)
        if token.kind == "word":
            return self._after_word(left, str(token.value), rank)
        return None

    def _after_sign(self, left: Node, sign: str, rank: int) -> Node | None:
        if sign == "[" and self._depth == self._unfiltered:
            return None
        if sign in {".", "[", "("}:
            return self._postfix(left, sign)
        chain = _CHAINS.get(sign, 0)
        if chain > rank:
            return self._chain(left, chain)
        if sign in COMPARISONS and rank < COMPARE:
            return self._comparison(left)
        return None

    def _after_word(self, left: Node, word: str, rank: int) -> Node | None:
        if word == "instance":
            self.advance()
            self.expect_word("of")
            return InstanceOf(left.offset, left, self.read_type())
        if word in {"and", "or"}:
            own = AND if word == "and" else OR
            return self._logic(left, word, own) if rank < own else None
        if rank >= COMPARE:
            return None
        if word == "between":
            return self._between(left)
        if word == "in":
            self.advance()
            return In(left.offset, left, self.tests_after_in())
        return None

    def _comparison(self, left: Node) -> Node:
        operator = str(self.advance().value)
        node = Comparison(left.offset, operator, left, self.expression(COMPARE))
        if self.at(*COMPARISONS):
            # `1 < x < 5` would compare a boolean with 5; nobody means that.
            raise self.unexpected("comparisons cannot be chained (write x in [1..5])")
        return node

    def _chain(self, left: Node, rank: int) -> Node:
        rest: list[tuple[str, Node]] = []
        while self.token.kind == "sign" and _CHAINS.get(str(self.token.value)) == rank:
            operator = str(self.advance().value)
            rest.append((operator, self.expression(rank)))
        return Chain(left.offset, left, tuple(rest))

    def _logic(self, left: Node, word: str, rank: int) -> Node:
        operands = [left]
        while self.at_word(word):
            self.advance()
            operands.append(self.expression(rank))
        return Logic(left.offset, word, tuple(operands))

    def _between(self, left: Node) -> Node:
        self.advance()
        low = self.expression(COMPARE)
        self.expect_word("and")
        return Between(left.offset, left, low, self.expression(COMPARE))

    def _postfix(self, left: Node, sign: str) -> Node:
        self.advance()
        if sign == ".":
            return Path(left.offset, left, self.read_property())
        if sign == "(":
            arguments, names = self._arguments()
            return Call(left.offset, left, arguments, names)
        with self.declared(("item",)):
            condition = self.expression()
            self.expect("]")
        return Filter(left.offset, left, condition)

    def _arguments(self) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        values: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            if values:
                self.expect(",")
            name = self.argument_name()
            if (name is not None) != bool(names) and values:
                raise self.unexpected("either all arguments are named or none")
            if name is not None:
                names.append(name)
            values.append(self.expression())
        self.expect(")")
        return tuple(values), tuple(names)

    def argument_name(self) -> str | None:
        """Take `name:` when it comes next; the name may be several words."""
        start, words = self.position, []
        while self.token.kind in {"name", "word"}:
            words.append(str(self.advance().value))
        if words and self.at(":"):
            self.advance()
            return " ".join(words)
        self.position, self._token = start, None
        return None

    # -- unary tests

    def cell(self) -> Cell:
        """Read a whole cell of a decision table."""
        start = self.token.start
        if self.text.strip() in {"", "-"}:
            return Cell(start, (), negated=False)
        negated = self._at_negation()
        if negated:
            self.advance()
            self.expect("(")
        tests = self._tests()
        if negated:
            self.expect(")")
        self.finish()
        return Cell(start, tests, negated)

    def _at_negation(self) -> bool:
        return self.token.kind == "name" and self.token.value == "not" and self._opens_after(self.token.end)

    def _opens_after(self, end: int) -> bool:
        following = read_token(self.text, end, self._known)
        return following.kind == "sign" and following.value == "("

    def _tests(self) -> tuple[Test, ...]:
        tests = [self.test()]
        while self.at(","):
            self.advance()
            tests.append(self.test())
        return tuple(tests)

    def test(self) -> Test:
        """Read one positive unary test."""
        start = self.token.start
        if self.at(*COMPARISONS):
            operator = str(self.advance().value)
            return Test(start, operator, self.expression(COMPARE))
        return Test(start, "", self.expression())

    def tests_after_in(self) -> tuple[Test, ...]:
        """Read what follows `in`: one test, or several in parentheses."""
        start = self.token.start
        if self.at(*COMPARISONS):
            return (self.test(),)
        if not self.at("("):
            return (Test(start, "", self.expression(COMPARE)),)
        self.advance()
        first = self.test()
        if not first.operator and self.at(".."):
            return (Test(start, "", self.continued(self.range_from(start, first.operand, low_closed=False), COMPARE)),)
        if first.operator or self.at(","):
            tests = (first, *self._more_tests())
            self.expect(")")
            return tests
        self.expect(")")
        return (Test(start, "", self.continued(first.operand, COMPARE)),)

    def _more_tests(self) -> tuple[Test, ...]:
        if not self.at(","):
            return ()
        self.advance()
        return self._tests()

    def range_from(self, start: int, low: Node, *, low_closed: bool) -> RangeOf:
        """Read `.. high]` behind the lower end."""
        self.expect("..")
        before = self.position, self._depth
        try:
            high = self._upper_end()
        except FeelSyntaxError:
            # `[1..10[` is an open interval too; only what follows tells it from a filter of its upper end.
            self._second_readings += 1
            if self._second_readings > MAX_SECOND_READINGS:
                raise
            self.position, self._depth = before
            self._token = None
            self._unfiltered = self._depth + 1
            high = self._upper_end()
        return RangeOf(start, low, high, low_closed, self.advance().value == "]")

    def _upper_end(self) -> Node:
        try:
            high = self.expression(COMPARE)
        finally:
            self._unfiltered = 0
        if not self.at("]", ")", "["):
            raise self.unexpected("] or ) is expected")
        return high

    def finish(self) -> None:
        """Check that the text ends here."""
        if self.token.kind != "end":
            raise self.unexpected()
