"""How structures run: `if`, lists, contexts, ranges, paths and filters."""

from collections.abc import Callable
from decimal import Decimal

from engine.feel.comparison import comparable
from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.nodes import ContextOf, Filter, If, ListOf, Path, RangeOf, UnaryRange
from engine.feel.reasons import Word
from engine.feel.run import Run, Scope
from engine.feel.temporal import PARTS
from engine.feel.values import Range


@compiles(If)
def _if(compiler: Compiler, node: If) -> Code:
    condition, then, otherwise = (compiler.compile(part) for part in (node.condition, node.then, node.otherwise))
    note = compiler.noting(node, "feel-null-not-boolean")

    def code(scope: Scope) -> object:
        answer = condition(scope)
        if answer is True:
            return then(scope)
        if answer is not False:
            note(scope.run, value=answer)
        return otherwise(scope)

    return code


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
    note = compiler.noting(node, "feel-null-range")

    def code(scope: Scope) -> object:
        least, most = low(scope), high(scope)
        interval = build_range(least, most, low_closed=node.low_closed, high_closed=node.high_closed)
        if interval is None:
            note(scope.run, low=least, high=most)
        return interval

    return code


@compiles(UnaryRange)
def _unary_range(compiler: Compiler, node: UnaryRange) -> Code:
    operand, operator = compiler.compile(node.operand), node.operator
    closed = "=" in operator
    note = compiler.noting(node, "feel-null-range")

    def code(scope: Scope) -> object:
        end = operand(scope)
        if comparable(end, end) is None:
            note(scope.run, low=end, high=end)
            return None
        if operator == "=":
            return Range(end, end, low_closed=True, high_closed=True)
        if operator[0] == "<":
            return Range(None, end, low_closed=False, high_closed=closed, endless="low")
        return Range(end, None, low_closed=closed, high_closed=False, endless="high")

    return code


def build_range(low: object, high: object, *, low_closed: bool, high_closed: bool) -> Range | None:
    """Return an interval; null where its ends cannot be compared."""
    if low is not None and high is not None and comparable(low, high) is None:
        return None
    return Range(low, high, low_closed, high_closed)


@compiles(Path)
def _path(compiler: Compiler, node: Path) -> Code:
    operand, name = compiler.compile(node.operand), node.name
    note, word = compiler.noting(node, "feel-null-no-property"), Word(node.name)

    def code(scope: Scope) -> object:
        value = operand(scope)
        found = property_of(value, name, scope.run)
        if found is None and not (isinstance(value, dict) and name in value):
            note(scope.run, value=value, name=word)
        return found

    return code


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
    note = compiler.noting(node, "feel-null-no-element")

    def code(scope: Scope) -> object:
        source = operand(scope)
        items = source if isinstance(source, list) else [] if source is None else [source]
        return filtered(items, condition, scope, note)

    return code


def filtered(items: list[object], condition: Code, scope: Scope, note: Callable[..., None]) -> object:
    """Return the element at a position, or the list of elements for which the condition is true."""
    chosen: list[object] = []
    for item in items:
        scope.run.charge(1)
        answer = condition(item_scope(item, scope))
        if isinstance(answer, Decimal):
            found = element_at(items, answer)
            if found is None:
                note(scope.run, position=answer)
            return found
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
