"""Calls: how many arguments of which types a function takes, and what it answers."""

from collections.abc import Callable

from engine.feel.checking.checker import Checker, reads
from engine.feel.checking.environment import Environment
from engine.feel.checking.results import ELEMENT, KINDS, LIKE_FIRST, RESULTS
from engine.feel.checking.static_types import ANY, StaticType, may_be
from engine.feel.functions.registry import BUILTINS, Builtin, Parameter, Signature
from engine.feel.nodes import Call, Literal, Name
from engine.feel.temporal import parse_duration

_MONTHS_OR_DAYS = ("days and time duration", "years and months duration")


@reads(Call)
def _call(checker: Checker, node: Call, seen: Environment) -> StaticType:
    arguments = [checker.type_of(argument, seen) for argument in node.arguments]
    name = node.function.name if isinstance(node.function, Name) else None
    if name is None or seen.type_of(name) is not None:
        return _called_value(checker, node, checker.type_of(node.function, seen))
    builtin = BUILTINS.get(name)
    if builtin is None:
        checker.unknown_name(node, name, seen, {**BUILTINS, **seen.names})
        return ANY
    fitting = [signature for signature in builtin.signatures if signature.accepts(len(arguments), node.names)]
    if not fitting:
        checker.note(node, "feel-argument-count", "error", function=name, usage=builtin.usage())
        return _result(name, node, arguments)
    if not any(_first_misfit(signature, node, arguments) is None for signature in fitting):
        _misfit(checker, node, builtin, fitting, arguments)
    return _result(name, node, arguments)


def _called_value(checker: Checker, node: Call, function: StaticType) -> StaticType:
    if function.is_known and function.name not in {"function", "list"}:
        name = node.function.name if isinstance(node.function, Name) else ""
        checker.note(node, "feel-not-function", "error", name=name, found=str(function))
        return ANY
    if function.parameters is not None and len(function.parameters) != len(node.arguments):
        usage = f"({', '.join(function.parameters)})"
        checker.note(node, "feel-argument-count", "error", function="function", usage=usage)
    return function.result or ANY


def _placed(signature: Signature, node: Call, count: int) -> list[tuple[Parameter, int]]:
    """Return the parameters with the positions of their arguments."""
    if node.names:
        by_name = {parameter.name: parameter for parameter in signature.parameters}
        return [(by_name[name], position) for position, name in enumerate(node.names)]
    last = len(signature.parameters) - 1
    return [(signature.parameters[min(position, last)], position) for position in range(count)] if last >= 0 else []


def _first_misfit(signature: Signature, node: Call, arguments: list[StaticType]) -> tuple[Parameter, int] | None:
    for parameter, position in _placed(signature, node, len(arguments)):
        if not _fits(arguments[position], parameter.kind):
            return parameter, position
    return None


def _fits(found: StaticType, kind: str) -> bool:
    if kind == "list" or not found.is_known:
        return True
    wanted = KINDS.get(kind)
    return wanted is None or any(may_be(found, StaticType(name)) for name in wanted)


def _misfit(
    checker: Checker, node: Call, builtin: Builtin, fitting: list[Signature], arguments: list[StaticType]
) -> None:
    misfit = _first_misfit(fitting[0], node, arguments)
    if misfit is None:
        return
    parameter, position = misfit
    same_place = [found for signature in fitting if (found := _first_misfit(signature, node, arguments)) is not None]
    kinds = dict.fromkeys(name for one, at in same_place if at == position for name in KINDS.get(one.kind, (one.kind,)))
    checker.note(
        node.arguments[position],
        "feel-argument-type",
        "error",
        function=builtin.name,
        parameter=parameter.name,
        expected=" / ".join(kinds),
        found=str(arguments[position]),
    )


def _result(name: str, node: Call, arguments: list[StaticType]) -> StaticType:
    first = arguments[0] if arguments else ANY
    if name in RESULTS:
        return RESULTS[name]
    if name in LIKE_FIRST:
        return StaticType("list", element=first.element if first.name == "list" else None)
    if name in ELEMENT and first.name == "list" and len(arguments) == 1:
        return first.element or ANY
    special = _SPECIAL.get(name)
    return ANY if special is None else special(node, first)


def _value_of(node: Call, first: StaticType) -> StaticType:
    key = node.arguments[1] if len(node.arguments) > 1 else None
    return first.fields.get(str(key.value), ANY) if isinstance(key, Literal) else ANY


def _duration(node: Call, _first: StaticType) -> StaticType:
    argument = node.arguments[0] if node.arguments else None
    if isinstance(argument, Literal) and isinstance(argument.value, str):
        value = parse_duration(argument.value)
        if value is not None:
            return StaticType(_MONTHS_OR_DAYS[value.__class__.__name__ == "YearsMonths"])
    return ANY


_SPECIAL: dict[str, Callable[[Call, StaticType], StaticType]] = {
    "get value": _value_of,
    "abs": lambda _node, first: StaticType(first.name) if first.name != "list" else ANY,
    "duration": _duration,
}
