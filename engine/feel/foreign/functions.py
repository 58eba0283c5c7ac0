"""Methods, properties and functions of other languages, and what FEEL has in their place."""

from collections.abc import Callable
from typing import Protocol

from engine.feel.foreign.tokens import quoted
from engine.feel.foreign.tree import Call, Infix, Member, Number, Text, Tree, Underivable, Variable

# How strongly the text binds: an `if` loosely, a comparison more, a call most.
LOOSE, COMPARED, TIGHT = 0, 3, 7
Written = tuple[str, int]


class Pen(Protocol):
    """What writes the parts of a call."""

    names: set[str]

    def write(self, tree: Tree, strength: int = LOOSE) -> str:
        """Return the text of a tree."""
        ...

    def tight(self, tree: Tree) -> str:
        """Return the text of a tree that something is appended to."""
        ...

    def as_text(self, tree: Tree) -> str:
        """Return a tree as a text."""
        ...

    def holds(self, container: Tree, item: Tree) -> Written:
        """Return the test whether a list has an element or a text a part."""
        ...

    def length(self, tree: Tree) -> Written:
        """Return the number of elements or characters."""
        ...


def write_member(pen: Pen, member: Member) -> Written:
    """Return a property; lengths are functions in FEEL."""
    if member.name == "length":
        return pen.length(member.owner)
    return f"{pen.tight(member.owner)}.{member.name}", TIGHT


def write_call(pen: Pen, call: Call) -> Written:
    """Return a call in FEEL. Raises Underivable for a function or method without a counterpart."""
    if isinstance(call.target, Variable):
        return _function(pen, call.target.name, call.arguments)
    owner, name = call.target.owner, call.target.name
    if isinstance(owner, Variable) and owner.name in _OBJECTS:
        return _OBJECTS[owner.name](pen, name, call.arguments)
    method = _METHODS.get((name, len(call.arguments)))
    if method is None:
        raise Underivable(f"the method {name} has no counterpart")
    return method(pen, owner, call.arguments)


def _function(pen: Pen, name: str, arguments: tuple[Tree, ...]) -> Written:
    if name == "len" and len(arguments) == 1:
        return pen.length(arguments[0])
    renamed = _FUNCTIONS.get((name, len(arguments))) or (_MANY.get(name) if arguments else None)
    if renamed is None:
        raise Underivable(f"the function {name} has no counterpart")
    return _called(pen, renamed, arguments), TIGHT


def _called(pen: Pen, name: str, arguments: tuple[Tree, ...]) -> str:
    return f"{name}({', '.join(pen.write(argument) for argument in arguments)})"


def _execution(pen: Pen, name: str, arguments: tuple[Tree, ...]) -> Written:
    """Variables that are read through an object of the engine are read by their name."""
    match name, arguments:
        case (("getVariable" | "getVariableLocal"), (Text(variable),)) if variable.isidentifier():
            pen.names.add(variable)
            return variable, TIGHT
        case "hasVariable", (Text(variable),) if variable.isidentifier():
            pen.names.add(variable)
            return f"{variable} != null", COMPARED
    raise Underivable(f"{name} is a method of another engine")


def _mathematics(pen: Pen, name: str, arguments: tuple[Tree, ...]) -> Written:
    if name == "round" and len(arguments) == 1:
        return f"round half up({pen.write(arguments[0])}, 0)", TIGHT
    if name == "pow" and len(arguments) == 2:  # noqa: PLR2004 - base and exponent
        return f"({pen.tight(arguments[0])} ** {pen.tight(arguments[1])})", TIGHT
    renamed = {"max": "max", "min": "min", "abs": "abs", "floor": "floor", "ceil": "ceiling", "sqrt": "sqrt"}.get(name)
    if renamed is None:
        raise Underivable(f"Math.{name} has no counterpart")
    return _called(pen, renamed, arguments), TIGHT


def _equals(pen: Pen, owner: Tree, arguments: tuple[Tree, ...]) -> Written:
    return pen.write(Infix("=", owner, arguments[0])), COMPARED


def _equals_whatever_case(pen: Pen, owner: Tree, arguments: tuple[Tree, ...]) -> Written:
    return f"lower case({pen.write(owner)}) = lower case({pen.write(arguments[0])})", COMPARED


