"""Which groups there can be: `role@unit`, by the city's roles and units, or by the roles of the source alone."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.ports import UnitOfWork
from engine.services.known_groups import Unknown
from registers.codes import CodeRegister
from registers.org import UnitRegister
from registers.org.accounts import GROUP


def in_city(uow: UnitOfWork) -> Unknown:
    """Return the question for a city: roles as its code table has them, units as they are loaded."""
    roles = {code.code for code in uow.get(CodeRegister).list_codes("roles")}
    units = uow.get(UnitRegister)

    def unknown(groups: Iterable[str]) -> Mapping[str, str]:
        found = dict(_by_role(groups, roles))
        parts = {group: match["unit"] for group in groups if group not in found and (match := GROUP.fullmatch(group))}
        names = units.names_of(set(parts.values())) if parts else {}
        return found | {group: unit for group, unit in parts.items() if unit not in names}

    return unknown


def in_source(folder: Path) -> Unknown:
    """Return the question without a database: roles as `rules/codes/roles.csv` has them, any unit."""
    file = folder / "rules" / "codes" / "roles.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines()) if file.exists() else []
    roles = {row["code"] for row in rows}
    return lambda groups: _by_role(groups, roles)


def _by_role(groups: Iterable[str], roles: set[str]) -> Mapping[str, str]:
    """Return the groups that have not the form `role@unit`, or whose role there is not; no roles: all are free."""
    wrong = {}
    for group in groups:
        match = GROUP.fullmatch(group)
        if match is None:
            wrong[group] = group
        elif roles and match["role"] not in roles:
            wrong[group] = match["role"]
    return wrong
