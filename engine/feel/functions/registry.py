"""The table of built-in functions: their names, the names and kinds of their parameters, and how they are called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from engine.feel.far_dates import FarDate, FarDateTime
from engine.feel.kinds import ANY, Type
from engine.feel.run import CHARACTERS_PER_STEP, Run
from engine.feel.values import ARITHMETIC_FAILURES, Function, Range, YearsMonths

F = TypeVar("F", bound=Callable[..., object])

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "date": (date, FarDate),
    "time": (time,),
    "datetime": (datetime, FarDateTime),
    "day": (date, datetime, FarDate, FarDateTime),
    "clock": (time, datetime, FarDateTime),
    "duration": (timedelta, YearsMonths),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
}
_NO_FIT = object()
_TYPES = {name: Type(name) for name in ("string", "number", "boolean", "date", "time", "list", "context", "function")}

# Names of functions that hold blanks: the reader must know them before they are called.
COMPOUND_NAMES: set[str] = set()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name in named calls, the kind of value it takes, whether it may be left out."""

    name: str
    kind: str
    optional: bool

    def fit(self, value: object) -> object:
        """Return the value as this parameter takes it, or `_NO_FIT`; single values and lists of one convert."""
        if self.kind == "any" or (value is None and self.optional):
            return value
        if value.__class__ in _KINDS[self.kind]:
            return value
        if self.kind == "list":
            return _NO_FIT if value is None else [value]
        if isinstance(value, list) and len(value) == 1 and value[0].__class__ in _KINDS[self.kind]:
            return value[0]
        return _NO_FIT


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    function: Callable[..., object]
    variadic: bool
    lenient: bool = False

    def accepts(self, count: int, names: tuple[str, ...]) -> bool:
        """Tell whether so many arguments, or arguments of these names, fit."""
        required = [parameter.name for parameter in self.parameters if not parameter.optional]
        if names:
            known = {parameter.name for parameter in self.parameters}
            complete = self.lenient or set(required) <= set(names)
            return not self.variadic and len(set(names)) == len(names) and complete and set(names) <= known
        if self.variadic:
            return count >= len(self.parameters)
        return len(required) <= count <= len(self.parameters)

    def place(self, names: tuple[str, ...]) -> tuple[int | None, ...]:
        """Return for each parameter the position of its argument."""
        if not names:
            return ()
        positions = {name: position for position, name in enumerate(names)}
        return tuple(positions.get(parameter.name) for parameter in self.parameters)

    def fit(self, values: list[object], places: tuple[int | None, ...]) -> list[object] | None:
        """Return the arguments in the order of the parameters; None where a value is of the wrong kind."""
        if places:
            values = [None if place is None else values[place] for place in places]
        # The last parameter of a variadic function takes all that follows.
        parameters = self.parameters + self.parameters[-1:] * (len(values) - len(self.parameters))
        fitted = [parameter.fit(value) for parameter, value in zip(parameters, values, strict=False)]
        return None if any(value is _NO_FIT for value in fitted) else fitted


class Builtin:
    """A built-in function with all its signatures."""

    def __init__(self, name: str) -> None:
        """Start without signatures."""
        self.name = name
        self.signatures: list[Signature] = []

    def accepts(self, count: int, names: tuple[str, ...]) -> bool:
        """Tell whether any signature takes these arguments."""
        return any(signature.accepts(count, names) for signature in self.signatures)

    def usage(self) -> str:
        """Return how the function is written."""
        forms = []
        for signature in self.signatures:
            parts = [f"{item.name}?" if item.optional else item.name for item in signature.parameters]
            forms.append(f"{self.name}({', '.join(parts)}{', …' if signature.variadic else ''})")
        return " / ".join(dict.fromkeys(forms))

    def bind(self, count: int, names: tuple[str, ...]) -> Callable[[Run, list[object]], object]:
        """Return the call for arguments that are written like this; values of the wrong kind give null."""
        fitting = [item for item in self.signatures if item.accepts(count, names)]
        choices = [(signature, signature.place(names)) for signature in fitting]

        def call(run: Run, values: list[object]) -> object:
            run.charge(1)
            for value in values:
                if value.__class__ is str and len(value) >= CHARACTERS_PER_STEP:
                    run.charge(len(value) // CHARACTERS_PER_STEP)
            for signature, places in choices:
                arguments = signature.fit(values, places)
                if arguments is not None:
                    return guarded(signature.function, run, arguments)
            return None

        return call

    def as_value(self) -> Function:
        """Return the function as a value, e.g. for `sort`: it takes what any of its forms takes."""
        first = self.signatures[0]

        def call(run: Run, *arguments: object) -> object:
            if not self.accepts(len(arguments), ()):
                return None
            return self.bind(len(arguments), ())(run, list(arguments))

        names = tuple(parameter.name for parameter in first.parameters)
        types = tuple(_TYPES.get(parameter.kind, ANY) for parameter in first.parameters)
        several = len(self.signatures) > 1 or first.variadic
        return Function(names, call, types, variadic=several)


def guarded(function: Callable[..., object], run: Run, arguments: Iterable[object]) -> object:
    """Call; a result that no value can hold is null."""
    try:
        return function(run, *arguments)
    except ARITHMETIC_FAILURES:
        return None


BUILTINS: dict[str, Builtin] = {}


def builtin(
    name: str,
    parameters: str = "",
    *,
    variadic: bool = False,
    lenient: bool = False,
) -> Callable[[F], F]:
    """Register a signature, written like `string: string, start position: number, length?: number`.

    A variadic function takes any number of values for its last parameter; a lenient one takes null for a parameter
    that a call by names leaves out.
    """
    parsed = tuple(_parameter(part) for part in parameters.split(",") if part.strip())

    def register(function: F) -> F:
        entry = BUILTINS.setdefault(name, Builtin(name))
        entry.signatures.append(Signature(parsed, function, variadic, lenient))
        if " " in name:
            COMPOUND_NAMES.add(name)
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(":")
    name = name.strip()
    return Parameter(name.removesuffix("?"), kind.strip(), name.endswith("?"))
