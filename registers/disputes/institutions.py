"""Mediation institutions (调解机构): who helps the committees with disputes that they cannot settle alone."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, insert, select, true, update

from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.codes import CodeRegister
from registers.disputes.check import check_storable
from registers.disputes.mediators import YES, unknown_fields
from registers.disputes.tables import InstitutionRow
from registers.org import UnitRegister
from registers.statements import upsert

CATEGORIES = "institution_categories"
PAGE_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstitution:
    """An institution as it is registered: its unit, its category, and the fields (codes of `dispute_types`).

    fields   empty: it helps with everything
    """

    unit: str
    category: str
    name: str = ""
    fields: tuple[str, ...] = ()
    contact_name: str | None = None
    contact_phone: str | None = None
    address: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution(NewInstitution):
    """One institution."""

    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionQuery:
    """Which institutions; an empty filter lets everything through. `after` is the unit of the page before."""

    categories: tuple[str, ...] = ()
    field: str | None = None
    enabled: bool | None = None
    search: str = ""
    after: str | None = None
    limit: int = 50


class InstitutionRegister(Register):
    """All mediation institutions."""

    def add(self, new: NewInstitution) -> Institution:
        """Register an institution.

        Raises  Invalid with one problem per wrong field, Conflict where it is registered already
        """
        values = self._checked(new)
        if self.find(new.unit) is not None:
            message = f"{new.unit} is a mediation institution already."
            raise Conflict(message, code="institution-known", unit=new.unit)
        self.connection.execute(insert(InstitutionRow).values(**values, created_at=self.clock.now(), revision=0))
        return self.get(new.unit)

    def change(self, unit: str, changes: Mapping[str, Any]) -> Institution:
        """Change what is named; raises NotFound and Invalid."""
        known = self.get(unit)
        same = {name: getattr(known, name) for name in NewInstitution.__dataclass_fields__}
        values = self._checked(replace(NewInstitution(**same), **changes))
        statement = update(InstitutionRow).where(InstitutionRow.unit == unit)
        self.connection.execute(statement.values(**values, revision=InstitutionRow.revision + 1))
        return self.get(unit)

    def load(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Add or change institutions from rows whose fields are separated by blanks.

        Returns  the number of institutions
        Raises   Invalid, one problem per wrong field; units are loaded before
        """
        values = []
        for row in rows:
            new = NewInstitution(
                unit=row["unit"],
                category=row["category"],
                fields=tuple(row.get("fields", "").split()),
                contact_name=row.get("contact_name") or None,
                contact_phone=row.get("contact_phone") or None,
                address=row.get("address") or None,
                enabled=row.get("enabled", "") in YES,
            )
            values.append({**self._checked(new), "created_at": self.clock.now(), "revision": 0})
        upsert(self.connection, InstitutionRow, ("unit",), values)
        return len(values)

    def find(self, unit: str) -> Institution | None:
        """Return an institution by its unit, or None."""
        row = self.connection.execute(select(InstitutionRow).where(InstitutionRow.unit == unit)).one_or_none()
        return None if row is None else _institution(row._asdict())

    def find_enabled(self, unit: str) -> Institution | None:
        """Return an institution that may be asked to help, or None."""
        found = self.find(unit)
        return found if found is not None and found.enabled else None

    def get(self, unit: str) -> Institution:
        """Return an institution, or raise NotFound."""
        found = self.find(unit)
        if found is None:
            raise NotFound(kind="mediation institution", id=unit)
        return found

    def names_of(self, units: Iterable[str]) -> dict[str, str]:
        """Return the names of institutions by unit."""
        statement = select(InstitutionRow.unit, InstitutionRow.name).where(InstitutionRow.unit.in_(set(units)))
        return {row.unit: row.name for row in self.connection.execute(statement)}

    def list_institutions(self, query: InstitutionQuery) -> tuple[Institution, ...]:
        """Return institutions by unit, at most 200."""
        statement = select(InstitutionRow).where(*_filters(query)).order_by(InstitutionRow.unit)
        rows = self.connection.execute(statement.limit(min(query.limit, PAGE_MAX)))
        return tuple(_institution(row._asdict()) for row in rows)

    def _checked(self, new: NewInstitution) -> dict[str, object]:
        """Return the columns of an institution; raises Invalid with one problem per wrong field."""
        check_storable(new)
        codes = CodeRegister(self.connection, self.clock)
        unit = UnitRegister(self.connection, self.clock).find(new.unit)
        problems = [*unknown_fields(new.fields, codes)]
        if unit is None:
            problems.append(Problem("unknown-unit", "unit", f"There is no unit {new.unit}.", {"value": new.unit}))
        if codes.find_enabled(CATEGORIES, new.category) is None:
            message = f"There is no category {new.category}."
            problems.append(Problem("unknown-institution-category", "category", message, {"value": new.category}))
        if problems or unit is None:
            raise Invalid(problems=problems)
        return asdict(new) | {"name": new.name or unit.name, "fields": list(new.fields)}


def _filters(query: InstitutionQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    conditions: list[ColumnElement[bool]] = []
    if query.categories:
        conditions.append(InstitutionRow.category.in_(query.categories))
    if query.enabled is not None:
        conditions.append(InstitutionRow.enabled == query.enabled)
    if query.field is not None:
        fields = cast(InstitutionRow.fields, Text)
        conditions.append(fields.contains(f'"{query.field}"', autoescape=True) | (fields == "[]"))
    if query.search:
        conditions.append(InstitutionRow.name.icontains(query.search, autoescape=True))
    if query.after is not None:
        conditions.append(InstitutionRow.unit > query.after)
    return conditions or [true()]


def _institution(values: Mapping[str, Any]) -> Institution:
    """Build an institution from its row."""
    return Institution(**{**values, "fields": tuple(values["fields"])})
