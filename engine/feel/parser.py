"""From text to syntax tree: a Pratt parser for the expressions and unary tests of DMN 1.3."""

from collections.abc import Callable, Iterable
from collections.abc import Iterator as Iterate
from contextlib import contextmanager

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.lexer import read_token
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
from engine.feel.token_reader import TokenReader

MAX_NESTING = 64
MAX_SECOND_READINGS = 32

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, POSTFIX = range(10, 90, 10)
_CHAINS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Parser(TokenReader):
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
        super().__init__(text, names)
        self._read_block = read_block
        self._read_type = read_type
        self.type_names = frozenset(type_names)
        self._depth = 0
        # The depth at which `[` closes an interval instead of opening a filter; 0 for none.
        self._unfiltered = 0
        self._second_readings = 0

    def read_type(self) -> TypeName:
        """Read the name of a type."""
        return self._read_type(self)

    @contextmanager
    def nested(self) -> Iterate[None]:
        """Count a level of nesting; raises FeelLimitError when it is too deep."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise FeelLimitError("nesting-depth", MAX_NESTING).at(self.text, self.token.start)
        yield
        self._depth -= 1

    # -- expressions

    def expression(self, rank: int = 0) -> Node:
        """Read an expression whose operators bind tighter than `rank`."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise FeelLimitError("nesting-depth", MAX_NESTING).at(self.text, self.token.start)
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
                raise FeelLimitError("nesting-depth", MAX_NESTING).at(self.text, self.token.start)

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
        following = read_token(self.text, end, self.known)
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
            position, self._depth = before
            self.rewind(position)
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
