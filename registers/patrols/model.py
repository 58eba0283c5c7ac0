"""Values of the register of patrols."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class TaskStatus(StrEnum):
    """How far a task has come; the flow's handlers alone change it."""

    DISPATCHED = "dispatched"
    RECEIVED = "received"
    FINISHED = "finished"
    GIVEN_UP = "given_up"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


# A received task is on patrol once its member has been somewhere: no status of its own, but a word of its own.
PATROLLING = "patrolling"
STATUS_NAMES: Mapping[str, str] = {
    TaskStatus.DISPATCHED: "已派发",
    TaskStatus.RECEIVED: "已接收",
    PATROLLING: "巡查中",
    TaskStatus.FINISHED: "已完成",
    TaskStatus.GIVEN_UP: "未完成",
    TaskStatus.LAPSED: "逾期未完成",
    TaskStatus.CANCELLED: "已撤回",
}
AT_WORK = frozenset({TaskStatus.DISPATCHED, TaskStatus.RECEIVED})


class CheckResult(StrEnum):
    """What a member found at an object; unreachable: she could not get there."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    UNREACHABLE = "unreachable"


class Verdict(StrEnum):
    """What the table patrol_check_in makes of a position; a refused check-in is not kept.

    A doubtful one is kept and shown as such, and does not count as a visit.
    """

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolObject:
    """One object of patrols.

    kind              place or person: the category's own
    risk              a code of the table `patrol_risks`
    street, district  unit codes; the next higher unit where the region names none
    """

    id: str
    code: str
    name: str
    kind: str
    category: str
    risk: str
    region_code: str
    community: str | None
    street: str
    district: str
    address: str | None
    longitude: float
    latitude: float
    coordinate_system: str
    enabled: bool
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatrolObject:
    """What somebody says about an object; without a code it gets one."""

    name: str
    category: str
    risk: str
    region_code: str
    longitude: float
    latitude: float
    coordinate_system: str
    code: str | None
    address: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One question of a checklist: `kind` is yes_no, number or text."""

    key: str
    text: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Which objects a member looks at, in this order."""

    member: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long a member has from the dispatch: `2` `工作日` of a working calendar."""

    value: Decimal
    unit: str
    calendar: str


class Cycle(StrEnum):
    """What a plan counts."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class HolidayRule(StrEnum):
    """What becomes of a day that is not worked."""

    SKIP = "skip"
    NEXT_WORKDAY = "next_workday"
    PREVIOUS_WORKDAY = "previous_workday"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a plan wants a patrol.

    every       each n-th day, week or month, counted from the one in which `valid_from` lies
    weekdays    1 (Monday) to 7; of a weekly rhythm
    month_days  1 to 31, -1 the last day; of a monthly rhythm; a day that a month does not have is left out
    valid_from, valid_until   the first and the last day on which a patrol may be; None: for good
    """

    cycle: Cycle
    every: int
    weekdays: tuple[int, ...]
    month_days: tuple[int, ...]
    holiday_rule: HolidayRule
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatrolTemplate:
    """What somebody plans: everything that she may change later, too.

    dispatch_time   local time of day, `08:30`
    radius_m        how far from an object a check-in may be, metres
    """

    title: str
    category: str
    unit: str
    checklist: tuple[ChecklistItem, ...]
    assignments: tuple[Assignment, ...]
    rhythm: Rhythm
    dispatch_time: str
    limit: Limit
    radius_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolTemplate(NewPatrolTemplate):
    """One plan as it stands.

    counts_from   no day before this one is owed
    last_on       the last day that was dispatched or left out
    next_at       when the next patrol is dispatched; None where none is to come
    """

    id: str
    enabled: bool
    counts_from: date
    last_on: date | None
    next_at: datetime | None
    process_instance_id: str | None
    created_at: datetime
    created_by: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatrolTask:
    """A task before it is one: of a plan, or made by hand (`template_id` None)."""

    template_id: str | None
    occurrence_on: date
    member: str
    title: str
    category: str
    unit: str
    checklist: tuple[ChecklistItem, ...]
    radius_m: int
    limit: Limit
    objects: tuple[PatrolObject, ...]
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolTask:
    """One task as it stands.

    risk               the highest of its objects
    street, district   where all its objects lie; None where they lie apart
    total, done        objects named, objects with a visit that counts
    started_at         the first check-in or position
    missed_at          when its time was over; it may be finished all the same
    """

    id: str
    template_id: str | None
    occurrence_on: date
    member: str
    title: str
    category: str
    risk: str
    unit: str
    community: str | None
    street: str | None
    district: str | None
    checklist: tuple[ChecklistItem, ...]
    radius_m: int
    limit: Limit
    status: TaskStatus
    total: int
    done: int
    dispatched_at: datetime
    received_at: datetime | None
    started_at: datetime | None
    missed_at: datetime | None
    ended_at: datetime | None
    log: str | None
    reason: str | None
    process_instance_id: str | None
    created_by: str
    revision: int

    @property
    def stage(self) -> str:
        """Return the status, or the word for a task on which somebody is under way."""
        under_way = self.status is TaskStatus.RECEIVED and self.started_at is not None
        return PATROLLING if under_way else self.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskObject:
    """One object of a task, with the visit that counts."""

    task_id: str
    object: PatrolObject
    position: int
    checked_at: datetime | None
    result: CheckResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One fix of a phone: WGS-84, GCJ-02 … as `coordinate_system` says; metres, metres per second."""

    at: datetime
    longitude: float
    latitude: float
    coordinate_system: str
    accuracy_m: float
    speed_mps: float | None = None
    mock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a member says about an object."""

    result: CheckResult
    answers: Mapping[str, object] = field(default_factory=dict)
    finding: str | None = None
    correction_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolCheck:
    """One check-in as it is kept; `round` counts those of one object in one task."""

    id: str
    task_id: str
    object_id: str
    round: int
    member: str
    at: datetime
    received_at: datetime
    longitude: float
    latitude: float
    coordinate_system: str
    accuracy_m: float
    distance_m: float
    mock: bool
    verdict: Verdict
    rule: Mapping[str, object]
    result: CheckResult
    answers: Mapping[str, object]
    finding: str | None
    correction_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """Something found on patrol; without a place of its own it lies at its object."""

    title: str
    detail: str
    label: str | None = None
    object_id: str | None = None
    region_code: str | None = None
    address: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    coordinate_system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding with its place, and the case that it has become."""

    id: str
    task_id: str
    number: int
    object_id: str | None
    member: str
    at: datetime
    title: str
    detail: str
    label: str | None
    region_code: str
    address: str | None
    longitude: float | None
    latitude: float | None
    coordinate_system: str | None
    case_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolScope:
    """Which tasks and plans somebody may see: those of her units and their areas, and her own tasks."""

    units: tuple[str, ...] = ()
    member: str | None = None
