"""Units: the organisations that hold, handle and supervise cases."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.org.tables import UnitRow
from registers.regions import full_code
from registers.statements import upsert

CODE = re.compile(r"[0-9]{6}(-[A-Z]{1,8}|[0-9]{3}|[0-9]{6})?")
PROBLEMS = {
    "unit-code-malformed": "row {row}: {value} is not a unit code",
    "unit-kind-unknown": "row {row}: unit {value} has an unknown kind",
    "unit-name-missing": "row {row}: unit {value} has no name",
    "unit-parent-unknown": "row {row}: the parent of unit {value} is neither in the file nor registered",
}


class UnitKind(StrEnum):
    """What a unit is."""

    CITY_CENTRE = "city_centre"
    DEPARTMENT = "department"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    INSTITUTION = "institution"


# Parents before children, so that a reference always finds its row.
ORDER = tuple(UnitKind)


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation."""

    code: str
    name: str
    kind: UnitKind
    parent: str | None
    region_code: str | None


class UnitRegister(Register):
    """Reads and loads units."""

    def load(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Add or change units from rows with code, name, kind, parent, region_code (12 digits or a unit code).

        Returns  the number of units
        Raises   Invalid, one problem per wrong row
        """
        units: dict[str, Unit] = {}
        problems: list[Problem] = []
        cells = [{key: (value or "").strip() for key, value in row.items() if key} for row in rows]
        known = {row.get("code", "") for row in cells} | set(self.connection.execute(select(UnitRow.code)).scalars())
        for number, row in enumerate(cells, start=2):
            problem = _problem(row, known)
            if problem is None:
                units[row["code"]] = _read(row)
                continue
            params: dict[str, object] = {"row": number, "value": row.get("code", "")}
            problems.append(Problem(problem, f"row {number}", PROBLEMS[problem].format_map(params), params))
        if problems:
            raise Invalid(problems=problems)
        ordered = sorted(units.values(), key=lambda unit: (ORDER.index(unit.kind), len(unit.code), unit.code))
        upsert(self.connection, UnitRow, ("code",), [_values(unit) for unit in ordered])
        return len(ordered)

    def find(self, code: str) -> Unit | None:
        """Return a unit, or None."""
        row = self.connection.execute(select(UnitRow).where(UnitRow.code == code)).one_or_none()
        return None if row is None else _unit(row._asdict())

    def get(self, code: str) -> Unit:
        """Return a unit, or raise NotFound."""
        found = self.find(code)
        if found is None:
            raise NotFound(kind="unit", id=code)
        return found

    def list_units(self, *, kind: UnitKind | None = None, parent: str | None = None) -> tuple[Unit, ...]:
        """Return units by code; of one kind or below one parent, where given."""
        statement = select(UnitRow).order_by(UnitRow.code)
        if kind is not None:
            statement = statement.where(UnitRow.kind == kind.value)
        if parent is not None:
            statement = statement.where(UnitRow.parent == parent)
        return tuple(_unit(row._asdict()) for row in self.connection.execute(statement))

    def names_of(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the names of units by code; unknown codes are left out."""
        statement = select(UnitRow.code, UnitRow.name).where(UnitRow.code.in_(set(codes)))
        return {row.code: row.name for row in self.connection.execute(statement)}

    def require(self, codes: Iterable[str], where: str) -> None:
        """Raise Invalid naming the field `where` for each code that is no unit."""
        wanted = list(dict.fromkeys(codes))
        known = self.names_of(wanted)
        problems = [
            Problem("unknown-unit", where, f"There is no unit {code}.", {"value": code})
            for code in wanted
            if code not in known
        ]
        if problems:
            raise Invalid(problems=problems)


def _problem(row: Mapping[str, str], known: set[str]) -> str | None:
    """Return the code of what is wrong with a row, if anything."""
    if not CODE.fullmatch(row.get("code", "")):
        return "unit-code-malformed"
    if row.get("kind") not in {kind.value for kind in UnitKind}:
        return "unit-kind-unknown"
    if not row.get("name"):
        return "unit-name-missing"
    return "unit-parent-unknown" if row.get("parent") and row["parent"] not in known else None


def _read(row: Mapping[str, str]) -> Unit:
    """Build a unit from a row of the file."""
    region = row.get("region_code", "")
    return Unit(row["code"], row["name"], UnitKind(row["kind"]), row.get("parent") or None, full_code(region))


def _values(unit: Unit) -> dict[str, object]:
    """Return the columns of a unit."""
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "region_code": unit.region_code,
    }


def _unit(values: Mapping[str, str | None]) -> Unit:
    """Build a unit from its row."""
    kind = UnitKind(str(values["kind"]))
    return Unit(str(values["code"]), str(values["name"]), kind, values["parent"], values["region_code"])
