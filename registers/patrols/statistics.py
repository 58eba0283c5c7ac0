"""Daily statistics of patrols (巡查每日统计): per member, what was visited, walked, reported, missed on one day.

The figures are told, nothing is rated: there is no quota of visits or of findings (基层减负).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.persistence.base import Register
from registers.patrols.areas import below
from registers.patrols.model import CheckResult, PatrolScope, Position, TaskStatus, Verdict
from registers.patrols.tables import (
    PatrolCheckRow,
    PatrolFindingRow,
    PatrolTaskObjectRow,
    PatrolTaskRow,
    TrackPointRow,
)
from registers.patrols.task_reading import in_scope
from registers.patrols.track_points import COLUMNS
from registers.patrols.tracks import TrackRules, measure

WHOSE = (PatrolTaskRow.member, PatrolTaskRow.unit)
Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayQuery:
    """One day: from (including) an instant to (excluding) another; of one unit and those below it; within a scope."""

    begin_at: datetime
    end_at: datetime
    unit: str | None = None
    scope: PatrolScope | None = None

    def holds(self, column: Moment) -> ColumnElement[bool]:
        """Return the condition that an instant lies on the day."""
        return (column >= self.begin_at) & (column < self.end_at)


@dataclass(slots=True, kw_only=True)
class MemberDay:
    """One member in one unit on one day.

    points      objects with a visit that counts; `points_planned` of the tasks dispatched on this day
    doubtful    check-ins that were kept and do not count
    metres      along the cleaned tracks
    duration    the time from the first to the last sign of each task, added up
    gaps        times without a usable fix, and how long they were in all
    finished, missed   tasks that were finished, and whose time was over, on this day
    """

    member: str
    unit: str
    tasks: int = 0
    points_planned: int = 0
    points: int = 0
    abnormal: int = 0
    doubtful: int = 0
    metres: float = 0.0
    duration: timedelta = timedelta()
    cases: int = 0
    finished: int = 0
    missed: int = 0
    gaps: int = 0
    gap_time: timedelta = timedelta()


@dataclass(slots=True)
class _Day:
    """What has been counted so far; `signs` are the instants at which a task gave one."""

    members: dict[tuple[str, str], MemberDay] = field(default_factory=dict)
    signs: dict[tuple[str, str, str], list[datetime]] = field(default_factory=dict)

    def of(self, member: str, unit: str) -> MemberDay:
        return self.members.setdefault((member, unit), MemberDay(member=member, unit=unit))

    def sign(self, task_id: str, member: str, unit: str, at: Iterable[datetime]) -> None:
        self.signs.setdefault((task_id, member, unit), []).extend(at)

    def result(self) -> list[MemberDay]:
        for (_, member, unit), instants in self.signs.items():
            if instants:
                self.of(member, unit).duration += max(instants) - min(instants)
        return sorted(self.members.values(), key=lambda one: (one.unit, one.member))


class PatrolStatisticsRegister(Register):
    """Counts a day."""

    def day(self, query: DayQuery, rules: TrackRules) -> list[MemberDay]:
        """Return the figures of every member for whom anything happened on a day, by unit and login."""
        day = _Day()
        self._tasks(query, day)
        self._visits(query, day)
        self._reports(query, day)
        self._tracks(query, day, rules)
        return day.result()

    def _tasks(self, query: DayQuery, day: _Day) -> None:
        """Count what was dispatched, finished and missed; a task that was taken back was none."""
        planned = func.coalesce(func.sum(PatrolTaskRow.total), 0)
        dispatched = select(*WHOSE, func.count(), planned).where(
            query.holds(PatrolTaskRow.dispatched_at), PatrolTaskRow.status != TaskStatus.CANCELLED.value
        )
        for member, unit, tasks, points in self._counted(dispatched, query):
            one = day.of(member, unit)
            one.tasks, one.points_planned = tasks, points
        finished = select(*WHOSE, func.count()).where(
            query.holds(PatrolTaskRow.ended_at), PatrolTaskRow.status == TaskStatus.FINISHED.value
        )
        for member, unit, tasks in self._counted(finished, query):
            day.of(member, unit).finished = tasks
        missed = select(*WHOSE, func.count()).where(query.holds(PatrolTaskRow.missed_at))
        for member, unit, tasks in self._counted(missed, query):
            day.of(member, unit).missed = tasks

    def _visits(self, query: DayQuery, day: _Day) -> None:
        """Count the visits, and the check-ins that are none."""
        visits = (
            select(PatrolTaskRow.id, *WHOSE, PatrolTaskObjectRow.checked_at, PatrolTaskObjectRow.result)
            .join(PatrolTaskObjectRow, PatrolTaskObjectRow.task_id == PatrolTaskRow.id)
            .where(query.holds(PatrolTaskObjectRow.checked_at), *_asked(query))
        )
        for task_id, member, unit, at, result in self.connection.execute(visits):
            one = day.of(member, unit)
            one.points += 1
            one.abnormal += result == CheckResult.ABNORMAL.value
            day.sign(task_id, member, unit, () if at is None else [at])
        doubtful = (
            select(*WHOSE, func.count())
            .join(PatrolCheckRow, PatrolCheckRow.task_id == PatrolTaskRow.id)
            .where(PatrolCheckRow.verdict == Verdict.DOUBTFUL.value, query.holds(PatrolCheckRow.at))
        )
        for member, unit, checks in self._counted(doubtful, query):
            day.of(member, unit).doubtful = checks

    def _reports(self, query: DayQuery, day: _Day) -> None:
        """Count the findings that have become cases."""
        reported = (
            select(*WHOSE, func.count())
            .join(PatrolFindingRow, PatrolFindingRow.task_id == PatrolTaskRow.id)
            .where(PatrolFindingRow.case_id.is_not(None), query.holds(PatrolFindingRow.at))
        )
        for member, unit, cases in self._counted(reported, query):
            day.of(member, unit).cases = cases

    def _tracks(self, query: DayQuery, day: _Day, rules: TrackRules) -> None:
        """Clean and measure the track of each task, as far as it lies on the day."""
        columns = [getattr(TrackPointRow, name) for name in COLUMNS]
        statement = (
            select(PatrolTaskRow.id, *WHOSE, *columns)
            .join(TrackPointRow, TrackPointRow.task_id == PatrolTaskRow.id)
            .where(query.holds(TrackPointRow.at), *_asked(query))
            .order_by(TrackPointRow.at)
        )
        fixes: dict[tuple[str, str, str], list[Position]] = {}
        for task_id, member, unit, *values in self.connection.execute(statement):
            fix = Position(**dict(zip(COLUMNS, values, strict=True)))
            fixes.setdefault((task_id, member, unit), []).append(fix)
        for (task_id, member, unit), raw in fixes.items():
            track = measure(raw, rules)
            one = day.of(member, unit)
            one.metres += track.distance_m
            one.gaps += len(track.gaps)
            one.gap_time += sum((gap.length for gap in track.gaps), timedelta())
            day.sign(task_id, member, unit, (point.at for point in track.points))

    def _counted(self, statement: Select[*tuple[Any, ...]], query: DayQuery) -> Iterable[Any]:
        """Return one row per member and unit."""
        return self.connection.execute(statement.where(*_asked(query)).group_by(*WHOSE))


def _asked(query: DayQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of the unit and of the scope."""
    unit = [] if query.unit is None else [below(PatrolTaskRow.unit, [query.unit])]
    return unit if query.scope is None else [*unit, in_scope(query.scope)]
