"""Values of the register of knowledge articles."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ArticleStatus(StrEnum):
    """How an article stands; the flows' handlers alone change it."""

    DRAFT = "draft"
    CHECKING = "checking"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    ON_SHELF = "on_shelf"
    REVISING = "revising"
    CORRECTING = "correcting"
    OFF_SHELF = "off_shelf"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Return the word that people read."""
        return STATUS_LABELS[self]


STATUS_LABELS = {
    ArticleStatus.DRAFT: "草稿",
    ArticleStatus.CHECKING: "待审（智能）",
    ArticleStatus.REVIEWING: "待审（人工）",
    ArticleStatus.APPROVED: "已通过待生效",
    ArticleStatus.ON_SHELF: "上架",
    ArticleStatus.REVISING: "修订中",
    ArticleStatus.CORRECTING: "纠错中",
    ArticleStatus.OFF_SHELF: "下架",
    ArticleStatus.WITHDRAWN: "归档",
}


class VersionState(StrEnum):
    """How far one version of the content has come."""

    DRAFT = "draft"
    CHECKING = "checking"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    SHELVED = "shelved"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Return the word that people read."""
        return STATE_LABELS[self]


STATE_LABELS = {
    VersionState.DRAFT: "草稿",
    VersionState.CHECKING: "待审（智能）",
    VersionState.REVIEWING: "待审（人工）",
    VersionState.APPROVED: "已通过待生效",
    VersionState.SHELVED: "已上架",
    VersionState.SUPERSEDED: "已被新版替代",
    VersionState.WITHDRAWN: "已放弃",
}


class Scope(StrEnum):
    """Who may read what is on the shelf (公开范围)."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Source(StrEnum):
    """Where an article came from."""

    MANUAL = "manual"
    TICKET = "ticket"
    REQUEST = "request"


class RemovalKind(StrEnum):
    """Why an article left the shelf."""

    EXPIRED = "expired"
    MANUAL = "manual"
    LOW_SCORE = "low_score"


class CorrectionStatus(StrEnum):
    """What became of a reader's correction."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DONE = "done"
    ABANDONED = "abandoned"

    @property
    def label(self) -> str:
        """Return the word that people read."""
        return CORRECTION_LABELS[self]


CORRECTION_LABELS = {
    CorrectionStatus.OPEN: "待审核",
    CorrectionStatus.ACCEPTED: "已采纳，修改中",
    CorrectionStatus.REFUSED: "未采纳",
    CorrectionStatus.DONE: "已更正",
    CorrectionStatus.ABANDONED: "未完成更正",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an article says and for how long.

    topic         code of the table `article_topics`
    basis         numbers or titles of the documents that it rests on (依据文号), separated by 、 or ；
    keywords      words separated by blanks
    effective_on  first day on the shelf; None: as soon as it is approved
    expires_on    first day on which it holds no more (失效日期); None: the table's usual validity
    """

    title: str
    topic: str
    body: str = ""
    basis: str | None = None
    keywords: str = ""
    scope: Scope = Scope.PUBLIC
    effective_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """What somebody hands in: the content, the unit that answers for it, and where it came from."""

    content: Content
    unit: str
    author: str
    source: Source = Source.MANUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as it stands.

    content        what readers read: the version on the shelf; before the first one, the draft
    version        number of the version on the shelf, or the last one that was; 0 before the first
    open_version   number of the version that is being worked on
    votes, average the score of the version on the shelf
    low_since      since when the score is so low that the article is about to leave the shelf
    """

    id: str
    article_no: str
    content: Content
    source: Source
    unit: str
    author: str
    status: ArticleStatus
    status_since: datetime
    on_shelf: bool
    version: int
    open_version: int | None
    review_due_on: date | None
    votes: int
    average: float | None
    low_since: datetime | None
    process_instance_id: str | None
    created_at: datetime
    updated_at: datetime
    shelved_at: datetime | None
    removed_at: datetime | None
    removed_by: str | None
    removal_kind: RemovalKind | None
    removal_reason: str | None
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """One version of the content, and how it came about.

    author     who writes or wrote it; None: any editor of the owner unit
    reason     why there is this version
    findings   what the automatic review found the last time it looked
    reviewers  who has passed it, one level after the other
    opinion    the last word of a reviewer
    """

    article_id: str
    version: int
    content: Content
    state: VersionState
    reason: str
    author: str | None
    correction_id: str | None
    findings: tuple[dict[str, object], ...]
    opinion: str | None
    reviewers: tuple[str, ...]
    created_at: datetime
    changed_at: datetime
    shelved_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Which articles somebody may see: any one of these is enough.

    scopes      what is on the shelf in these scopes
    author      what she writes or has written
    units       everything of these units
    article_ids articles of the tasks that she holds or held
    """

    scopes: tuple[Scope, ...] = ()
    author: str | None = None
    units: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleQuery:
    """What a page of articles shows; an empty filter lets everything through.

    search        every word stands in title, keywords, text, basis or number
    review_due    on the shelf, and to be looked at again on or before this day
    tags          readers have given it each of these impressions
    in_review     a version is on its way through the reviews
    reader        None: all articles
    after         `next_after` of the page before
    limit         1 to 200
    """

    statuses: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    author: str | None = None
    search: str = ""
    review_due: date | None = None
    in_review: bool = False
    reader: Reader | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A page of articles, and the key of the next one."""

    items: tuple[Article, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one reader thinks of the version that she read: 1 to 5 stars, impressions, a comment."""

    article_id: str
    rater: str
    version: int
    stars: int
    tags: tuple[str, ...]
    comment: str | None
    rated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What all readers together think of the version on the shelf; tags by how often they were given."""

    votes: int
    average: float | None
    tags: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a reader says is wrong with the version that she read, and what became of it.

    revised_in   number of the version that puts it right, or that must be finished before one can
    """

    id: str
    article_id: str
    version: int
    revised_in: int | None
    reader: str
    text: str
    status: CorrectionStatus
    answer: str | None
    decided_by: str | None
    decided_at: datetime | None
    closed_at: datetime | None
    process_instance_id: str | None
    created_at: datetime
    revision: int
