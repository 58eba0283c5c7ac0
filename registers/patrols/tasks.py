"""The register of patrol tasks: making them, exactly once."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from registers.codes import CodeRegister
from registers.patrols.areas import common
from registers.patrols.checklist import write_checklist
from registers.patrols.model import NewPatrolTask, PatrolObject, PatrolTask, TaskStatus
from registers.patrols.objects import RISKS
from registers.patrols.steps import PatrolTaskSteps
from registers.patrols.tables import PatrolTaskObjectRow, PatrolTaskRow
from registers.patrols.task_reading import task_of
from registers.patrols.templates import limit_columns
from registers.statements import BLOCK, insert_into


class PatrolTaskRegister(PatrolTaskSteps):
    """All tasks."""

    def create(self, wanted: Sequence[NewPatrolTask]) -> tuple[PatrolTask, ...]:
        """Make tasks with their objects.

        Returns  those that are new, in their order: the same plan, day and member is the task that it already is
        """
        if not wanted:
            return ()
        ranks = self._ranks()
        rows = [(str(uuid4()), new) for new in wanted]
        statement = insert_into(self.connection, PatrolTaskRow).values(
            [self._values(task_id, new, ranks) for task_id, new in rows]
        )
        once = statement.on_conflict_do_nothing(index_elements=["template_id", "occurrence_on", "member"])
        made = {row.id: task_of(row._asdict()) for row in self.connection.execute(once.returning(PatrolTaskRow))}
        self._add_objects((task_id, new) for task_id, new in rows if task_id in made)
        return tuple(made[task_id] for task_id, _ in rows if task_id in made)

    def _add_objects(self, rows: Iterable[tuple[str, NewPatrolTask]]) -> None:
        """Name the objects of new tasks, in their order."""
        named = [
            {"task_id": task_id, "object_id": one.id, "position": position}
            for task_id, new in rows
            for position, one in enumerate(new.objects)
        ]
        for start in range(0, len(named), BLOCK):
            self.connection.execute(
                insert_into(self.connection, PatrolTaskObjectRow).values(named[start : start + BLOCK])
            )

    def _values(self, task_id: str, new: NewPatrolTask, ranks: dict[str, int]) -> dict[str, object]:
        """Return the columns of a new task."""
        return {
            "id": task_id,
            "template_id": new.template_id,
            "occurrence_on": new.occurrence_on,
            "member": new.member,
            "title": new.title,
            "category": new.category,
            "risk": max((one.risk for one in new.objects), key=lambda risk: ranks.get(risk, 0)),
            "unit": new.unit,
            **_place(new.objects),
            "checklist": write_checklist(new.checklist),
            "radius_m": new.radius_m,
            **limit_columns(new.limit),
            "status": TaskStatus.DISPATCHED.value,
            "total": len(new.objects),
            "done": 0,
            "dispatched_at": self.clock.now(),
            "created_by": new.created_by,
            "revision": 1,
        }

    def _ranks(self) -> dict[str, int]:
        """Return the levels of risk, the higher the riskier."""
        levels = CodeRegister(self.connection, self.clock).list_codes(RISKS, enabled=None)
        return {level.code: number for number, level in enumerate(levels)}


def _place(objects: Sequence[PatrolObject]) -> dict[str, object]:
    """Return where all objects lie; None for what they do not share."""
    return {
        "community": common(one.community for one in objects),
        "street": common(one.street for one in objects),
        "district": common(one.district for one in objects),
    }
