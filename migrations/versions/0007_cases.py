"""Cases: the register, its numbers, duplicates and links.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "case_counter",
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_case_counter")),
    )
    op.create_table(
        "civic_case",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_no", sa.String(length=32), nullable=True),
        sa.Column("query_code", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("condition", sa.String(length=100), nullable=True),
        sa.Column("closing_condition", sa.String(length=200), nullable=True),
        sa.Column("request_type", sa.String(length=16), nullable=True),
        sa.Column("urgency", sa.String(length=16), nullable=True),
        sa.Column("reporter_name", sa.String(length=100), nullable=True),
        sa.Column("reporter_phone", sa.String(length=32), nullable=True),
        sa.Column("reporter_code", sa.String(length=64), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", base.Instant(timezone=True), nullable=True),
        sa.Column("reported_at", base.Instant(timezone=True), nullable=False),
        sa.Column("received_at", base.Instant(timezone=True), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=32), nullable=False),
        sa.Column("district", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("coordinate_system", sa.String(length=16), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("lead_unit", sa.String(length=32), nullable=True),
        sa.Column("co_units", base.Document(), nullable=False),
        sa.Column("supervisor_unit", sa.String(length=32), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("master_case_id", sa.String(length=36), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.String(length=16), nullable=True),
        sa.Column("process_instance_id", sa.String(length=36), nullable=True),
        sa.Column("filed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("archived_at", base.Instant(timezone=True), nullable=True),
        sa.Column("historic", sa.Boolean(), nullable=False),
        sa.Column("published_verdict", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["master_case_id"], ["civic_case.id"], name=op.f("fk_civic_case_master_case_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_civic_case_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_civic_case")),
        sa.UniqueConstraint("case_no", name=op.f("uq_civic_case_case_no")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_civic_case_channel_external_id")),
        sa.UniqueConstraint("query_code", name=op.f("uq_civic_case_query_code")),
    )
    with op.batch_alter_table("civic_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_civic_case_category_reported_at"), ["category", "reported_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_civic_case_district_received_at"), ["district", "received_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_civic_case_lead_unit_received_at"), ["lead_unit", "received_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_civic_case_master_case_id"), ["master_case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_civic_case_received_at_id"), ["received_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_civic_case_reported_at_id"), ["reported_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_civic_case_reporter_code"), ["reporter_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_civic_case_status_received_at"), ["status", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_civic_case_street_received_at"), ["street", "received_at"], unique=False)

    op.create_table(
        "case_link",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["civic_case.id"], name=op.f("fk_case_link_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["civic_case.id"], name=op.f("fk_case_link_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_link")),
    )
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_link_other_id"), ["other_id"], unique=False)

    op.create_table(
        "duplicate_candidate",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("same_reporter", sa.Boolean(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["civic_case.id"], name=op.f("fk_duplicate_candidate_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["civic_case.id"], name=op.f("fk_duplicate_candidate_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_duplicate_candidate")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("duplicate_candidate")
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_link_other_id"))

    op.drop_table("case_link")
    with op.batch_alter_table("civic_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_civic_case_street_received_at"))
        batch_op.drop_index(batch_op.f("ix_civic_case_status_received_at"))
        batch_op.drop_index(batch_op.f("ix_civic_case_reporter_code"))
        batch_op.drop_index(batch_op.f("ix_civic_case_reported_at_id"))
        batch_op.drop_index(batch_op.f("ix_civic_case_received_at_id"))
        batch_op.drop_index(batch_op.f("ix_civic_case_master_case_id"))
        batch_op.drop_index(batch_op.f("ix_civic_case_lead_unit_received_at"))
        batch_op.drop_index(batch_op.f("ix_civic_case_district_received_at"))
        batch_op.drop_index(batch_op.f("ix_civic_case_category_reported_at"))

    op.drop_table("civic_case")
    op.drop_table("case_counter")
