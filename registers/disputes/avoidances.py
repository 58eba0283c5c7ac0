"""Avoidances (回避): relations that mediators have declared, and that keep them out of disputes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, insert, select

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.disputes.check import check_storable, malformed_number
from registers.disputes.identity import is_id_number
from registers.disputes.model import Party
from registers.disputes.tables import MediatorAvoidanceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoidance:
    """A relation that a mediator has declared: to a person (identity number) or to a workplace."""

    id: str
    mediator: str
    relation: str
    id_number: str | None
    workplace: str | None
    declared_by: str
    declared_at: datetime

    def touches(self, party: Party) -> bool:
        """Tell whether the relation is to this party or to her workplace."""
        person = self.id_number is not None and self.id_number == party.id_number
        return person or (self.workplace is not None and self.workplace == party.workplace)


class AvoidanceRegister(Register):
    """All relations of all mediators."""

    def of(self, mediator: str) -> tuple[Avoidance, ...]:
        """Return what a mediator has declared, oldest first."""
        return self.of_many([mediator]).get(mediator, ())

    def of_many(self, mediators: Iterable[str]) -> dict[str, tuple[Avoidance, ...]]:
        """Return what each of some mediators has declared, oldest first."""
        statement = select(MediatorAvoidanceRow).where(MediatorAvoidanceRow.mediator.in_(set(mediators)))
        ordered = statement.order_by(MediatorAvoidanceRow.declared_at, MediatorAvoidanceRow.id)
        found: dict[str, tuple[Avoidance, ...]] = {}
        for row in self.connection.execute(ordered):
            one = Avoidance(**row._asdict())
            found[one.mediator] = (*found.get(one.mediator, ()), one)
        return found

    def declare(
        self, mediator: str, *, relation: str, id_number: str | None, workplace: str | None, by: str
    ) -> Avoidance:
        """Note a relation of a registered mediator. Raises Invalid where it names nobody."""
        problems = []
        if not id_number and not workplace:
            message = "Name the person by the identity number, or the workplace."
            problems.append(Problem("avoidance-empty", "id_number", message))
        if id_number and not is_id_number(id_number):
            problems.append(malformed_number("id_number"))
        if problems:
            raise Invalid(problems=problems)
        noted = Avoidance(
            id=str(uuid4()),
            mediator=mediator,
            relation=relation,
            id_number=id_number or None,
            workplace=workplace or None,
            declared_by=by,
            declared_at=self.clock.now(),
        )
        check_storable(noted)
        self.connection.execute(insert(MediatorAvoidanceRow).values(**asdict(noted)))
        return noted

    def revoke(self, mediator: str, avoidance_id: str) -> None:
        """Forget a relation that has ended; raises NotFound."""
        which = MediatorAvoidanceRow.id == avoidance_id, MediatorAvoidanceRow.mediator == mediator
        gone = self.connection.execute(delete(MediatorAvoidanceRow).where(*which).returning(MediatorAvoidanceRow.id))
        if gone.one_or_none() is None:
            raise NotFound(kind="avoidance", id=avoidance_id)
