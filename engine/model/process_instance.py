"""Process instances: where a case stands in its diagram."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InstanceStatus(StrEnum):
    """Life of an instance; everything but `active` is an end."""

    ACTIVE = "active"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    FAILED = "failed"  # an error end event that nobody caught
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ProcessInstance:
    """One run of one process definition.

    tokens     where it stands (the runtime's document, without the diagram)
    variables  ids and the few values that gateways and rules read; business data live in registers
    revision   goes up by one with every change; a write that names another one is refused
    """

    id: str
    definition_id: str
    process_key: str
    business_key: str | None
    parent_id: str | None
    parent_activity: int | None
    root_id: str
    status: InstanceStatus
    tokens: bytes
    variables: dict[str, object]
    revision: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None
    end_reason: str | None = None
