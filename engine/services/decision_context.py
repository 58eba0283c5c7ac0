"""What a decision reads of its context, kept as JSON so that it can be asked again.

JSON knows neither exact decimals nor dates. Such a value is kept as `{"$type": kind, "value": text}`; everything else
as it is. A context that has an entry `$type` itself is wrapped in the same way.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.dmn import Decision
from engine.feel import Function, Range, YearsMonths, compile_expression, to_feel, to_json

MARK = "$type"
_PLAIN = frozenset({str, bool, type(None), float})
_WHOLE_MAX = 2**63 - 1
# A date and time is a date to Python: it stands first.
_TEMPORAL: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("date and time", (datetime,)),
    ("date", (date,)),
    ("time", (time,)),
    ("duration", (timedelta, YearsMonths)),
)
# The FEEL function that makes a value of a kind of its text.
_MAKERS = {
    kind: compile_expression(f"{kind}(text)") for kind in ("number", "date", "time", "date and time", "duration")
}


def names_read(decision: Decision) -> frozenset[str]:
    """Return the variables of the context that a decision reads, itself or through what it requires."""
    names: set[str] = set()
    made: set[str] = set()
    for one in _with_requirements(decision):
        names |= one.names
        names |= {given.prefix or given.name for given in one.data}
        if one.service is not None:
            names |= {given.prefix or given.name for given in one.service.parameters}
        made |= {need.prefix or need.decision.variable for need in one.needs}
    return frozenset(names - made)


def types_read(decision: Decision) -> dict[str, str]:
    """Return the FEEL type of each variable that a column or input data names; the outermost decision's word counts."""
    found: dict[str, str] = {}
    for one in _with_requirements(decision):
        columns = {column.expression.text.strip(): column.type.name for column in one.inputs}
        found = {**columns, **{name: kind.name for name, kind in one.given.items()}, **found}
    return found


def _with_requirements(decision: Decision) -> Iterator[Decision]:
    """Yield a decision and whatever it requires, each once."""
    seen = {decision}
    waiting = deque([decision])
    while waiting:
        one = waiting.popleft()
        yield one
        inside = () if one.service is None else one.service.outputs
        fresh = {*inside, *(need.decision for need in one.needs)} - seen
        seen |= fresh
        waiting += fresh


def kept(context: Mapping[str, object], names: frozenset[str]) -> dict[str, object]:
    """Return the named variables of a context as JSON; a variable that is not there stays away."""
    return {name: _kept(context[name]) for name in sorted(names) if name in context}


def restored(document: Mapping[str, object]) -> dict[str, object]:
    """Return a context that was kept."""
    return {name: _restored(value) for name, value in document.items()}


def _kept(value: object) -> object:
    kind = value.__class__
    if kind in _PLAIN:
        return value
    if isinstance(value, int):
        return value if abs(value) <= _WHOLE_MAX else _marked("number", str(value))
    if isinstance(value, Mapping):
        entries = {str(key): _kept(item) for key, item in value.items()}
        return _marked("context", entries) if MARK in entries else entries
    if isinstance(value, (list, tuple)):
        return [_kept(item) for item in value]
    return _kept_typed(value)


def _kept_typed(value: object) -> object:
    if isinstance(value, Decimal):
        written = to_json(to_feel(value))
        exact = written is None or Decimal(repr(written)) == value
        return written if exact else _marked("number", str(value))
    if isinstance(value, Range):
        ends = [_kept(value.low), _kept(value.high), value.low_closed, value.high_closed]
        return _marked("range", ends)
    if isinstance(value, Function):
        return None
    kind = next((name for name, classes in _TEMPORAL if isinstance(value, classes)), None)
    return to_json(value) if kind is None else _marked(kind, to_json(value))


def _marked(kind: str, value: object) -> dict[str, object]:
    return {MARK: kind, "value": value}


def _restored(value: object) -> object:
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind, content = value.get(MARK), value.get("value")
    if kind is None:
        return {name: _restored(item) for name, item in value.items()}
    if kind == "context" and isinstance(content, dict):
        return {name: _restored(item) for name, item in content.items()}
    if kind == "range" and isinstance(content, list):
        low, high, low_closed, high_closed = content
        return Range(_restored(low), _restored(high), low_closed is True, high_closed is True)
    return _MAKERS[str(kind)]({"text": content})
