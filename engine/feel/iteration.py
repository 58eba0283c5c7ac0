"""How loops run: `for`, `some`, `every`."""

from collections.abc import Callable
from collections.abc import Iterator as Iterate
from datetime import date
from decimal import Decimal

from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.errors import FeelLimitError
from engine.feel.nodes import For, Iterator, Node, Quantified, mentions
from engine.feel.run import Scope
from engine.feel.values import Range

_FARTHEST = Decimal(10**34)
_Source = tuple[str, Code, Code | None]


def _sources(compiler: Compiler, iterators: tuple[Iterator, ...]) -> list[_Source]:
    """Compile what is iterated over; each iterator sees the names of those before it. Leaves its scopes open."""
    sources: list[_Source] = []
    for iterator in iterators:
        last = compiler.compile(iterator.last) if iterator.last is not None else None
        sources.append((iterator.name, compiler.compile(iterator.source), last))
        compiler.scopes.append(frozenset({iterator.name}))
    return sources


def _close(compiler: Compiler, count: int) -> None:
    del compiler.scopes[len(compiler.scopes) - count :]


def _values(source: Code, last: Code | None, scope: Scope) -> Iterate[object] | None:
    value = source(scope)
    if last is not None:
        return _counted(Range(value, last(scope), low_closed=True, high_closed=True), descending=True)
    if isinstance(value, Range):
        return _counted(value, descending=False)
    if value is None:
        return None
    return iter(value if isinstance(value, list) else [value])


def _counted(interval: Range, *, descending: bool) -> Iterate[object] | None:
    """Count the whole numbers or the days of an interval; None where there are none to count."""
    low, high = _ordinal(interval.low), _ordinal(interval.high)
    if low is None or high is None or interval.low.__class__ is not interval.high.__class__:
        return None
    if low > high and not descending:
        return None
    step = 1 if low <= high else -1
    first = low + (0 if interval.low_closed else step)
    last = high - (0 if interval.high_closed else step)
    make: Callable[[int], object] = date.fromordinal if isinstance(interval.low, date) else Decimal
    return (make(number) for number in range(first, last + step, step))


def _ordinal(value: object) -> int | None:
    if isinstance(value, Decimal):
        # Beyond 34 digits the numbers of FEEL no longer count one by one.
        return int(value) if abs(value) < _FARTHEST and value == value.to_integral_value() else None
    return value.toordinal() if value.__class__ is date and isinstance(value, date) else None


def _placed(compiler: Compiler, node: Node, code: Code) -> Code:
    """Return a loop that names its place where it does too much."""
    text, offset = compiler.text, node.offset

    def loop(scope: Scope) -> object:
        try:
            return code(scope)
        except FeelLimitError as error:
            raise error.at(text, offset) from None

    return loop


def _turns(sources: list[_Source], scope: Scope) -> Iterate[Scope | None]:
    """Yield the scope of each turn, the last iterator turning fastest; None where there is nothing to iterate."""
    (name, source, last), rest = sources[0], sources[1:]
    values = _values(source, last, scope)
    if values is None:
        yield None
        return
    for value in values:
        scope.run.charge(1)
        inner = Scope({name: value}, scope, scope.run)
        if rest:
            yield from _turns(rest, inner)
        else:
            yield inner


@compiles(For)
def _for(compiler: Compiler, node: For) -> Code:
    sources = _sources(compiler, node.iterators)
    body = compiler.within(frozenset({"partial"}), node.body)
    _close(compiler, len(sources))
    looks_back = mentions(node.body, "partial")
    note = compiler.noting(node, "feel-null-not-iterable")

    def code(scope: Scope) -> object:
        results: list[object] = []
        for turn in _turns(sources, scope):
            if turn is None:
                note(scope.run, value=None)
                return None
            if looks_back:
                scope.run.charge(len(results))
            results.append(body(Scope({"partial": results.copy()}, turn, scope.run) if looks_back else turn))
        return results

    return _placed(compiler, node, code)


@compiles(Quantified)
def _quantified(compiler: Compiler, node: Quantified) -> Code:
    sources = _sources(compiler, node.iterators)
    condition = compiler.compile(node.condition)
    _close(compiler, len(sources))
    # `some` ends at the first true, `every` at the first false.
    end = not node.every
    note = compiler.noting(node, "feel-null-not-boolean")

    def code(scope: Scope) -> object:
        answer: bool | None = node.every
        for turn in _turns(sources, scope):
            value = condition(turn) if turn is not None else None
            if value is end:
                return end
            if value.__class__ is not bool:
                answer = None
                note(scope.run, value=value)
        return answer

    return _placed(compiler, node, code)
