"""What somebody who works inside this process knows about a case beyond the form of a task."""

from collections.abc import Iterable
from random import Random

from api.simulate.forms import Facts
from api.simulate.habits import Habits
from engine.ports import UnitOfWork
from engine.services import decisions
from registers.cases import Case, CaseRegister, DuplicateRegister
from registers.org import UnitKind, UnitRegister


def facts_of_case(uow: UnitOfWork, case: Case, habits: Habits, random: Random) -> Facts:
    """Return what is known about a case; units and duplicates are looked up only where a form asks for them."""
    return Facts(
        case={"category": case.category, "region_code": case.region_code},
        unit=lambda: _unit(uow, case, habits, random),
        candidates=lambda: list(_earlier(uow, case)),
    )


def _unit(uow: UnitOfWork, case: Case, habits: Habits, random: Random) -> str | None:
    """Return a unit that could do the work: one that the table of responsibilities names, or any department."""
    inputs = {"category": case.category, "district": case.district}
    origin = decisions.Origin(case.process_instance_id, case.id, None)
    rows = decisions.ask(uow, habits.responsibility, inputs, origin).value
    named = [row["lead_unit"] for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    departments = [unit.code for unit in uow.get(UnitRegister).list_units(kind=UnitKind.DEPARTMENT)]
    return str(random.choice(named or departments))


def _earlier(uow: UnitOfWork, case: Case) -> Iterable[str]:
    """Return cases that may be the same matter and came earlier, so that no two are merged into each other."""
    for candidate in uow.get(DuplicateRegister).list_candidates(case.id):
        other = uow.get(CaseRegister).get(candidate.other_id)
        if (other.received_at, other.id) < (case.received_at, case.id):
            yield other.id
