"""Mediators (调解员): who mediates which fields for which committee, and what keeps one out of a dispute."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, insert, select, true, update

from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.codes import CodeRegister
from registers.disputes.areas import distance, level_of
from registers.disputes.avoidances import AvoidanceRegister
from registers.disputes.check import TYPES, check_storable, malformed_number
from registers.disputes.identity import is_id_number
from registers.disputes.model import Dispute, Level, Party
from registers.disputes.reading import DisputeReading
from registers.disputes.tables import MediatorRow
from registers.org import AccountRegister, UnitRegister
from registers.statements import upsert

PAGE_MAX = 200
YES = frozenset({"", "1", "true", "yes", "是"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMediator:
    """A mediator as she is registered: an account, a committee, and the fields (codes of `dispute_types`).

    fields   empty: she mediates everything
    """

    login: str
    unit: str
    name: str = ""
    fields: tuple[str, ...] = ()
    certificate_no: str | None = None
    phone: str | None = None
    id_number: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediator(NewMediator):
    """One mediator; `level` is that of her committee."""

    level: Level
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorFacts:
    """What the table `mediator_choice` (D17) wants to know about one mediator and one dispute.

    distance   how near her committee is: `community`, `street`, `district`, `neighbour`, `other`
    load       disputes that she has at work
    """

    login: str
    name: str
    field_fits: bool
    distance: str
    level_fits: bool
    is_party: bool
    related: bool
    objected: bool
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorQuery:
    """Which mediators; an empty filter lets everything through. `after` is the login of the page before."""

    units: tuple[str, ...] = ()
    field: str | None = None
    levels: tuple[str, ...] = ()
    enabled: bool | None = None
    search: str = ""
    after: str | None = None
    limit: int = 50


class MediatorRegister(Register):
    """All mediators."""

    def add(self, new: NewMediator) -> Mediator:
        """Register a mediator.

        Raises  Invalid with one problem per wrong field, Conflict where she is registered already
        """
        values = self._checked(new)
        if self.find(new.login) is not None:
            message = f"{new.login} is a mediator already."
            raise Conflict(message, code="mediator-known", login=new.login)
        self.connection.execute(insert(MediatorRow).values(**values, created_at=self.clock.now(), revision=0))
        return self.get(new.login)

    def change(self, login: str, changes: Mapping[str, Any]) -> Mediator:
        """Change what is named; raises NotFound and Invalid."""
        known = self.get(login)
        same = {name: getattr(known, name) for name in NewMediator.__dataclass_fields__}
        values = self._checked(replace(NewMediator(**same), **changes))
        statement = update(MediatorRow).where(MediatorRow.login == login)
        self.connection.execute(statement.values(**values, revision=MediatorRow.revision + 1))
        return self.get(login)

    def load(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Add or change mediators from rows whose fields are separated by blanks.

        Returns  the number of mediators
        Raises   Invalid, one problem per wrong field; accounts and units are loaded before
        """
        values = []
        for row in rows:
            new = NewMediator(
                login=row["login"],
                unit=row["unit"],
                fields=tuple(row.get("fields", "").split()),
                certificate_no=row.get("certificate_no") or None,
                phone=row.get("phone") or None,
                enabled=row.get("enabled", "") in YES,
            )
            values.append({**self._checked(new), "created_at": self.clock.now(), "revision": 0})
        upsert(self.connection, MediatorRow, ("login",), values)
        return len(values)

    def find(self, login: str) -> Mediator | None:
        """Return a mediator by login, or None."""
        row = self.connection.execute(select(MediatorRow).where(MediatorRow.login == login)).one_or_none()
        return None if row is None else _mediator(row._asdict())

    def find_enabled(self, login: str) -> Mediator | None:
        """Return a mediator who may be appointed, or None."""
        found = self.find(login)
        return found if found is not None and found.enabled else None

    def get(self, login: str) -> Mediator:
        """Return a mediator, or raise NotFound."""
        found = self.find(login)
        if found is None:
            raise NotFound(kind="mediator", id=login)
        return found

    def names_of(self, logins: Iterable[str]) -> dict[str, str]:
        """Return the names of mediators by login."""
        statement = select(MediatorRow.login, MediatorRow.name).where(MediatorRow.login.in_(set(logins)))
        return {row.login: row.name for row in self.connection.execute(statement)}

    def list_mediators(self, query: MediatorQuery) -> tuple[Mediator, ...]:
        """Return mediators by login, at most 200."""
        statement = select(MediatorRow).where(*_filters(query)).order_by(MediatorRow.login)
        rows = self.connection.execute(statement.limit(min(query.limit, PAGE_MAX)))
        return tuple(_mediator(row._asdict()) for row in rows)

    def facts_for(self, dispute: Dispute, parties: Iterable[Party]) -> tuple[MediatorFacts, ...]:
        """Return what speaks for and against each enabled mediator of the dispute's district."""
        near = MediatorRow.enabled.is_(True), MediatorRow.unit.startswith(dispute.district, autoescape=True)
        rows = self.connection.execute(select(MediatorRow).where(*near).order_by(MediatorRow.login))
        mediators = [_mediator(row._asdict()) for row in rows]
        return self._facts(dispute, tuple(parties), mediators)

    def facts_of(self, login: str, dispute: Dispute, parties: Iterable[Party]) -> MediatorFacts:
        """Return what speaks for and against one mediator; raises NotFound."""
        return self._facts(dispute, tuple(parties), [self.get(login)])[0]

    def _facts(
        self, dispute: Dispute, parties: tuple[Party, ...], mediators: list[Mediator]
    ) -> tuple[MediatorFacts, ...]:
        logins = [mediator.login for mediator in mediators]
        loads = DisputeReading(self.connection, self.clock).loads(logins)
        declared = AvoidanceRegister(self.connection, self.clock).of_many(logins)
        return tuple(
            MediatorFacts(
                login=one.login,
                name=one.name,
                field_fits=not one.fields or dispute.type in one.fields,
                distance=distance(one.unit, dispute),
                level_fits=one.level.rank >= dispute.level.rank,
                is_party=one.login == dispute.applicant_login or any(_same(one, party) for party in parties),
                related=any(known.touches(party) for known in declared.get(one.login, ()) for party in parties),
                objected=one.login in dispute.excluded_mediators,
                load=loads.get(one.login, 0),
            )
            for one in mediators
        )

    def _checked(self, new: NewMediator) -> dict[str, object]:
        """Return the columns of a mediator; raises Invalid with one problem per wrong field."""
        check_storable(new)
        account = AccountRegister(self.connection, self.clock).find_by_login(new.login)
        unit = UnitRegister(self.connection, self.clock).find(new.unit)
        level = None if unit is None else level_of(unit)
        problems = [*unknown_fields(new.fields, CodeRegister(self.connection, self.clock))]
        if account is None or account.login != new.login:
            message = f"There is no account {new.login}."
            problems.append(Problem("unknown-account", "login", message, {"login": new.login}))
        if level is None:
            message = f"{new.unit} is no community, street or district with a committee."
            problems.append(Problem("unit-without-committee", "unit", message, {"value": new.unit}))
        if new.id_number and not is_id_number(new.id_number):
            problems.append(malformed_number("id_number"))
        if problems or account is None or level is None:
            raise Invalid(problems=problems)
        named = {"name": new.name or account.name, "fields": list(new.fields), "level": level.value}
        return asdict(new) | named


