"""The rules behind a projection: when a light begins, and when a rung (a warning, a card, an order) becomes due.

All numbers and words come from rule tables; nothing here knows a threshold or a colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.deadlines.units import Budget
from engine.errors import Invalid, Problem

LARGEST_FRACTION = Decimal(1_000)


class Side(StrEnum):
    """On which side of the due instant an offset lies."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance from the due instant: `1 工作日` before it, `5 工作日` after it."""

    budget: Budget
    side: Side


@dataclass(frozen=True, slots=True)
class LightRule:
    """A light begins when this fraction of the budget is used up; with `after`, just beyond it.

    Green, yellow and red are `LightRule(绿, 0)`, `LightRule(黄, 0.7)`, `LightRule(红, 1, after=True)`: 70 % is yellow
    already, 100 % not yet red.
    """

    light: str
    from_fraction: Decimal
    after: bool = False


@dataclass(frozen=True, slots=True)
class RungRule:
    """A rung becomes due at the earliest of the given instants, never before the clock starts.

    rung      its name, unique among the rungs of a deadline
    kind      what is to be done; any word of the tables
    fraction  of the budget used up; above 1 it lies beyond the due instant
    offset    distance from the due instant
    after     just beyond that instant, not at it: `overdue > 0` is fraction 1, after
    """

    rung: str
    kind: str
    fraction: Decimal | None = None
    offset: Offset | None = None
    after: bool = False


def check_lights(lights: Sequence[LightRule]) -> tuple[LightRule, ...]:
    """Return the lights in the order in which they begin.

    Raises Invalid with the problems: light-fraction, light-twice, lights-leave-the-start-dark.
    """
    problems = [_fraction_problem("light", rule.light, rule.from_fraction) for rule in lights]
    if len({(rule.from_fraction, rule.after) for rule in lights}) < len(lights):
        problems.append(Problem("light-twice", "lights", "two lights begin at the same fraction"))
    if lights and not any(rule.from_fraction == 0 and not rule.after for rule in lights):
        problems.append(Problem("lights-leave-the-start-dark", "lights", "no light begins at fraction 0"))
    _raise([problem for problem in problems if problem is not None])
    return tuple(sorted(lights, key=lambda rule: (rule.from_fraction, rule.after)))


def check_rungs(rungs: Sequence[RungRule]) -> None:
    """Raise Invalid with the problems: rung-fraction, rung-without-instant, rung-twice."""
    problems = [_fraction_problem("rung", rule.rung, rule.fraction) for rule in rungs if rule.fraction is not None]
    seen: set[str] = set()
    for rule in rungs:
        params: dict[str, object] = {"rung": rule.rung}
        if rule.fraction is None and rule.offset is None:
            message = f"the rung {rule.rung} has neither a fraction nor an offset"
            problems.append(Problem("rung-without-instant", rule.rung, message, params))
        if rule.rung in seen:
            problems.append(Problem("rung-twice", rule.rung, f"the rung {rule.rung} stands twice", params))
        seen.add(rule.rung)
    _raise([problem for problem in problems if problem is not None])


def _fraction_problem(kind: str, name: str, fraction: Decimal) -> Problem | None:
    if fraction.is_finite() and 0 <= fraction <= LARGEST_FRACTION:
        return None
    message = f"the fraction {fraction} of the {kind} {name} is not between 0 and {LARGEST_FRACTION}"
    return Problem(f"{kind}-fraction", name, message, {kind: name, "fraction": str(fraction)})


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(problems=problems)
