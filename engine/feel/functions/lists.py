"""Functions that make lists of lists; none of them changes a list."""

from decimal import Decimal
from functools import cmp_to_key

from engine.feel.comparison import COMPARE, same
from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from engine.feel.values import Function

MAX_FLATTEN = 64


def _position(position: Decimal, length: int) -> int | None:
    """Return the 0-based index of a 1-based position, counted from the end when negative."""
    if position != position.to_integral_value() or not 0 < abs(position) <= length:
        return None
    return int(position) - 1 if position > 0 else length + int(position)


@builtin("sublist", "list: list, start position: number, length?: number")
def sublist(run: Run, values: list[object], start: Decimal, length: Decimal | None = None) -> list[object] | None:
    """Return a part of a list."""
    first = _position(start, len(values))
    if first is None or (length is not None and (length < 1 or first + length > len(values))):
        return None
    run.room_for(len(values))
    return values[first:] if length is None else values[first : first + int(length)]


@builtin("append", "list: list, item: any", variadic=True)
def append(run: Run, values: list[object], *items: object) -> list[object]:
    """Return a list with elements added at its end."""
    run.room_for(len(values) + len(items))
    return [*values, *items]


@builtin("concatenate", "list: list", variadic=True)
def concatenate(run: Run, *lists: list[object]) -> list[object]:
    """Return one list of all elements."""
    run.room_for(sum(len(values) for values in lists))
    return [value for values in lists for value in values]


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, values: list[object], position: Decimal, item: object) -> list[object] | None:
    """Return a list with an element inserted before a position."""
    index = _position(position, len(values))
    if index is None:
        return None
    run.room_for(len(values) + 1)
    return [*values[:index], item, *values[index:]]


@builtin("remove", "list: list, position: number")
def remove(run: Run, values: list[object], position: Decimal) -> list[object] | None:
    """Return a list without the element at a position."""
    index = _position(position, len(values))
    if index is None:
        return None
    run.room_for(len(values))
    return values[:index] + values[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: any")
def replace_at(run: Run, values: list[object], position: Decimal, item: object) -> list[object] | None:
    """Return a list with another element at a position."""
    index = _position(position, len(values))
    if index is None:
        return None
    run.room_for(len(values))
    return [*values[:index], item, *values[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, values: list[object], match: Function, item: object) -> list[object] | None:
    """Return a list with another element wherever `match(element, newItem)` is true."""
    if len(match.parameters) != 2:  # noqa: PLR2004 - the function compares two elements
        return None
    run.room_for(len(values))
    return [item if match.call(run, value, item) is True else value for value in values]


@builtin("reverse", "list: list")
def reverse(run: Run, values: list[object]) -> list[object]:
    """Return the elements from last to first."""
    run.room_for(len(values))
    return values[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, values: list[object], match: object) -> list[object]:
    """Return the positions at which an element occurs."""
    run.charge(len(values))
    return [Decimal(index) for index, value in enumerate(values, 1) if same(value, match, run)]


def _distinct(run: Run, values: list[object]) -> list[object]:
    kept: list[object] = []
    for value in values:
        run.charge(len(kept) + 1)
        if not any(same(value, other, run) for other in kept):
            kept.append(value)
    return kept


@builtin("union", "list: list", variadic=True)
def union(run: Run, *lists: list[object]) -> list[object]:
    """Return the elements of all lists, each once."""
    return _distinct(run, concatenate(run, *lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, values: list[object]) -> list[object]:
    """Return each element once."""
    return _distinct(run, values)


@builtin("flatten", "list: list")
def flatten(run: Run, values: list[object]) -> list[object]:
    """Return the elements of nested lists in one list."""
    flat: list[object] = []
    # A stack of iterators instead of recursion: lists may be nested deeper than the interpreter's stack.
    open_lists = [iter(values)]
    while open_lists:
        for value in open_lists[-1]:
            run.charge(1)
            if isinstance(value, list):
                open_lists.append(iter(value))
                break
            flat.append(value)
        else:
            open_lists.pop()
    return flat


@builtin("sort", "list: list, precedes?: function")
def sort(run: Run, values: list[object], precedes: Function | None = None) -> list[object] | None:
    """Return the elements in order: ascending, or as `precedes(a, b)` says."""
    if precedes is not None and len(precedes.parameters) != 2:  # noqa: PLR2004 - the function compares two elements
        return None
    run.room_for(len(values))
    undecided = False

    def before(first: object, second: object) -> bool:
        nonlocal undecided
        run.charge(1)
        answer = COMPARE["<"](first, second, run) if precedes is None else precedes.call(run, first, second)
        undecided = undecided or not isinstance(answer, bool)
        return answer is True

    def order(first: object, second: object) -> int:
        return -1 if before(first, second) else int(before(second, first))

    ordered = sorted(values, key=cmp_to_key(order))
    return None if undecided else ordered
