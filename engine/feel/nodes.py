"""The syntax tree of an expression: what was written, before it is made runnable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression; `offset` is where it starts in the text."""

    offset: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value that is written out."""

    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable; `?` is the value under test."""

    name: str


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operands joined by operators of one rank, from left to right: `a + b - c`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c`, or with `or`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a < b` and its kin."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`a between low and high`."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A positive unary test: `< 5` with an operator, `5` or `[1..5]` without."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`a in (tests)`."""

    operand: Node
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """The name of a type, with the types of its elements, entries or parameters where it names them."""

    name: str
    element: "TypeName | None" = None
    fields: "tuple[tuple[str, TypeName], ...]" = ()
    parameters: "tuple[TypeName, ...] | None" = None
    result: "TypeName | None" = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`a instance of type`."""

    operand: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if a then b else c`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in list`, or `name in first..last`."""

    name: str
    source: Node
    last: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for … return …`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some … satisfies …` or `every … satisfies …`."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`a.name`."""

    operand: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`a[condition]`."""

    operand: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`f(a, b)` or `f(x: a, y: b)`; `names` is empty for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{a: 1, b: a + 1}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[a..b)`."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class UnaryRange(Node):
    """`(< 10)`: an interval without an end on one side."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(a, b: number) body`; `types` holds None for a parameter without a type.

    An external function has no body that could be run.
    """

    parameters: tuple[str, ...]
    body: Node
    types: tuple[TypeName | None, ...] = ()
    external: bool = False


@dataclass(frozen=True, slots=True)
class Cell(Node):
    """What stands in a cell of a decision table; without tests it is `-`."""

    tests: tuple[Test, ...]
    negated: bool


def mentions(node: object, name: str) -> bool:
    """Tell whether a variable occurs in a piece of a syntax tree."""
    if isinstance(node, Name):
        return node.name == name
    if isinstance(node, tuple):
        return any(mentions(part, name) for part in node)
    if not isinstance(node, Node):
        return False
    return any(mentions(getattr(node, part), name) for part in node.__dataclass_fields__)
