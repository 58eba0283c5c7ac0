"""What operators make of types: which pairs they are defined for, and what comes out."""

from engine.feel.checking.static_types import ANY, NULL, NUMBER, StaticType

_DAYS, _MONTHS = "days and time duration", "years and months duration"
_DATE, _TIME, _INSTANT = "date", "time", "date and time"
_ORDERED = frozenset({"number", "string", _DATE, _TIME, _INSTANT, _DAYS, _MONTHS})

# (left, right) → result, by operator (DMN 1.3 §10.3.2.3).
_ADD = {
    ("number", "number"): "number",
    ("string", "string"): "string",
    (_DATE, _DAYS): _DATE,
    (_DATE, _MONTHS): _DATE,
    (_INSTANT, _DAYS): _INSTANT,
    (_INSTANT, _MONTHS): _INSTANT,
    (_TIME, _DAYS): _TIME,
    (_DAYS, _DAYS): _DAYS,
    (_MONTHS, _MONTHS): _MONTHS,
}
_ADD |= {(right, left): result for (left, right), result in _ADD.items()}
_SUBTRACT = {
    ("number", "number"): "number",
    (_DATE, _DATE): _DAYS,
    (_INSTANT, _INSTANT): _DAYS,
    (_DATE, _INSTANT): _DAYS,
    (_INSTANT, _DATE): _DAYS,
    (_TIME, _TIME): _DAYS,
    (_DATE, _DAYS): _DATE,
    (_DATE, _MONTHS): _DATE,
    (_INSTANT, _DAYS): _INSTANT,
    (_INSTANT, _MONTHS): _INSTANT,
    (_TIME, _DAYS): _TIME,
    (_DAYS, _DAYS): _DAYS,
    (_MONTHS, _MONTHS): _MONTHS,
}
_MULTIPLY = {
    ("number", "number"): "number",
    (_DAYS, "number"): _DAYS,
    ("number", _DAYS): _DAYS,
    (_MONTHS, "number"): _MONTHS,
    ("number", _MONTHS): _MONTHS,
}
_DIVIDE = {
    ("number", "number"): "number",
    (_DAYS, "number"): _DAYS,
    (_MONTHS, "number"): _MONTHS,
    (_DAYS, _DAYS): "number",
    (_MONTHS, _MONTHS): "number",
}
TABLES: dict[str, dict[tuple[str, str], str]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": {("number", "number"): "number"},
}
NEGATABLE = frozenset({"number", _DAYS, _MONTHS})


def combined(operator: str, left: StaticType, right: StaticType) -> StaticType | None:
    """Return the type of `left operator right`; None where it is not defined, and the value always null."""
    left, right = _single(left), _single(right)
    table = TABLES[operator]
    if "Null" in {left.name, right.name}:
        return NULL
    if left.is_known and right.is_known:
        result = table.get((left.name, right.name))
        return StaticType(result) if result is not None else None
    known = left if left.is_known else right
    if not known.is_known:
        return NUMBER if operator == "**" else ANY
    side = 0 if left.is_known else 1
    results = {result for pair, result in table.items() if pair[side] == known.name}
    if not results:
        return None
    return StaticType(results.pop()) if len(results) == 1 else ANY


def is_ordered(left: StaticType, right: StaticType) -> bool:
    """Tell whether two types may be compared by order."""
    left, right = _single(left), _single(right)
    if left.is_known and left.name not in _ORDERED:
        return False
    if right.is_known and right.name not in _ORDERED:
        return False
    return not (left.is_known and right.is_known) or alike(left, right)


def alike(left: StaticType, right: StaticType) -> bool:
    """Tell whether two types may hold equal values."""
    if not left.is_known or not right.is_known:
        return True
    return left.name == right.name or {left.name, right.name} == {_DATE, _INSTANT}


def _single(kind: StaticType) -> StaticType:
    """Return the type of the element of a list: a list of one is taken for it."""
    return (kind.element or ANY) if kind.name == "list" else kind
