"""Which cards a caller may see."""

from collections.abc import Mapping
from typing import Any

from api.case_access import READ_CITY, READ_UNIT, sees_city, visible_case
from api.credentials import Caller
from engine.errors import Invalid, Problem
from engine.ports import UnitOfWork
from registers.cards import CardQuery, CardRegister


def cards_page(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of cards, newest first."""
    query = _query(uow, caller, given)
    if query is None:
        return {"items": [], "next_after": None}
    cards = uow.get(CardRegister).list_cards(query)
    full = len(cards) == query.limit
    return {"items": cards, "next_after": cards[-1].id if full and cards else None}


def card_counts(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, int]:
    """Return the exact number of cards of each colour."""
    query = _query(uow, caller, given)
    if query is None:
        return {"yellow": 0, "red": 0}
    return {colour.value: number for colour, number in uow.get(CardRegister).count(query).items()}


def _query(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> CardQuery | None:
    """Return the register's query within what she may see; None where that is nothing."""
    units = set(given["unit"])
    for case_id in given["case_id"]:
        visible_case(uow, caller, case_id)
    if not given["case_id"] and not sees_city(uow, caller):
        hers = caller.units_with(READ_UNIT) | caller.units_with(READ_CITY)
        units = units & hers if units else set(hers)
        if not units:
            return None
    before = uow.get(CardRegister).find(given["after"]) if given["after"] else None
    if given["after"] and before is None:
        raise Invalid(
            problems=[Problem("invalid-page-key", "after", "The page key is not one that this service gave.")]
        )
    return CardQuery(
        case_ids=tuple(given["case_id"]),
        units=tuple(sorted(units)),
        colours=tuple(given["colour"]),
        issued_from=given["issued_from"],
        issued_to=given["issued_to"],
        before=before,
        limit=given["limit"],
    )
