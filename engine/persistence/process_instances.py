"""Repository of process instances: locked by their root, saved by their revision."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, insert, or_, select, update

from engine.errors import Conflict, NotFound
from engine.model.process_instance import InstanceStatus, ProcessInstance
from engine.model.user_task import Page
from engine.persistence.base import table_of
from engine.persistence.keyset import decode, encode
from engine.persistence.runtime_tables import ProcessInstanceRow

_TABLE = table_of(ProcessInstanceRow)
_SELECT = select(_TABLE)
_BY_ID = _SELECT.where(ProcessInstanceRow.id == bindparam("id"))
# Statements of the hot path are built once: building costs more than running them.
_LOCK = select(ProcessInstanceRow.root_id).where(ProcessInstanceRow.id == bindparam("id")).with_for_update()
_ADD = insert(_TABLE)
_SAVE = update(_TABLE).where(
    ProcessInstanceRow.id == bindparam("of_id"), ProcessInstanceRow.revision == bindparam("of_revision")
)


class ProcessInstanceRepository:
    """Instances by id, tree and business key."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection

    def lock_root(self, root_id: str) -> None:
        """Make every other command on this tree of instances wait; raises NotFound."""
        if self._connection.execute(_LOCK, {"id": root_id}).scalar_one_or_none() is None:
            raise NotFound(kind="process instance", id=root_id)

    def get(self, instance_id: str) -> ProcessInstance:
        """Return an instance; raises NotFound."""
        row = self._connection.execute(_BY_ID, {"id": instance_id}).mappings().one_or_none()
        if row is None:
            raise NotFound(kind="process instance", id=instance_id)
        return _instance(row)

    def add(self, instance: ProcessInstance) -> None:
        """Store a new instance."""
        self._connection.execute(_ADD, _columns(instance))

    def save(self, instance: ProcessInstance) -> ProcessInstance:
        """Store a changed instance under the next revision; raises Conflict when somebody else was faster."""
        fresh = replace(instance, revision=instance.revision + 1)
        known = {"of_id": instance.id, "of_revision": instance.revision}
        done = self._connection.execute(_SAVE, _columns(fresh, but=("id",)) | known)
        if done.rowcount != 1:
            raise Conflict(kind="process instance", id=instance.id)
        return fresh

    def find_child(self, parent_id: str, activity: int) -> ProcessInstance | None:
        """Return the active instance that a call activity started."""
        row = (
            self._connection.execute(
                _SELECT.where(
                    ProcessInstanceRow.parent_id == parent_id,
                    ProcessInstanceRow.parent_activity == activity,
                    ProcessInstanceRow.status == InstanceStatus.ACTIVE.value,
                )
            )
            .mappings()
            .one_or_none()
        )
        return _instance(row) if row else None

    def list_tree(self, root_id: str) -> tuple[ProcessInstance, ...]:
        """Return a root and everything that it called, oldest first."""
        query = _SELECT.where(ProcessInstanceRow.root_id == root_id).order_by(ProcessInstanceRow.started_at)
        return tuple(_instance(row) for row in self._connection.execute(query).mappings())

    def count_tree(self, root_id: str) -> int:
        """Return how many instances a tree has, ended ones included."""
        query = select(func.count()).select_from(ProcessInstanceRow).where(ProcessInstanceRow.root_id == root_id)
        return self._connection.execute(query).scalar_one()

    def list_page(
        self,
        *,
        key: str | None = None,
        status: str | None = None,
        business_key: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[ProcessInstance]:
        """Return a page of instances, newest first."""
        query = _SELECT.order_by(ProcessInstanceRow.started_at.desc(), ProcessInstanceRow.id.desc()).limit(limit + 1)
        for column, value in (
            (ProcessInstanceRow.process_key, key),
            (ProcessInstanceRow.status, status),
            (ProcessInstanceRow.business_key, business_key),
        ):
            if value is not None:
                query = query.where(column == value)
        if after is not None:
            at, last = decode(after, datetime, str)
            query = query.where(
                or_(
                    ProcessInstanceRow.started_at < at,
                    and_(ProcessInstanceRow.started_at == at, ProcessInstanceRow.id < last),
                )
            )
        rows = self._connection.execute(query).mappings().all()
        items = tuple(_instance(row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, encode(items[-1].started_at, items[-1].id) if more else None)


def _instance(row: RowMapping) -> ProcessInstance:
    values = dict(row)
    values["status"] = InstanceStatus(values["status"])
    return ProcessInstance(**values)


def _columns(instance: ProcessInstance, but: tuple[str, ...] = ()) -> dict[str, Any]:
    values = {name: getattr(instance, name) for name in ProcessInstance.__slots__ if name not in but}
    values["status"] = instance.status.value
    return values
