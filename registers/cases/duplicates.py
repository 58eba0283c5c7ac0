"""Cases that may be the same matter: found by likeness, kept with their score, linked by a person's decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, or_, select

from engine.persistence.base import Register
from registers.cases.model import Case, CaseStatus
from registers.cases.reading import case_of
from registers.cases.similarity import bigrams, distance_m, likeness
from registers.cases.tables import CaseLinkRow, CaseRow, DuplicateCandidateRow
from registers.statements import insert_into

# The nearest in time are compared, no more: the cost of one report does not grow with a burst of them.
COMPARED_MAX = 300
# These are no longer the matter itself.
NOT_COMPARED = (
    CaseStatus.REFUSED,
    CaseStatus.TRANSFERRED,
    CaseStatus.MERGED,
    CaseStatus.WITHDRAWN,
    CaseStatus.NOT_FILED,
)


class LinkKind(StrEnum):
    """How two cases belong together."""

    MERGED = "merged"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class DuplicateCandidate:
    """A case that may be the same matter; `score` from 0 to 1, distance None where a place is unknown."""

    case_id: str
    other_id: str
    score: float
    same_reporter: bool
    distance_m: float | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike another case is, before any rule has judged it; `hours` lie between the two reports."""

    other: Case
    score: float
    same_reporter: bool
    distance_m: float | None
    hours: float


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Two cases that a person or the flow has linked."""

    case_id: str
    other_id: str
    kind: LinkKind
    created_at: datetime
    created_by: str


class DuplicateRegister(Register):
    """Finds, keeps and links cases that are alike."""

    def compare(self, case: Case, *, days: float, limit: int) -> tuple[Likeness, ...]:
        """Compare a case with those of its category and district that were reported within `days` of it.

        Returns  at most `limit`, the most alike first
        """
        own = bigrams(_words(case))
        found = sorted(
            (_likeness(case, other, likeness(own, bigrams(_words(other)))) for other in self._near(case, days)),
            key=lambda like: (-like.score, like.hours, like.other.id),
        )
        return tuple(found[:limit])

    def keep(self, case_id: str, alike: Iterable[Likeness]) -> tuple[DuplicateCandidate, ...]:
        """Make these the candidates of a case, in place of any older ones."""
        self.connection.execute(delete(DuplicateCandidateRow).where(DuplicateCandidateRow.case_id == case_id))
        now = self.clock.now()
        rows = [
            {
                "case_id": case_id,
                "other_id": like.other.id,
                "score": like.score,
                "same_reporter": like.same_reporter,
                "distance_m": like.distance_m,
                "created_at": now,
            }
            for like in alike
        ]
        if rows:
            self.connection.execute(insert_into(self.connection, DuplicateCandidateRow), rows)
        return self.list_candidates(case_id)

    def list_candidates(self, case_id: str) -> tuple[DuplicateCandidate, ...]:
        """Return the candidates of a case, the most alike first."""
        statement = select(DuplicateCandidateRow).where(DuplicateCandidateRow.case_id == case_id)
        rows = self.connection.execute(
            statement.order_by(DuplicateCandidateRow.score.desc(), DuplicateCandidateRow.other_id)
        )
        return tuple(DuplicateCandidate(**row._asdict()) for row in rows)

    def link(self, case_id: str, other_id: str, kind: LinkKind, *, by: str) -> None:
        """Link two cases; linking them again changes the kind."""
        now = self.clock.now()
        statement = insert_into(self.connection, CaseLinkRow).values(
            case_id=case_id, other_id=other_id, kind=kind.value, created_at=now, created_by=by
        )
        self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["case_id", "other_id"],
                set_={"kind": kind.value, "created_at": now, "created_by": by},
            )
        )

    def list_links(self, case_id: str) -> tuple[CaseLink, ...]:
        """Return the links of a case in both directions, oldest first."""
        either = or_(CaseLinkRow.case_id == case_id, CaseLinkRow.other_id == case_id)
        rows = self.connection.execute(select(CaseLinkRow).where(either).order_by(CaseLinkRow.created_at))
        return tuple(CaseLink(**{**row._asdict(), "kind": LinkKind(row.kind)}) for row in rows)

    def _near(self, case: Case, days: float) -> list[Case]:
        """Return the cases to compare with, the last reported first."""
        window = timedelta(days=days)
        conditions: list[ColumnElement[bool]] = [
            CaseRow.id != case.id,
            CaseRow.category == case.category,
            CaseRow.reported_at.between(case.reported_at - window, case.reported_at + window),
            CaseRow.status.not_in([status.value for status in NOT_COMPARED]),
            CaseRow.historic.is_(False),
        ]
        city = f"{case.region_code[:4]}00"
        if case.district != city:  # a report without a district may be about any of them
            conditions.append(CaseRow.district.in_((case.district, city)))
        statement = select(CaseRow).where(*conditions).order_by(CaseRow.reported_at.desc(), CaseRow.id)
        return [case_of(row._asdict()) for row in self.connection.execute(statement.limit(COMPARED_MAX))]


def _words(case: Case) -> str:
    """Return what is compared."""
    return f"{case.title} {case.address or ''} {case.detail}"


def _likeness(case: Case, other: Case, score: float) -> Likeness:
    """Measure how another case lies to this one."""
    hours = abs((case.reported_at - other.reported_at).total_seconds()) / 3600
    return Likeness(other, score, _same_reporter(case, other), _distance(case, other), round(hours, 2))


def _same_reporter(case: Case, other: Case) -> bool:
    """Tell whether both come from the same code or phone number; names alone prove nothing."""
    pairs = ((case.reporter_code, other.reporter_code), (case.reporter_phone, other.reporter_phone))
    return any(one is not None and one == two for one, two in pairs)


def _distance(case: Case, other: Case) -> float | None:
    """Return the metres between two cases; None where one has no coordinates."""
    if case.longitude is None or case.latitude is None or other.longitude is None or other.latitude is None:
        return None
    return distance_m(case.longitude, case.latitude, other.longitude, other.latitude)
