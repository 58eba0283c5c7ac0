"""Values against their types: what fits, what is allowed, and what the standard converts (DMN 1.3 §10.3.2.9.4)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

from engine.dmn.model import DataType
from engine.feel.far_dates import FarDate, joined
from engine.feel.kinds import CLASSES
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values import Function

_READERS: dict[str, Callable[[str], object]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}
_ANYTHING = DataType()


def coerced(value: object, wanted: DataType) -> object:
    """Return a value that came from outside as its type has it.

    Texts of dates and durations become dates and durations, for JSON knows no others; a list of one becomes its element
    where one value is wanted, and one value a list of one where a list is; a date becomes its midnight UTC where a date
    and time is wanted.
    """
    if wanted.element is not None:
        if value is None:
            return None
        return [coerced(item, wanted.element) for item in (value if isinstance(value, list) else [value])]
    if isinstance(value, list) and len(value) == 1 and wanted.name not in {"list", "Any"}:
        value = value[0]
    if isinstance(value, dict) and wanted.components:
        return {key: coerced(item, wanted.components.get(key, _ANYTHING)) for key, item in value.items()}
    reader = _READERS.get(wanted.name)
    if reader is None or not isinstance(value, str):
        return _at_midnight(value, wanted)
    parsed = reader(value)
    return parsed if parsed.__class__ in CLASSES[wanted.name] else value


def conform(value: object, wanted: DataType) -> tuple[bool, object]:
    """Return whether the value of an expression is of a type, and the value as the type has it.

    A list of one becomes its element, one value a list of one, and a date its midnight UTC; nothing else is converted.
    """
    if wanted.is_open or value is None:
        return True, value
    if wanted.name == "list":
        value = value if isinstance(value, list) else [value]
    else:
        if isinstance(value, list) and len(value) == 1 and wanted.name != "Any":
            value = value[0]
        value = _at_midnight(value, wanted)
    return fits(value, wanted) and is_allowed(value, wanted), value


def _at_midnight(value: object, wanted: DataType) -> object:
    if wanted.name != "date and time" or isinstance(value, datetime) or not isinstance(value, (date, FarDate)):
        return value
    return joined(value, time(tzinfo=UTC))


def fits(value: object, wanted: DataType) -> bool:
    """Tell whether a value is of a type; null is of any."""
    if value is None or wanted.name == "Any":
        return True
    if value.__class__ not in CLASSES[wanted.name]:
        return False
    if wanted.element is not None and isinstance(value, list):
        element = wanted.element
        return all(fits(item, element) for item in value)
    if isinstance(value, dict):
        return all(key in value and fits(value[key], kind) for key, kind in wanted.components.items())
    if isinstance(value, Function):
        return wanted.parameters is None or len(value.parameters) == len(wanted.parameters)
    return not (wanted.whole and isinstance(value, Decimal)) or value == value.to_integral_value()


def is_allowed(value: object, wanted: DataType) -> bool:
    """Tell whether a value and all its parts are among those that its type allows; null always is."""
    if value is None:
        return True
    if wanted.allowed is not None and not wanted.allowed(value, {}):
        return False
    if wanted.element is not None and isinstance(value, list):
        element = wanted.element
        return all(is_allowed(item, element) for item in value)
    if isinstance(value, dict):
        return all(is_allowed(value.get(key), kind) for key, kind in wanted.components.items())
    return True


def allowed_text(wanted: DataType) -> str:
    """Return what a type allows as its author wrote it; of a list what its elements may be."""
    allowed = wanted.allowed or (wanted.element.allowed if wanted.element is not None else None)
    if allowed is not None:
        return allowed.text
    parts = {name: allowed_text(kind) for name, kind in wanted.components.items()}
    return "; ".join(f"{name}: {text}" for name, text in parts.items() if text)
