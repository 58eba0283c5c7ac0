"""Values of the register of disputes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Level(StrEnum):
    """The three levels of committees (三级调委会), from the bottom."""

    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"

    @property
    def label(self) -> str:
        """Return the word that people read."""
        return LEVEL_LABELS[self]

    @property
    def rank(self) -> int:
        """Return how high it is; 0 at the bottom."""
        return tuple(Level).index(self)


LEVEL_LABELS = {Level.COMMUNITY: "村/社区", Level.STREET: "街/镇", Level.DISTRICT: "区/县"}


class Source(StrEnum):
    """How a dispute came in (standard 6.3.3.3)."""

    PATROL = "patrol"
    APPLICATION = "application"
    SUPERIOR = "superior"


class Side(StrEnum):
    """On which side a party stands."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"


class DisputeStatus(StrEnum):
    """How far a dispute has come; the flow's handlers alone change it."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    MEDIATING = "mediating"
    SIGNING = "signing"
    PERFORMING = "performing"
    NOT_AGREED = "not_agreed"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Return the word that people read."""
        return STATUS_LABELS[self]


STATUS_LABELS = {
    DisputeStatus.REGISTERED: "待受理",
    DisputeStatus.ACCEPTED: "已受理",
    DisputeStatus.MEDIATING: "调解中",
    DisputeStatus.SIGNING: "待签协议",
    DisputeStatus.PERFORMING: "履行中",
    DisputeStatus.NOT_AGREED: "未达成协议",
    DisputeStatus.CLOSED: "已办结",
    DisputeStatus.REFUSED: "不予受理",
    DisputeStatus.WITHDRAWN: "已撤回",
}

# A dispute that has come to one of these never changes again.
ENDED = frozenset({DisputeStatus.CLOSED, DisputeStatus.REFUSED, DisputeStatus.WITHDRAWN})
# What counts as work of a mediator at the moment.
AT_WORK = frozenset({DisputeStatus.ACCEPTED, DisputeStatus.MEDIATING, DisputeStatus.SIGNING})


class Outcome(StrEnum):
    """How mediation ended; the names are in the code table `dispute_outcomes`."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    PARTY_REFUSED = "party_refused"
    LAPSED = "lapsed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecordKind(StrEnum):
    """What a record in the file of a dispute is about."""

    RIGHTS_NOTICE = "rights_notice"
    INVESTIGATION = "investigation"
    SESSION = "session"
    JOINT_SESSION = "joint_session"
    AGREEMENT = "agreement"
    ADVICE = "advice"
    REVISIT = "revisit"
    URGING = "urging"

    @property
    def label(self) -> str:
        """Return the word that people read."""
        return RECORD_LABELS[self]


RECORD_LABELS = {
    RecordKind.RIGHTS_NOTICE: "权利义务告知",
    RecordKind.INVESTIGATION: "调查记录",
    RecordKind.SESSION: "调解记录",
    RecordKind.JOINT_SESSION: "协同调解记录",
    RecordKind.AGREEMENT: "调解协议",
    RecordKind.ADVICE: "法定途径告知",
    RecordKind.REVISIT: "回访记录",
    RecordKind.URGING: "督促履行",
}


class InvitationStatus(StrEnum):
    """How far an institution has come with a dispute that it was asked to help with."""

    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """One party as it is handed in; see DisputePartyRow."""

    side: str
    name: str
    sex: str | None = None
    id_number: str | None = None
    phone: str | None = None
    address: str | None = None
    occupation: str | None = None
    workplace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(NewParty):
    """One party of a dispute, in its place."""

    id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispute:
    """What is registered.

    region_code       12-digit region code or unit code of the place; found from the address where missing
    applicant_login   the applicant's own account, where she applied herself
    superior_*        for 上级交办: who hands it down, what is wanted, and until when
    """

    source: str
    title: str
    type: str
    facts: str
    claims: str
    registered_by: str
    severity: str = "normal"
    people_involved: int = 2
    parties: tuple[NewParty, ...] = ()
    region_code: str | None = None
    address: str | None = None
    occurred_on: date | None = None
    source_case_id: str | None = None
    applicant_login: str | None = None
    superior_unit: str | None = None
    superior_requirement: str | None = None
    superior_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One dispute as it stands.

    community, street, district   unit codes; the next higher unit where the place names none
    level, committee_unit         whose committee has it
    excluded_mediators            logins that parties have objected to in this dispute
    round                         1 for the first mediation, one more after each failed performance
    """

    id: str
    dispute_no: str | None
    title: str
    type: str
    source: Source
    source_case_id: str | None
    region_code: str
    community: str | None
    street: str
    district: str
    address: str | None
    occurred_on: date | None
    facts: str
    claims: str
    severity: str
    scale: str | None
    people_involved: int
    level: Level
    committee_unit: str
    mediator: str | None
    excluded_mediators: tuple[str, ...]
    status: DisputeStatus
    outcome: Outcome | None
    reason: str | None
    round: int
    sessions: int
    extensions: int
    urgings: int
    agreement_no: str | None
    agreement_form: str | None
    agreement_content: str | None
    performance_manner: str | None
    perform_by: date | None
    performance: str | None
    satisfaction: str | None
    closing_report: str | None
    superior_unit: str | None
    superior_requirement: str | None
    superior_due_on: date | None
    applicant_login: str | None
    registered_by: str
    process_instance_id: str | None
    applied_at: datetime
    accepted_at: datetime | None
    agreed_at: datetime | None
    closed_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRecord:
    """One record in the file of a dispute, numbered from 1."""

    id: str
    dispute_id: str
    position: int
    round: int
    kind: RecordKind
    held_at: datetime
    recorded_by: str
    recorded_at: datetime
    place: str | None
    participants: str | None
    content: str
    result: str | None
    institution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """What is written into the file; `held_at` is now where nobody says when it was."""

    kind: RecordKind
    content: str
    recorded_by: str
    held_at: datetime | None = None
    place: str | None = None
    participants: str | None = None
    result: str | None = None
    institution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An institution that was asked to help with a dispute."""

    dispute_id: str
    unit: str
    status: InvitationStatus
    reason: str | None
    invited_at: datetime
    answered_at: datetime | None
