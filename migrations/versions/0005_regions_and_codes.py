"""Regions and code tables.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "code_table",
        sa.Column("table_key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent", sa.String(length=128), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("data", base.Document(), nullable=False),
        sa.PrimaryKeyConstraint("table_key", "code", name=op.f("pk_code_table")),
    )
    with op.batch_alter_table("code_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_table_table_key_position"), ["table_key", "position"], unique=False)

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("fk_region_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_level"), ["level"], unique=False)
        batch_op.create_index(batch_op.f("ix_region_parent_code_name"), ["parent_code", "name"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent_code_name"))
        batch_op.drop_index(batch_op.f("ix_region_level"))

    op.drop_table("region")
    with op.batch_alter_table("code_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_table_table_key_position"))

    op.drop_table("code_table")
