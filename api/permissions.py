"""Roles and what they may do: the code table `permissions` (role, permission), changed like any other table."""

from collections.abc import Iterable, Mapping

from engine.ports import UnitOfWork
from registers.codes import CodeRegister

TABLE = "permissions"

Grants = Mapping[str, frozenset[str]]


def grants_of(uow: UnitOfWork, groups: Iterable[str]) -> Grants:
    """Return permission → units at which the roles of some groups (`role@unit`) give it."""
    held: dict[str, set[str]] = {}
    for group in groups:
        role, _, unit = group.partition("@")
        held.setdefault(role, set()).add(unit)
    grants: dict[str, set[str]] = {}
    if held:
        for row in uow.get(CodeRegister).list_codes(TABLE):
            units = held.get(str(row.data.get("role")))
            if units is not None:
                grants.setdefault(str(row.data.get("permission")), set()).update(units)
    return {permission: frozenset(units) for permission, units in grants.items()}
