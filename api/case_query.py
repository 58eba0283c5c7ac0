"""From the filters of an address to a query of the register."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.case_access import reporter_code_of
from api.credentials import Caller
from engine.ports import UnitOfWork
from registers.cases import CaseQuery, CaseRegister, CaseScope


def query_of(given: Mapping[str, Any], caller: Caller, scope: CaseScope | None) -> CaseQuery:
    """Return the register's query for the filters of a request, within what the caller may see."""
    query = CaseQuery(
        statuses=tuple(given["status"]),
        categories=tuple(given["category"]),
        channels=tuple(given["channel"]),
        urgencies=tuple(given["urgency"]),
        districts=tuple(given["district"]),
        streets=tuple(given["street"]),
        lead_units=tuple(given["lead_unit"]),
        reporter_code=reporter_code_of(caller) if given["mine"] else None,
        search=given["search"],
        reported_from=given["reported_from"],
        reported_to=given["reported_to"],
        scope=scope,
    )
    if "limit" not in given:
        return query
    return replace(query, sort=given["sort"], after=given["after"], limit=given["limit"])


def counts(uow: UnitOfWork, query: CaseQuery) -> dict[str, object]:
    """Return the capped total of a query and the exact numbers by status."""
    cases = uow.get(CaseRegister)
    found = cases.count(query)
    by_status = {status.value: number for status, number in cases.count_by_status(query.scope).items()}
    return {"total": found.total, "capped": found.capped, "by_status": by_status}
