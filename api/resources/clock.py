"""The city's clock: the machine's, or a simulated one that is moved from here."""

from typing import Any

from flask.views import MethodView

from api.auth import requires
from api.clock_view import clock_state, move_clock
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.schemas.clocks import ClockSchema, MoveClockSchema

blp = NounBlueprint("clock", __name__, url_prefix=f"{PREFIX}/clock", description="What time it is in the city.")


@blp.route("")
class CityClock(MethodView):
    """The clock."""

    @requires("clock.read")
    @blp.response(200, ClockSchema)
    def get(self) -> dict[str, object]:
        """Read the clock.

        The city's instant, whether it is simulated, and when a machine next has something to do.
        """
        with reading() as uow:
            return clock_state(uow)

    @requires("clock.move")
    @blp.arguments(MoveClockSchema)
    @blp.response(200, ClockSchema)
    def put(self, body: dict[str, Any]) -> dict[str, object]:
        """Move a simulated clock.

        Forward only; 409 where the city runs on real time.
        """
        move_clock(body["now"])
        with reading() as uow:
            return clock_state(uow)
