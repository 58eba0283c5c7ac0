"""The register of findings: what was found on patrol, and the case that each has become."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.cases import NewCase
from registers.cases.check import check
from registers.codes import CodeRegister
from registers.patrols.coordinates import WGS84
from registers.patrols.model import Finding, NewFinding, PatrolObject, PatrolTask
from registers.patrols.objects import PatrolObjectRegister
from registers.patrols.tables import PatrolFindingRow, PatrolTaskObjectRow, PatrolTaskRow
from registers.regions import RegionRegister

CHANNEL = "patrol"
# A phone that does not say otherwise means what satellites mean, as at its check-ins.
PHONE_SYSTEM = WGS84


class FindingRegister(Register):
    """Keeps findings; the flow makes cases of them."""

    def report(self, task: PatrolTask, new: NewFinding, *, at: datetime) -> Finding:
        """Keep a finding; what it does not say about its place it has from its object.

        Raises  Invalid where neither the finding nor an object of the task tells where it is, and where no case could
                be made of it
        """
        place = self._place(task, new)
        self._check(task, new, place, at)
        # One number after the other, however many are reported at once.
        self.connection.execute(select(PatrolTaskRow.id).where(PatrolTaskRow.id == task.id).with_for_update()).one()
        counted = select(func.count()).where(PatrolFindingRow.task_id == task.id)
        values = {
            "id": str(uuid4()),
            "task_id": task.id,
            "number": self.connection.execute(counted).scalar_one() + 1,
            "object_id": new.object_id,
            "member": task.member,
            "at": at,
            "title": new.title,
            "detail": new.detail,
            "label": new.label,
            **place,
        }
        row = self.connection.execute(insert(PatrolFindingRow).values(**values).returning(PatrolFindingRow)).one()
        return finding_of(row._asdict())

    def link(self, finding_id: str, case_id: str) -> Finding:
        """Note which case a finding has become. Raises NotFound."""
        statement = update(PatrolFindingRow).where(PatrolFindingRow.id == finding_id).values(case_id=case_id)
        row = self.connection.execute(statement.returning(PatrolFindingRow)).one_or_none()
        if row is None:
            raise NotFound(kind="patrol finding", id=finding_id)
        return finding_of(row._asdict())

    def get(self, finding_id: str) -> Finding:
        """Return a finding by id, or raise NotFound."""
        row = self.connection.execute(select(PatrolFindingRow).where(PatrolFindingRow.id == finding_id)).one_or_none()
        if row is None:
            raise NotFound(kind="patrol finding", id=finding_id)
        return finding_of(row._asdict())

    def list_of(self, task_id: str) -> tuple[Finding, ...]:
        """Return the findings of a task in their order."""
        statement = select(PatrolFindingRow).where(PatrolFindingRow.task_id == task_id)
        rows = self.connection.execute(statement.order_by(PatrolFindingRow.number))
        return tuple(finding_of(row._asdict()) for row in rows)

    def _place(self, task: PatrolTask, new: NewFinding) -> dict[str, object]:
        """Return where something was found: where it says itself, else at its object."""
        at_object = None if new.object_id is None else self._object(task, new.object_id)
        if new.region_code is not None:
            region = RegionRegister(self.connection, self.clock).find(new.region_code)
            region_code = new.region_code if region is None else region.code
        elif at_object is not None:
            region_code = at_object.region_code
        else:
            message = "Say where it is: an object of the task, or a region."
            raise Invalid(problems=[Problem("patrol-finding-nowhere", "object_id", message)])
        own = new.longitude is not None and new.latitude is not None
        source: NewFinding | PatrolObject = new if own or at_object is None else at_object
        return {
            "region_code": region_code,
            "address": new.address or (None if at_object is None else at_object.address),
            "longitude": source.longitude,
            "latitude": source.latitude,
            "coordinate_system": source.coordinate_system or (PHONE_SYSTEM if own else None),
        }

    def _check(self, task: PatrolTask, new: NewFinding, place: Mapping[str, Any], at: datetime) -> None:
        """Raise Invalid with what keeps a finding from becoming a case: nobody would be there to put it right later."""
        case = NewCase(
            channel=CHANNEL,
            title=new.title,
            detail=new.detail,
            label=new.label,
            reporter_code=task.member,
            occurred_at=at,
            region_code=place["region_code"],
            address=place["address"],
            # As they were said: half a point is refused, not replaced by the object's.
            longitude=new.longitude,
            latitude=new.latitude,
            coordinate_system=place["coordinate_system"],
        )
        codes, regions = CodeRegister(self.connection, self.clock), RegionRegister(self.connection, self.clock)
        problems = check(case, codes, regions).problems
        if problems:
            raise Invalid(problems=problems)

    def _object(self, task: PatrolTask, object_id: str) -> PatrolObject:
        """Return an object of the task, or raise Invalid."""
        named = PatrolTaskObjectRow.task_id == task.id, PatrolTaskObjectRow.object_id == object_id
        if self.connection.execute(select(PatrolTaskObjectRow.position).where(*named)).one_or_none() is None:
            message = f"The task has no object {object_id}."
            raise Invalid(problems=[Problem("patrol-object-not-of-task", "object_id", message, {"value": object_id})])
        return PatrolObjectRegister(self.connection, self.clock).get(object_id)


def finding_of(values: Mapping[str, Any]) -> Finding:
    """Build a finding from its row."""
    return Finding(**values)
