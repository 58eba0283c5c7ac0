"""Values of the register of cases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseStatus(StrEnum):
    """How far a case has come; the flow's handlers alone change it."""

    REPORTED = "reported"
    REGISTERED = "registered"
    SUPPLEMENTING = "supplementing"
    FILED = "filed"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    HANDLED = "handled"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REFUSED = "refused"
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    NOT_FILED = "not_filed"

    @property
    def label(self) -> str:
        """Return the word that the public reads."""
        return STATUS_LABELS[self]


STATUS_LABELS = {
    CaseStatus.REPORTED: "已上报",
    CaseStatus.REGISTERED: "已受理",
    CaseStatus.SUPPLEMENTING: "待补充",
    CaseStatus.FILED: "已立案",
    CaseStatus.DISPATCHED: "已派遣",
    CaseStatus.SIGNED: "处置中",
    CaseStatus.HANDLED: "已处置",
    CaseStatus.REVIEWED: "已审核",
    CaseStatus.CLOSED: "已结案",
    CaseStatus.ARCHIVED: "已归档",
    CaseStatus.REFUSED: "不予受理",
    CaseStatus.ANSWERED: "已直接答复",
    CaseStatus.TRANSFERRED: "已转办",
    CaseStatus.MERGED: "已并单",
    CaseStatus.WITHDRAWN: "已撤销",
    CaseStatus.NOT_FILED: "不予立案",
}

# The ways in which work on a case ends; the archive comes after all of them but the withdrawal.
ENDED = frozenset(
    {
        CaseStatus.CLOSED,
        CaseStatus.REFUSED,
        CaseStatus.ANSWERED,
        CaseStatus.TRANSFERRED,
        CaseStatus.MERGED,
        CaseStatus.NOT_FILED,
        CaseStatus.WITHDRAWN,
        CaseStatus.ARCHIVED,
    }
)
# A case that has come to one of these never changes again.
FINAL = frozenset({CaseStatus.ARCHIVED, CaseStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a reporter or a channel hands in.

    external_id   id in the channel's own system; with the channel it names the case for good
    region_code   12-digit region code or unit code; found from the address where missing
    occurred_at, reported_at   aware instants
    historic      taken over with its past: no flow is started; `closed_at` and `published_verdict` come with it,
                  and the label is kept as the other system wrote it
    """

    channel: str
    title: str
    detail: str
    external_id: str | None = None
    label: str | None = None
    category: str | None = None
    request_type: str | None = None
    urgency: str | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None
    reporter_code: str | None = None
    anonymous: bool = False
    confidential: bool = False
    occurred_at: datetime | None = None
    reported_at: datetime | None = None
    region_code: str | None = None
    address: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    coordinate_system: str | None = None
    historic: bool = False
    closed_at: datetime | None = None
    published_verdict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One civic case as it stands.

    street, district   unit codes; the next higher unit where the report names none
    region_code        12 digits
    outcome            how work on it ended (closed, refused, merged …), readable after the archive too
    round, returns, extensions   how often it was dispatched, given back, and given more time
    """

    id: str
    case_no: str | None
    query_code: str
    channel: str
    external_id: str | None
    title: str
    detail: str
    label: str | None
    category: str | None
    condition: str | None
    closing_condition: str | None
    request_type: str | None
    urgency: str | None
    reporter_name: str | None
    reporter_phone: str | None
    reporter_code: str | None
    anonymous: bool
    confidential: bool
    occurred_at: datetime | None
    reported_at: datetime
    received_at: datetime
    region_code: str
    street: str
    district: str
    address: str | None
    longitude: float | None
    latitude: float | None
    coordinate_system: str | None
    status: CaseStatus
    outcome: CaseStatus | None
    reason: str | None
    lead_unit: str | None
    co_units: tuple[str, ...]
    supervisor_unit: str | None
    round: int
    returns: int
    extensions: int
    master_case_id: str | None
    result: str | None
    solved: bool | None
    satisfaction: str | None
    process_instance_id: str | None
    filed_at: datetime | None
    closed_at: datetime | None
    archived_at: datetime | None
    historic: bool
    published_verdict: str | None
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseScope:
    """Which cases somebody may see: any one of these is enough.

    units     units that lead, help, supervise, or in whose street or district the case lies
    reporter  her own reports (reporter_code)
    case_ids  cases of the tasks that she holds or held
    """

    units: tuple[str, ...] = ()
    reporter: str | None = None
    case_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """What a page of cases shows; an empty filter lets everything through.

    search    every word stands in title, detail, address, case number or external id
    reported_from, reported_to   from (including) and to (excluding)
    scope     None: all cases
    sort      `received_at`, `reported_at`; a leading `-` turns it round
    after     `next_after` of the page before
    limit     1 to 200
    """

    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    lead_units: tuple[str, ...] = ()
    reporter_code: str | None = None
    master_case_id: str | None = None
    historic: bool | None = None
    search: str = ""
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    scope: CaseScope | None = None
    sort: str = "-received_at"
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases, and the key of the next one."""

    items: tuple[Case, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases a query finds; `capped` where counting stopped early."""

    total: int
    capped: bool
