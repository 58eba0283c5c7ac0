"""User tasks: work that waits for a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar


class UserTaskStatus(StrEnum):
    """A task is open until it is completed, or cancelled because its case moved on without it."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class UserTask:
    """One piece of work in one or more inboxes.

    candidate_groups  groups (`role@organisation`) that see it and may claim it
    assignee          who holds it; None while it lies in the pool
    due_at            projection of its deadline; its light turns at yellow_at and at red_at
    facets            the few values of the case that inboxes filter by (category, region …)
    submission        what was entered when it was completed, with `action` and `opinion`
    """

    id: str
    instance_id: str
    root_id: str
    activity: int
    element_id: str
    name: str
    process_key: str
    definition_id: str
    business_key: str | None
    form_key: str | None
    lane: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    priority: int
    created_at: datetime
    due_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    follow_up_at: datetime | None
    deadline_id: str | None
    status: UserTaskStatus
    revision: int
    facets: dict[str, object]
    paused: bool = False
    search_text: str = ""
    draft: dict[str, object] | None = None
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    submission: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """What a page of an inbox shows.

    groups     the caller's groups; with `user` her own and directly addressed tasks too
    box        `mine` (assignee), `pool` (unassigned in my groups), `all` (both), `done` (completed by me)
    lights     any of 绿 黄 红 灰, by instant `now`
    sort       `due`, `created` or `priority`; a leading `-` turns it round
    after      keyset of the previous page's last row, opaque
    """

    user: str
    groups: tuple[str, ...]
    now: datetime
    box: str = "all"
    process_key: str | None = None
    element_ids: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    lights: tuple[str, ...] = ()
    search: str = ""
    business_key: str | None = None
    sort: str = "due"
    after: str | None = None
    limit: int = 50


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A page of anything, and the key of the next one."""

    items: tuple[Item, ...]
    next_after: str | None
