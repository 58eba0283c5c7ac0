"""Running work: instances, user tasks and inboxes, jobs, incidents, subscriptions, the virtual clock.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("element_id", sa.String(length=100), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("resolved_at", base.Instant(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=100), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_instance", ["instance_id"], unique=False)
        batch_op.create_index("ix_incident_job", ["job_id"], unique=False)
        batch_op.create_index("ix_incident_status", ["status", "created_at", "id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("root_id", sa.String(length=36), nullable=True),
        sa.Column("activity", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.String(length=100), nullable=True),
        sa.Column("due_at", base.Instant(timezone=True), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("retry_in", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", base.Instant(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("payload", base.Document(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_activity", ["instance_id", "activity"], unique=False)
        batch_op.create_index("ix_job_due", ["status", "due_at", "id"], unique=False)

    op.create_table(
        "virtual_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instant", base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_virtual_clock")),
    )
    op.create_table(
        "process_instance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("definition_id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("business_key", sa.String(length=100), nullable=True),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("parent_activity", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.Column("variables", base.Document(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", base.Instant(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=100), nullable=False),
        sa.Column("ended_at", base.Instant(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=op.f("fk_process_instance_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instance")),
    )
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.create_index("ix_process_instance_business_key", ["business_key"], unique=False)
        batch_op.create_index("ix_process_instance_list", ["process_key", "status", "started_at", "id"], unique=False)
        batch_op.create_index("ix_process_instance_parent", ["parent_id", "parent_activity"], unique=False)
        batch_op.create_index("ix_process_instance_root", ["root_id"], unique=False)

    op.create_table(
        "message_subscription",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation_key", sa.String(length=200), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("activity", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_message_subscription_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_subscription")),
    )
    with op.batch_alter_table("message_subscription", schema=None) as batch_op:
        batch_op.create_index("ix_message_subscription_activity", ["instance_id", "activity"], unique=False)
        batch_op.create_index("ix_message_subscription_name", ["kind", "name", "correlation_key"], unique=False)

    op.create_table(
        "user_task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("root_id", sa.String(length=36), nullable=False),
        sa.Column("activity", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("definition_id", sa.String(length=36), nullable=False),
        sa.Column("business_key", sa.String(length=100), nullable=True),
        sa.Column("form_key", sa.String(length=100), nullable=True),
        sa.Column("lane", sa.String(length=100), nullable=True),
        sa.Column("assignee", sa.String(length=100), nullable=True),
        sa.Column("candidate_groups", base.Document(), nullable=False),
        sa.Column("candidate_users", base.Document(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("due_at", base.Instant(timezone=True), nullable=True),
        sa.Column("yellow_at", base.Instant(timezone=True), nullable=True),
        sa.Column("red_at", base.Instant(timezone=True), nullable=True),
        sa.Column("follow_up_at", base.Instant(timezone=True), nullable=True),
        sa.Column("deadline_id", sa.String(length=36), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("facets", base.Document(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("draft", base.Document(), nullable=True),
        sa.Column("claimed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", base.Instant(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.Column("submission", base.Document(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_user_task_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task")),
    )
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.create_index("ix_user_task_activity", ["instance_id", "activity"], unique=False)
        batch_op.create_index("ix_user_task_assignee", ["assignee", "status", "due_at", "id"], unique=False)
        batch_op.create_index("ix_user_task_business_key", ["business_key", "status"], unique=False)
        batch_op.create_index("ix_user_task_deadline", ["deadline_id"], unique=False)
        batch_op.create_index("ix_user_task_done", ["ended_by", "ended_at"], unique=False)

    op.create_table(
        "user_task_candidate",
        sa.Column("candidate", sa.String(length=150), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("due_at", base.Instant(timezone=True), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("facet_1", sa.String(length=100), nullable=True),
        sa.Column("facet_2", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name=op.f("fk_user_task_candidate_task_id")),
        sa.PrimaryKeyConstraint("candidate", "task_id", name=op.f("pk_user_task_candidate")),
    )
    with op.batch_alter_table("user_task_candidate", schema=None) as batch_op:
        batch_op.create_index("ix_candidate_created", ["candidate", "created_at", "task_id"], unique=False)
        batch_op.create_index("ix_candidate_due", ["candidate", "due_at", "task_id"], unique=False)
        batch_op.create_index("ix_candidate_facet_1", ["candidate", "facet_1", "due_at", "task_id"], unique=False)
        batch_op.create_index("ix_candidate_facet_2", ["candidate", "facet_2", "due_at", "task_id"], unique=False)
        batch_op.create_index("ix_candidate_priority", ["candidate", "priority", "task_id"], unique=False)
        batch_op.create_index("ix_candidate_task", ["task_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("user_task_candidate", schema=None) as batch_op:
        batch_op.drop_index("ix_candidate_task")
        batch_op.drop_index("ix_candidate_priority")
        batch_op.drop_index("ix_candidate_facet_2")
        batch_op.drop_index("ix_candidate_facet_1")
        batch_op.drop_index("ix_candidate_due")
        batch_op.drop_index("ix_candidate_created")

    op.drop_table("user_task_candidate")
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.drop_index("ix_user_task_done")
        batch_op.drop_index("ix_user_task_deadline")
        batch_op.drop_index("ix_user_task_business_key")
        batch_op.drop_index("ix_user_task_assignee")
        batch_op.drop_index("ix_user_task_activity")

    op.drop_table("user_task")
    with op.batch_alter_table("message_subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_message_subscription_name")
        batch_op.drop_index("ix_message_subscription_activity")

    op.drop_table("message_subscription")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_process_instance_root")
        batch_op.drop_index("ix_process_instance_parent")
        batch_op.drop_index("ix_process_instance_list")
        batch_op.drop_index("ix_process_instance_business_key")

    op.drop_table("process_instance")
    op.drop_table("virtual_clock")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")
        batch_op.drop_index("ix_job_activity")

    op.drop_table("job")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_status")
        batch_op.drop_index("ix_incident_job")
        batch_op.drop_index("ix_incident_instance")

    op.drop_table("incident")
