"""What lists of disputes ask for and get."""

from dataclasses import dataclass, field
from datetime import datetime

from registers.disputes.model import Dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeScope:
    """Which disputes somebody may see: any one of these is enough.

    units         in whose community, street or district they lie, or whose committee has them
    joined_units  institutions that were asked to help and did not decline
    person        login of the mediator, of the applicant, or of whoever registered them
    dispute_ids   disputes of the tasks that wait for her
    """

    units: tuple[str, ...] = ()
    joined_units: tuple[str, ...] = ()
    person: str | None = None
    dispute_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeQuery:
    """What a page of disputes shows; an empty filter lets everything through (standard 6.3.3.5: 组合查询).

    applicant, respondent, title   stand somewhere in the name or title
    search                         every word stands in title, facts, claims, number or a party's name
    applied_from, applied_to       from (including) and to (excluding)
    scope                          None: all disputes
    sort                           `applied_at`, or `-applied_at` for the newest first
    """

    applicant: str = ""
    respondent: str = ""
    title: str = ""
    search: str = ""
    applied_from: datetime | None = None
    applied_to: datetime | None = None
    types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    source_case_id: str | None = None
    applicant_login: str | None = None
    scope: DisputeScope | None = None
    sort: str = "-applied_at"
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DisputePage:
    """A page of disputes, and the key of the next one."""

    items: tuple[Dispute, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class DisputeCounts:
    """How many disputes there are, by status and by type."""

    total: int
    by_status: dict[str, int] = field(default_factory=dict)
    by_type: dict[str, int] = field(default_factory=dict)
