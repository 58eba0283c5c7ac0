"""Reading cases: one by its keys, or a page by filters."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.cases.model import Case, CaseCount, CasePage, CaseQuery, CaseScope, CaseStatus
from registers.cases.tables import CaseRow, CaseUnitRow

SORTS: dict[str, InstrumentedAttribute[datetime]] = {
    "received_at": CaseRow.received_at,
    "reported_at": CaseRow.reported_at,
}
PAGE_MAX = 200
COUNT_CAP = 1_000
SEARCH_MAX = 100


class CaseReading(Register):
    """The reading half of the register."""

    def find(self, case_id: str) -> Case | None:
        """Return a case by id, or None."""
        return self._one(CaseRow.id == case_id)

    def get(self, case_id: str) -> Case:
        """Return a case by id, or raise NotFound."""
        found = self.find(case_id)
        if found is None:
            raise NotFound(kind="case", id=case_id)
        return found

    def find_by_external_id(self, channel: str, external_id: str) -> Case | None:
        """Return the case that a channel handed in under its own id, or None."""
        return self._one(and_(CaseRow.channel == channel, CaseRow.external_id == external_id))

    def find_by_case_no(self, case_no: str) -> Case | None:
        """Return the case of a case number, or None."""
        return self._one(CaseRow.case_no == case_no)

    def find_by_reference(self, text: str) -> Case | None:
        """Return the case that somebody names by id, with or without hyphens, or by case number; or None."""
        by_number = self.find_by_case_no(text)
        if by_number is not None:
            return by_number
        try:
            return self.find(str(UUID(text)))
        except ValueError:
            return None

    def find_by_query_code(self, query_code: str) -> Case | None:
        """Return the case of a reporter's query code, however it was typed, or None."""
        return self._one(CaseRow.query_code == "".join(query_code.split()).upper())

    def list_page(self, query: CaseQuery) -> CasePage:
        """Return a page of cases. Raises Invalid for an unknown sort, limit or page key."""
        column, downwards = _sort(query.sort)
        limit = _limit(query.limit)
        statement = select(CaseRow).where(*_filters(query))
        if query.after is not None:
            instant, case_id = _read_key(query.after)
            key = and_(column == instant, CaseRow.id < case_id if downwards else CaseRow.id > case_id)
            statement = statement.where(or_(column < instant if downwards else column > instant, key))
        order = (column.desc(), CaseRow.id.desc()) if downwards else (column, CaseRow.id)
        rows = self.connection.execute(statement.order_by(*order).limit(limit + 1)).all()
        items = tuple(case_of(row._asdict()) for row in rows[:limit])
        more = len(rows) > limit
        return CasePage(items, _write_key(items[-1], column.key) if more else None)

    def count(self, query: CaseQuery, *, exact: bool = False) -> CaseCount:
        """Return how many cases a query finds; counting stops at 1,000 unless `exact`."""
        found: Select[Any] = select(CaseRow.id).where(*_filters(query))
        if not exact:
            found = found.limit(COUNT_CAP + 1)
        total = self.connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
        capped = not exact and total > COUNT_CAP
        return CaseCount(COUNT_CAP if capped else total, capped)

    def count_by_status(self, scope: CaseScope | None = None) -> dict[CaseStatus, int]:
        """Return the exact number of cases in each status that has any."""
        statement = select(CaseRow.status, func.count()).where(*_filters(CaseQuery(scope=scope)))
        rows = self.connection.execute(statement.group_by(CaseRow.status))
        return {CaseStatus(status): number for status, number in rows}

    def is_visible(self, case_id: str, scope: CaseScope) -> bool:
        """Tell whether a case lies in a scope."""
        statement = select(CaseRow.id).where(CaseRow.id == case_id, _in_scope(scope))
        return self.connection.execute(statement).one_or_none() is not None

    def find_result(self, case: Case) -> str | None:
        """Return what the reporter is told: the case's result, or its master's where it was merged."""
        if case.master_case_id is None:
            return case.result
        master = self.find(case.master_case_id)
        return case.result if master is None else master.result

    def list_followers(self, master_case_id: str) -> tuple[Case, ...]:
        """Return the cases that were merged into this one, oldest first."""
        statement = select(CaseRow).where(CaseRow.master_case_id == master_case_id)
        rows = self.connection.execute(statement.order_by(CaseRow.received_at, CaseRow.id))
        return tuple(case_of(row._asdict()) for row in rows)

    def _one(self, which: ColumnElement[bool]) -> Case | None:
        """Return the only case for which `which` is true, or None."""
        row = self.connection.execute(select(CaseRow).where(which)).one_or_none()
        return None if row is None else case_of(row._asdict())


