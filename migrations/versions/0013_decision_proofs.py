"""Proofs of decisions: which definition answered, over which variables, why, and which decisions took part.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "decision_evaluation_part",
        sa.Column("evaluation_id", sa.String(length=36), nullable=False),
        sa.Column("decision_key", sa.String(length=100), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("evaluation_id", "decision_key", name=op.f("pk_decision_evaluation_part")),
    )
    with op.batch_alter_table("decision_evaluation_part", schema=None) as batch_op:
        batch_op.create_index("ix_decision_evaluation_part_decision", ["decision_key", "position"], unique=False)

    with op.batch_alter_table("decision_evaluation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("definition_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("context", base.Document(), nullable=True))
        batch_op.add_column(sa.Column("explanation", base.Document(), nullable=True))
        batch_op.create_index("ix_decision_evaluation_at", ["decision_key", "at", "position"], unique=False)
        batch_op.create_index("ix_decision_evaluation_instance", ["instance_id", "position"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("decision_evaluation", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_evaluation_instance")
        batch_op.drop_index("ix_decision_evaluation_at")
        batch_op.drop_column("explanation")
        batch_op.drop_column("context")
        batch_op.drop_column("definition_id")

    with op.batch_alter_table("decision_evaluation_part", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_evaluation_part_decision")

    op.drop_table("decision_evaluation_part")
