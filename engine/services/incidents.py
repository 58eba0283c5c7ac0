"""Incidents: what gave up, and what an operator does about it."""

from engine.errors import Conflict
from engine.model.job import Incident, IncidentStatus
from engine.model.user_task import Page
from engine.ports import UnitOfWork
from engine.services import jobs


def list_page(
    uow: UnitOfWork,
    *,
    status: str | None = None,
    instance_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Incident]:
    """Return a page of incidents, newest first; only reads."""
    return uow.incidents.list_page(status=status, instance_id=instance_id, after=after, limit=limit)


def get(uow: UnitOfWork, incident_id: str) -> Incident:
    """Return an incident; only reads. Raises NotFound."""
    return uow.incidents.get(incident_id)


def retry(uow: UnitOfWork, incident_id: str, *, by: str) -> Incident:
    """Give the job of an incident new attempts; the incident is resolved by that. Raises NotFound, Conflict."""
    incident = _open(uow, incident_id)
    if incident.job_id is None:
        raise Conflict(
            "The incident {id} has no job that could be retried.", code="incident-without-job", id=incident_id
        )
    jobs.retry(uow, incident.job_id, by=by)
    return uow.incidents.get(incident_id)


def resolve(uow: UnitOfWork, incident_id: str, *, resolution: str, by: str) -> Incident:
    """Close an incident by word of an operator; its job stays as it is. Raises NotFound, Conflict."""
    incident = uow.incidents.close(_open(uow, incident_id), at=uow.clock.now(), by=by, resolution=resolution)
    uow.commit()
    return incident


def _open(uow: UnitOfWork, incident_id: str) -> Incident:
    incident = uow.incidents.get(incident_id)
    if incident.status is not IncidentStatus.OPEN:
        raise Conflict(kind="incident", id=incident_id)
    return incident
