"""Tables of running work: instances, user tasks and inboxes, jobs, incidents, subscriptions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence.base import Base, Document, Instant


class ProcessInstanceRow(Base):
    """One run of one definition; `tokens` is the runtime's document."""

    __tablename__ = "process_instance"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(String(100))
    business_key: Mapped[str | None] = mapped_column(String(100))
    parent_id: Mapped[str | None] = mapped_column(String(36))
    parent_activity: Mapped[int | None] = mapped_column(Integer)
    root_id: Mapped[str] = mapped_column(String(36))
    status: Mapped[str] = mapped_column(String(12))
    tokens: Mapped[bytes] = mapped_column(LargeBinary)
    variables: Mapped[dict[str, Any]] = mapped_column(Document)
    revision: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Instant)
    started_by: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None] = mapped_column(Text)


# The instances of a case.
Index("ix_process_instance_business_key", ProcessInstanceRow.business_key)
# A called instance of a parent's activity; the tree of a root.
Index("ix_process_instance_parent", ProcessInstanceRow.parent_id, ProcessInstanceRow.parent_activity)
Index("ix_process_instance_root", ProcessInstanceRow.root_id)
# Lists by diagram and state, newest first.
Index(
    "ix_process_instance_list",
    ProcessInstanceRow.process_key,
    ProcessInstanceRow.status,
    ProcessInstanceRow.started_at,
    ProcessInstanceRow.id,
)


class UserTaskRow(Base):
    """Work for a person; ended tasks stay for the timeline."""

    __tablename__ = "user_task"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str] = mapped_column(String(36))
    activity: Mapped[int] = mapped_column(Integer)
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    process_key: Mapped[str] = mapped_column(String(100))
    definition_id: Mapped[str] = mapped_column(String(36))
    business_key: Mapped[str | None] = mapped_column(String(100))
    form_key: Mapped[str | None] = mapped_column(String(100))
    lane: Mapped[str | None] = mapped_column(String(100))
    assignee: Mapped[str | None] = mapped_column(String(100))
    candidate_groups: Mapped[list[str]] = mapped_column(Document)
    candidate_users: Mapped[list[str]] = mapped_column(Document)
    priority: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    yellow_at: Mapped[datetime | None] = mapped_column(Instant)
    red_at: Mapped[datetime | None] = mapped_column(Instant)
    follow_up_at: Mapped[datetime | None] = mapped_column(Instant)
    deadline_id: Mapped[str | None] = mapped_column(String(36))
    paused: Mapped[bool] = mapped_column(Boolean, default=False)
    status: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(Integer)
    facets: Mapped[dict[str, Any]] = mapped_column(Document)
    search_text: Mapped[str] = mapped_column(Text)
    draft: Mapped[dict[str, Any] | None] = mapped_column(Document)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(100))
    submission: Mapped[dict[str, Any] | None] = mapped_column(Document)


# Closing the tasks of a step.
Index("ix_user_task_activity", UserTaskRow.instance_id, UserTaskRow.activity)
# My open tasks by due; what I have done, newest first.
Index("ix_user_task_assignee", UserTaskRow.assignee, UserTaskRow.status, UserTaskRow.due_at, UserTaskRow.id)
Index("ix_user_task_done", UserTaskRow.ended_by, UserTaskRow.ended_at)
# The timeline and the current tasks of a case.
Index("ix_user_task_business_key", UserTaskRow.business_key, UserTaskRow.status)
# Projection of a deadline onto the tasks that show it.
Index("ix_user_task_deadline", UserTaskRow.deadline_id)


class UserTaskCandidateRow(Base):
    """One row per unclaimed task and candidate: what an inbox is read from.

    candidate   a group, or `user:` and a login
    due_at      far in the future where the task has no deadline, so that one index serves the order
    """

    __tablename__ = "user_task_candidate"

    candidate: Mapped[str] = mapped_column(String(150), primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    priority: Mapped[int] = mapped_column(Integer)
    facet_1: Mapped[str | None] = mapped_column(String(100))
    facet_2: Mapped[str | None] = mapped_column(String(100))


# An inbox by due, by age, by priority; an inbox filtered by either of the two facets that matter.
Index("ix_candidate_due", UserTaskCandidateRow.candidate, UserTaskCandidateRow.due_at, UserTaskCandidateRow.task_id)
Index(
    "ix_candidate_created",
    UserTaskCandidateRow.candidate,
    UserTaskCandidateRow.created_at,
    UserTaskCandidateRow.task_id,
)
Index(
    "ix_candidate_priority", UserTaskCandidateRow.candidate, UserTaskCandidateRow.priority, UserTaskCandidateRow.task_id
)
Index(
    "ix_candidate_facet_1",
    UserTaskCandidateRow.candidate,
    UserTaskCandidateRow.facet_1,
    UserTaskCandidateRow.due_at,
    UserTaskCandidateRow.task_id,
)
Index(
    "ix_candidate_facet_2",
    UserTaskCandidateRow.candidate,
    UserTaskCandidateRow.facet_2,
    UserTaskCandidateRow.due_at,
    UserTaskCandidateRow.task_id,
)
# Claiming a task takes it out of every inbox.
Index("ix_candidate_task", UserTaskCandidateRow.task_id)


class JobRow(Base):
    """Work for a machine; a job that is done is deleted."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str] = mapped_column(String(200))
    instance_id: Mapped[str | None] = mapped_column(String(36))
    root_id: Mapped[str | None] = mapped_column(String(36))
    activity: Mapped[int | None] = mapped_column(Integer)
    element_id: Mapped[str | None] = mapped_column(String(100))
    due_at: Mapped[datetime] = mapped_column(Instant)
    retries: Mapped[int] = mapped_column(Integer)
    retry_in: Mapped[int] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer)
    priority: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(Document)


# The worker's question: what is due?
Index("ix_job_due", JobRow.status, JobRow.due_at, JobRow.id)
# A step that closes an activity takes its job away.
Index("ix_job_activity", JobRow.instance_id, JobRow.activity)


class IncidentRow(Base):
    """A job that gave up."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    job_id: Mapped[str | None] = mapped_column(String(36))
    instance_id: Mapped[str | None] = mapped_column(String(36))
    element_id: Mapped[str | None] = mapped_column(String(100))
    topic: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None] = mapped_column(String(100))
    resolution: Mapped[str | None] = mapped_column(Text)


# The operator's list: open ones, newest first; the one of a job.
Index("ix_incident_status", IncidentRow.status, IncidentRow.created_at, IncidentRow.id)
Index("ix_incident_job", IncidentRow.job_id)
Index("ix_incident_instance", IncidentRow.instance_id)


class MessageSubscriptionRow(Base):
    """An activity that waits for a message or a signal."""

    __tablename__ = "message_subscription"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    correlation_key: Mapped[str | None] = mapped_column(String(200))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    activity: Mapped[int] = mapped_column(Integer)
    element_id: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Instant)


# Who waits for this message with this key, or for this signal?
Index(
    "ix_message_subscription_name",
    MessageSubscriptionRow.kind,
    MessageSubscriptionRow.name,
    MessageSubscriptionRow.correlation_key,
)
Index("ix_message_subscription_activity", MessageSubscriptionRow.instance_id, MessageSubscriptionRow.activity)
