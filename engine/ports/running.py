"""What is running: instances, user tasks, inboxes, jobs, incidents, subscriptions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from engine.model.job import Incident, Job
from engine.model.process_instance import ProcessInstance
from engine.model.subscription import MessageSubscription
from engine.model.user_task import InboxQuery, Page, UserTask


class ProcessInstanceRepository(Protocol):
    """Instances by id, tree and business key."""

    def lock_root(self, root_id: str) -> None:
        """Make every other command on this tree of instances wait; raises NotFound."""
        ...

    def get(self, instance_id: str) -> ProcessInstance:
        """Return an instance; raises NotFound."""
        ...

    def add(self, instance: ProcessInstance) -> None:
        """Store a new instance."""
        ...

    def save(self, instance: ProcessInstance) -> ProcessInstance:
        """Store a changed instance under the next revision; raises Conflict when somebody else was faster."""
        ...

    def find_child(self, parent_id: str, activity: int) -> ProcessInstance | None:
        """Return the active instance that a call activity started."""
        ...

    def list_tree(self, root_id: str) -> tuple[ProcessInstance, ...]:
        """Return a root and everything that it called, oldest first."""
        ...

    def count_tree(self, root_id: str) -> int:
        """Return how many instances a tree has, ended ones included."""
        ...

    def list_page(
        self,
        *,
        key: str | None = None,
        status: str | None = None,
        business_key: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[ProcessInstance]:
        """Return a page of instances, newest first."""
        ...


class UserTaskRepository(Protocol):
    """User tasks and the candidate rows that inboxes are read from."""

    def add(self, tasks: Sequence[UserTask], facet_names: Sequence[str]) -> None:
        """Store new tasks with their candidates; the first two facets are indexed."""
        ...

    def get(self, task_id: str) -> UserTask:
        """Return a task; raises NotFound."""
        ...

    def root_of(self, task_id: str) -> str:
        """Return the root instance of a task; raises NotFound."""
        ...

    def list_open(self, instance_id: str) -> tuple[UserTask, ...]:
        """Return the open tasks of an instance."""
        ...

    def list_of_case(self, business_key: str) -> tuple[UserTask, ...]:
        """Return every task of a case, oldest first."""
        ...

    def last_submission(self, instance_ids: Sequence[str], element_id: str) -> UserTask | None:
        """Return the task of this element that was completed last in any of the instances."""
        ...

    def save(self, task: UserTask) -> UserTask:
        """Store a changed task under the next revision; raises Conflict when it was changed or ended meanwhile."""
        ...

    def offer(self, task: UserTask, facet_names: Sequence[str]) -> None:
        """Put a task (back) into the inboxes of its candidates."""
        ...

    def withdraw(self, task_ids: Iterable[str]) -> None:
        """Take tasks out of every inbox."""
        ...

    def cancel_activities(self, instance_id: str, activities: Sequence[int], *, at: datetime, by: str) -> None:
        """End the open tasks of activities that the case has left."""
        ...

    def list_by_deadline(self, deadline_id: str) -> tuple[str, ...]:
        """Return ids of the tasks that show a deadline."""
        ...

    def project(
        self, deadline_id: str, *, due_at: datetime, yellow_at: datetime | None, red_at: datetime | None, paused: bool
    ) -> None:
        """Show a deadline's new projection on its open tasks; only the projector of deadlines calls this."""
        ...


class InboxRepository(Protocol):
    """Pages and counts of the tasks that a person may see."""

    def page(self, query: InboxQuery) -> Page[UserTask]:
        """Return one page of an inbox."""
        ...

    def count(self, query: InboxQuery) -> dict[str, int]:
        """Return `total` and one count per light; each stops at COUNT_CAP + 1, meaning `more`."""
        ...


class JobRepository(Protocol):
    """Jobs by due instant and by activity."""

    def add(self, jobs: Sequence[Job]) -> None:
        """Store new jobs."""
        ...

    def find(self, job_id: str) -> Job | None:
        """Return a job that has not been done yet, and keep others from it until we commit."""
        ...

    def claim(self, *, now: datetime, owner: str, until: datetime, limit: int) -> tuple[Job, ...]:
        """Take up to `limit` due jobs that nobody holds, oldest due first; they are ours until `until`.

        PostgreSQL skips rows that another claim holds; SQLite has one writer at a time.
        """
        ...

    def save(self, job: Job) -> None:
        """Store a changed job."""
        ...

    def release(self, owner: str) -> None:
        """Give back every job that a worker holds."""
        ...

    def delete(self, job_id: str) -> None:
        """Forget a job that is done."""
        ...

    def delete_activities(self, instance_id: str, activities: Sequence[int]) -> None:
        """Take away the jobs of activities that the case has left."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next waiting job becomes due: a virtual clock moves there."""
        ...

    def take_starts(self, process_keys: Collection[str]) -> tuple[Job, ...]:
        """Return the start jobs of processes and delete them; one that is being run just now is waited for."""
        ...

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
        ...


class IncidentRepository(Protocol):
    """Jobs that gave up."""

    def add(self, incident: Incident) -> None:
        """Store a new incident."""
        ...

    def get(self, incident_id: str) -> Incident:
        """Return an incident; raises NotFound."""
        ...

    def close(self, incident: Incident, *, at: datetime, by: str, resolution: str) -> Incident:
        """Mark as resolved."""
        ...

    def close_of_job(self, job_id: str, *, at: datetime, by: str, resolution: str) -> None:
        """Resolve the open incidents of a job."""
        ...

    def close_of_jobs(self, instance_id: str, *, at: datetime, by: str, resolution: str) -> None:
        """Resolve the open incidents of an instance whose jobs are gone."""
        ...

    def list_page(
        self, *, status: str | None = None, instance_id: str | None = None, after: str | None = None, limit: int = 50
    ) -> Page[Incident]:
        """Return a page of incidents, newest first."""
        ...


class SubscriptionRepository(Protocol):
    """Message and signal subscriptions."""

    def add(self, subscriptions: Sequence[MessageSubscription]) -> None:
        """Store new subscriptions."""
        ...

    def find(self, subscription_id: str) -> MessageSubscription | None:
        """Return a subscription that still waits."""
        ...

    def find_at(self, instance_id: str, activity: int) -> MessageSubscription | None:
        """Return what an activity waits for, if it still does."""
        ...

    def list_waiting(self, kind: str, name: str, correlation_key: str | None = None) -> tuple[MessageSubscription, ...]:
        """Return who waits; a message goes to subscriptions with its key, a signal to all."""
        ...

    def delete_activities(self, instance_id: str, activities: Sequence[int]) -> None:
        """Take away the subscriptions of activities that wait no longer."""
        ...
