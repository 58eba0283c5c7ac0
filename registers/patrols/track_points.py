"""The register of track points: fixes of phones, kept as they came; measuring leaves out what is of no use."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from engine.persistence.base import Register
from registers.patrols.model import PatrolTask, Position
from registers.patrols.tables import TrackPointRow
from registers.statements import BLOCK, insert_into

COLUMNS = ("at", "longitude", "latitude", "coordinate_system", "accuracy_m", "speed_mps", "mock")


class TrackRegister(Register):
    """Keeps and reads tracks."""

    def add(self, task: PatrolTask, fixes: Sequence[Position]) -> int:
        """Keep fixes of a task; the same instant is the same fix. Returns how many are new."""
        rows = [
            {"task_id": task.id, "member": task.member} | {name: getattr(fix, name) for name in COLUMNS}
            for fix in {fix.at: fix for fix in fixes}.values()
        ]
        added = 0
        for start in range(0, len(rows), BLOCK):
            statement = insert_into(self.connection, TrackPointRow).values(rows[start : start + BLOCK])
            once = statement.on_conflict_do_nothing(index_elements=["task_id", "at"]).returning(TrackPointRow.at)
            added += len(self.connection.execute(once).all())
        return added

    def list_of(self, task_id: str) -> tuple[Position, ...]:
        """Return the fixes of a task in the order of time."""
        return self.list_of_many([task_id]).get(task_id, ())

    def list_of_many(self, task_ids: Iterable[str]) -> dict[str, tuple[Position, ...]]:
        """Return the fixes of some tasks, each in the order of time."""
        columns = [getattr(TrackPointRow, name) for name in COLUMNS]
        statement = select(TrackPointRow.task_id, *columns).where(TrackPointRow.task_id.in_(set(task_ids)))
        found: dict[str, list[Position]] = {}
        for task_id, *values in self.connection.execute(statement.order_by(TrackPointRow.at)):
            fix = Position(**dict(zip(COLUMNS, values, strict=True)))
            found.setdefault(task_id, []).append(fix)
        return {task_id: tuple(fixes) for task_id, fixes in found.items()}
