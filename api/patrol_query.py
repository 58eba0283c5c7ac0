"""From the filters of an address to a query of the register of tasks."""

from collections.abc import Mapping
from typing import Any

from api.credentials import Caller
from registers.patrols import PatrolScope, TaskQuery


def query_of(given: Mapping[str, Any], caller: Caller, scope: PatrolScope | None) -> TaskQuery:
    """Return the register's query for the filters of a request, within what the caller may see."""
    return TaskQuery(
        stages=tuple(given["stage"]),
        members=(caller.login,) if given["mine"] else tuple(given["member"]),
        template_id=given["template_id"],
        case_id=given["case_id"],
        occurrence_on=given["occurrence_on"],
        dispatched_from=given["dispatched_from"],
        dispatched_to=given["dispatched_to"],
        missed=given["missed"],
        search=given["search"],
        scope=scope,
        after=given["after"],
        limit=given["limit"],
    )
