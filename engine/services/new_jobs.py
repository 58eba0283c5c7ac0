"""New jobs: what every kind of due work has in common when it begins to wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from engine.model.job import Job, JobKind, JobStatus
from engine.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Spot:
    """Where work belongs: an activity of an instance and its element; of the start of a process the element alone."""

    instance_id: str | None = None
    root_id: str | None = None
    activity: int | None = None
    element_id: str | None = None


NOWHERE = Spot()


def new_job(
    uow: UnitOfWork,
    kind: JobKind,
    topic: str,
    due_at: datetime,
    spot: Spot = NOWHERE,
    *,
    payload: Mapping[str, object] | None = None,
) -> Job:
    """Return a job that waits from now on, with the attempts that the installation gives it; it is not stored yet."""
    return Job(
        id=str(uuid4()),
        kind=kind,
        topic=topic,
        instance_id=spot.instance_id,
        root_id=spot.root_id,
        activity=spot.activity,
        element_id=spot.element_id,
        due_at=due_at,
        retries=uow.settings.retries,
        retry_in=uow.settings.retry_in,
        attempts=0,
        priority=0,
        status=JobStatus.WAITING,
        created_at=uow.clock.now(),
        payload=dict(payload or {}),
    )
