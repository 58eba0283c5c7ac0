"""From the shared tree to the text of a FEEL expression."""

from engine.feel.foreign.dialects import Dialect
from engine.feel.foreign.functions import write_call, write_member
from engine.feel.foreign.meaning import kind_of
from engine.feel.foreign.tokens import quoted
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

# How strongly FEEL's operators bind; what binds weaker than its place asks for is put into parentheses.
_LOOSE, _OR, _AND, _COMPARED, _SUM, _PRODUCT, _POWER, _TIGHT = range(8)
_STRENGTH = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_NOTHING = '[null, "", []]'


class Writer:
    """Writes trees of one dialect; `names` collects the variables that the text reads."""

    def __init__(self, dialect: Dialect) -> None:
        """Begin without names."""
        self.dialect = dialect
        self.names: set[str] = set()

    def write(self, tree: Tree, strength: int = _LOOSE) -> str:
        """Return the text of a tree. Raises Underivable for what has no certain counterpart."""
        text, binds = self._written(tree)
        return text if binds >= strength else f"({text})"

    def tight(self, tree: Tree) -> str:
        """Return the text of a tree that something is appended to."""
        return self.write(tree, _TIGHT)

    def _written(self, tree: Tree) -> tuple[str, int]:
        match tree:
            case Member():
                return write_member(self, tree)
            case Call():
                return write_call(self, tree)
            case Prefix():
                return self._prefix(tree)
            case Infix():
                return self._infix(tree)
            case Choice(condition, then, other):
                parts = (self.write(condition, _OR), self.write(then, _OR), self.write(other))
                return "if {} then {} else {}".format(*parts), _LOOSE
        return self._plain(tree), _TIGHT

    def _plain(self, tree: Number | Text | Constant | Variable | Index | Items) -> str:
        match tree:
            case Number(text) | Constant(text):
                return text
            case Text(value):
                return quoted(value)
            case Items(items):
                return f"[{', '.join(self.write(item) for item in items)}]"
            case Variable(name):
                return self._variable(name)
        return self._index(tree)

    def _variable(self, name: str) -> str:
        if name in self.dialect.reserved:
            raise Underivable(f"{name} is an object of another engine")
        self.names.add(name)
        return name

    def _index(self, tree: Index) -> str:
        match tree.index:
            case Number(text) if text.isdecimal():
                return f"{self.tight(tree.owner)}[{int(text) + 1}]"
            case Prefix("-", Number(text)) if text.isdecimal() and not self.dialect.ternary:
                return f"{self.tight(tree.owner)}[-{text}]"
            case Text(value):
                return f"get value({self.write(tree.owner)}, {quoted(value)})"
        raise Underivable("an index that is neither a number nor a text")

    def _prefix(self, tree: Prefix) -> tuple[str, int]:
        match tree:
            case Prefix("not", Prefix("empty", operand)):
                return f"not({self.write(operand, _SUM)} in {_NOTHING})", _TIGHT
            case Prefix("not", operand):
                return f"not({self.write(operand)})", _TIGHT
            case Prefix("empty", operand):
                return f"{self.write(operand, _SUM)} in {_NOTHING}", _COMPARED
        return f"-{self.tight(tree.operand)}", _PRODUCT

    def _infix(self, tree: Infix) -> tuple[str, int]:
        operator, left, right = tree.operator, tree.left, tree.right
        if operator == "%":
            return f"modulo({self.write(left)}, {self.write(right)})", _TIGHT
        if operator == "otherwise":
            return f"if {self.write(left, _SUM)} != null then {self.write(left, _OR)} else {self.write(right)}", _LOOSE
        if operator in {"in", "not in"}:
            found = self.holds(right, left)
            return (f"not({found[0]})", _TIGHT) if operator == "not in" else found
        if operator == "+":
            return self._sum(left, right), _SUM
        strength = _STRENGTH.get(operator)
        if strength is None:
            return f"{self.write(left, _SUM)} {operator} {self.write(right, _SUM)}", _COMPARED
        return f"{self.write(left, strength)} {operator} {self.write(right, strength + 1)}", strength

    def _sum(self, left: Tree, right: Tree) -> str:
        kinds = kind_of(left), kind_of(right)
        if "text" in kinds and self.dialect.name == "JUEL":
            raise Underivable("+ adds numbers in JUEL")
        if "text" in kinds and self.dialect.joins_text:
            return f"{self.as_text(left)} + {self.as_text(right)}"
        return f"{self.write(left, _SUM)} + {self.write(right, _PRODUCT)}"

    def as_text(self, tree: Tree) -> str:
        """Return a tree as a text: itself where it is one, else turned into one."""
        return self.write(tree, _SUM) if kind_of(tree) == "text" else f"string({self.write(tree)})"

    def holds(self, container: Tree, item: Tree) -> tuple[str, int]:
        """Return the test whether a list has an element or a text a part; of an unknown container both."""
        kind = kind_of(container)
        inside, sought = self.write(container), self.write(item)
        if kind == "list":
            return f"list contains({inside}, {sought})", _TIGHT
        if kind == "text":
            return f"contains({inside}, {sought})", _TIGHT
        tested = self.write(container, _SUM)
        both = f"contains({inside}, {sought}) else list contains({inside}, {sought})"
        return f"if {tested} instance of string then {both}", _LOOSE

    def length(self, tree: Tree) -> tuple[str, int]:
        """Return how many elements a list or characters a text has; of an unknown value either."""
        kind, text = kind_of(tree), self.write(tree)
        if kind == "list":
            return f"count({text})", _TIGHT
        if kind == "text":
            return f"string length({text})", _TIGHT
        tested = self.write(tree, _SUM)
        return f"if {tested} instance of string then string length({text}) else count({text})", _LOOSE
