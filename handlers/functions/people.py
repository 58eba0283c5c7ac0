"""People and units in expressions: who has which role where, read from the directory of the transaction.

The functions are pure over `run.facts["directory"]` (a `registers.org.Directory`); without it an expression stops with
an error, for a person who was not looked up must not look like one without roles. A person is a login, as in the
assignee of a task; a unit is its code.
"""

from decimal import Decimal
from typing import cast

from engine.feel.errors import FeelError
from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from registers.org import Directory

FACT = "directory"
MOST_LEVELS = 20


def _directory(run: Run, function: str) -> Directory:
    found = run.facts.get(FACT)
    if found is None:
        message = f"{function} needs {FACT}, which is not there."
        raise FeelError(message, code="feel-no-facts", function=function, fact=FACT)
    return cast("Directory", found)


def _units(groups: tuple[str, ...], role: str | None = None) -> list[str]:
    """Return the units of groups `role@unit`, each once."""
    pairs = [group.split("@", 1) for group in groups]
    return list(dict.fromkeys(unit for held, unit in pairs if role is None or held == role))


@builtin("has role", "person: string, role: string, unit?: string")
def has_role(run: Run, person: str, role: str, unit: str | None = None) -> bool | None:
    """Tell whether a person has a role, in one unit where it is given; null for a login that nobody has."""
    groups = _directory(run, "has role").groups_of(person)
    if groups is None:
        return None
    units = _units(groups, role)
    return bool(units) if unit is None else unit in units


@builtin("units of", "person: string, role?: string")
def units_of(run: Run, person: str, role: str | None = None) -> list[str] | None:
    """Return the units in which a person has a role, or the one that is given; null for a login that nobody has."""
    groups = _directory(run, "units of").groups_of(person)
    return None if groups is None else _units(groups, role)


@builtin("unit of", "person: string")
def unit_of(run: Run, person: str) -> str | None:
    """Return the unit of a person who belongs to one; null for a person of none or of several."""
    groups = _directory(run, "unit of").groups_of(person)
    units = _units(groups or ())
    return units[0] if len(units) == 1 else None


@builtin("people with role", "role: string, unit: string")
def people_with_role(run: Run, role: str, unit: str) -> list[str]:
    """Return the logins of the people who have a role in a unit and may sign in, sorted."""
    return list(_directory(run, "people with role").members_of(f"{role}@{unit}"))


@builtin("unit above", "unit: string, levels?: number")
def unit_above(run: Run, unit: str, levels: Decimal | None = None) -> str | None:
    """Return the unit above a unit, so many levels up (1 where it is not given); null beyond the top."""
    directory = _directory(run, "unit above")
    count = Decimal(1) if levels is None else levels
    if count != count.to_integral_value() or not 0 <= count <= MOST_LEVELS:
        return None
    found: str | None = unit
    for _ in range(int(count)):
        run.charge(1)
        found = None if found is None else directory.unit_above(found)
    return found