def _holds(pen: Pen, owner: Tree, arguments: tuple[Tree, ...]) -> Written:
    return pen.holds(owner, arguments[0])


def _size(pen: Pen, owner: Tree, _arguments: tuple[Tree, ...]) -> Written:
    return f"count({pen.write(owner)})", TIGHT


def _length(pen: Pen, owner: Tree, _arguments: tuple[Tree, ...]) -> Written:
    return f"string length({pen.write(owner)})", TIGHT


def _is_empty(pen: Pen, owner: Tree, _arguments: tuple[Tree, ...]) -> Written:
    return f'{pen.tight(owner)} in ["", []]', COMPARED


def _element(pen: Pen, owner: Tree, arguments: tuple[Tree, ...]) -> Written:
    match arguments[0]:
        case Number(text) if text.isdecimal():
            return f"{pen.tight(owner)}[{int(text) + 1}]", TIGHT
        case Text(key):
            return f"get value({pen.write(owner)}, {quoted(key)})", TIGHT
    raise Underivable("an index that is neither a number nor a text")


def _part(pen: Pen, owner: Tree, arguments: tuple[Tree, ...]) -> Written:
    """Write `substring(from, to)`; both count from 0, FEEL takes a start from 1 and a length."""
    numbers = [int(item.text) for item in arguments if isinstance(item, Number) and item.text.isdecimal()]
    if len(numbers) != len(arguments) or numbers != sorted(numbers):
        raise Underivable("the bounds of a substring are not numbers")
    length = f", {numbers[1] - numbers[0]}" if numbers[1:] else ""
    return f"substring({pen.write(owner)}, {numbers[0] + 1}{length})", TIGHT


def _join(pen: Pen, owner: Tree, arguments: tuple[Tree, ...]) -> Written:
    """Write the joining of a list by a text; Python names the text first."""
    parts, between = (arguments[0], owner) if isinstance(owner, Text) else (owner, arguments[0])
    if isinstance(parts, Text) or not isinstance(between, Text | Variable | Member):
        raise Underivable("what is joined is not a list")
    return f"string join({pen.write(parts)}, {pen.write(between)})", TIGHT


def _as_text(pen: Pen, owner: Tree, _arguments: tuple[Tree, ...]) -> Written:
    return pen.as_text(owner), COMPARED


def _named(name: str) -> Callable[[Pen, Tree, tuple[Tree, ...]], Written]:
    return lambda pen, owner, arguments: (_called(pen, name, (owner, *arguments)), TIGHT)


_OBJECTS: dict[str, Callable[[Pen, str, tuple[Tree, ...]], Written]] = {
    "execution": _execution,
    "task": _execution,
    "delegateTask": _execution,
    "Math": _mathematics,
}
_METHODS: dict[tuple[str, int], Callable[[Pen, Tree, tuple[Tree, ...]], Written]] = {
    ("equals", 1): _equals,
    ("equalsIgnoreCase", 1): _equals_whatever_case,
    ("contains", 1): _holds,
    ("includes", 1): _holds,
    ("size", 0): _size,
    ("length", 0): _length,
    ("isEmpty", 0): _is_empty,
    ("get", 1): _element,
    ("substring", 1): _part,
    ("substring", 2): _part,
    ("join", 1): _join,
    ("toString", 0): _as_text,
    ("startsWith", 1): _named("starts with"),
    ("startswith", 1): _named("starts with"),
    ("endsWith", 1): _named("ends with"),
    ("endswith", 1): _named("ends with"),
    ("toLowerCase", 0): _named("lower case"),
    ("lower", 0): _named("lower case"),
    ("toUpperCase", 0): _named("upper case"),
    ("upper", 0): _named("upper case"),
    ("containsKey", 1): lambda pen, owner, arguments: (
        f"get value({pen.write(owner)}, {pen.write(arguments[0])}) != null",
        COMPARED,
    ),
}
_FUNCTIONS = {
    ("str", 1): "string",
    ("String", 1): "string",
    ("abs", 1): "abs",
    ("sum", 1): "sum",
    ("now", 0): "now",
    ("today", 0): "today",
}
_MANY = {"max": "max", "min": "min"}
