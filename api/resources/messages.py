"""Messages and signals from outside."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import writing
from api.delivering import deliver
from api.openapi import PREFIX, NounBlueprint
from api.schemas.cases import DeliveredSchema
from api.schemas.processes import MessageSchema

blp = NounBlueprint("messages", __name__, url_prefix=f"{PREFIX}/messages", description="Messages to waiting cases.")


@blp.route("")
class Messages(MethodView):
    """Delivery."""

    @requires("message.send")
    @blp.arguments(MessageSchema)
    @blp.response(200, DeliveredSchema)
    def post(self, body: dict[str, Any]) -> dict[str, int]:
        """Send a message.

        To the one activity that waits for the name with this correlation key, or as a signal to all (`broadcast`).
        Without a key the conversations of the deployed diagrams read it in the variables.
        404 when nobody waits, 409 when the key fits several.
        """
        with writing() as uow:
            return {"delivered": deliver(uow, body, by=caller().login)}
