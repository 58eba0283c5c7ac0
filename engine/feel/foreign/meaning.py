"""What is certain about a value without running anything: whether it is a text or a list."""

from typing import Literal

from engine.feel.foreign.tree import Call, Choice, Infix, Items, Member, Text, Tree, Variable

_TEXT_METHODS = frozenset({"toLowerCase", "toUpperCase", "lower", "upper", "toString", "trim", "strip", "join"})
_TEXT_FUNCTIONS = frozenset({"str", "String"})
Kind = Literal["text", "list"] | None


def kind_of(tree: Tree) -> Kind:
    """Return `text` or `list` where a value can be nothing else, else None."""
    match tree:
        case Items():
            return "list"
        case Choice(_, then, other) if kind_of(then) == kind_of(other):
            return kind_of(then)
    return "text" if _is_text(tree) else None


def _is_text(tree: Tree) -> bool:
    match tree:
        case Infix("+", left, right):
            return _is_text(left) or _is_text(right)
        case Call(Member(_, name), _):
            return name in _TEXT_METHODS
        case Call(Variable(name), _):
            return name in _TEXT_FUNCTIONS
    return isinstance(tree, Text)
