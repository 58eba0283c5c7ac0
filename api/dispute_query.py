"""From the filters of an address to a query of the register of disputes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.credentials import Caller
from registers.disputes import DisputeQuery, DisputeScope


def query_of(given: Mapping[str, Any], caller: Caller, scope: DisputeScope | None) -> DisputeQuery:
    """Return the register's query for the filters of a request, within what the caller may see."""
    query = DisputeQuery(
        applicant=given["applicant"],
        respondent=given["respondent"],
        title=given["title"],
        search=given["search"],
        applied_from=given["applied_from"],
        applied_to=given["applied_to"],
        types=tuple(given["type"]),
        sources=tuple(given["source"]),
        statuses=tuple(given["status"]),
        outcomes=tuple(given["outcome"]),
        severities=tuple(given["severity"]),
        levels=tuple(given["level"]),
        committees=tuple(given["committee_unit"]),
        districts=tuple(given["district"]),
        streets=tuple(given["street"]),
        mediators=tuple(given["mediator"]),
        source_case_id=given["source_case_id"],
        applicant_login=caller.login if given["mine"] else None,
        scope=scope,
    )
    if "limit" not in given:
        return query
    return replace(query, sort=given["sort"], after=given["after"], limit=given["limit"])
