"""Mediators and institutions as they are shown, and who may change them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from api.case_access import masked_phone
from api.credentials import Caller, caller_of
from engine.errors import Forbidden, Invalid, NotFound, Problem
from engine.ports import UnitOfWork
from registers.codes import CodeRegister
from registers.disputes import (
    Avoidance,
    AvoidanceRegister,
    DisputeRegister,
    Institution,
    InstitutionQuery,
    InstitutionRegister,
    Mediator,
    MediatorQuery,
    MediatorRegister,
)
from registers.org import AccountRegister, UnitKind, UnitRegister

MANAGE = "mediator.manage"
# What somebody must be able to do at a unit to mediate there.
MEDIATES = ("task.work", "dispute.read_file")


def manages(uow: UnitOfWork, caller: Caller, unit: str) -> bool:
    """Tell whether the mediators of a unit are hers to manage: of her committee's area, or of the whole city."""
    units = uow.get(UnitRegister)
    hers = caller.units_with(MANAGE)
    if any(unit.startswith(code) for code in hers):
        return True
    return any((found := units.find(code)) is not None and found.kind is UnitKind.CITY_CENTRE for code in hers)


def require_managed(uow: UnitOfWork, caller: Caller, unit: str) -> None:
    """Raise Forbidden where the mediators of a unit are not hers to manage."""
    if not manages(uow, caller, unit):
        raise Forbidden(code="mediator-of-another-area", unit=unit)


def require_fit(uow: UnitOfWork, login: str, unit: str) -> None:
    """Raise Invalid for an account that could not work on a dispute of the unit: no right, or not in use."""
    account = uow.get(AccountRegister).find_by_login(login)
    if account is None:
        return  # the register names the field
    works = caller_of(uow, account.id)
    if not account.enabled or any(unit not in works.units_with(needed) for needed in MEDIATES):
        message = f"{login} does not mediate at {unit}."
        raise Invalid(problems=[Problem("account-not-mediating", "login", message, {"login": login, "unit": unit})])


def managed_mediator(uow: UnitOfWork, caller: Caller, login: str) -> Mediator:
    """Return a mediator of her area; raises NotFound, and Forbidden for one of another area."""
    mediator = uow.get(MediatorRegister).get(login)
    require_managed(uow, caller, mediator.unit)
    return mediator


def avoidances(uow: UnitOfWork, caller: Caller, login: str) -> tuple[Avoidance, ...]:
    """Return what a mediator has declared: for herself and for those who manage her; else raises NotFound."""
    mediator = uow.get(MediatorRegister).get(login)
    if mediator.login != caller.login and not manages(uow, caller, mediator.unit):
        raise NotFound(kind="mediator", id=login)
    return uow.get(AvoidanceRegister).of(login)


def mediators_page(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of mediators with their loads."""
    query = MediatorQuery(
        units=tuple(given["unit"]),
        field=given["field"],
        levels=tuple(given["level"]),
        enabled=given["enabled"],
        search=given["search"],
        after=given["after"],
        limit=given["limit"],
    )
    found = uow.get(MediatorRegister).list_mediators(query)
    full = len(found) == query.limit
    return {"items": mediator_views(uow, caller, found), "next_after": found[-1].login if full and found else None}


def mediator_views(uow: UnitOfWork, caller: Caller, found: Sequence[Mediator]) -> list[dict[str, object]]:
    """Return mediators as the caller may see them."""
    loads = uow.get(DisputeRegister).loads(one.login for one in found)
    units = uow.get(UnitRegister).names_of(one.unit for one in found)
    fields = _field_names(uow, (one.fields for one in found))
    shown = []
    for one in found:
        view: dict[str, object] = asdict(one) | {
            "unit_name": units.get(one.unit),
            "level_name": one.level.label,
            "field_names": [fields.get(code, code) for code in one.fields],
            "load": loads.get(one.login, 0),
        }
        if one.login != caller.login and not (caller.may(MANAGE) and manages(uow, caller, one.unit)):
            view |= {"phone": masked_phone(one.phone), "id_number": None}
        shown.append(view)
    return shown


def institutions_page(uow: UnitOfWork, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of institutions."""
    query = InstitutionQuery(
        categories=tuple(given["category"]),
        field=given["field"],
        enabled=given["enabled"],
        search=given["search"],
        after=given["after"],
        limit=given["limit"],
    )
    found = uow.get(InstitutionRegister).list_institutions(query)
    full = len(found) == query.limit
    return {"items": institution_views(uow, found), "next_after": found[-1].unit if full and found else None}


def institution_views(uow: UnitOfWork, found: Sequence[Institution]) -> list[dict[str, object]]:
    """Return institutions with names beside codes."""
    codes, fields = uow.get(CodeRegister), _field_names(uow, (one.fields for one in found))
    return [
        asdict(one)
        | {
            "category_name": codes.name_of("institution_categories", one.category),
            "field_names": [fields.get(code, code) for code in one.fields],
        }
        for one in found
    ]


def _field_names(uow: UnitOfWork, listed: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the names of fields by code."""
    if not any(listed):
        return {}
    return {code.code: code.name for code in uow.get(CodeRegister).list_codes("dispute_types", enabled=None)}
