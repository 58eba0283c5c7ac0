"""What robots know and do about matters that are no cases, asked of the interface: see api.simulate.matters."""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any

from api.simulate.forms import Facts
from api.simulate.matters import PATROL, WRITE_FIELDS, visit
from api.simulate.wire import Document, Reply
from registers.articles.reading import IN_REVIEW
from registers.local_time import LOCAL_ZONE

Ask = Callable[[str, str, Document | None], Reply]
"""Ask the interface as the robot: method, path, body."""

LISTS = {"mediator": ("/mediators?enabled=true&limit=200", "login"), "institution": ("/mediation-institutions", "unit")}


def facts_over_http(ask: Ask, element: str, key: str, now: str) -> Facts:
    """Return what a robot knows about a matter that is no case; `now` is the city's instant."""
    return Facts(
        case={},
        unit=lambda: None,
        candidates=list,
        choices=lambda widget: _listed(ask, *LISTS[widget]),
        entered=_draft(ask, key) if element == "write_article" else {},
        today=datetime.fromisoformat(now).astimezone(LOCAL_ZONE).date(),
    )


def errand_over_http(ask: Ask, element: str, key: str, random: Random) -> None:
    """Do what has to be done outside before a task is finished: on patrol, look at every object that is left."""
    if element != PATROL:
        return
    task = ask("GET", f"/patrol-tasks/{key}", None)
    kinds = [(item["key"], item["kind"]) for item in task.document.get("checklist", ())]
    for named in task.document.get("objects", ()):
        if named["checked_at"] is None:
            ask("POST", f"/patrol-tasks/{key}/checks", visit(kinds, named, random))


def _listed(ask: Ask, path: str, name: str) -> list[str]:
    reply = ask("GET", path, None)
    return [str(one[name]) for one in reply.document.get("items", ())] if reply.is_fine else []


def _draft(ask: Ask, key: str) -> Mapping[str, Any]:
    """Return the content of the version that is being written."""
    reply = ask("GET", f"/articles/{key}/versions", None)
    states = {state.value for state in IN_REVIEW}
    versions = [one for one in reply.document.get("items", ()) if one["state"] in states] if reply.is_fine else []
    written = versions[0] if versions else {}
    return {name: _plain(written[name]) for name in WRITE_FIELDS if written.get(name)}


def _plain(value: object) -> object:
    """Return a value as the form takes it: words are shown as a list and entered as a text."""
    return " ".join(value) if isinstance(value, list) else value
