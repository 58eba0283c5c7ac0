"""What the flow does to a task: one verb per step. Handlers call these; nothing else changes the status of a task."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from engine.errors import Conflict
from registers.patrols.model import AT_WORK, PatrolTask, TaskStatus
from registers.patrols.tables import PatrolTaskRow
from registers.patrols.task_reading import PatrolTaskReading, task_of


class PatrolTaskSteps(PatrolTaskReading):
    """The changing half of the register. Every verb raises NotFound, and Conflict once the task has ended."""

    def attach_instance(self, task_id: str, instance_id: str) -> PatrolTask:
        """Note which process instance carries the task."""
        return self._change(task_id, {"process_instance_id": instance_id})

    def hand_over(self, task_id: str, *, member: str) -> PatrolTask:
        """Give a task that nobody has received yet to another member."""
        return self._change(task_id, {"member": member})

    def receive(self, task_id: str, *, member: str) -> PatrolTask:
        """接收: the member takes the task on; from now on she checks in."""
        changed = {"status": TaskStatus.RECEIVED.value, "member": member, "received_at": self.clock.now()}
        return self._change(task_id, changed)

    def miss(self, task_id: str, *, at: datetime) -> PatrolTask:
        """漏巡: the time of the task was over at an instant; the first one counts, also of a task that has ended."""
        fresh = PatrolTaskRow.id == task_id, PatrolTaskRow.missed_at.is_(None)
        changed = {"missed_at": at, "revision": PatrolTaskRow.revision + 1}
        self.connection.execute(update(PatrolTaskRow).where(*fresh).values(**changed))
        return self.get(task_id)

    def finish(self, task_id: str, *, log: str | None) -> PatrolTask:
        """完成: every object was visited."""
        return self._end(task_id, TaskStatus.FINISHED, log=log)

    def give_up(self, task_id: str, *, log: str | None, reason: str) -> PatrolTask:
        """未完成: some objects were not visited, and the member says why."""
        return self._end(task_id, TaskStatus.GIVEN_UP, log=log, reason=reason)

    def lapse(self, task_id: str) -> PatrolTask:
        """逾期未完成: the time and the grace after it are over."""
        return self._end(task_id, TaskStatus.LAPSED)

    def cancel(self, task_id: str, *, reason: str) -> PatrolTask:
        """撤回: whoever gave the task takes it back."""
        return self._end(task_id, TaskStatus.CANCELLED, reason=reason)

    def _end(self, task_id: str, status: TaskStatus, **said: str | None) -> PatrolTask:
        """Bring a task to its end."""
        return self._change(task_id, {"status": status.value, "ended_at": self.clock.now(), **said})

    def _change(self, task_id: str, values: Mapping[str, object]) -> PatrolTask:
        """Change columns of a task that has not ended."""
        open_ = PatrolTaskRow.id == task_id, PatrolTaskRow.status.in_([status.value for status in AT_WORK])
        statement = update(PatrolTaskRow).where(*open_).values(**values, revision=PatrolTaskRow.revision + 1)
        row = self.connection.execute(statement.returning(PatrolTaskRow)).one_or_none()
        if row is None:
            known = self.get(task_id)
            raise Conflict(
                f"The patrol task {task_id} has ended: {known.status}.",
                code="patrol-task-ended",
                id=task_id,
                status=known.status.value,
            )
        return task_of(row._asdict())
