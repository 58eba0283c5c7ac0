"""The values of FEEL and what they are in Python.

null None · boolean bool · number Decimal (34 digits) · string str · list list · context dict · date date ·
time time · date and time datetime · days and time duration timedelta · years and months duration YearsMonths ·
range Range · function Function. Nothing else ever enters an evaluation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

# The arithmetic of IEEE 754 decimal128, as DMN 1.3 §10.3.2.3.1 asks.
NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ARITHMETIC_FAILURES = (InvalidOperation, DivisionByZero, Overflow, OverflowError, ValueError)

MAX_MONTHS = 12 * 999_999_999
ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, in months (may be negative)."""

    months: int

    def __post_init__(self) -> None:
        """Raise OverflowError for a length that no calendar knows."""
        if abs(self.months) > MAX_MONTHS:
            raise OverflowError

    def __str__(self) -> str:
        """Render as ISO 8601, e.g. `P1Y2M`."""
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is null compares with nothing, unless the interval has none on that side: `(< 10)`."""

    low: object
    high: object
    low_closed: bool
    high_closed: bool
    endless: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: the names of its parameters and what it does with their values.

    types     the types of the parameters, where they are declared (engine.feel.kinds.Type)
    result    the type of the answer, where it is declared
    variadic  whether it takes any number of arguments, as built-in functions with several forms do
    """

    parameters: tuple[str, ...]
    call: Callable[..., object]
    types: tuple[object, ...] = ()
    result: object = None
    variadic: bool = False
