"""Reading and moving the city's clock."""

from datetime import datetime

from api.context import city
from engine.errors import Conflict
from engine.ports import UnitOfWork
from engine.services import jobs


def clock_state(uow: UnitOfWork) -> dict[str, object]:
    """Return the instant, whether it is simulated, and when a machine next has something to do."""
    return {"now": uow.clock.now(), "virtual": city().move_clock is not None, "next_due": jobs.next_due(uow)}


def move_clock(instant: datetime) -> None:
    """Move a simulated clock forward; raises Conflict where the city runs on real time."""
    move = city().move_clock
    if move is None:
        raise Conflict("The city runs on real time.", code="clock-is-real")
    move(instant)
