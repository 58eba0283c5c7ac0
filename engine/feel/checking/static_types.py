"""What is known of a value before it exists: its type, and the values that it can have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.kinds import CLASSES
from engine.feel.values import Function, Range, YearsMonths

_DEPTH = 8
_NAMES: dict[type, str] = {one: name for name, classes in CLASSES.items() for one in classes}


@dataclass(frozen=True, slots=True)
class StaticType:
    """A type; `Any` where nothing is known.

    name        a type of FEEL
    element     the type of the elements of a list, of the ends of a range
    fields      the types of the entries of a context
    closed      whether a context has no other entries than these
    values      every value that there can be beside null, where that is known
    parameters  the names of the parameters of a function; `result` is the type of its answer
    """

    name: str = "Any"
    element: "StaticType | None" = None
    fields: Mapping[str, "StaticType"] = field(default_factory=dict)
    closed: bool = False
    values: tuple[object, ...] | None = None
    parameters: tuple[str, ...] | None = None
    result: "StaticType | None" = None

    def __str__(self) -> str:
        """Render as FEEL writes it."""
        if self.name in {"list", "range"} and self.element is not None:
            return f"{self.name}<{self.element}>"
        return self.name

    @property
    def is_known(self) -> bool:
        """Tell whether anything is known that could be wrong."""
        return self.name not in {"Any", "Null"}


ANY = StaticType()
NULL = StaticType("Null")
BOOLEAN = StaticType("boolean")
NUMBER = StaticType("number")
STRING = StaticType("string")


def list_of(element: StaticType) -> StaticType:
    """Return the type of a list."""
    return StaticType("list", element=element)


def joined(types: Iterable[StaticType]) -> StaticType:
    """Return the type of what is of one of several types; null says nothing about a type."""
    found = [one for one in types if one.name != "Null"]
    if not found:
        return NULL
    first = found[0]
    return first if all(one == first for one in found) else _mixed(found)


def _mixed(types: Sequence[StaticType]) -> StaticType:
    names = {one.name for one in types}
    if len(names) > 1:
        return ANY
    name = names.pop()
    if name in {"list", "range"}:
        return StaticType(name, element=joined(one.element or ANY for one in types))
    if name == "context":
        return StaticType(name)
    if any(one.values is None for one in types):
        return StaticType(name)
    values: list[object] = []
    for one in types:
        values += [value for value in one.values or () if value not in values]
    return StaticType(name, values=tuple(values))


def type_of_value(value: object, depth: int = 0) -> StaticType:
    """Return the type of a FEEL value."""
    if value is None or depth > _DEPTH:
        return NULL if value is None else ANY
    if isinstance(value, list):
        return list_of(joined(type_of_value(item, depth + 1) for item in value)) if value else StaticType("list")
    if isinstance(value, dict):
        fields = {str(key): type_of_value(item, depth + 1) for key, item in value.items()}
        return StaticType("context", fields=fields, closed=True)
    if isinstance(value, Range):
        return StaticType("range", element=joined([type_of_value(value.low), type_of_value(value.high)]))
    if isinstance(value, Function):
        return StaticType("function", parameters=value.parameters)
    return StaticType(_NAMES.get(value.__class__, "Any"))


def may_be(found: StaticType, wanted: StaticType) -> bool:
    """Tell whether a value of one type may be of another; unknown types may be anything, lists of one convert."""
    if not found.is_known or not wanted.is_known:
        return True
    if found.name != wanted.name:
        return _converts(found, wanted)
    if found.name in {"list", "range"}:
        return may_be(found.element or ANY, wanted.element or ANY)
    if found.name == "context":
        missing = found.closed and not wanted.fields.keys() <= found.fields.keys()
        return not missing and all(may_be(found.fields.get(key, ANY), kind) for key, kind in wanted.fields.items())
    return found.values is None or wanted.values is None or any(value in wanted.values for value in found.values)


def _converts(found: StaticType, wanted: StaticType) -> bool:
    if wanted.name == "list":
        return may_be(found, wanted.element or ANY)
    if found.name == "list":
        return may_be(found.element or ANY, wanted)
    return found.name == "date" and wanted.name == "date and time"


SCALARS = (Decimal, str, bool, date, datetime, time, timedelta, YearsMonths)
