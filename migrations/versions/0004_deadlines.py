"""Deadlines: budgets with their projection, the ledger, the rungs.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "deadline",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("business_key", sa.String(length=100), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("calendar_key", sa.String(length=100), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("started_at", base.Instant(timezone=True), nullable=False),
        sa.Column("due_at", base.Instant(timezone=True), nullable=False),
        sa.Column("yellow_at", base.Instant(timezone=True), nullable=True),
        sa.Column("red_at", base.Instant(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", base.Instant(timezone=True), nullable=True),
        sa.Column("lights", base.Document(), nullable=False),
        sa.Column("rung_rules", base.Document(), nullable=False),
        sa.Column("source", base.Document(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_business_key", ["business_key"], unique=False)
        batch_op.create_index("ix_deadline_due", ["kind", "status", "due_at"], unique=False)
        batch_op.create_index("ix_deadline_subject", ["subject_type", "subject_id", "kind"], unique=False)

    op.create_table(
        "deadline_rung",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deadline_id", sa.String(length=36), nullable=False),
        sa.Column("rung", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("due_at", base.Instant(timezone=True), nullable=False),
        sa.Column("fired_at", base.Instant(timezone=True), nullable=True),
        sa.Column("source", base.Document(), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_rung_deadline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rung")),
        sa.UniqueConstraint("deadline_id", "rung", "round", name=op.f("uq_deadline_rung_deadline_id_rung_round")),
    )
    with op.batch_alter_table("deadline_rung", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_rung_due", ["status", "due_at", "id"], unique=False)

    op.create_table(
        "deadline_segment",
        sa.Column("deadline_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("started_at", base.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", base.Instant(timezone=True), nullable=True),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_segment_deadline_id")),
        sa.PrimaryKeyConstraint("deadline_id", "position", name=op.f("pk_deadline_segment")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("deadline_segment")
    with op.batch_alter_table("deadline_rung", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_rung_due")

    op.drop_table("deadline_rung")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_subject")
        batch_op.drop_index("ix_deadline_due")
        batch_op.drop_index("ix_deadline_business_key")

    op.drop_table("deadline")
