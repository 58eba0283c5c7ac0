"""Budgets: how much time somebody has, in the words of the rule tables.

A limit is always a triple (value, unit, calendar). The unit names the clock in which the value is counted:

自然日 自然小时      wall clock; one day is 24 hours. A natural day is not stretched to midnight: the budget is the same
                     whenever the case was reported, and what is left after a pause is exactly what was left before it.
工作时               office hours of workdays, by the calendar.
工作日               whole workdays, counted from the day after the start; due when the last one ends (closing time or
                     midnight, as the calendar says). The part behind the decimal point is that share of the calendar's
                     hours per day in 工作时: `1.5 工作日` is one whole workday, then 4 工作时.
紧急工作时 紧急工作日  run continuously, day and night; one day is 24 hours.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from engine.errors import Invalid, Problem


class Unit(StrEnum):
    """The unit of a budget; the value is the word that stands in the tables."""

    NATURAL_DAY = "自然日"
    NATURAL_HOUR = "自然小时"
    WORKING_DAY = "工作日"
    WORKING_HOUR = "工作时"
    URGENT_HOUR = "紧急工作时"
    URGENT_DAY = "紧急工作日"

    @property
    def is_continuous(self) -> bool:
        """Whether the clock of this unit runs day and night."""
        return self not in (Unit.WORKING_DAY, Unit.WORKING_HOUR)

    @property
    def is_day(self) -> bool:
        """Whether the unit counts days, not hours."""
        return self in (Unit.NATURAL_DAY, Unit.WORKING_DAY, Unit.URGENT_DAY)

    @property
    def largest(self) -> Decimal:
        """The largest value that is believed: ten years. More is a slip of the pen."""
        return Decimal(3_660 if self.is_day else 3_660 * 24)


FINEST = Decimal("0.0001")
"""The finest step of a value: a third of a second in hours, nine seconds in days."""

_TEXT = re.compile(r"\s*(?P<value>[0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?P<unit>\S+)\s*")


@dataclass(frozen=True, slots=True)
class Budget:
    """An amount of time: `value` in `unit`, counted in the working calendar with the key `calendar`.

    The calendar may be empty where the unit runs continuously. Raises Invalid, with one problem per field, for a value
    that is not a positive, finite Decimal within ten years and four decimals, for an unknown unit and for a unit of
    working time without a calendar.
    """

    value: Decimal
    unit: Unit
    calendar: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        problems = tuple(_problems(self))
        if problems:
            raise Invalid(problems=problems)

    def __str__(self) -> str:
        """Render as in the tables: `5 工作日`."""
        return f"{self.value.normalize():f} {self.unit}"

    @classmethod
    def of(cls, value: object, unit: str, calendar: str = "") -> "Budget":
        """Build from what a rule table or a column gives: a Decimal, int or numeric text, and the word of the unit.

        Raises Invalid as the constructor does.
        """
        return cls(_decimal(value), _unit(unit), calendar)

    @classmethod
    def parse(cls, text: str, calendar: str = "") -> "Budget":
        """Read `5 工作日` (blanks do not matter). Raises Invalid (budget-format and those of the constructor)."""
        match = _TEXT.fullmatch(text)
        if match is None:
            shown = text[:40]
            problem = Problem("budget-format", "budget", f"{shown!r} is not a number and a unit", {"text": shown})
            raise Invalid(problems=[problem])
        return cls.of(match["value"], match["unit"], calendar)


def _decimal(value: object) -> Decimal:
    """Return the exact value; what is no number becomes NaN and is refused by the budget with the other problems."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | str) and not isinstance(value, bool):
        try:
            return Decimal(value)
        except InvalidOperation:
            return Decimal("NaN")
    return Decimal("NaN")


def _unit(word: str) -> Unit:
    try:
        return Unit(word)
    except ValueError:
        known = ", ".join(Unit)
        params: dict[str, object] = {"unit": word[:40], "known": known}
        problem = Problem("unit-unknown", "unit", f"{word[:40]!r} is not a unit of time; known are {known}", params)
        raise Invalid(problems=[problem]) from None


def _problems(budget: Budget) -> list[Problem]:
    problems = []
    value, unit = budget.value, budget.unit
    if not value.is_finite() or value <= 0:
        message = f"the value {value} of a budget is not a positive number"
        problems.append(Problem("budget-not-positive", "value", message, {"value": str(value)}))
    elif value > unit.largest:
        params: dict[str, object] = {"value": str(value), "unit": str(unit), "largest": str(unit.largest)}
        problems.append(
            Problem("budget-too-large", "value", f"{value} {unit} is more than {unit.largest} {unit}", params)
        )
    elif value != value.quantize(FINEST):
        message = f"the value {value} has more than four decimals"
        problems.append(Problem("budget-too-fine", "value", message, {"value": str(value)}))
    if not unit.is_continuous and not budget.calendar:
        message = f"a budget in {unit} needs a working calendar"
        problems.append(Problem("budget-without-calendar", "calendar", message, {"unit": str(unit)}))
    return problems