def case_of(values: Mapping[str, Any]) -> Case:
    """Build a case from its row."""
    outcome = values["outcome"]
    typed = {
        "status": CaseStatus(values["status"]),
        "outcome": None if outcome is None else CaseStatus(outcome),
        "co_units": tuple(values["co_units"]),
    }
    return Case(**{**values, **typed})


def _filters(query: CaseQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    lists = (
        (CaseRow.status, query.statuses),
        (CaseRow.category, query.categories),
        (CaseRow.channel, query.channels),
        (CaseRow.urgency, query.urgencies),
        (CaseRow.district, query.districts),
        (CaseRow.street, query.streets),
        (CaseRow.lead_unit, query.lead_units),
    )
    singles = (
        (CaseRow.reporter_code, query.reporter_code),
        (CaseRow.master_case_id, query.master_case_id),
        (CaseRow.historic, query.historic),
    )
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    conditions += [column == value for column, value in singles if value is not None]
    if query.reported_from is not None:
        conditions.append(CaseRow.reported_at >= query.reported_from)
    if query.reported_to is not None:
        conditions.append(CaseRow.reported_at < query.reported_to)
    conditions += [_says(word) for word in query.search[:SEARCH_MAX].split()]
    if query.scope is not None:
        conditions.append(_in_scope(query.scope))
    return conditions or [true()]


def _says(word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in one of the texts."""
    columns = (CaseRow.title, CaseRow.detail, CaseRow.address, CaseRow.case_no, CaseRow.external_id)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _in_scope(scope: CaseScope) -> ColumnElement[bool]:
    """Return the condition that a case lies in a scope; an empty scope holds nothing."""
    ways: list[ColumnElement[bool]] = []
    if scope.units:
        units = select(CaseUnitRow.case_id).where(CaseUnitRow.unit.in_(scope.units))
        ways += [CaseRow.id.in_(units), CaseRow.street.in_(scope.units), CaseRow.district.in_(scope.units)]
    if scope.reporter is not None:
        ways.append(CaseRow.reporter_code == scope.reporter)
    if scope.case_ids:
        ways.append(CaseRow.id.in_(scope.case_ids))
    return or_(*ways) if ways else ~true()


def _sort(name: str) -> tuple[InstrumentedAttribute[datetime], bool]:
    """Return the column of a sort, and whether it goes downwards."""
    column = SORTS.get(name.removeprefix("-"))
    if column is None:
        message = f"There is no sort {name}."
        raise Invalid(problems=[Problem("unknown-sort", "sort", message, {"value": name})])
    return column, name.startswith("-")


def _limit(limit: int) -> int:
    """Return the limit, or raise Invalid."""
    if not 1 <= limit <= PAGE_MAX:
        message = f"A page has 1 to {PAGE_MAX} rows."
        raise Invalid(problems=[Problem("limit-out-of-range", "limit", message, {"max": PAGE_MAX})])
    return limit


def _write_key(case: Case, column: str) -> str:
    """Return the opaque key of the page after a case."""
    instant: datetime = getattr(case, column)
    return base64.urlsafe_b64encode(orjson.dumps([instant.isoformat(), case.id])).decode()


def _read_key(after: str) -> tuple[datetime, str]:
    """Read a page key, or raise Invalid."""
    try:
        instant, case_id = orjson.loads(base64.urlsafe_b64decode(after.encode()))
        at = datetime.fromisoformat(instant)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")]) from error
    if at.tzinfo is None or not isinstance(case_id, str):
        raise Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")])
    return at, case_id
