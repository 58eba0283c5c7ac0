"""Requests for more time.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "extension_request",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", base.Instant(timezone=True), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("time_unit", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", base.Instant(timezone=True), nullable=True),
        sa.Column("due_at", base.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["civic_case.id"], name=op.f("fk_extension_request_case_id")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_extension_request")),
    )
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_request_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_extension_request_unit_requested_at"), ["unit", "requested_at"], unique=False
        )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("extension_request")
