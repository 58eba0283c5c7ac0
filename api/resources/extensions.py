"""Requests for more time of a case."""

from flask.views import MethodView

from api.auth import caller, requires
from api.case_access import visible_case
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.schemas.extensions import ExtensionsSchema
from registers.extensions import ExtensionRegister

blp = NounBlueprint("extensions", __name__, url_prefix=PREFIX, description="Requests for more time (延期申请).")


@blp.route("/cases/<id:case_id>/extensions")
class CaseExtensions(MethodView):
    """The requests of a case."""

    @requires("case.read_timeline")
    @blp.response(200, ExtensionsSchema)
    def get(self, case_id: str) -> dict[str, object]:
        """List the requests for more time.

        Oldest first, the refused ones too: how much was asked for, of which kind it was, who decided and why.
        """
        with reading() as uow:
            return {"items": uow.get(ExtensionRegister).list_for(visible_case(uow, caller(), case_id).id)}
