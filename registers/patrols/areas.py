"""Whose area is whose: a community's code begins with its street's, and a street's with its district's (NBS codes)."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from registers.patrols.model import PatrolObject

AnyColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def lies_in(unit: str, areas: Iterable[str] | None) -> bool:
    """Tell whether a unit is one of some units or stands below one; None: the whole city."""
    return areas is None or any(unit.startswith(area) for area in areas)


def is_near(unit: str, other: str) -> bool:
    """Tell whether one of two units stands above the other, or is it."""
    return unit.startswith(other) or other.startswith(unit)


def object_lies_in(one: PatrolObject, areas: Iterable[str] | None) -> bool:
    """Tell whether an object lies in one of some areas; None: the whole city."""
    return lies_in(one.community or one.street, areas)


def below(column: InstrumentedAttribute[str], areas: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that the unit in a column is one of some units or stands below one."""
    return or_(false(), *(column.startswith(area, autoescape=True) for area in areas))


def within(columns: Iterable[AnyColumn], areas: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that one of some columns (community, street, district) names one of some areas."""
    units = tuple(areas)
    return or_(false(), *(column.in_(units) for column in columns))


def common(codes: Iterable[str | None]) -> str | None:
    """Return the code that all agree on, or None."""
    found = set(codes)
    return found.pop() if len(found) == 1 else None
