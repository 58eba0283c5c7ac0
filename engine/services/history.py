"""Reading what happened; every function only reads."""

from collections.abc import Sequence

from engine.model.history import HistoryEvent, VariableChange
from engine.model.user_task import Page
from engine.ports import UnitOfWork


def events(
    uow: UnitOfWork,
    *,
    business_key: str | None = None,
    instance_id: str | None = None,
    kinds: Sequence[str] = (),
    after: str | None = None,
    limit: int = 50,
) -> Page[HistoryEvent]:
    """Return a page of operations, oldest first."""
    return uow.history.list_events(
        business_key=business_key, instance_id=instance_id, kinds=kinds, after=after, limit=limit
    )


def variables(uow: UnitOfWork, instance_id: str) -> tuple[VariableChange, ...]:
    """Return every value that the variables of an instance have had, oldest first."""
    return uow.history.list_variables(instance_id)
