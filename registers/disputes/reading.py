"""Reading disputes: one by its id, its parties, or a page by filters."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.disputes.model import (
    AT_WORK,
    Dispute,
    DisputeStatus,
    InvitationStatus,
    Level,
    Outcome,
    Party,
    Side,
    Source,
)
from registers.disputes.queries import DisputeCounts, DisputePage, DisputeQuery, DisputeScope
from registers.disputes.tables import DisputeInstitutionRow, DisputePartyRow, DisputeRow

SORTS = ("applied_at", "-applied_at")
PAGE_MAX = 200
SEARCH_MAX = 100


class DisputeReading(Register):
    """The reading half of the register."""

    def find(self, dispute_id: str) -> Dispute | None:
        """Return a dispute by id, or None."""
        row = self.connection.execute(select(DisputeRow).where(DisputeRow.id == dispute_id)).one_or_none()
        return None if row is None else dispute_of(row._asdict())

    def get(self, dispute_id: str) -> Dispute:
        """Return a dispute by id, or raise NotFound."""
        found = self.find(dispute_id)
        if found is None:
            raise NotFound(kind="dispute", id=dispute_id)
        return found

    def parties_of(self, dispute_id: str) -> tuple[Party, ...]:
        """Return the parties of a dispute in their order."""
        return self.parties_of_many([dispute_id]).get(dispute_id, ())

    def parties_of_many(self, dispute_ids: Iterable[str]) -> dict[str, tuple[Party, ...]]:
        """Return the parties of some disputes, each in their order."""
        statement = select(DisputePartyRow).where(DisputePartyRow.dispute_id.in_(set(dispute_ids)))
        found: dict[str, tuple[Party, ...]] = {}
        for row in self.connection.execute(statement.order_by(DisputePartyRow.position, DisputePartyRow.id)):
            values = row._asdict()
            dispute_id = str(values.pop("dispute_id"))
            found[dispute_id] = (*found.get(dispute_id, ()), Party(**values))
        return found

    def list_page(self, query: DisputeQuery) -> DisputePage:
        """Return a page of disputes. Raises Invalid for an unknown sort, limit or page key."""
        downwards = _check(query)
        statement = select(DisputeRow).where(*_filters(query))
        if query.after is not None:
            at, last = _read_key(query.after)
            same = and_(DisputeRow.applied_at == at, DisputeRow.id < last if downwards else DisputeRow.id > last)
            statement = statement.where(
                or_(DisputeRow.applied_at < at if downwards else DisputeRow.applied_at > at, same)
            )
        columns = DisputeRow.applied_at, DisputeRow.id
        order = [column.desc() for column in columns] if downwards else list(columns)
        rows = self.connection.execute(statement.order_by(*order).limit(query.limit + 1)).all()
        items = tuple(dispute_of(row._asdict()) for row in rows[: query.limit])
        return DisputePage(items, _write_key(items[-1]) if len(rows) > query.limit else None)

    def count(self, query: DisputeQuery) -> DisputeCounts:
        """Return the exact numbers of the disputes that a query finds."""
        by_status, by_type = (self._group(column, query) for column in (DisputeRow.status, DisputeRow.type))
        return DisputeCounts(sum(by_status.values()), by_status, by_type)

    def is_visible(self, dispute_id: str, scope: DisputeScope) -> bool:
        """Tell whether a dispute lies in a scope."""
        statement = select(DisputeRow.id).where(DisputeRow.id == dispute_id, _in_scope(scope))
        return self.connection.execute(statement).one_or_none() is not None

    def loads(self, logins: Iterable[str]) -> dict[str, int]:
        """Return how many disputes each mediator has at work; one without any is left out."""
        statement = (
            select(DisputeRow.mediator, func.count())
            .where(DisputeRow.mediator.in_(set(logins)), DisputeRow.status.in_([one.value for one in AT_WORK]))
            .group_by(DisputeRow.mediator)
        )
        return {str(login): number for login, number in self.connection.execute(statement)}

    def _group(self, column: Any, query: DisputeQuery) -> dict[str, int]:  # noqa: ANN401  a column of text
        statement = select(column, func.count()).where(*_filters(replace(query, after=None))).group_by(column)
        return {str(value): number for value, number in self.connection.execute(statement)}


def dispute_of(values: Mapping[str, Any]) -> Dispute:
    """Build a dispute from its row."""
    outcome = values["outcome"]
    typed = {
        "source": Source(values["source"]),
        "level": Level(values["level"]),
        "status": DisputeStatus(values["status"]),
        "outcome": None if outcome is None else Outcome(outcome),
        "excluded_mediators": tuple(values["excluded_mediators"]),
    }
    return Dispute(**{**values, **typed})


def _filters(query: DisputeQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    lists = (
        (DisputeRow.type, query.types),
        (DisputeRow.source, query.sources),
        (DisputeRow.status, query.statuses),
        (DisputeRow.outcome, query.outcomes),
        (DisputeRow.severity, query.severities),
        (DisputeRow.level, query.levels),
        (DisputeRow.committee_unit, query.committees),
        (DisputeRow.district, query.districts),
        (DisputeRow.street, query.streets),
        (DisputeRow.mediator, query.mediators),
    )
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    singles = (
        (DisputeRow.source_case_id, query.source_case_id),
        (DisputeRow.applicant_login, query.applicant_login),
    )
    conditions += [column == value for column, value in singles if value is not None]
    conditions += [_named(side, name) for side, name in _sides(query) if name]
    if query.title:
        conditions.append(DisputeRow.title.icontains(query.title, autoescape=True))
    if query.applied_from is not None:
        conditions.append(DisputeRow.applied_at >= query.applied_from)
    if query.applied_to is not None:
        conditions.append(DisputeRow.applied_at < query.applied_to)
    conditions += [_says(word) for word in query.search[:SEARCH_MAX].split()]
    if query.scope is not None:
        conditions.append(_in_scope(query.scope))
    return conditions or [true()]


def _sides(query: DisputeQuery) -> tuple[tuple[Side, str], ...]:
    return (Side.APPLICANT, query.applicant), (Side.RESPONDENT, query.respondent)


def _named(side: Side | None, name: str) -> ColumnElement[bool]:
    """Return the condition that a party's name holds a text; on one side only, where given."""
    holds = [DisputePartyRow.name.icontains(name, autoescape=True)]
    if side is not None:
        holds.append(DisputePartyRow.side == side.value)
    return DisputeRow.id.in_(select(DisputePartyRow.dispute_id).where(*holds))


