"""The syntax tree that all foreign dialects share; it knows the shape of a text and nothing of its meaning."""

from dataclasses import dataclass


class Underivable(ValueError):
    """A text that cannot be read, or whose meaning has no certain counterpart in FEEL."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, written as FEEL writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True, slots=True)
class Constant:
    """true, false or null."""

    word: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A name."""

    name: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """An operator before its operand: `-`, `not`, `empty`."""

    operator: str
    operand: "Tree"


@dataclass(frozen=True, slots=True)
class Infix:
    """An operator between two operands, in the words of FEEL; besides `%`, `in`, `not in` and `otherwise`."""

    operator: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value or another."""

    condition: "Tree"
    then: "Tree"
    other: "Tree"


@dataclass(frozen=True, slots=True)
class Member:
    """A property: `order.amount`."""

    owner: "Tree"
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """An element: `items[0]`, `order["amount"]`."""

    owner: "Tree"
    index: "Tree"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function (a variable) or of a method (a member)."""

    target: "Variable | Member"
    arguments: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Items:
    """A list that is written out."""

    items: "tuple[Tree, ...]"


Tree = Number | Text | Constant | Variable | Prefix | Infix | Choice | Member | Index | Call | Items
