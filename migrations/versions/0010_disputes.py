"""Disputes with their parties, records and institutions; mediators and mediation institutions.

One idea. Compatible with the previous release: expand first, contract in a later release. Keep locks short.

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

from engine.persistence import base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "dispute_counter",
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_dispute_counter")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("dispute_no", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("source_case_id", sa.String(length=36), nullable=True),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("community", sa.String(length=32), nullable=True),
        sa.Column("street", sa.String(length=32), nullable=False),
        sa.Column("district", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("scale", sa.String(length=16), nullable=True),
        sa.Column("people_involved", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("committee_unit", sa.String(length=32), nullable=False),
        sa.Column("mediator", sa.String(length=64), nullable=True),
        sa.Column("excluded_mediators", base.Document(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("urgings", sa.Integer(), nullable=False),
        sa.Column("agreement_no", sa.String(length=64), nullable=True),
        sa.Column("agreement_form", sa.String(length=16), nullable=True),
        sa.Column("agreement_content", sa.Text(), nullable=True),
        sa.Column("performance_manner", sa.String(length=16), nullable=True),
        sa.Column("perform_by", sa.Date(), nullable=True),
        sa.Column("performance", sa.String(length=16), nullable=True),
        sa.Column("satisfaction", sa.String(length=16), nullable=True),
        sa.Column("closing_report", sa.Text(), nullable=True),
        sa.Column("superior_unit", sa.String(length=32), nullable=True),
        sa.Column("superior_requirement", sa.Text(), nullable=True),
        sa.Column("superior_due_on", sa.Date(), nullable=True),
        sa.Column("applicant_login", sa.String(length=64), nullable=True),
        sa.Column("registered_by", sa.String(length=64), nullable=False),
        sa.Column("process_instance_id", sa.String(length=36), nullable=True),
        sa.Column("applied_at", base.Instant(timezone=True), nullable=False),
        sa.Column("accepted_at", base.Instant(timezone=True), nullable=True),
        sa.Column("agreed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", base.Instant(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["committee_unit"], ["unit.code"], name=op.f("fk_dispute_committee_unit")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_dispute_region_code")),
        sa.ForeignKeyConstraint(["source_case_id"], ["civic_case.id"], name=op.f("fk_dispute_source_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("agreement_no", name=op.f("uq_dispute_agreement_no")),
        sa.UniqueConstraint("dispute_no", name=op.f("uq_dispute_dispute_no")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_applicant_login"), ["applicant_login"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_applied_at_id"), ["applied_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dispute_committee_unit_applied_at"), ["committee_unit", "applied_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dispute_community_applied_at"), ["community", "applied_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_district_applied_at"), ["district", "applied_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_mediator_status"), ["mediator", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_registered_by"), ["registered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_source_case_id"), ["source_case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_status_applied_at"), ["status", "applied_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_street_applied_at"), ["street", "applied_at"], unique=False)

    op.create_table(
        "mediation_institution",
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("fields", base.Document(), nullable=False),
        sa.Column("contact_name", sa.String(length=100), nullable=True),
        sa.Column("contact_phone", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_mediation_institution_unit")),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_mediation_institution")),
    )
    with op.batch_alter_table("mediation_institution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediation_institution_category"), ["category"], unique=False)

    op.create_table(
        "mediator",
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("fields", base.Document(), nullable=False),
        sa.Column("certificate_no", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", base.Instant(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_mediator_unit")),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_mediator")),
    )
    with op.batch_alter_table("mediator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediator_unit"), ["unit"], unique=False)

    op.create_table(
        "dispute_institution",
        sa.Column("dispute_id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("invited_at", base.Instant(timezone=True), nullable=False),
        sa.Column("answered_at", base.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_institution_dispute_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit"], ["mediation_institution.unit"], name=op.f("fk_dispute_institution_unit")),
        sa.PrimaryKeyConstraint("dispute_id", "unit", name=op.f("pk_dispute_institution")),
    )
    with op.batch_alter_table("dispute_institution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_institution_unit"), ["unit"], unique=False)

    op.create_table(
        "dispute_party",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("dispute_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("occupation", sa.String(length=100), nullable=True),
        sa.Column("workplace", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_party_dispute_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_party")),
    )
    with op.batch_alter_table("dispute_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dispute_party_dispute_id_position"), ["dispute_id", "position"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dispute_party_name"), ["name"], unique=False)

    op.create_table(
        "dispute_record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("dispute_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("held_at", base.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", base.Instant(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("participants", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("institution", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_record_dispute_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_record")),
        sa.UniqueConstraint("dispute_id", "position", name=op.f("uq_dispute_record_dispute_id_position")),
    )
    op.create_table(
        "mediator_avoidance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("mediator", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=100), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("workplace", sa.String(length=200), nullable=True),
        sa.Column("declared_by", sa.String(length=64), nullable=False),
        sa.Column("declared_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator"], ["mediator.login"], name=op.f("fk_mediator_avoidance_mediator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediator_avoidance")),
    )
    with op.batch_alter_table("mediator_avoidance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediator_avoidance_mediator"), ["mediator"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("mediator_avoidance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mediator_avoidance_mediator"))

    op.drop_table("mediator_avoidance")
    op.drop_table("dispute_record")
    with op.batch_alter_table("dispute_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_party_name"))
        batch_op.drop_index(batch_op.f("ix_dispute_party_dispute_id_position"))

    op.drop_table("dispute_party")
    with op.batch_alter_table("dispute_institution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_institution_unit"))

    op.drop_table("dispute_institution")
    with op.batch_alter_table("mediator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mediator_unit"))

    op.drop_table("mediator")
    with op.batch_alter_table("mediation_institution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mediation_institution_category"))

    op.drop_table("mediation_institution")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_street_applied_at"))
        batch_op.drop_index(batch_op.f("ix_dispute_status_applied_at"))
        batch_op.drop_index(batch_op.f("ix_dispute_source_case_id"))
        batch_op.drop_index(batch_op.f("ix_dispute_registered_by"))
        batch_op.drop_index(batch_op.f("ix_dispute_mediator_status"))
        batch_op.drop_index(batch_op.f("ix_dispute_district_applied_at"))
        batch_op.drop_index(batch_op.f("ix_dispute_community_applied_at"))
        batch_op.drop_index(batch_op.f("ix_dispute_committee_unit_applied_at"))
        batch_op.drop_index(batch_op.f("ix_dispute_applied_at_id"))
        batch_op.drop_index(batch_op.f("ix_dispute_applicant_login"))

    op.drop_table("dispute")
    op.drop_table("dispute_counter")
