"""The register of cases: taking a report in, and everything that is read or changed afterwards."""

from dataclasses import asdict, replace
from typing import Any
from uuid import uuid4

from engine.errors import Invalid
from registers.cases.check import check, check_texts
from registers.cases.model import Case, CaseStatus, NewCase
from registers.cases.numbering import new_query_code
from registers.cases.reading import case_of
from registers.cases.steps import CaseSteps
from registers.cases.tables import CaseRow
from registers.codes import CodeRegister
from registers.regions import Place, RegionRegister
from registers.statements import insert_into


class CaseRegister(CaseSteps):
    """All cases."""

    def report(self, new: NewCase) -> tuple[Case, bool]:
        """Take a report in.

        Returns  the case, and whether it is new: the same external id of the same channel is the case it already is
        Raises   Invalid with one problem per wrong field
        """
        new = _trimmed(new)
        check_texts(new)  # before anything is looked up: no database takes some of them even as a question
        if new.external_id is not None:
            known = self.find_by_external_id(new.channel, new.external_id)
            if known is not None:
                return known, False
        found = check(new, CodeRegister(self.connection, self.clock), RegionRegister(self.connection, self.clock))
        if found.problems or found.place is None:
            raise Invalid(problems=found.problems)
        statement = insert_into(self.connection, CaseRow).values(**self._values(new, found.place))
        # Two imports of one message at the same time: the second one finds the first one's case.
        once = statement.on_conflict_do_nothing(index_elements=["channel", "external_id"]).returning(CaseRow)
        row = self.connection.execute(once).one_or_none()
        if row is not None:
            return case_of(row._asdict()), True
        known = self.find_by_external_id(new.channel, str(new.external_id))
        if known is None:
            raise Invalid
        return known, False

    def _values(self, new: NewCase, place: Place) -> dict[str, object]:
        """Return the columns of a new case."""
        now = self.clock.now()
        given = asdict(new)
        return {
            **given,
            **(_past(new) if new.historic else NO_PAST),
            "id": str(uuid4()),
            "query_code": new_query_code(),
            "reported_at": new.reported_at or now,
            "received_at": now,
            "region_code": place.region.code,
            "street": place.street_unit,
            "district": place.district_unit,
            "co_units": [],
            "round": 1,
            "returns": 0,
            "extensions": 0,
            "revision": 1,
        }


REQUIRED = frozenset({"channel", "title", "detail"})
NO_PAST: dict[str, object] = {
    "status": CaseStatus.REPORTED.value,
    "outcome": None,
    "closed_at": None,
    "published_verdict": None,
}


def _past(new: NewCase) -> dict[str, object]:
    """Return what a case brings along that was worked on elsewhere: archived when it was closed, else filed."""
    if new.closed_at is None:
        return {"status": CaseStatus.FILED.value, "outcome": None}
    return {"status": CaseStatus.ARCHIVED.value, "outcome": CaseStatus.CLOSED.value}


def _trimmed(new: NewCase) -> NewCase:
    """Return a report whose texts have no margins; an optional text that says nothing is none."""
    trimmed: dict[str, Any] = {
        name: value.strip() if name in REQUIRED else value.strip() or None
        for name, value in asdict(new).items()
        if isinstance(value, str)
    }
    return replace(new, **trimmed)
