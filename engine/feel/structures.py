"""How structures run: `if`, lists, contexts, ranges, paths and filters."""

from decimal import Decimal

from engine.feel.comparison import comparable
from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.nodes import ContextOf, Filter, If, ListOf, Path, RangeOf
from engine.feel.run import Run, Scope
from engine.feel.temporal import PARTS
from engine.feel.values import Range


@compiles(If)
def _if(compiler: Compiler, node: If) -> Code:
    condition, then, otherwise = (compiler.compile(part) for part in (node.condition, node.then, node.otherwise))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


@compiles(ListOf)
def _list(compiler: Compiler, node: ListOf) -> Code:
    items = [compiler.compile(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


@compiles(ContextOf)
def _context(compiler: Compiler, node: ContextOf) -> Code:
    entries: list[tuple[str, Code]] = []
    seen: list[str] = []
    for key, value in node.entries:
        entries.append((key, compiler.within(frozenset(seen), value)))
        seen.append(key)

    def code(scope: Scope) -> object:
        context: dict[str, object] = {}
        inner = Scope(context, scope, scope.run)
        for key, value in entries:
            context[key] = value(inner)
        return context

    return code


@compiles(RangeOf)
def _range(compiler: Compiler, node: RangeOf) -> Code:
    low, high = compiler.compile(node.low), compiler.compile(node.high)

    def code(scope: Scope) -> object:
        return build_range(low(scope), high(scope), low_closed=node.low_closed, high_closed=node.high_closed)

    return code


def build_range(low: object, high: object, *, low_closed: bool, high_closed: bool) -> Range | None:
    """Return an interval; null where its ends cannot be compared."""
    if low is not None and high is not None and comparable(low, high) is None:
        return None
    return Range(low, high, low_closed, high_closed)


@compiles(Path)
def _path(compiler: Compiler, node: Path) -> Code:
    operand, name = compiler.compile(node.operand), node.name
    return lambda scope: property_of(operand(scope), name, scope.run)


_RANGE_PARTS = {
    "start": lambda value: value.low,
    "end": lambda value: value.high,
    "start included": lambda value: value.low_closed,
    "end included": lambda value: value.high_closed,
}


def property_of(value: object, name: str, run: Run) -> object:
    """Return what `value.name` is: an entry of a context, a part of a date; over a list, of each element."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        run.charge(len(value) + 1)
        return [property_of(item, name, run) for item in value]
    parts = _RANGE_PARTS if isinstance(value, Range) else PARTS.get(value.__class__)
    part = parts.get(name) if parts is not None else None
    return None if part is None else part(value)


@compiles(Filter)
def _filter(compiler: Compiler, node: Filter) -> Code:
    operand = compiler.compile(node.operand)
    condition = compiler.within(None, node.condition)

    def code(scope: Scope) -> object:
        source = operand(scope)
        items = source if isinstance(source, list) else [] if source is None else [source]
        return filtered(items, condition, scope)

    return code


def filtered(items: list[object], condition: Code, scope: Scope) -> object:
    """Return the element at a position, or the list of elements for which the condition is true."""
    chosen: list[object] = []
    for item in items:
        scope.run.charge(1)
        answer = condition(item_scope(item, scope))
        if isinstance(answer, Decimal):
            return element_at(items, answer)
        if answer is True:
            chosen.append(item)
    return chosen


def item_scope(item: object, scope: Scope) -> Scope:
    """Open the scope of a filter: `item`, and the entries of the item where it is a context."""
    inner = Scope({"item": item}, scope, scope.run)
    return Scope(item, inner, scope.run) if isinstance(item, dict) else inner


def element_at(items: list[object], position: Decimal) -> object:
    """Return the element at a 1-based position, from the end when negative; null outside of the list."""
    if position != position.to_integral_value() or not 0 < abs(position) <= len(items):
        return None
    index = int(position)
    return items[index - 1 if index > 0 else index]
