"""Functions that sum a list up: count, least, greatest, sums, averages, truth of all or any."""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import TypeVar

from engine.feel.comparison import COMPARE, same
from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from engine.feel.values import NUMBERS, ONE

Summary = Callable[[Run, list[object]], object]
F = TypeVar("F", bound=Callable[[list[Decimal]], object])


def _summary(name: str) -> Callable[[Summary], Summary]:
    """Register a function that takes a list, or its elements one by one."""

    def register(function: Summary) -> Summary:
        def of_list(run: Run, values: list[object]) -> object:
            run.charge(len(values) + 1)
            return function(run, values)

        builtin(name, "list: list")(of_list)
        builtin(name, "list: any", variadic=True)(lambda run, *values: of_list(run, list(values)))
        return function

    return register


@builtin("count", "list: list")
def count(_run: Run, values: list[object]) -> Decimal:
    """Return the number of elements."""
    return Decimal(len(values))


def _extreme(name: str, operator: str) -> None:
    better = COMPARE[operator]

    @_summary(name)
    def function(run: Run, values: list[object]) -> object:
        if not values:
            return None
        best = values[0]
        for value in values:
            answer = better(value, best, run)
            if answer is None:
                return None
            best = value if answer else best
        return best


_extreme("min", "<")
_extreme("max", ">")


def _numbers(values: list[object]) -> list[Decimal] | None:
    """Return the values when all are numbers and there is at least one."""
    found = [value for value in values if isinstance(value, Decimal)]
    return found if found and len(found) == len(values) else None


def _numeric(name: str) -> Callable[[F], F]:
    """Register a summary of numbers; null for anything else and for an empty list."""

    def register(function: F) -> F:
        @_summary(name)
        def of_numbers(_run: Run, values: list[object]) -> object:
            numbers = _numbers(values)
            return None if numbers is None else function(numbers)

        return function

    return register


@_numeric("sum")
def total(numbers: list[Decimal]) -> Decimal:
    """Return the sum."""
    return reduce(NUMBERS.add, numbers)


@_numeric("product")
def product(numbers: list[Decimal]) -> Decimal:
    """Return the product."""
    return reduce(NUMBERS.multiply, numbers, ONE)


@_numeric("mean")
def mean(numbers: list[Decimal]) -> Decimal:
    """Return the arithmetic mean."""
    return NUMBERS.divide(total(numbers), Decimal(len(numbers)))


@_numeric("median")
def median(numbers: list[Decimal]) -> Decimal:
    """Return the middle element, or the mean of the two in the middle."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1 : middle + 1])


@_numeric("stddev")
def deviation(numbers: list[Decimal]) -> Decimal | None:
    """Return the standard deviation of a sample; null for a single number."""
    if len(numbers) == 1:
        return None
    middle = mean(numbers)
    squares = [NUMBERS.power(NUMBERS.subtract(number, middle), 2) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(total(squares), Decimal(len(numbers) - 1)))


@_summary("mode")
def mode(_run: Run, values: list[object]) -> object:
    """Return the most frequent numbers in ascending order; an empty list for an empty list."""
    numbers = _numbers(values)
    if numbers is None:
        return None if values else []
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


def _truth(name: str, *, end: bool) -> None:
    @_summary(name)
    def function(_run: Run, values: list[object]) -> bool | None:
        if any(value is end for value in values):
            return end
        return not end if all(isinstance(value, bool) for value in values) else None


_truth("all", end=False)
_truth("any", end=True)


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, values: list[object], element: object) -> bool:
    """Tell whether an element occurs in a list."""
    run.charge(len(values))
    return any(same(value, element, run) for value in values)
