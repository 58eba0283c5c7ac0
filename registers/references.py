"""What a form points at must exist: regions, units, codes, cases, mediators, institutions. Widget hints name them.

A JSON Schema can say that a unit is a text; only the registers know whether there is such a unit.
"""

from collections.abc import Callable, Mapping

from engine.errors import Invalid, Problem
from engine.persistence.base import Register
from registers.cases import CaseRegister
from registers.codes import CodeRegister
from registers.disputes import InstitutionRegister, MediatorRegister
from registers.org import UnitRegister
from registers.regions import RegionRegister

WIDGET, CODE_TABLE = "x-widget", "x-code-table"


class ReferenceRegister(Register):
    """Looks up what forms refer to."""

    def check(self, form: Mapping[str, object], entries: Mapping[str, object]) -> None:
        """Raise Invalid with one problem per field whose value refers to nothing.

        form     JSON Schema of type object; `x-widget` of a property says what its value is
        entries  what was entered, already checked against the schema
        """
        fields = form.get("properties")
        problems = [
            problem
            for name, field in (fields.items() if isinstance(fields, Mapping) else ())
            if isinstance(field, Mapping)
            for value in _values(entries.get(name))
            if (problem := self._problem(name, field, value)) is not None
        ]
        if problems:
            raise Invalid(problems=problems, code="form-invalid")

    def _problem(self, name: str, field: Mapping[str, object], value: str) -> Problem | None:
        """Return a problem where a value refers to nothing."""
        look = self._look_up(field)
        if look is None or look(value) is not None:
            return None
        message = f"{name}: there is no {field[WIDGET]} {value}."
        return Problem("reference-unknown", name, message, {"field": name, "value": value})

    def _look_up(self, field: Mapping[str, object]) -> Callable[[str], object] | None:
        """Return the function that finds what a field refers to; None where it refers to nothing."""
        codes = CodeRegister(self.connection, self.clock)
        table = str(field.get(CODE_TABLE, ""))
        units = UnitRegister(self.connection, self.clock).find
        looks: dict[object, Callable[[str], object]] = {
            "region": RegionRegister(self.connection, self.clock).find,
            "unit": units,
            "units": units,
            "duplicate-candidate": CaseRegister(self.connection, self.clock).find_by_reference,
            "code": lambda value: codes.find_enabled(table, value),
            "mediator": MediatorRegister(self.connection, self.clock).find_enabled,
            "institution": InstitutionRegister(self.connection, self.clock).find_enabled,
        }
        return looks.get(field.get(WIDGET))


def _values(entry: object) -> list[str]:
    """Return the texts of an entry; an empty field refers to nothing and is fine."""
    entries = entry if isinstance(entry, list) else [entry]
    return [value for value in entries if isinstance(value, str) and value]
