"""Deadlines as they are shown: with their light."""

from dataclasses import fields
from datetime import datetime

from engine.errors import NotFound
from engine.model.deadline import Deadline
from engine.ports import UnitOfWork
from engine.services import deadlines

DEADLINE_FIELDS = tuple(field.name for field in fields(Deadline))


def lit(deadline: Deadline, now: datetime) -> dict[str, object]:
    """Return a deadline with the light that it shows."""
    shown: dict[str, object] = {name: getattr(deadline, name) for name in DEADLINE_FIELDS}
    return shown | {"light": deadlines.light_of(deadline, now)}


def clocks_of_case(uow: UnitOfWork, case_id: str, now: datetime) -> list[dict[str, object]]:
    """Return every clock of a case, oldest first."""
    return [lit(deadline, now) for deadline in deadlines.list_of_case(uow, case_id)]


def ledger(uow: UnitOfWork, case_id: str, deadline_id: str, now: datetime) -> dict[str, object]:
    """Return a clock of a case with its ledger and its rungs; raises NotFound."""
    deadline = next((one for one in deadlines.list_of_case(uow, case_id) if one.id == deadline_id), None)
    if deadline is None:
        raise NotFound(kind="deadline", id=deadline_id)
    segments, rungs = deadlines.ledger(uow, deadline_id)
    return {"deadline": lit(deadline, now), "segments": segments, "rungs": rungs}
