"""Knowledge articles: versions, ratings and corrections.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "article",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("article_no", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", base.Instant(timezone=True), nullable=False),
        sa.Column("on_shelf", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open_version", sa.Integer(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("average", sa.Float(), nullable=True),
        sa.Column("low_since", base.Instant(timezone=True), nullable=True),
        sa.Column("process_instance_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", base.Instant(timezone=True), nullable=False),
        sa.Column("shelved_at", base.Instant(timezone=True), nullable=True),
        sa.Column("removed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=64), nullable=True),
        sa.Column("removal_kind", sa.String(length=16), nullable=True),
        sa.Column("removal_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("article_no", name=op.f("uq_article_article_no")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_author"), ["author"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_article_on_shelf_review_due_on"), ["on_shelf", "review_due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_article_status_updated_at"), ["status", "updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_topic_updated_at"), ["topic", "updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_unit_updated_at"), ["unit", "updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_updated_at_id"), ["updated_at", "id"], unique=False)

    op.create_table(
        "article_counter",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_article_counter")),
    )
    op.create_table(
        "article_correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revised_in", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", base.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("process_instance_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_correction_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_correction")),
    )
    with op.batch_alter_table("article_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_correction_article_id_created_at"), ["article_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_article_correction_reader_created_at"), ["reader", "created_at"], unique=False
        )

    op.create_table(
        "article_rating",
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("rater", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("tags", base.Document(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("rated_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_rating_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "rater", name=op.f("pk_article_rating")),
    )
    with op.batch_alter_table("article_rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_rating_article_id_rated_at"), ["article_id", "rated_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_article_rating_article_id_version"), ["article_id", "version"], unique=False
        )

    op.create_table(
        "article_version",
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=True),
        sa.Column("correction_id", sa.String(length=36), nullable=True),
        sa.Column("findings", base.Document(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("reviewers", base.Document(), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", base.Instant(timezone=True), nullable=False),
        sa.Column("shelved_at", base.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", base.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_version_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_article_version")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("article_version")
    with op.batch_alter_table("article_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_rating_article_id_version"))
        batch_op.drop_index(batch_op.f("ix_article_rating_article_id_rated_at"))

    op.drop_table("article_rating")
    with op.batch_alter_table("article_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_correction_reader_created_at"))
        batch_op.drop_index(batch_op.f("ix_article_correction_article_id_created_at"))

    op.drop_table("article_correction")
    op.drop_table("article_counter")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_article_unit_updated_at"))
        batch_op.drop_index(batch_op.f("ix_article_topic_updated_at"))
        batch_op.drop_index(batch_op.f("ix_article_status_updated_at"))
        batch_op.drop_index(batch_op.f("ix_article_on_shelf_review_due_on"))
        batch_op.drop_index(batch_op.f("ix_article_author"))

    op.drop_table("article")
