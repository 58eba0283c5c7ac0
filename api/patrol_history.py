"""What people do to patrols outside of the tasks of a flow goes into the same history."""

from uuid import uuid4

from engine.model.history import HistoryEvent
from engine.ports import UnitOfWork
from registers.patrols import PatrolObject, PatrolTask, PatrolTemplate

KINDS = {PatrolTask: "patrol_task", PatrolTemplate: "patrol_template", PatrolObject: "patrol_object"}


def note(
    uow: UnitOfWork, kind: str, subject: PatrolTask | PatrolTemplate | PatrolObject, *, by: str, **data: object
) -> None:
    """Write one event about a task, a plan or an object into the transaction at hand."""
    instance_id = None if isinstance(subject, PatrolObject) else subject.process_instance_id
    uow.history.add_event(
        HistoryEvent(
            id=str(uuid4()),
            at=uow.clock.now(),
            actor=by,
            kind=kind,
            subject_type=KINDS[type(subject)],
            subject_id=subject.id,
            instance_id=instance_id,
            business_key=None if isinstance(subject, PatrolObject) else subject.id,
            data=data,
        )
    )
