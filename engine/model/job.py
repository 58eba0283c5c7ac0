"""Jobs: work that waits for a machine, and the incidents that jobs become when they give up."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does when it is run."""

    SERVICE = "service"  # a service task: run the topic's handler, complete the activity
    DECISION = "decision"  # a business rule task: evaluate, complete the activity
    TIMER = "timer"  # a timer event: fire the activity
    CALL = "call"  # a call activity that could not be started at once
    MESSAGE = "message"  # a message or signal thrown by one case tree at another
    RUNG = "rung"  # a rung of a deadline was reached: run the handler of its kind
    START = "start"  # a timer start event: start the process, its key is the topic


class JobStatus(StrEnum):
    """A job waits, or has failed for good and waits for an operator; done jobs are deleted."""

    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One row of due work.

    due_at       not before this instant
    retries      attempts that are left; none left makes an incident
    retry_in     seconds before the second attempt; doubled each time, at most an hour
    lease_owner  who works on it now, until lease_until
    payload      what the job needs beside its activity (a rung's facts, say)
    """

    id: str
    kind: JobKind
    topic: str
    instance_id: str | None
    root_id: str | None
    activity: int | None
    element_id: str | None
    due_at: datetime
    retries: int
    retry_in: int
    attempts: int
    priority: int
    status: JobStatus
    created_at: datetime
    lease_owner: str | None = None
    lease_until: datetime | None = None
    last_error: str | None = None
    payload: dict[str, object] = field(default_factory=dict)

    @property
    def process_key(self) -> str | None:
        """Return the process that it starts, where it starts one."""
        if self.kind is JobKind.START:
            return self.topic
        key = self.payload.get("process") if self.kind is JobKind.MESSAGE else None
        return key if isinstance(key, str) else None


class IncidentStatus(StrEnum):
    """An incident is open until an operator retries its job with success, or resolves it."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Incident:
    """A job that ran out of retries: what failed, where, why, how often."""

    id: str
    job_id: str | None
    instance_id: str | None
    element_id: str | None
    topic: str
    message: str
    details: str
    attempts: int
    status: IncidentStatus
    created_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    resolution: str | None = None