def unknown_fields(fields: Iterable[str], codes: CodeRegister) -> list[Problem]:
    """Return a problem for each field that is no type of dispute."""
    return [
        Problem("unknown-dispute-type", "fields", f"There is no type {code}.", {"value": code})
        for code in fields
        if codes.find_enabled(TYPES, code) is None
    ]


def _same(mediator: Mediator, party: Party) -> bool:
    """Tell whether a mediator is a party herself: by her identity number, else by name and phone."""
    if mediator.id_number is not None and party.id_number is not None:
        return mediator.id_number == party.id_number
    return mediator.phone is not None and (mediator.name, mediator.phone) == (party.name, party.phone)


def _filters(query: MediatorQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a query."""
    conditions: list[ColumnElement[bool]] = []
    if query.units:
        conditions.append(MediatorRow.unit.in_(query.units))
    if query.levels:
        conditions.append(MediatorRow.level.in_(query.levels))
    if query.enabled is not None:
        conditions.append(MediatorRow.enabled == query.enabled)
    if query.field is not None:
        fields = cast(MediatorRow.fields, Text)
        conditions.append(fields.contains(f'"{query.field}"', autoescape=True) | (fields == "[]"))
    if query.search:
        known_as = MediatorRow.login, MediatorRow.name, MediatorRow.certificate_no
        named = [column.icontains(query.search, autoescape=True) for column in known_as]
        conditions.append(named[0] | named[1] | named[2])
    if query.after is not None:
        conditions.append(MediatorRow.login > query.after)
    return conditions or [true()]


def _mediator(values: Mapping[str, Any]) -> Mediator:
    """Build a mediator from her row."""
    return Mediator(**{**values, "level": Level(values["level"]), "fields": tuple(values["fields"])})
