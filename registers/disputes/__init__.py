"""Disputes (矛盾纠纷), the mediators of the committees, and the institutions that help them."""

from registers.disputes.areas import committee_at, upper_committee
from registers.disputes.avoidances import Avoidance, AvoidanceRegister
from registers.disputes.identity import is_id_number
from registers.disputes.institutions import Institution, InstitutionQuery, InstitutionRegister, NewInstitution
from registers.disputes.mediators import (
    Mediator,
    MediatorFacts,
    MediatorQuery,
    MediatorRegister,
    NewMediator,
)
from registers.disputes.model import (
    AT_WORK,
    ENDED,
    Dispute,
    DisputeRecord,
    DisputeStatus,
    Invitation,
    InvitationStatus,
    Level,
    NewDispute,
    NewParty,
    NewRecord,
    Outcome,
    Party,
    RecordKind,
    Side,
    Source,
)
from registers.disputes.queries import DisputeCounts, DisputePage, DisputeQuery, DisputeScope
from registers.disputes.records import DisputeRecordRegister
from registers.disputes.register import DisputeRegister
from registers.disputes.words import committee_group, entered_text, notice_about, record_from, subject_of

__all__ = [
    "AT_WORK",
    "ENDED",
    "Avoidance",
    "AvoidanceRegister",
    "Dispute",
    "DisputeCounts",
    "DisputePage",
    "DisputeQuery",
    "DisputeRecord",
    "DisputeRecordRegister",
    "DisputeRegister",
    "DisputeScope",
    "DisputeStatus",
    "Institution",
    "InstitutionQuery",
    "InstitutionRegister",
    "Invitation",
    "InvitationStatus",
    "Level",
    "Mediator",
    "MediatorFacts",
    "MediatorQuery",
    "MediatorRegister",
    "NewDispute",
    "NewInstitution",
    "NewMediator",
    "NewParty",
    "NewRecord",
    "Outcome",
    "Party",
    "RecordKind",
    "Side",
    "Source",
    "committee_at",
    "committee_group",
    "entered_text",
    "is_id_number",
    "notice_about",
    "record_from",
    "subject_of",
    "upper_committee",
]
