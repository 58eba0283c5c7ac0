"""A small operator-precedence parser for the expressions of JUEL, JavaScript, Groovy and Python."""

from engine.feel.foreign.dialects import Dialect
from engine.feel.foreign.tokens import Token, tokens
from engine.feel.foreign.tree import (
    Call,
    Choice,
    Constant,
    Index,
    Infix,
    Items,
    Member,
    Number,
    Prefix,
    Text,
    Tree,
    Underivable,
    Variable,
)

DEEPEST = 50
_STRENGTH = {
    "otherwise": 2,
    "or": 3,
    "and": 4,
    "=": 6,
    "!=": 6,
    "in": 7,
    "not in": 7,
    "<": 7,
    "<=": 7,
    ">": 7,
    ">=": 7,
    "+": 8,
    "-": 8,
    "*": 9,
    "/": 9,
    "%": 9,
    "**": 11,
}
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "not in"})
_PREFIX_STRENGTH = 10
# In Python `not a == b` negates the comparison.
_PYTHON_NOT = 5


def parse(text: str, dialect: Dialect) -> Tree:
    """Read one expression; raises Underivable for anything else."""
    parser = Parser(tokens(text), dialect)
    tree = parser.expression()
    while parser.at(";"):
        parser.advance()
    parser.expect_end()
    return tree


class Parser:
    """Reads the tokens of one text from left to right."""

    def __init__(self, found: list[Token], dialect: Dialect) -> None:
        """Begin at the first token."""
        self._tokens = found
        self._position = 0
        self._depth = 0
        self.dialect = dialect

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._position]

    def advance(self) -> Token:
        """Take the next token."""
        token = self.token
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def at(self, *texts: str) -> bool:
        """Tell whether one of these signs or words comes next."""
        return self.token.kind in {"sign", "name"} and self.token.text in texts

    def expect(self, text: str) -> None:
        """Take this sign. Raises Underivable where another token stands."""
        if not self.at(text):
            raise Underivable(f"{text} is expected")
        self.advance()

    def expect_end(self) -> None:
        """Raise Underivable unless all has been read."""
        if self.token.kind != "end":
            raise Underivable(f"{self.token.text} is not expected")

    def expression(self, strength: int = 0) -> Tree:
        """Read operands and operators that bind stronger than `strength`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Underivable("nested too deep")
        tree = self._operators(self._prefix(), strength)
        self._depth -= 1
        return tree

    def _operators(self, left: Tree, strength: int) -> Tree:
        python = not self.dialect.ternary
        last: Tree | None = None
        while True:
            operator = self._infix()
            if operator is None:
                return left if strength > 0 else self._choice(left)
            compares = operator in _COMPARISONS
            power = _STRENGTH["<"] if python and compares else _STRENGTH[operator]
            if power <= strength:
                return left
            self._take_infix()
            right = self.expression(power - (operator == "**"))
            # Python reads `1 < x < 5` as two comparisons that both hold.
            chained = python and compares and last is not None
            compared = Infix(operator, last if chained and last is not None else left, right)
            left = Infix("and", left, compared) if chained else compared
            last = right if compares else None

    def _infix(self) -> str | None:
        token = self.token
        if token.kind not in {"sign", "name"}:
            return None
        following = self._tokens[min(self._position + 1, len(self._tokens) - 1)]
        return self.dialect.infix.get(f"{token.text} {following.text}") or self.dialect.infix.get(token.text)

    def _take_infix(self) -> None:
        first, second = self.advance(), self.token
        if f"{first.text} {second.text}" in self.dialect.infix:
            self.advance()

    def _choice(self, left: Tree) -> Tree:
        if self.dialect.ternary and self.at("?:"):
            self.advance()
            return Choice(Prefix("empty", left), self.expression(), left)
        if self.dialect.ternary and self.at("?"):
            self.advance()
            then = self.expression()
            self.expect(":")
            return Choice(left, then, self.expression())
        if not self.dialect.ternary and self.at("if"):
            self.advance()
            condition = self.expression(1)
            self.expect("else")
            return Choice(condition, left, self.expression())
        return left

    def _prefix(self) -> Tree:
        operator = self.dialect.prefix.get(self.token.text) if self.token.kind in {"sign", "name"} else None
        if operator is None:
            return self._postfix(self._operand())
        self.advance()
        negates = operator == "not" and not self.dialect.ternary
        return Prefix(operator, self.expression(_PYTHON_NOT if negates else _PREFIX_STRENGTH))

    def _operand(self) -> Tree:
        token = self.advance()
        if token.kind == "number":
            return Number(token.text)
        if token.kind == "string":
            return Text(token.text)
        if token.kind == "name":
            word = self.dialect.constants.get(token.text)
            return Variable(token.text) if word is None else Constant(word)
        if token.text == "(":
            tree = self.expression()
            self.expect(")")
            return tree
        if token.text == "[":
            return Items(self._until("]"))
        raise Underivable(f"{token.text or 'the end'} is not expected")

    def _postfix(self, tree: Tree) -> Tree:
        while True:
            if self.at(".", "?."):
                self.advance()
                if self.token.kind != "name":
                    raise Underivable("a name is expected")
                tree = Member(tree, self.advance().text)
            elif self.at("["):
                self.advance()
                tree = Index(tree, self.expression())
                self.expect("]")
            elif self.at("(") and isinstance(tree, Variable | Member):
                self.advance()
                tree = Call(tree, self._until(")"))
            else:
                return tree

    def _until(self, end: str) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while not self.at(end):
            if found:
                self.expect(",")
            found.append(self.expression())
        self.advance()
        return tuple(found)
