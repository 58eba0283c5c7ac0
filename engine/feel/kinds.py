"""The names of types, as `instance of` and boxed expressions use them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.nodes import TypeName
from engine.feel.values import Function, Range, YearsMonths

CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
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
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "null": "Null",
}


def type_check(wanted: TypeName) -> Callable[[object], bool]:
    """Return the test that `instance of` makes; null is an instance of Null only."""
    if wanted.name == "Any":
        return lambda value: value is not None
    classes = CLASSES[wanted.name]
    if wanted.element is None:
        return lambda value: value.__class__ in classes
    inner = type_check(wanted.element)
    if wanted.name == "list":
        return lambda value: isinstance(value, list) and all(inner(item) for item in value)
    return lambda value: (
        isinstance(value, Range) and all(inner(end) for end in (value.low, value.high) if end is not None)
    )
