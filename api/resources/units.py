"""Units: the organisations that hold, handle and supervise cases."""

from typing import Any

from flask.views import MethodView

from api.auth import SIGNED_IN, requires
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.schemas.city import UnitQuery, UnitSchema, UnitsSchema
from registers.org import Unit, UnitKind, UnitRegister

blp = NounBlueprint("units", __name__, url_prefix=f"{PREFIX}/units", description="Organisations.")


@blp.route("")
class Units(MethodView):
    """All units."""

    @requires(SIGNED_IN)
    @blp.arguments(UnitQuery, location="query")
    @blp.response(200, UnitsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List units.

        By code; of one kind or below one parent, where named.
        """
        kind = UnitKind(query["kind"]) if query["kind"] else None
        with reading() as uow:
            return {"items": uow.get(UnitRegister).list_units(kind=kind, parent=query["parent"])}


@blp.route("/<id:unit_code>")
class UnitByCode(MethodView):
    """One unit."""

    @requires(SIGNED_IN)
    @blp.response(200, UnitSchema)
    def get(self, unit_code: str) -> Unit:
        """Read a unit.

        Its name, its kind, what it belongs to, and where it is.
        """
        with reading() as uow:
            return uow.get(UnitRegister).get(unit_code)
