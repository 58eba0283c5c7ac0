"""The types of FEEL: what `instance of`, parameters and item definitions check and convert (DMN 1.3 §10.3.2.9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.far_dates import FarDate, FarDateTime, joined
from engine.feel.values import Function, Range, YearsMonths

CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date, FarDate),
    "time": (time,),
    "date and time": (datetime, FarDateTime),
    "days and time duration": (timedelta,),
    "years and months duration": (YearsMonths,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
    "Null": (type(None),),
}
# Names that DMN 1.1 and XML use for the same things.
ALIASES = {
    "dateTime": "date and time",
    "date time": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "null": "Null",
}


class _NoFit:
    """The mark of a value that is of another type."""


NO_FIT = _NoFit()


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """A type.

    name        a type of FEEL, or the name of an item definition
    element     the type of the elements of a list, of the ends of a range
    fields      the types of the entries of a context, where they are named
    parameters  the types of the parameters of a function, where they are named; `result` is that of its answer
    check       what an item definition asks beside its base type, e.g. that the value is one of those allowed
    base        the type that an item definition restricts
    """

    name: str = "Any"
    element: "Type | None" = None
    fields: Mapping[str, "Type"] = field(default_factory=dict)
    parameters: "tuple[Type, ...] | None" = None
    result: "Type | None" = None
    check: Callable[[object], bool] | None = None
    base: "Type | None" = None

    def __str__(self) -> str:
        """Render as FEEL writes it."""
        if self.name in {"list", "range"} and self.element is not None:
            return f"{self.name}<{self.element}>"
        if self.name == "context" and self.fields:
            return f"context<{', '.join(f'{key}: {kind}' for key, kind in self.fields.items())}>"
        if self.parameters is not None:
            return f"function<{', '.join(map(str, self.parameters))}> -> {self.result or ANY}"
        return self.name

    def holds(self, value: object) -> bool:
        """Tell whether a value that is not null is an instance of the type."""
        return value is None if self.name == "Null" else value is not None and self.accepts(value)

    def accepts(self, value: object) -> bool:
        """Tell whether a value is of the type; null is of any."""
        if value is None or self.name == "Any":
            return True
        if self.base is not None:
            return self.base.accepts(value) and (self.check is None or self.check(value))
        if value.__class__ not in CLASSES[self.name]:
            return False
        return self._parts_fit(value)

    def _parts_fit(self, value: object) -> bool:
        if isinstance(value, list):
            return self.element is None or all(map(self.element.accepts, value))
        if isinstance(value, Range):
            return self.element is None or (self.element.accepts(value.low) and self.element.accepts(value.high))
        if isinstance(value, dict):
            return all(key in value and kind.accepts(value[key]) for key, kind in self.fields.items())
        return not isinstance(value, Function) or self.parameters is None or self._takes(value)

    def _takes(self, value: Function) -> bool:
        wanted = self.parameters or ()
        if len(value.parameters) != len(wanted) and not value.variadic:
            return False
        own = [kind if isinstance(kind, Type) else ANY for kind in value.types] or [ANY] * len(wanted)
        answer = value.result if isinstance(value.result, Type) else ANY
        return all(map(conforms, wanted, own)) and conforms(answer, self.result or ANY)

    def weight(self, value: object) -> int:
        """Return how many parts of a value a check looks at."""
        inner = self.base or self
        if isinstance(value, list) and inner.element is not None:
            nested = [item for item in value if isinstance(item, (list, dict))]
            return len(value) + sum(map(inner.element.weight, nested))
        if isinstance(value, dict):
            return sum(1 + kind.weight(value.get(key)) for key, kind in inner.fields.items())
        return 0

    def converted(self, value: object) -> object:
        """Return the value as the type has it, `NO_FIT` where it is of another type.

        A list of one becomes its element, one value a list of one, a date its midnight in UTC (DMN 1.3 §10.3.2.9.4).
        """
        if self.accepts(value):
            return value
        inner = self
        while inner.base is not None:
            inner = inner.base
        if inner.name == "date and time" and isinstance(value, (date, FarDate)):
            value = joined(value, time(tzinfo=UTC))
        elif inner.name == "list" and not isinstance(value, list):
            value = [value]
        elif isinstance(value, list) and len(value) == 1 and inner.name != "list":
            return self.converted(value[0])
        return value if self.accepts(value) else NO_FIT


ANY = Type()


def conforms(one: Type, other: Type) -> bool:
    """Tell whether every value of a type is of another type (DMN 1.3 §10.3.2.9.2)."""
    if other.name == "Any" or one is other or one.name == "Null":
        return True
    if one.name != other.name:
        return one.base is not None and conforms(one.base, other)
    if one.base is not None or other.base is not None:
        return one.base is other.base
    return _parts_conform(one, other)


def _parts_conform(one: Type, other: Type) -> bool:
    if not conforms(one.element or ANY, other.element or ANY):
        return False
    if not all(key in one.fields and conforms(one.fields[key], kind) for key, kind in other.fields.items()):
        return False
    if other.parameters is None:
        return True
    own = one.parameters or ()
    alike = len(own) == len(other.parameters) and all(map(conforms, other.parameters, own))
    return alike and conforms(one.result or ANY, other.result or ANY)
