"""What must hold of whatever is written and given: a value of FEEL or a refusal, soon, and the same again."""

import copy
import json
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.errors import EngineError
from engine.feel import (
    FeelSyntaxError,
    Function,
    Range,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
    to_json,
)
from engine.feel.far_dates import FarDate, FarDateTime

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ROOM = 1 << 30
_KINDS = (type(None), bool, Decimal, str, date, time, datetime, timedelta, YearsMonths, FarDate, FarDateTime, Function)
Outcome = tuple[str, object]


class Clock:
    """The processor time that one piece of work may take."""

    seconds = 2.0


class Wrong(Exception):
    """An answer is not what it must be."""


class Hang(BaseException):
    """The work took longer than it may; no handler of `Exception` takes it for its own."""


def bound_memory() -> None:
    """Let the process grow by a gigabyte at most; what needs more gets MemoryError."""
    pages = int(open("/proc/self/statm").read().split()[0])  # noqa: SIM115, PTH123  the kernel's own file
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, resource.RLIM_INFINITY))


@contextmanager
def watched() -> Iterator[None]:
    """Raise Hang in what uses more processor time than `Clock.seconds`."""

    def stop(_number: int, _frame: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, Clock.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def demand(holds: bool, message: str) -> None:  # noqa: FBT001  what is demanded
    """Raise Wrong where something does not hold."""
    if not holds:
        raise Wrong(message)


def check_expression(text: str, context: dict[str, object], names: tuple[str, ...] = ()) -> None:
    """Compile and run an expression; raises Wrong, Hang or the crash itself."""
    before = copy.deepcopy(context)
    outcome = _outcome(text, lambda: compile_expression(text, names)(context, now=NOW))
    _same(before, context, "the context has changed")
    _same(outcome, _outcome(text, lambda: compile_expression(text, names)(context, now=NOW)), "another value")
    if not text.endswith("\\"):
        spaced = _outcome(text + " ", lambda: compile_expression(text + " ", names)(context, now=NOW))
        if "source-length" not in str(spaced):
            _same(outcome, spaced, "a blank at the end changes the value")
    if outcome[0] == "value":
        _refused(text, lambda: json.dumps(to_json(outcome[1]), allow_nan=False))


def check_cell(text: str, value: object, context: dict[str, object], names: tuple[str, ...] = ()) -> None:
    """Compile a cell and test a value; raises as `check_expression` does."""
    outcome = _outcome(text, lambda: compile_unary_tests(text, names)(value, context, now=NOW))
    demand(outcome[0] != "value" or outcome[1].__class__ is bool, f"a cell answers {outcome[1]!r}")
    again = _outcome(text, lambda: compile_unary_tests(text, names)(value, context, now=NOW))
    _same(outcome, again, "another answer")


def _outcome(text: str, work: Callable[[], object]) -> Outcome:
    """Return `value` and the value, or the key of the refusal."""
    found: list[object] = []
    refusal = _refused(text, lambda: found.append(work()))
    if refusal:
        return refusal, None
    _check_value(found[0])
    return "value", found[0]


def _refused(text: str, work: Callable[[], object]) -> str:
    """Return the key of the refusal, nothing where there is none."""
    with watched():
        try:
            work()
        except FeelSyntaxError as error:
            lines = text.split("\n")
            demand(1 <= error.line <= len(lines), f"line {error.line} of {len(lines)}")
            demand(1 <= error.column <= len(lines[error.line - 1]) + 1, f"column {error.column}")
            return error.key
        except EngineError as error:
            return error.key
    return ""


def _check_value(value: object) -> None:
    """Look at each part once: a small value may hold one part many times."""
    seen: set[int] = set()
    pending = [value]
    while pending:
        part = pending.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if part.__class__ is list:
            pending.extend(part)  # type: ignore[call-overload]  checked by its class
        elif part.__class__ is dict:
            demand(all(key.__class__ is str for key in part), "a key that is no text")  # type: ignore[attr-defined]
            pending.extend(part.values())  # type: ignore[attr-defined]
        elif isinstance(part, Range):
            pending += [part.low, part.high]
        else:
            demand(part.__class__ in _KINDS, f"{part.__class__.__name__} is no value of FEEL")


def _same(left: object, right: object, message: str) -> None:
    pending, seen = [(left, right)], set()
    while pending:
        one, other = pending.pop()
        if one is other or (id(one), id(other)) in seen:
            continue
        seen.add((id(one), id(other)))
        demand(one.__class__ is other.__class__, f"{message}: {one.__class__.__name__}, {other.__class__.__name__}")
        if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            demand(len(one) == len(other), message)
            pending.extend(zip(one, other, strict=True))
        elif isinstance(one, dict) and isinstance(other, dict):
            demand(list(one) == list(other), message)
            pending.extend((one[key], other[key]) for key in one)
        elif isinstance(one, Range) and isinstance(other, Range):
            pending += [(one.low, other.low), (one.high, other.high)]
        elif not isinstance(one, Function):
            demand(one == other, message)