def _says(word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in one of the texts, the number or a party's name."""
    columns = (DisputeRow.title, DisputeRow.facts, DisputeRow.claims, DisputeRow.dispute_no, DisputeRow.agreement_no)
    return or_(*(column.icontains(word, autoescape=True) for column in columns), _named(None, word))


def _in_scope(scope: DisputeScope) -> ColumnElement[bool]:
    """Return the condition that a dispute lies in a scope; an empty scope holds nothing."""
    ways: list[ColumnElement[bool]] = []
    if scope.units:
        areas = DisputeRow.community, DisputeRow.street, DisputeRow.district, DisputeRow.committee_unit
        ways += [column.in_(scope.units) for column in areas]
    if scope.joined_units:
        asked = DisputeInstitutionRow.unit.in_(scope.joined_units)
        kept = DisputeInstitutionRow.status != InvitationStatus.DECLINED.value
        ways.append(DisputeRow.id.in_(select(DisputeInstitutionRow.dispute_id).where(asked, kept)))
    if scope.person is not None:
        people = DisputeRow.mediator, DisputeRow.applicant_login, DisputeRow.registered_by
        ways += [column == scope.person for column in people]
    if scope.dispute_ids:
        ways.append(DisputeRow.id.in_(scope.dispute_ids))
    return or_(*ways) if ways else ~true()


def _check(query: DisputeQuery) -> bool:
    """Return whether a query goes downwards; raises Invalid for an unknown sort or limit."""
    if query.sort not in SORTS:
        message = f"There is no sort {query.sort}."
        raise Invalid(problems=[Problem("unknown-sort", "sort", message, {"value": query.sort})])
    if not 1 <= query.limit <= PAGE_MAX:
        message = f"A page has 1 to {PAGE_MAX} rows."
        raise Invalid(problems=[Problem("limit-out-of-range", "limit", message, {"max": PAGE_MAX})])
    return query.sort.startswith("-")


def _write_key(dispute: Dispute) -> str:
    """Return the opaque key of the page after a dispute."""
    return base64.urlsafe_b64encode(orjson.dumps([dispute.applied_at.isoformat(), dispute.id])).decode()


def _read_key(after: str) -> tuple[datetime, str]:
    """Read a page key, or raise Invalid."""
    try:
        instant, dispute_id = orjson.loads(base64.urlsafe_b64decode(after.encode()))
        at = datetime.fromisoformat(instant)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")]) from error
    if at.tzinfo is None or not isinstance(dispute_id, str):
        raise Invalid(problems=[Problem("page-key-malformed", "after", "The page key is not one of ours.")])
    return at, dispute_id
