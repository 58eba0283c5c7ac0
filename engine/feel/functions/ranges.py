"""Allen's relations between points and intervals (DMN 1.3 §10.3.4.9)."""

from collections.abc import Callable

from engine.feel.comparison import COMPARE, conjunction
from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from engine.feel.values import Range

Truth = bool | None
Relation = Callable[[Run, Range, Range], Truth]


def _less(run: Run, left: object, right: object) -> Truth:
    return COMPARE["<"](left, right, run)


def _same(run: Run, left: object, right: object) -> Truth:
    return COMPARE["="](left, right, run)


def _all(*answers: Truth) -> Truth:
    answer: Truth = True
    for one in answers:
        answer = conjunction(answer, one)
    return answer


def _any(*answers: Truth) -> Truth:
    if True in answers:
        return True
    return None if None in answers else False


def _of_points(value: object) -> Range:
    """Return a range as it is, a point as the interval that holds it alone."""
    return value if isinstance(value, Range) else Range(value, value, low_closed=True, high_closed=True)


def _ends_before(run: Run, first: Range, second: Range) -> Truth:
    touching = _all(_same(run, first.high, second.low), not (first.high_closed and second.low_closed))
    return _any(_less(run, first.high, second.low), touching)


def _relation(name: str, first: str, second: str, relation: Relation) -> None:
    @builtin(name, f"{first}, {second}")
    def function(run: Run, one: object, other: object) -> Truth:
        left, right = _of_points(one), _of_points(other)
        return None if None in (left.low, left.high, right.low, right.high) else relation(run, left, right)


def _register(name: str, relation: Relation, forms: str) -> None:
    """Register a relation for the pairs of points and ranges that the standard lists, e.g. `pp pr rp rr`."""
    kinds = {"p": ("point", "any"), "r": ("range", "range")}
    for form in forms.split():
        names = [f"{kinds[kind][0]}{index}" for index, kind in enumerate(form, 1)]
        if form in {"pr", "rp"}:
            names = [kinds[kind][0] for kind in form]
        pair = [f"{one}: {kinds[kind][1]}" for one, kind in zip(names, form, strict=True)]
        _relation(name, pair[0], pair[1], relation)


def _meets(run: Run, first: Range, second: Range) -> Truth:
    return _all(first.high_closed and second.low_closed, _same(run, first.high, second.low))


def _overlaps(run: Run, first: Range, second: Range) -> Truth:
    apart = _any(_ends_before(run, first, second), _ends_before(run, second, first))
    return None if apart is None else not apart


def _starts_first(run: Run, first: Range, second: Range) -> Truth:
    earlier = _all(_same(run, first.low, second.low), first.low_closed and not second.low_closed)
    return _any(_less(run, first.low, second.low), earlier)


def _ends_first(run: Run, first: Range, second: Range) -> Truth:
    earlier = _all(_same(run, first.high, second.high), second.high_closed and not first.high_closed)
    return _any(_less(run, first.high, second.high), earlier)


def _overlaps_before(run: Run, first: Range, second: Range) -> Truth:
    within = _any(_ends_first(run, first, second), _same_end(run, first, second))
    return _all(_starts_first(run, first, second), _overlaps(run, first, second), within)


def _same_start(run: Run, first: Range, second: Range) -> Truth:
    return _all(_same(run, first.low, second.low), first.low_closed == second.low_closed)


def _same_end(run: Run, first: Range, second: Range) -> Truth:
    return _all(_same(run, first.high, second.high), first.high_closed == second.high_closed)


def _includes(run: Run, first: Range, second: Range) -> Truth:
    starts = _any(_starts_first(run, first, second), _same_start(run, first, second))
    return _all(starts, _any(_ends_first(run, second, first), _same_end(run, first, second)))


def _finishes(run: Run, first: Range, second: Range) -> Truth:
    return _all(_same_end(run, first, second), _includes(run, second, first))


def _starts(run: Run, first: Range, second: Range) -> Truth:
    return _all(_same_start(run, first, second), _includes(run, second, first))


def _coincides(run: Run, first: Range, second: Range) -> Truth:
    return _all(_same_start(run, first, second), _same_end(run, first, second))


def _swapped(relation: Relation) -> Relation:
    return lambda run, first, second: relation(run, second, first)


for _name, _of, _forms in (
    ("before", _ends_before, "rr pr rp pp"),
    ("after", _swapped(_ends_before), "rr pr rp pp"),
    ("meets", _meets, "rr"),
    ("met by", _swapped(_meets), "rr"),
    ("overlaps", _overlaps, "rr"),
    ("overlaps before", _overlaps_before, "rr"),
    ("overlaps after", _swapped(_overlaps_before), "rr"),
    ("finishes", _finishes, "rr pr"),
    ("finished by", _swapped(_finishes), "rr rp"),
    ("includes", _includes, "rr rp"),
    ("during", _swapped(_includes), "rr pr"),
    ("starts", _starts, "rr pr"),
    ("started by", _swapped(_starts), "rr rp"),
    ("coincides", _coincides, "rr pp"),
):
    _register(_name, _of, _forms)
