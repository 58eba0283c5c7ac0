"""Deadlines as they are kept: a budget bound to a case or a work item, its ledger and its rungs."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class DeadlineStatus(StrEnum):
    """A deadline runs, is paused, or has been stopped in or out of time."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class RungStatus(StrEnum):
    """A rung waits for its instant, has fired, or never will because its deadline was stopped before."""

    WAITING = "waiting"
    FIRED = "fired"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One budget and its projection.

    kind        what it limits: `case`, `node` …
    subject     id of the case (`subject_type` case) or of the user task
    value, unit, calendar   the budget; unit in the words of the tables (工作日 …)
    due_at, yellow_at, red_at, provisional   projections of the ledger, written by the projector alone
    lights, rung_rules   what the policy tables answered when the clock was started; lights with their instants
    round       how many times the same budget was opened for the subject (re-dispatch)
    source      matched decision, version and row that gave the budget
    """

    id: str
    kind: str
    subject_type: str
    subject_id: str
    instance_id: str | None
    business_key: str | None
    name: str
    value: Decimal
    unit: str
    calendar_key: str
    calendar_version: int
    holder: str | None
    round: int
    status: DeadlineStatus
    started_at: datetime
    due_at: datetime
    yellow_at: datetime | None
    red_at: datetime | None
    provisional: bool
    stopped_at: datetime | None = None
    lights: tuple[dict[str, object], ...] = ()
    rung_rules: tuple[dict[str, object], ...] = ()
    source: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadlineSegment:
    """One entry of the ledger, as stored; see engine.deadlines.ledger for its meaning."""

    deadline_id: str
    position: int
    kind: str
    started_at: datetime
    ended_at: datetime | None
    holder: str | None
    value: Decimal | None
    unit: str | None
    reason: str
    actor: str
    calendar_version: int
    rule_version: int | None


@dataclass(frozen=True, slots=True)
class DeadlineRung:
    """One instant at which something becomes due: unique per deadline, rung and round; fires exactly once."""

    id: str
    deadline_id: str
    rung: str
    kind: str
    round: int
    due_at: datetime
    status: RungStatus = RungStatus.WAITING
    fired_at: datetime | None = None
    source: dict[str, object] = field(default_factory=dict)
