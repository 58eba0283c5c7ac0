"""Code tables and working calendars: the lists that forms, rules and imports share."""

from flask.views import MethodView

from api.auth import SIGNED_IN, requires
from api.code_view import calendars, table_of
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.schemas.city import CalendarsSchema, CodesSchema, TablesSchema
from registers.codes import CodeRegister

blp = NounBlueprint("codes", __name__, url_prefix=PREFIX, description="Code tables and working calendars.")


@blp.route("/codes")
class CodeTables(MethodView):
    """All code tables."""

    @requires(SIGNED_IN)
    @blp.response(200, TablesSchema)
    def get(self) -> dict[str, object]:
        """List the code tables.

        By name.
        """
        with reading() as uow:
            return {"items": uow.get(CodeRegister).list_tables()}


@blp.route("/codes/<key:table>")
class CodeTable(MethodView):
    """One code table."""

    @requires(SIGNED_IN)
    @blp.response(200, CodesSchema)
    def get(self, table: str) -> dict[str, object]:
        """Read a code table.

        In the order of its file; values that are no longer used are marked, not left out.
        """
        with reading() as uow:
            return table_of(uow, table)


@blp.route("/calendars")
class Calendars(MethodView):
    """Working calendars."""

    @requires(SIGNED_IN)
    @blp.response(200, CalendarsSchema)
    def get(self) -> dict[str, object]:
        """List the working calendars.

        The version that is valid now.
        """
        with reading() as uow:
            return {"items": calendars(uow)}
