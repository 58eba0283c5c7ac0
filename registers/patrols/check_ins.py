"""The register of check-ins: visits as they were made, kept for good; the last one of an object counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update

from engine.errors import Conflict, Invalid, NotFound
from engine.persistence.base import Register
from registers.patrols.checklist import problems_of_answers
from registers.patrols.coordinates import distance_m, to_wgs84
from registers.patrols.model import (
    AT_WORK,
    CheckResult,
    Observation,
    PatrolCheck,
    PatrolObject,
    PatrolTask,
    Position,
    TaskStatus,
    Verdict,
)
from registers.patrols.objects import PatrolObjectRegister
from registers.patrols.tables import PatrolCheckRow, PatrolTaskObjectRow, PatrolTaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a table made of a position, and the proof."""

    verdict: Verdict
    rule: Mapping[str, object]


class CheckInRegister(Register):
    """Keeps check-ins, and counts the objects of a task that were visited."""

    def object_of_task(self, task: PatrolTask, object_id: str) -> PatrolObject:
        """Return an object that a task names; raises NotFound."""
        named = PatrolTaskObjectRow.task_id == task.id, PatrolTaskObjectRow.object_id == object_id
        if self.connection.execute(select(PatrolTaskObjectRow.position).where(*named)).one_or_none() is None:
            raise NotFound(kind="patrol object", id=object_id)
        return PatrolObjectRegister(self.connection, self.clock).get(object_id)

    def find_repeat(self, task: PatrolTask, object_id: str, at: Position) -> PatrolCheck | None:
        """Return the check-in that the same instant has made before: a phone that was not answered sends again."""
        same = (
            PatrolCheckRow.task_id == task.id,
            PatrolCheckRow.object_id == object_id,
            PatrolCheckRow.at == at.at,
            PatrolCheckRow.member == task.member,
        )
        row = self.connection.execute(select(PatrolCheckRow).where(*same).order_by(PatrolCheckRow.round)).first()
        return None if row is None else check_of(row._asdict())

    def is_visited(self, task: PatrolTask, object_id: str) -> bool:
        """Tell whether an object of a task has a visit that counts."""
        return self._earlier(task.id, object_id)[1]

    def check_in(
        self, task: PatrolTask, visited: PatrolObject, position: Position, said: Observation, judged: Judged
    ) -> PatrolCheck:
        """Keep a check-in.

        The first one that is accepted is the visit; whoever wants to say something else about it says why. A doubtful
        one is kept, and does not count.

        Raises   Invalid with one problem per answer; Conflict for a task that is not under way, and for an object that
                 was visited before where no reason of a correction is given
        """
        self._lock(task)
        problems = problems_of_answers(task.checklist, said)
        if problems:
            raise Invalid(problems=problems)
        rounds, is_visited = self._earlier(task.id, visited.id)
        if is_visited and not (said.correction_reason or "").strip():
            raise Conflict(
                f"{visited.code} was checked before; a correction needs a reason.",
                code="patrol-object-checked",
                value=visited.code,
            )
        check = self._insert(task, visited, position, said, judged, rounds + 1)
        if check.verdict is Verdict.ACCEPTED:
            self._count(task, check)
        self.begin(task)
        return check

    def begin(self, task: PatrolTask) -> None:
        """Note that the member is under way; the first sign of it counts, and none that comes after the end."""
        at_work = PatrolTaskRow.status.in_([status.value for status in AT_WORK])
        fresh = PatrolTaskRow.id == task.id, PatrolTaskRow.started_at.is_(None), at_work
        self.connection.execute(update(PatrolTaskRow).where(*fresh).values(started_at=self.clock.now()))

    def list_of(self, task_id: str) -> tuple[PatrolCheck, ...]:
        """Return the check-ins of a task in the order in which they arrived."""
        statement = select(PatrolCheckRow).where(PatrolCheckRow.task_id == task_id)
        rows = self.connection.execute(statement.order_by(PatrolCheckRow.received_at, PatrolCheckRow.round))
        return tuple(check_of(row._asdict()) for row in rows)

    def _lock(self, task: PatrolTask) -> None:
        """Let one check-in of a task be kept at a time, and none once it is not under way."""
        row = PatrolTaskRow.id == task.id
        status = self.connection.execute(select(PatrolTaskRow.status).where(row).with_for_update()).scalar_one()
        require_under_way(task.id, TaskStatus(status))

    def _earlier(self, task_id: str, object_id: str) -> tuple[int, bool]:
        """Return how many check-ins an object has in a task, and whether one of them counts."""
        mine = PatrolCheckRow.task_id == task_id, PatrolCheckRow.object_id == object_id
        rounds = self.connection.execute(select(func.max(PatrolCheckRow.round)).where(*mine)).scalar_one()
        named = PatrolTaskObjectRow.task_id == task_id, PatrolTaskObjectRow.object_id == object_id
        checked = self.connection.execute(select(PatrolTaskObjectRow.checked_at).where(*named)).scalar_one()
        return rounds or 0, checked is not None

    def _insert(
        self,
        task: PatrolTask,
        visited: PatrolObject,
        position: Position,
        said: Observation,
        judged: Judged,
        number: int,
    ) -> PatrolCheck:
        values = {
            "id": str(uuid4()),
            "task_id": task.id,
            "object_id": visited.id,
            "round": number,
            "member": task.member,
            "at": position.at,
            "received_at": self.clock.now(),
            "longitude": position.longitude,
            "latitude": position.latitude,
            "coordinate_system": position.coordinate_system,
            "accuracy_m": position.accuracy_m,
            "distance_m": round(distance_to(visited, position), 1),
            "mock": position.mock,
            "verdict": judged.verdict.value,
            "rule": dict(judged.rule),
            "result": said.result.value,
            "answers": dict(said.answers),
            "finding": said.finding,
            "correction_reason": said.correction_reason,
        }
        row = self.connection.execute(insert(PatrolCheckRow).values(**values).returning(PatrolCheckRow)).one()
        return check_of(row._asdict())

    def _count(self, task: PatrolTask, check: PatrolCheck) -> None:
        """Make a check-in the visit of its object; a correction leaves the time of the visit as it was."""
        named = PatrolTaskObjectRow.task_id == task.id, PatrolTaskObjectRow.object_id == check.object_id
        visit = func.coalesce(PatrolTaskObjectRow.checked_at, check.at)
        self.connection.execute(
            update(PatrolTaskObjectRow).where(*named).values(checked_at=visit, result=check.result.value)
        )
        done = select(func.count()).where(
            PatrolTaskObjectRow.task_id == task.id, PatrolTaskObjectRow.checked_at.is_not(None)
        )
        changed = {"done": done.scalar_subquery(), "revision": PatrolTaskRow.revision + 1}
        self.connection.execute(update(PatrolTaskRow).where(PatrolTaskRow.id == task.id).values(**changed))


def require_under_way(task_id: str, status: TaskStatus) -> None:
    """Raise Conflict unless a task has been received and has not ended."""
    if status is not TaskStatus.RECEIVED:
        raise Conflict(
            f"The patrol task {task_id} is not under way: {status}.",
            code="patrol-not-under-way",
            id=task_id,
            status=status.value,
        )


def distance_to(visited: PatrolObject, position: Position) -> float:
    """Return how far a position is from an object, in metres; the two may speak of different systems."""
    here = to_wgs84((position.longitude, position.latitude), position.coordinate_system)
    there = to_wgs84((visited.longitude, visited.latitude), visited.coordinate_system)
    return distance_m(here, there)


def check_of(values: Mapping[str, Any]) -> PatrolCheck:
    """Build a check-in from its row."""
    typed = {"verdict": Verdict(values["verdict"]), "result": CheckResult(values["result"])}
    return PatrolCheck(**{**values, **typed})
