"""What becomes of a job that failed: another attempt after a growing pause, or an incident."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from engine.errors import EngineError
from engine.handler import RetryLater
from engine.model.job import Incident, IncidentStatus, Job, JobStatus
from engine.model.process_instance import ProcessInstance
from engine.model.step import ErrorThrown
from engine.ports import UnitOfWork

LONGEST_PAUSE = timedelta(hours=1)


def after_failure(uow: UnitOfWork, job: Job, error: Exception) -> Job:
    """Return the job as it waits for its next attempt; with none left it has failed and an incident is open."""
    now = uow.clock.now()
    if isinstance(error, RetryLater):
        return replace(job, due_at=now + error.after, lease_owner=None, lease_until=None, last_error=_storable(error))
    attempts, retries = job.attempts + 1, job.retries - 1
    # Compared as a number first: after some forty doublings no timedelta holds it.
    pause = timedelta(seconds=min(job.retry_in * 2 ** (attempts - 1), LONGEST_PAUSE.total_seconds()))
    job = replace(
        job,
        attempts=attempts,
        retries=retries,
        due_at=now + pause,
        lease_owner=None,
        lease_until=None,
        last_error=_storable(f"{type(error).__name__}: {error}")[:2000],
    )
    if retries > 0:
        return job
    uow.incidents.add(_incident(job, error, now))
    return replace(job, status=JobStatus.FAILED)


def uncaught(instance: ProcessInstance, error: ErrorThrown, now: datetime) -> Incident:
    """Return the incident of an instance that ended with a BPMN error."""
    return Incident(
        id=str(uuid4()),
        job_id=None,
        instance_id=instance.id,
        element_id=error.element_id,
        topic=instance.process_key,
        message=f"BPMN error {error.code} was caught by nobody",
        details=error.message,
        attempts=1,
        status=IncidentStatus.OPEN,
        created_at=now,
    )


def _storable(said: object) -> str:
    """Return what an error says without the characters that a database refuses: a failure must not fail to be kept."""
    return str(said).encode("utf-8", "replace").decode().replace("\0", "?")


def _incident(job: Job, error: Exception, now: datetime) -> Incident:
    problems = error.problems if isinstance(error, EngineError) else ()
    return Incident(
        id=str(uuid4()),
        job_id=job.id,
        instance_id=job.instance_id,
        element_id=job.element_id,
        topic=job.topic,
        message=(job.last_error or "")[:500],
        details=_storable("\n".join(str(problem) for problem in problems)) or (job.last_error or ""),
        attempts=job.attempts,
        status=IncidentStatus.OPEN,
        created_at=now,
    )
