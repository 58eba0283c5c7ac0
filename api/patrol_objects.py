"""Adding, changing and drawing patrol objects of an area."""

from collections.abc import Mapping
from typing import Any

from api.credentials import Caller
from api.patrol_access import PLAN, areas_with, person_areas, readable_areas, visible_object
from api.patrol_history import note
from api.patrol_view import feature, object_rows
from engine.errors import Invalid, Problem
from engine.ports import UnitOfWork
from registers.patrols import NewPatrolObject, ObjectQuery, PatrolObject, PatrolObjectRegister, object_lies_in

PAGE = 200
# More points than this no map draws; the list has them all.
MOST_FEATURES = 10_000


def add_object(uow: UnitOfWork, body: Mapping[str, Any], who: Caller) -> PatrolObject:
    """Add an object. Raises Invalid with one problem per wrong field, Conflict for a code that is taken."""
    made = uow.get(PatrolObjectRegister).add(NewPatrolObject(**body))
    _require_own(uow, made, who)
    note(uow, "patrol_object.added", made, by=who.login, code=made.code)
    uow.commit()
    return made


def change_object(
    uow: UnitOfWork, object_id: str, body: Mapping[str, Any], who: Caller, *, revision: int | None
) -> PatrolObject:
    """Change an object. Raises NotFound, Invalid, Conflict for a stale revision."""
    _require_own(uow, visible_object(uow, who, object_id), who)
    said = {name: value for name, value in body.items() if name != "revision"}
    changed = uow.get(PatrolObjectRegister).change(object_id, NewPatrolObject(**said), revision=revision)
    _require_own(uow, changed, who)
    note(uow, "patrol_object.changed", changed, by=who.login, code=changed.code, enabled=changed.enabled)
    uow.commit()
    return changed


def layer(uow: UnitOfWork, given: Mapping[str, Any], who: Caller) -> dict[str, object]:
    """Return the objects of a filter as a layer of a map; what has no place for the caller is left out."""
    register, after = uow.get(PatrolObjectRegister), None
    features: list[dict[str, object]] = []
    while len(features) < MOST_FEATURES:
        page = register.list_page(
            ObjectQuery(
                areas=readable_areas(uow, who),
                person_areas=person_areas(uow, who),
                categories=tuple(given["category"]),
                risks=tuple(given["risk"]),
                enabled=given["enabled"],
                search=given["search"],
                after=after,
                limit=PAGE,
            )
        )
        rows = object_rows(uow, page.items, who)
        features += [feature(row) for row in rows if row["longitude"] is not None]
        after = page.next_after
        if after is None:
            break
    return {"type": "FeatureCollection", "features": features}


def _require_own(uow: UnitOfWork, one: PatrolObject, who: Caller) -> None:
    """Raise Invalid where an object lies outside of the area for which she plans."""
    if not object_lies_in(one, areas_with(uow, who, PLAN)):
        message = f"{one.region_code} does not lie in the area for which you plan."
        raise Invalid(problems=[Problem("patrol-area", "region_code", message, {"value": one.region_code})])
