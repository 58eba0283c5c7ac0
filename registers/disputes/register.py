"""The register of disputes: taking one in, and everything that is read or changed afterwards."""

from dataclasses import asdict, replace
from uuid import uuid4

from sqlalchemy import insert

from engine.errors import Invalid, Problem
from registers.cases import CaseRegister
from registers.codes import CodeRegister
from registers.disputes.areas import committee_of, level_of
from registers.disputes.check import check, check_storable
from registers.disputes.model import Dispute, DisputeStatus, Level, NewDispute
from registers.disputes.steps import DisputeSteps
from registers.disputes.tables import DisputePartyRow, DisputeRow
from registers.org import Unit, UnitRegister
from registers.regions import Place, RegionRegister


class DisputeRegister(DisputeSteps):
    """All disputes."""

    def add(self, new: NewDispute) -> Dispute:
        """Register a dispute at the lowest committee of its place.

        Raises  Invalid with one problem per wrong field
        """
        check_storable(new)  # before anything is looked up: no database takes some texts even as a question
        new = _trimmed(new)
        found = check(
            new,
            CodeRegister(self.connection, self.clock),
            RegionRegister(self.connection, self.clock),
            self.clock.now(),
        )
        committee = (
            None if found.place is None else committee_of(found.place, UnitRegister(self.connection, self.clock))
        )
        problems = [*found.problems, *self._references(new)]
        if found.place is not None and committee is None:
            message = "The place has no committee; name its district, street or community."
            problems.append(Problem("dispute-without-committee", "region_code", message))
        if problems or found.place is None or committee is None:
            raise Invalid(problems=problems)
        dispute_id = str(uuid4())
        self.connection.execute(insert(DisputeRow).values(id=dispute_id, **self._values(new, found.place, committee)))
        rows = [
            {**asdict(party), "id": str(uuid4()), "dispute_id": dispute_id, "position": position}
            for position, party in enumerate(new.parties)
        ]
        self.connection.execute(insert(DisputePartyRow), rows)
        return self.get(dispute_id)

    def _references(self, new: NewDispute) -> list[Problem]:
        """Return a problem for each case or unit that does not exist."""
        problems = []
        cases = CaseRegister(self.connection, self.clock)
        if new.source_case_id is not None and cases.find(new.source_case_id) is None:
            message = f"There is no case {new.source_case_id}."
            problems.append(Problem("unknown-case", "source_case_id", message, {"value": new.source_case_id}))
        if new.superior_unit and UnitRegister(self.connection, self.clock).find(new.superior_unit) is None:
            message = f"There is no unit {new.superior_unit}."
            problems.append(Problem("unknown-unit", "superior_unit", message, {"value": new.superior_unit}))
        return problems

    def _values(self, new: NewDispute, place: Place, committee: Unit) -> dict[str, object]:
        """Return the columns of a new dispute."""
        given = {name: value for name, value in asdict(new).items() if name != "parties"}
        return given | {
            "region_code": place.region.code,
            "community": None if place.community is None else place.community.unit_code,
            "street": place.street_unit,
            "district": place.district_unit,
            "level": (level_of(committee) or Level.DISTRICT).value,
            "committee_unit": committee.code,
            "excluded_mediators": [],
            "status": DisputeStatus.REGISTERED.value,
            "round": 1,
            "sessions": 0,
            "extensions": 0,
            "urgings": 0,
            "applied_at": self.clock.now(),
            "revision": 0,
        }


def _trimmed(new: NewDispute) -> NewDispute:
    """Take blanks off the ends of texts; an empty text that may be missing is missing."""
    needed = {"title", "facts", "claims", "type", "severity", "source", "registered_by", "name", "side"}

    def trim(values: dict[str, object]) -> dict[str, object]:
        texts = {name: value.strip() for name, value in values.items() if isinstance(value, str)}
        return {name: text if text or name in needed else None for name, text in texts.items()}

    parties = tuple(replace(party, **trim(asdict(party))) for party in new.parties)  # type: ignore[arg-type]  # texts for texts
    return replace(new, **trim(asdict(new)), parties=parties)  # type: ignore[arg-type]  # texts for texts
