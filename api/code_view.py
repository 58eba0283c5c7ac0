"""Code tables as they are shown."""

from engine.errors import NotFound
from engine.model.deployment import CalendarDefinition
from engine.ports import UnitOfWork
from registers.codes import CodeRegister


def table_of(uow: UnitOfWork, table: str) -> dict[str, object]:
    """Return a whole code table; raises NotFound for one that was never loaded."""
    codes = uow.get(CodeRegister)
    found = codes.list_codes(table, enabled=None)
    if not found:
        raise NotFound(kind="code table", id=table)
    return {"table": table, "items": found}


def calendars(uow: UnitOfWork) -> tuple[CalendarDefinition, ...]:
    """Return the latest version of every working calendar."""
    return uow.deployments.list_definitions(CalendarDefinition)
