"""History: activities, operations, variables of record, evaluations of decisions.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "activity_instance",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("activity", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=100), nullable=True),
        sa.Column("started_at", base.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", base.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "activity", name=op.f("pk_activity_instance")),
    )
    op.create_table(
        "decision_evaluation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("decision_key", sa.String(length=100), nullable=False),
        sa.Column("decision_version", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("business_key", sa.String(length=100), nullable=True),
        sa.Column("element_id", sa.String(length=100), nullable=True),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.Column("inputs", base.Document(), nullable=False),
        sa.Column("rows", base.Document(), nullable=False),
        sa.Column("output", base.Document(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_evaluation")),
    )
    with op.batch_alter_table("decision_evaluation", schema=None) as batch_op:
        batch_op.create_index("ix_decision_evaluation_business_key", ["business_key", "position"], unique=False)
        batch_op.create_index("ix_decision_evaluation_decision", ["decision_key", "position"], unique=False)

    op.create_table(
        "history_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("business_key", sa.String(length=100), nullable=True),
        sa.Column("data", base.Document(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_event")),
    )
    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.create_index("ix_history_event_at", ["at", "position"], unique=False)
        batch_op.create_index("ix_history_event_business_key", ["business_key", "at", "position"], unique=False)
        batch_op.create_index("ix_history_event_instance", ["instance_id", "at", "position"], unique=False)

    op.create_table(
        "variable_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", base.Document(), nullable=True),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variable_change")),
    )
    with op.batch_alter_table("variable_change", schema=None) as batch_op:
        batch_op.create_index("ix_variable_change_instance", ["instance_id", "position"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("variable_change", schema=None) as batch_op:
        batch_op.drop_index("ix_variable_change_instance")

    op.drop_table("variable_change")
    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.drop_index("ix_history_event_instance")
        batch_op.drop_index("ix_history_event_business_key")
        batch_op.drop_index("ix_history_event_at")

    op.drop_table("history_event")
    with op.batch_alter_table("decision_evaluation", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_evaluation_decision")
        batch_op.drop_index("ix_decision_evaluation_business_key")

    op.drop_table("decision_evaluation")
    op.drop_table("activity_instance")
