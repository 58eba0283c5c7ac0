"""Patrol objects (巡查对象): places that are looked at, people who are looked after."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.patrol_access import person_areas, readable_areas, visible_object
from api.patrol_objects import add_object, change_object, layer
from api.patrol_view import object_rows
from api.revisions import expected, tagged
from api.schemas.paging import page_of
from api.schemas.patrol_plans import (
    FeatureCollectionSchema,
    NewPatrolObjectSchema,
    PatrolObjectChangeSchema,
    PatrolObjectFilter,
    PatrolObjectQuery,
    PatrolObjectSchema,
)
from registers.patrols import ObjectQuery, PatrolObjectRegister

blp = NounBlueprint(
    "patrol-objects", __name__, url_prefix=f"{PREFIX}/patrol-objects", description="Patrol objects (巡查对象)."
)
READ = ("patrol.plan", "patrol.read_unit", "patrol.read_city")


@blp.route("")
class PatrolObjects(MethodView):
    """All objects of the caller's areas."""

    @requires("patrol.plan")
    @blp.arguments(NewPatrolObjectSchema)
    @blp.response(201, PatrolObjectSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Add an object.

        It must lie in the area for which the caller plans.
        """
        with writing() as uow:
            made = add_object(uow, body, caller())
            shown = object_rows(uow, [made], caller())[0]
        return shown, 201, {"Location": f"{PREFIX}/patrol-objects/{made.id}", **tagged(made)}

    @requires(*READ)
    @blp.arguments(PatrolObjectQuery, location="query")
    @blp.response(200, page_of(PatrolObjectSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List objects.

        Those of the caller's areas, by code; by category, risk and words.
        """
        with reading() as uow:
            found = uow.get(PatrolObjectRegister).list_page(
                ObjectQuery(
                    areas=readable_areas(uow, caller()),
                    person_areas=person_areas(uow, caller()),
                    categories=tuple(query["category"]),
                    risks=tuple(query["risk"]),
                    enabled=query["enabled"],
                    search=query["search"],
                    after=query["after"],
                    limit=query["limit"],
                )
            )
            return {"items": object_rows(uow, found.items, caller()), "next_after": found.next_after}


@blp.route("/geojson")
class PatrolObjectLayer(MethodView):
    """Objects on a map."""

    @requires(*READ)
    @blp.arguments(PatrolObjectFilter, location="query")
    @blp.response(200, FeatureCollectionSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """Read objects as a layer of a map.

        GeoJSON; every point names its system of coordinates. Whom or what the caller may not see has no point.
        """
        with reading() as uow:
            return layer(uow, query, caller())


@blp.route("/<id:object_id>")
class PatrolObjectById(MethodView):
    """One object."""

    @requires(*READ)
    @blp.response(200, PatrolObjectSchema)
    def get(self, object_id: str) -> tuple[object, int, dict[str, str]]:
        """Read an object.

        One outside of the caller's areas does not exist for her.
        """
        with reading() as uow:
            found = visible_object(uow, caller(), object_id)
            return object_rows(uow, [found], caller())[0], 200, tagged(found)

    @requires("patrol.plan")
    @blp.arguments(PatrolObjectChangeSchema)
    @blp.response(200, PatrolObjectSchema)
    def put(self, body: dict[str, Any], object_id: str) -> tuple[object, int, dict[str, str]]:
        """Change an object.

        One that is not enabled is left out of the patrols to come.
        """
        with writing() as uow:
            changed = change_object(uow, object_id, body, caller(), revision=expected(body))
            return object_rows(uow, [changed], caller())[0], 200, tagged(changed)
