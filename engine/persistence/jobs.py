"""Repository of jobs and incidents: due rows, claimed with a lease."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select, update

from engine.errors import Conflict, NotFound
from engine.model.job import Incident, IncidentStatus, Job, JobKind, JobStatus
from engine.model.user_task import Page
from engine.persistence.base import table_of
from engine.persistence.keyset import decode, encode
from engine.persistence.runtime_tables import IncidentRow, JobRow

_TABLE = table_of(JobRow)
_INCIDENTS = table_of(IncidentRow)
_ADD = insert(_TABLE)


class JobRepository:
    """Jobs by due instant and by activity."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection

    def add(self, jobs: Sequence[Job]) -> None:
        """Store new jobs."""
        if jobs:
            self._connection.execute(_ADD, [_job_columns(job) for job in jobs])

    def find(self, job_id: str) -> Job | None:
        """Return a job that has not been done yet, and keep others from it until we commit."""
        query = select(_TABLE).where(JobRow.id == job_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        return _job(row) if row else None

    def claim(self, *, now: datetime, owner: str, until: datetime, limit: int) -> tuple[Job, ...]:
        """Take up to `limit` due jobs that nobody holds, oldest due first; they are ours until `until`.

        PostgreSQL skips rows that another claim holds; SQLite has one writer at a time.
        """
        due = (
            select(JobRow.id)
            .where(
                JobRow.status == JobStatus.WAITING.value,
                JobRow.due_at <= now,
                or_(JobRow.lease_until.is_(None), JobRow.lease_until < now),
            )
            .order_by(JobRow.due_at, JobRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        job_ids = self._connection.execute(due).scalars().all()
        if not job_ids:
            return ()
        self._connection.execute(
            update(_TABLE).where(JobRow.id.in_(job_ids)).values(lease_owner=owner, lease_until=until)
        )
        rows = self._connection.execute(select(_TABLE).where(JobRow.id.in_(job_ids))).mappings()
        return tuple(sorted((_job(row) for row in rows), key=lambda job: (-job.priority, job.due_at, job.id)))

    def save(self, job: Job) -> None:
        """Store a changed job."""
        self._connection.execute(
            update(_TABLE).where(JobRow.id == job.id).values({k: v for k, v in _job_columns(job).items() if k != "id"})
        )

    def release(self, owner: str) -> None:
        """Give back every job that a worker holds."""
        self._connection.execute(
            update(_TABLE).where(JobRow.lease_owner == owner).values(lease_owner=None, lease_until=None)
        )

    def delete(self, job_id: str) -> None:
        """Forget a job that is done."""
        self._connection.execute(delete(_TABLE).where(JobRow.id == job_id))

    def delete_activities(self, instance_id: str, activities: Sequence[int]) -> None:
        """Take away the jobs of activities that the case has left, but for messages that are on their way.

        A message in flight is for whoever waits for it by then; an activity may wait for messages and a timer at once.
        """
        own = (JobRow.instance_id == instance_id, JobRow.activity.in_(activities))
        self._connection.execute(delete(_TABLE).where(*own, JobRow.kind != JobKind.MESSAGE.value))

    def next_due(self) -> datetime | None:
        """Return when the next waiting job becomes due: a virtual clock moves there."""
        query = select(func.min(JobRow.due_at)).where(JobRow.status == JobStatus.WAITING.value)
        return self._connection.execute(query).scalar_one_or_none()

    def take_starts(self, process_keys: Collection[str]) -> tuple[Job, ...]:
        """Return the start jobs of processes and delete them; one that is being run just now is waited for."""
        # Locked first: what a worker finishes meanwhile is gone, or waits for its next round in the same row.
        query = select(_TABLE).where(JobRow.kind == JobKind.START.value, JobRow.topic.in_(process_keys))
        found = tuple(_job(row) for row in self._connection.execute(query.with_for_update()).mappings())
        self._connection.execute(delete(_TABLE).where(JobRow.id.in_([job.id for job in found])))
        return found

    def list_page(
        self,
        *,
        status: str | None = None,
        kind: str | None = None,
        instance_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """Return a page of jobs, next due first."""
        query = select(_TABLE).order_by(JobRow.due_at, JobRow.id).limit(limit + 1)
        if status is not None:
            query = query.where(JobRow.status == status)
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        if instance_id is not None:
            query = query.where(JobRow.instance_id == instance_id)
        if after is not None:
            at, last = decode(after, datetime, str)
            query = query.where(or_(JobRow.due_at > at, and_(JobRow.due_at == at, JobRow.id > last)))
        items = tuple(_job(row) for row in self._connection.execute(query).mappings())
        more = len(items) > limit
        return Page(items[:limit], encode(items[limit - 1].due_at, items[limit - 1].id) if more else None)


class IncidentRepository:
    """Jobs that gave up."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection

    def add(self, incident: Incident) -> None:
        """Store a new incident."""
        values = {name: getattr(incident, name) for name in Incident.__slots__} | {"status": incident.status.value}
        self._connection.execute(insert(_INCIDENTS).values(values))

    def get(self, incident_id: str) -> Incident:
        """Return an incident; raises NotFound."""
        # Not locked: a worker holds the job first and its incidents then; the other way round would be a deadlock.
        row = self._connection.execute(select(_INCIDENTS).where(IncidentRow.id == incident_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(kind="incident", id=incident_id)
        return _incident(row)

    def close(self, incident: Incident, *, at: datetime, by: str, resolution: str) -> Incident:
        """Mark as resolved; raises Conflict when somebody else was faster."""
        done = self._connection.execute(
            update(_INCIDENTS)
            .where(IncidentRow.id == incident.id, IncidentRow.status == IncidentStatus.OPEN.value)
            .values(status=IncidentStatus.RESOLVED.value, resolved_at=at, resolved_by=by, resolution=resolution)
        )
        if done.rowcount != 1:
            raise Conflict(kind="incident", id=incident.id)
        return replace(incident, status=IncidentStatus.RESOLVED, resolved_at=at, resolved_by=by, resolution=resolution)

    def close_of_job(self, job_id: str, *, at: datetime, by: str, resolution: str) -> None:
        """Resolve the open incidents of a job."""
        self._connection.execute(
            update(_INCIDENTS)
            .where(IncidentRow.job_id == job_id, IncidentRow.status == IncidentStatus.OPEN.value)
            .values(status=IncidentStatus.RESOLVED.value, resolved_at=at, resolved_by=by, resolution=resolution)
        )

    def close_of_jobs(self, instance_id: str, *, at: datetime, by: str, resolution: str) -> None:
        """Resolve the open incidents of an instance whose jobs are gone."""
        gone = IncidentRow.job_id.not_in(select(JobRow.id).where(JobRow.instance_id == instance_id))
        self._connection.execute(
            update(_INCIDENTS)
            .where(IncidentRow.instance_id == instance_id, IncidentRow.status == IncidentStatus.OPEN.value, gone)
            .values(status=IncidentStatus.RESOLVED.value, resolved_at=at, resolved_by=by, resolution=resolution)
        )

    def list_page(
        self, *, status: str | None = None, instance_id: str | None = None, after: str | None = None, limit: int = 50
    ) -> Page[Incident]:
        """Return a page of incidents, newest first."""
        query = select(_INCIDENTS).order_by(IncidentRow.created_at.desc(), IncidentRow.id.desc()).limit(limit + 1)
        if status is not None:
            query = query.where(IncidentRow.status == status)
        if instance_id is not None:
            query = query.where(IncidentRow.instance_id == instance_id)
        if after is not None:
            at, last = decode(after, datetime, str)
            query = query.where(
                or_(IncidentRow.created_at < at, and_(IncidentRow.created_at == at, IncidentRow.id < last))
            )
        items = tuple(_incident(row) for row in self._connection.execute(query).mappings())
        more = len(items) > limit
        return Page(items[:limit], encode(items[limit - 1].created_at, items[limit - 1].id) if more else None)


def _job(row: RowMapping) -> Job:
    values = dict(row)
    values["kind"], values["status"] = JobKind(values["kind"]), JobStatus(values["status"])
    return Job(**values)


def _job_columns(job: Job) -> dict[str, Any]:
    values = {name: getattr(job, name) for name in Job.__slots__}
    return values | {"kind": job.kind.value, "status": job.status.value}


def _incident(row: RowMapping) -> Incident:
    values = dict(row)
    values["status"] = IncidentStatus(values["status"])
    return Incident(**values)
