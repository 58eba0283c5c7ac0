"""From the filters of an address to a query of the inbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.credentials import Caller
from engine.model.user_task import InboxQuery


def query_of(given: Mapping[str, Any], caller: Caller, now: datetime) -> InboxQuery:
    """Return the engine's query for the filters of a request, always for the caller and her groups."""
    pairs = (facet.partition(":") for facet in given["facet"])
    return InboxQuery(
        user=caller.login,
        groups=caller.groups,
        now=now,
        box=given["box"],
        process_key=given["process_key"],
        element_ids=tuple(given["element"]),
        facets=tuple((name, value) for name, _, value in pairs),
        lights=tuple(given["light"]),
        search=given["search"],
        business_key=given["case_id"],
        sort=given.get("sort", "due"),
        after=given.get("after"),
        limit=given.get("limit", 1),
    )
