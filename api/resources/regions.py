"""Regions: the tree from the province down to the communities."""

from typing import Any

from flask.views import MethodView

from api.auth import SIGNED_IN, requires
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.schemas.city import RegionQuery, RegionSchema, RegionsSchema
from registers.regions import Region, RegionRegister

blp = NounBlueprint("regions", __name__, url_prefix=f"{PREFIX}/regions", description="Administrative divisions.")


@blp.route("")
class Regions(MethodView):
    """Regions below one."""

    @requires(SIGNED_IN)
    @blp.arguments(RegionQuery, location="query")
    @blp.response(200, RegionsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List the regions below one.

        By code; the roots without a parent.
        """
        with reading() as uow:
            return {"items": uow.get(RegionRegister).list_children(query["parent"])}


@blp.route("/<id:region_code>")
class RegionByCode(MethodView):
    """One region."""

    @requires(SIGNED_IN)
    @blp.response(200, RegionSchema)
    def get(self, region_code: str) -> Region:
        """Read a region.

        By its 12 digits, or by the 6 or 9 digits of its unit code.
        """
        with reading() as uow:
            return uow.get(RegionRegister).get(region_code)
