"""Cards, notices, attachments and comments.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("business_key", sa.String(length=64), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_business_key_uploaded_at"), ["business_key", "uploaded_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attachment_task_id"), ["task_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("business_key", sa.String(length=64), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_business_key_created_at"), ["business_key", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comment_task_id"), ["task_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("business_key", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("rung", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("read_at", base.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "kind", "subject", "rung", "round", "recipient", name=op.f("uq_notice_kind_subject_rung_round_recipient")
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_business_key"), ["business_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_recipient_created_at"), ["recipient", "created_at"], unique=False)

    op.create_table(
        "attachment_content",
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_content_attachment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_content")),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("subject_type", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("deadline_id", sa.String(length=36), nullable=False),
        sa.Column("rung", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rule", base.Document(), nullable=False),
        sa.Column("issued_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["civic_case.id"], name=op.f("fk_card_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("deadline_id", "rung", "round", name=op.f("uq_card_deadline_id_rung_round")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_colour_issued_at"), ["colour", "issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_unit_issued_at"), ["unit", "issued_at"], unique=False)

    op.create_table(
        "case_unit",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["civic_case.id"], name=op.f("fk_case_unit_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "unit", "role", name=op.f("pk_case_unit")),
    )
    with op.batch_alter_table("case_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_unit_unit"), ["unit"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("case_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_unit_unit"))

    op.drop_table("case_unit")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_unit_issued_at"))
        batch_op.drop_index(batch_op.f("ix_card_colour_issued_at"))
        batch_op.drop_index(batch_op.f("ix_card_case_id"))

    op.drop_table("card")
    op.drop_table("attachment_content")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_recipient_created_at"))
        batch_op.drop_index(batch_op.f("ix_notice_business_key"))

    op.drop_table("notice")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_task_id"))
        batch_op.drop_index(batch_op.f("ix_comment_business_key_created_at"))

    op.drop_table("comment")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_task_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_business_key_uploaded_at"))

    op.drop_table("attachment")
