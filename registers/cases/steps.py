"""What the flow does to a case: one verb per step. Handlers call these; nothing else changes a case."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from engine.errors import Conflict, Invalid, Problem
from registers.cases.duplicates import NOT_COMPARED
from registers.cases.model import ENDED, FINAL, Case, CaseStatus
from registers.cases.numbering import next_case_no
from registers.cases.reading import CaseReading, case_of
from registers.cases.tables import CaseRow, CaseUnitRow
from registers.codes import CodeRegister
from registers.regions import RegionRegister

LEAD, CO, SUPERVISOR = "lead", "co", "supervisor"
# What a clerk may put right while she registers or files a case.
CORRECTABLE = frozenset(
    {
        "title",
        "detail",
        "label",
        "category",
        "request_type",
        "urgency",
        "address",
        "longitude",
        "latitude",
        "coordinate_system",
        "anonymous",
        "confidential",
        "reporter_name",
        "reporter_phone",
    }
)


class MasterUnfit(Invalid):
    """The case that should lead a merge is this one itself, or follows it, or has ended without a result."""


class CaseSteps(CaseReading):
    """The changing half of the register. Every verb raises NotFound, and Conflict once the case has ended."""

    def attach_instance(self, case_id: str, instance_id: str) -> Case:
        """Note which process instance carries the case."""
        return self._change(case_id, {"process_instance_id": instance_id})

    def classify(self, case_id: str, *, category: str, request_type: str | None, urgency: str | None) -> Case:
        """Set what the case is about, what the reporter wants and how urgent it is."""
        return self._change(case_id, {"category": category, "request_type": request_type, "urgency": urgency})

    def correct(self, case_id: str, *, region_code: str | None = None, **values: object) -> Case:
        """Put right what a clerk may put right; a new region moves district and street along.

        Raises  Invalid for a field that is not hers to change
        """
        foreign = sorted(set(values) - CORRECTABLE)
        if foreign:
            raise Invalid(problems=[Problem("field-fixed", name, f"{name} cannot be changed.") for name in foreign])
        if region_code is not None:
            place = RegionRegister(self.connection, self.clock).resolve(region_code)
            values |= {
                "region_code": place.region.code,
                "street": place.street_unit,
                "district": place.district_unit,
            }
        return self._change(case_id, values) if values else self.get(case_id)

    def register(self, case_id: str) -> Case:
        """受理: the case is accepted."""
        return self._change(case_id, {"reason": None}, to=CaseStatus.REGISTERED)

    def await_supplement(self, case_id: str, *, reason: str) -> Case:
        """补充信息: the reporter is asked for more."""
        return self._change(case_id, {"reason": reason}, to=CaseStatus.SUPPLEMENTING)

    def supplement(self, case_id: str, *, text: str) -> Case:
        """Add what the reporter sent; the case is looked at anew. An empty text adds nothing."""
        detail = self.get(case_id).detail
        added = f"{detail}\n\n【补充】{text.strip()}" if text.strip() else detail
        return self._change(case_id, {"reason": None, "detail": added}, to=CaseStatus.REPORTED)

    def refuse(self, case_id: str, *, reason: str) -> Case:
        """不予受理: the case ends with a reason."""
        return self._end(case_id, CaseStatus.REFUSED, {"reason": reason})

    def answer(self, case_id: str, *, result: str) -> Case:
        """直接答复: the case ends with an answer."""
        return self._end(case_id, CaseStatus.ANSWERED, {"result": result})

    def transfer(self, case_id: str, *, reason: str) -> Case:
        """转紧急热线: the case ends here and goes on elsewhere."""
        return self._end(case_id, CaseStatus.TRANSFERRED, {"reason": reason})

    def withdraw(self, case_id: str, *, reason: str) -> Case:
        """撤销: the reporter takes the case back."""
        return self._end(case_id, CaseStatus.WITHDRAWN, {"reason": reason})

    def decline(self, case_id: str, *, reason: str) -> Case:
        """不予立案: the case ends with a reason."""
        return self._end(case_id, CaseStatus.NOT_FILED, {"reason": reason})

    def merge(self, case_id: str, *, master_case_id: str) -> Case:
        """并单: the case becomes a follower of the master, and its own followers with it."""
        master = self._master(case_id, master_case_id)
        # Two cases merged into each other at the same time would be worked on by nobody: the second one looks again.
        both = select(CaseRow.id).where(CaseRow.id.in_((case_id, master.id))).order_by(CaseRow.id)
        self.connection.execute(both.with_for_update()).all()
        master = self._master(case_id, master.id)
        self.connection.execute(
            update(CaseRow)
            .where(CaseRow.master_case_id == case_id)
            .values(master_case_id=master.id, revision=CaseRow.revision + 1)
        )
        return self._end(case_id, CaseStatus.MERGED, {"master_case_id": master.id})

    def file(self, case_id: str, *, condition: str | None, closing_condition: str | None) -> Case:
        """立案: fix condition and closing condition, and give the case its number."""
        case = self.get(case_id)
        now = self.clock.now()
        number = case.case_no or self._number(case, now)
        return self._change(
            case_id,
            {
                "condition": condition,
                "closing_condition": closing_condition,
                "case_no": number,
                "filed_at": case.filed_at or now,
                "reason": None,
            },
            to=CaseStatus.FILED,
        )

    def dispatch(
        self, case_id: str, *, lead_unit: str, co_units: Iterable[str] = (), supervisor_unit: str | None = None
    ) -> Case:
        """派遣: name the units that lead, help and supervise from now on."""
        helpers = [unit for unit in dict.fromkeys(co_units) if unit != lead_unit]
        case = self._change(
            case_id,
            {"lead_unit": lead_unit, "co_units": helpers, "supervisor_unit": supervisor_unit},
            to=CaseStatus.DISPATCHED,
        )
        self._write_units(case)
        return case

    def sign(self, case_id: str) -> Case:
        """签收: the lead unit has taken the case on."""
        return self._change(case_id, to=CaseStatus.SIGNED)

    def give_back(self, case_id: str, *, reason: str) -> Case:
        """退回: the lead unit's objection was upheld; the case waits to be dispatched again."""
        return self._change(case_id, {"reason": reason, "returns": CaseRow.returns + 1}, to=CaseStatus.FILED)

    def handle(self, case_id: str, *, result: str) -> Case:
        """办结反馈: the lead unit reports what was done."""
        return self._change(case_id, {"result": result}, to=CaseStatus.HANDLED)

    def rework(self, case_id: str, *, reason: str) -> Case:
        """退回重办: the result was not good enough; the lead unit goes on."""
        return self._change(case_id, {"reason": reason}, to=CaseStatus.SIGNED)

    def review(self, case_id: str) -> Case:
        """结果审核通过."""
        return self._change(case_id, {"reason": None}, to=CaseStatus.REVIEWED)

    def note_callback(self, case_id: str, *, satisfaction: str | None, solved: bool | None) -> Case:
        """回访: what the reporter thinks of it."""
        return self._change(case_id, {"satisfaction": satisfaction, "solved": solved})

    def redispatch(self, case_id: str, *, reason: str | None) -> Case:
        """重派: a new round begins."""
        return self._change(case_id, {"reason": reason, "round": CaseRow.round + 1}, to=CaseStatus.FILED)

    def count_return(self, case_id: str) -> Case:
        """Count an objection of the lead unit that was not upheld."""
        return self._change(case_id, {"returns": CaseRow.returns + 1})

    def count_extension(self, case_id: str) -> Case:
        """Count an extension that was granted."""
        return self._change(case_id, {"extensions": CaseRow.extensions + 1})

    def close(self, case_id: str, *, reason: str | None = None) -> Case:
        """结案: nothing is left to be done but the file."""
        return self._end(case_id, CaseStatus.CLOSED, {"reason": reason})

    def archive(self, case_id: str) -> Case:
        """归档: from now on the case does not change any more; its outcome says how it ended."""
        case = self.get(case_id)
        now = self.clock.now()
        return self._change(
            case_id,
            {
                "outcome": (case.outcome or CaseStatus.CLOSED).value,
                "archived_at": now,
                "closed_at": case.closed_at or now,
            },
            frozen=FINAL,
            to=CaseStatus.ARCHIVED,
        )

    def _end(self, case_id: str, to: CaseStatus, values: Mapping[str, object]) -> Case:
        """End work on a case."""
        return self._change(case_id, {**values, "outcome": to.value, "closed_at": self.clock.now()}, to=to)

    def _change(
        self,
        case_id: str,
        values: Mapping[str, object] | None = None,
        *,
        to: CaseStatus | None = None,
        frozen: AbstractSet[CaseStatus] = ENDED,
    ) -> Case:
        """Change columns of a case, and its status where `to` is given, unless its status is one of `frozen`."""
        changed = {**(values or {}), "revision": CaseRow.revision + 1} | ({} if to is None else {"status": to.value})
        changeable = CaseRow.id == case_id, CaseRow.status.not_in([ended.value for ended in frozen])
        statement = update(CaseRow).where(*changeable).values(**changed).returning(CaseRow)
        row = self.connection.execute(statement).one_or_none()
        if row is not None:
            return case_of(row._asdict())
        case = self.get(case_id)
        message = f"The case {case_id} has ended: {case.status.value}."
        raise Conflict(message, code="case-ended", kind="case", id=case_id, status=case.status.value)

    def _master(self, case_id: str, master_case_id: str) -> Case:
        """Return the case at the head of a merge; the master of a follower is the follower's master."""
        master = self.find(master_case_id)
        seen = {case_id}
        while master is not None and master.id not in seen and master.master_case_id is not None:
            seen.add(master.id)
            master = self.find(master.master_case_id)
        if master is None or master.id in seen or master.status in NOT_COMPARED:
            message = f"The case {master_case_id} cannot be the master of {case_id}."
            problem = Problem("master-case-unfit", "master_case_id", message, {"value": master_case_id})
            raise MasterUnfit(problems=[problem])
        return master

    def _number(self, case: Case, at: datetime) -> str:
        """Return a new case number."""
        channel = CodeRegister(self.connection, self.clock).require("channels", case.channel)
        return next_case_no(self.connection, district=case.district, channel=channel, at=at)

    def _write_units(self, case: Case) -> None:
        """Bring the units' rows in line with the case."""
        self.connection.execute(delete(CaseUnitRow).where(CaseUnitRow.case_id == case.id))
        units = [(case.lead_unit, LEAD), *((unit, CO) for unit in case.co_units), (case.supervisor_unit, SUPERVISOR)]
        rows = [{"case_id": case.id, "unit": unit, "role": role} for unit, role in units if unit]
        if rows:
            self.connection.execute(insert(CaseUnitRow), rows)
