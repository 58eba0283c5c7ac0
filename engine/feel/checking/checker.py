"""Reading an expression without running it: the type of each part, and what cannot be right about it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from engine.feel.checking.environment import Environment, is_slip, nearest
from engine.feel.checking.findings import ExpressionFinding, Severity, place_of
from engine.feel.checking.operators import NEGATABLE, alike, combined, is_ordered
from engine.feel.checking.static_types import ANY, BOOLEAN, StaticType, may_be, type_of_value
from engine.feel.functions.registry import BUILTINS
from engine.feel.nodes import Between, Chain, Comparison, In, InstanceOf, Literal, Logic, Name, Negate, Node, Test
from engine.feel.run import Run
from engine.feel.writing import write

N = TypeVar("N", bound=Node)
Reader = Callable[["Checker", Any, Environment], StaticType]
MAX_SHOWN = 8


class Checker:
    """Checks one text and notes what it finds."""

    def __init__(self, text: str) -> None:
        """Take the text, for places."""
        self.text = text
        self.findings: list[ExpressionFinding] = []

    def note(self, node: Node, code: str, severity: Severity, **params: object) -> None:
        """Note a finding at a node, once."""
        line, column = place_of(self.text, node.offset)
        finding = ExpressionFinding(code, severity, line, column, params)
        if finding not in self.findings:
            self.findings.append(finding)

    def type_of(self, node: Node, seen: Environment) -> StaticType:
        """Return the type of a node, and note what is wrong in it."""
        reader = READERS.get(node.__class__)
        return reader(self, node, seen) if reader is not None else ANY

    def unknown_name(self, node: Node, name: str, seen: Environment, known: Mapping[str, object]) -> None:
        """Note a name that is not known, with the one that was meant, perhaps."""
        suggestion = nearest(name, known)
        severity: Severity = "error" if seen.unknown == "error" else "warning"
        if suggestion is not None and seen.unknown == "open" and not is_slip(name, suggestion):
            return
        if suggestion is not None:
            self.note(node, "feel-name-misspelt", severity, name=name, suggestion=suggestion)
        elif seen.unknown != "open":
            self.note(node, "feel-name-unknown", severity, name=name)

    def condition(self, node: Node, seen: Environment) -> None:
        """Check something that must be true or false."""
        found = self.type_of(node, seen)
        if not may_be(found, BOOLEAN):
            self.note(node, "feel-not-boolean", "error", found=str(found))

    def result(self, node: Node, found: StaticType, wanted: tuple[StaticType, ...]) -> None:
        """Check the type of a whole expression against those that may be there."""
        if wanted and not any(may_be(found, one) for one in wanted):
            names = dict.fromkeys(str(one) for one in wanted)
            impossible = [one for one in wanted if one.name == found.name and one.values is not None]
            if found.values is not None and impossible:
                self.impossible(node, found, impossible[0])
            else:
                self.note(node, "feel-result-type", "error", expected=" / ".join(names), found=str(found))

    def equality(self, node: Node, left: StaticType, right: StaticType) -> None:
        """Check two things that are compared by equality."""
        if not alike(left, right):
            self.note(node, "feel-compare-types", "warning", left=str(left), right=str(right))
        elif left.values is not None and right.values is not None and not may_be(left, right):
            self.impossible(node, *((right, left) if len(left.values) > len(right.values) else (left, right)))

    def impossible(self, node: Node, found: StaticType, wanted: StaticType) -> None:
        """Note a value that is none of those that there can be."""
        self.note(
            node,
            "feel-value-impossible",
            "warning",
            value=", ".join(shown(value) for value in (found.values or ())[:MAX_SHOWN]),
            allowed=", ".join(shown(value) for value in (wanted.values or ())[:MAX_SHOWN]),
        )

    def tests(self, tests: tuple[Test, ...], value: StaticType, seen: Environment) -> None:
        """Check unary tests of a value of some type."""
        inner = seen.with_names({"?": value})
        for test in tests:
            found = self.type_of(test.operand, inner)
            if test.operator in {"<", "<=", ">", ">="}:
                self.order(test, test.operator, value, found)
            elif not _mentions_input(test.operand):
                self._membership(test, value, found)

    def _membership(self, test: Test, value: StaticType, found: StaticType) -> None:
        if found.name in {"range", "list"} and value.name != found.name:
            inner = found.element or ANY
            if not alike(value, inner) and inner.name not in {"range", "list"}:
                self.note(test, "feel-compare-types", "warning", left=str(value), right=str(found))
        elif found.name != "boolean" or value.name == "boolean":
            self.equality(test, value, found)

    def order(self, node: Node, operator: str, left: StaticType, right: StaticType) -> None:
        """Check two things that are compared by order."""
        if not is_ordered(left, right):
            self.note(node, "feel-operand-types", "error", operator=operator, left=str(left), right=str(right))


READERS: dict[type[Node], Reader] = {}


def reads(kind: type[N]) -> Callable[[Callable[[Checker, N, Environment], StaticType]], Reader]:
    """Register the function that finds the type of one kind of node."""

    def register(function: Callable[[Checker, N, Environment], StaticType]) -> Reader:
        READERS[kind] = function
        return function

    return register


def shown(value: object) -> str:
    """Write a value as FEEL does."""
    return write(value, Run())


def _mentions_input(node: object) -> bool:
    if isinstance(node, Name):
        return node.name == "?"
    if isinstance(node, tuple):
        return any(_mentions_input(part) for part in node)
    return isinstance(node, Node) and any(_mentions_input(getattr(node, part)) for part in node.__dataclass_fields__)


@reads(Literal)
def _literal(_checker: Checker, node: Literal, _seen: Environment) -> StaticType:
    found = type_of_value(node.value)
    if isinstance(node.value, (str, bool)):
        return StaticType(found.name, values=(node.value,))
    return found


@reads(Name)
def _name(checker: Checker, node: Name, seen: Environment) -> StaticType:
    found = seen.type_of(node.name)
    if found is not None:
        return found
    if node.name in BUILTINS:
        return StaticType("function")
    checker.unknown_name(node, node.name, seen, seen.names)
    return ANY


@reads(Chain)
def _chain(checker: Checker, node: Chain, seen: Environment) -> StaticType:
    left = checker.type_of(node.first, seen)
    for operator, operand in node.rest:
        right = checker.type_of(operand, seen)
        result = combined(operator, left, right)
        if result is None:
            checker.note(node, "feel-operand-types", "error", operator=operator, left=str(left), right=str(right))
        left = ANY if result is None else result
    return left


@reads(Negate)
def _negate(checker: Checker, node: Negate, seen: Environment) -> StaticType:
    found = checker.type_of(node.operand, seen)
    if found.is_known and found.name not in NEGATABLE | {"list"}:
        checker.note(node, "feel-operand-types", "error", operator="-", left="", right=str(found))
        return ANY
    return found if found.name in NEGATABLE else ANY


@reads(Logic)
def _logic(checker: Checker, node: Logic, seen: Environment) -> StaticType:
    for operand in node.operands:
        checker.condition(operand, seen)
    return BOOLEAN


@reads(Comparison)
def _comparison(checker: Checker, node: Comparison, seen: Environment) -> StaticType:
    left, right = checker.type_of(node.left, seen), checker.type_of(node.right, seen)
    if node.operator in {"=", "!="}:
        checker.equality(node, left, right)
    elif "Null" not in {left.name, right.name}:
        checker.order(node, node.operator, left, right)
    return BOOLEAN


@reads(Between)
def _between(checker: Checker, node: Between, seen: Environment) -> StaticType:
    value = checker.type_of(node.operand, seen)
    for end in (node.low, node.high):
        checker.order(node, "between", value, checker.type_of(end, seen))
    return BOOLEAN


@reads(In)
def _in(checker: Checker, node: In, seen: Environment) -> StaticType:
    checker.tests(node.tests, checker.type_of(node.operand, seen), seen)
    return BOOLEAN


@reads(InstanceOf)
def _instance_of(checker: Checker, node: InstanceOf, seen: Environment) -> StaticType:
    checker.type_of(node.operand, seen)
    return BOOLEAN
