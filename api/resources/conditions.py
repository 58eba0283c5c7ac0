"""Facts from outside that processes begin with."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.processes import FactsSchema, StartedSchema
from engine.services import conditions

blp = NounBlueprint(
    "conditions", __name__, url_prefix=f"{PREFIX}/conditions", description="Facts that processes begin with."
)


@blp.route("")
class Conditions(MethodView):
    """Conditional start events."""

    @requires("message.send")
    @blp.arguments(FactsSchema)
    @blp.response(200, StartedSchema)
    def post(self, body: dict[str, Any]) -> dict[str, object]:
        """Tell facts.

        Each process whose conditional start event holds over these variables is started once, in its latest version,
        and they become its variables. A condition that is false or null (it asks for what was not told) starts nothing;
        one that gives something else is refused (422), and nothing is started. Nothing is remembered: the same facts
        told again start again.
        """
        with writing() as uow:
            given = {name: body[name] for name in ("variables", "business_key")}
            return {"items": conditions.tell(uow, **given, by=caller().login)}
