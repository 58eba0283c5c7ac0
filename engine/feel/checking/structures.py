"""The types of blocks: conditions, loops, lists, contexts, ranges, paths, filters and functions."""

from engine.feel.checking.checker import Checker, reads
from engine.feel.checking.environment import Environment, nearest
from engine.feel.checking.static_types import ANY, BOOLEAN, NUMBER, StaticType, joined, list_of
from engine.feel.nodes import (
    ContextOf,
    Filter,
    For,
    FunctionOf,
    If,
    Iterator,
    ListOf,
    Path,
    Quantified,
    RangeOf,
    TypeName,
    UnaryRange,
)

_DAY = ("year", "month", "day", "weekday")
_CLOCK = ("hour", "minute", "second")
_PARTS: dict[str, frozenset[str]] = {
    "date": frozenset(_DAY),
    "time": frozenset((*_CLOCK, "time offset", "timezone")),
    "date and time": frozenset((*_DAY, *_CLOCK, "time offset", "timezone")),
    "days and time duration": frozenset(("days", "hours", "minutes", "seconds", "years", "months")),
    "years and months duration": frozenset(("years", "months", "days", "hours", "minutes", "seconds")),
    "range": frozenset(("start", "end", "start included", "end included")),
}
_TEXTS: dict[str, StaticType] = {
    "timezone": StaticType("string"),
    "time offset": StaticType("days and time duration"),
    "start included": BOOLEAN,
    "end included": BOOLEAN,
    "start": ANY,
    "end": ANY,
}


@reads(If)
def _if(checker: Checker, node: If, seen: Environment) -> StaticType:
    checker.condition(node.condition, seen)
    return joined([checker.type_of(node.then, seen), checker.type_of(node.otherwise, seen)])


def _iterated(checker: Checker, iterators: tuple[Iterator, ...], seen: Environment) -> Environment:
    for one in iterators:
        source = checker.type_of(one.source, seen)
        if one.last is not None:
            checker.type_of(one.last, seen)
            element = source
        else:
            element = (source.element or ANY) if source.name in {"list", "range"} else source
        seen = seen.with_names({one.name: StaticType(element.name, element.element, element.fields, element.closed)})
    return seen


@reads(For)
def _for(checker: Checker, node: For, seen: Environment) -> StaticType:
    inner = _iterated(checker, node.iterators, seen).with_names({"partial": StaticType("list")})
    return list_of(checker.type_of(node.body, inner))


@reads(Quantified)
def _quantified(checker: Checker, node: Quantified, seen: Environment) -> StaticType:
    checker.condition(node.condition, _iterated(checker, node.iterators, seen))
    return BOOLEAN


@reads(ListOf)
def _list(checker: Checker, node: ListOf, seen: Environment) -> StaticType:
    if not node.items:
        return StaticType("list")
    return list_of(joined([checker.type_of(item, seen) for item in node.items]))


@reads(ContextOf)
def _context(checker: Checker, node: ContextOf, seen: Environment) -> StaticType:
    fields: dict[str, StaticType] = {}
    for name, value in node.entries:
        fields[name] = checker.type_of(value, seen.with_names(fields))
    return StaticType("context", fields=fields, closed=True)


@reads(RangeOf)
def _range(checker: Checker, node: RangeOf, seen: Environment) -> StaticType:
    low, high = checker.type_of(node.low, seen), checker.type_of(node.high, seen)
    checker.order(node, "..", low, high)
    element = joined([low, high])
    return StaticType("range", element=StaticType(element.name))


@reads(UnaryRange)
def _unary_range(checker: Checker, node: UnaryRange, seen: Environment) -> StaticType:
    element = checker.type_of(node.operand, seen)
    return StaticType("range", element=StaticType(element.name))


@reads(Path)
def _path(checker: Checker, node: Path, seen: Environment) -> StaticType:
    operand = checker.type_of(node.operand, seen)
    if operand.name == "list":
        return list_of(_property(checker, node, operand.element or ANY))
    return _property(checker, node, operand)


def _property(checker: Checker, node: Path, operand: StaticType) -> StaticType:
    if operand.name == "context":
        if operand.closed and node.name not in operand.fields:
            _unknown(checker, node, operand, dict.fromkeys(operand.fields))
        return operand.fields.get(node.name, ANY)
    parts = _PARTS.get(operand.name)
    if parts is None:
        if operand.is_known and operand.name != "function":
            _unknown(checker, node, operand, {})
        return ANY
    if node.name not in parts:
        _unknown(checker, node, operand, dict.fromkeys(sorted(parts)))
    return _TEXTS.get(node.name, NUMBER)


def _unknown(checker: Checker, node: Path, operand: StaticType, known: dict[str, None]) -> None:
    suggestion = nearest(node.name, known)
    if suggestion is not None:
        checker.note(
            node, "feel-property-misspelt", "error", context=str(operand), name=node.name, suggestion=suggestion
        )
        return
    listed = ", ".join(list(known)[:12]) or "—"
    checker.note(node, "feel-property-unknown", "error", context=str(operand), name=node.name, known=listed)


@reads(Filter)
def _filter(checker: Checker, node: Filter, seen: Environment) -> StaticType:
    operand = checker.type_of(node.operand, seen)
    item = (operand.element or ANY) if operand.name == "list" else operand
    inner = seen.with_names({**item.fields, "item": item})
    found = checker.type_of(node.condition, inner if item.name == "context" and item.closed else inner.opened())
    if found.name == "number":
        return item
    if found.is_known and found.name not in {"boolean", "list"}:
        checker.note(node.condition, "feel-not-boolean", "error", found=str(found))
    return list_of(item) if found.name == "boolean" else ANY


@reads(FunctionOf)
def _function(checker: Checker, node: FunctionOf, seen: Environment) -> StaticType:
    kinds = node.types or (None,) * len(node.parameters)
    own = {name: named_type(kind) for name, kind in zip(node.parameters, kinds, strict=True)}
    result = ANY if node.external else checker.type_of(node.body, seen.with_names(own))
    return StaticType("function", parameters=node.parameters, result=result)


def named_type(name: TypeName | None) -> StaticType:
    """Return the type that is written down; `Any` for one that only its file knows."""
    if name is None:
        return ANY
    if name.name in {"list", "range"}:
        return StaticType(name.name, element=named_type(name.element))
    if name.name == "context":
        return StaticType("context", fields={key: named_type(kind) for key, kind in name.fields})
    known = name.name in _PARTS or name.name in {"number", "string", "boolean", "function"}
    return StaticType(name.name) if known else ANY
