"""Mediators, institutions and disputes of a city, read from `rules/city/`."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from api.city_loading import read_rows
from engine.ports import UnitOfWork
from registers.disputes import InstitutionRegister, MediatorRegister, NewDispute, NewParty, Side

CITY = "city"


def load_mediation(uow: UnitOfWork, rules: Path) -> tuple[int, int]:
    """Load `mediators.csv` and `institutions.csv`; idempotent, nothing is committed.

    Returns  the number of mediators and of institutions
    Raises   Invalid; units, code tables and the mediators' accounts are loaded before
    """
    mediators = uow.get(MediatorRegister).load(read_rows(rules / CITY / "mediators.csv"))
    return mediators, uow.get(InstitutionRegister).load(read_rows(rules / CITY / "institutions.csv"))


def read_disputes(rules: Path, today: date, registered_by: str) -> list[tuple[int, NewDispute]]:
    """Return the disputes of `disputes.csv`, oldest first, each with how many days ago it was registered.

    today   the day to which the offsets of the file count; the deadline of a superior counts from the registration
    """
    found = []
    for row in read_rows(rules / CITY / "disputes.csv"):
        days = int(row["days_ago"])
        found.append((days, _dispute(row, today - timedelta(days=days), registered_by)))
    return sorted(found, key=lambda one: -one[0])


def _dispute(row: Mapping[str, str], day: date, registered_by: str) -> NewDispute:
    due_in = row["superior_due_in"]
    return NewDispute(
        source=row["source"],
        title=row["title"],
        type=row["type"],
        severity=row["severity"],
        people_involved=int(row["people_involved"]),
        region_code=row["region_code"],
        address=row["address"],
        facts=row["facts"],
        claims=row["claims"],
        registered_by=registered_by,
        parties=(_party(row, Side.APPLICANT), _party(row, Side.RESPONDENT)),
        superior_unit=row["superior_unit"] or None,
        superior_requirement=row["superior_requirement"] or None,
        superior_due_on=day + timedelta(days=int(due_in)) if due_in else None,
    )


def _party(row: Mapping[str, str], side: Side) -> NewParty:
    """Return a party from the columns that bear its side's name; a missing column or an empty cell is nothing."""
    columns = ("name", "sex", "id_number", "phone", "workplace")
    given = {column: row.get(f"{side.value}_{column}") or None for column in columns}
    name = given.pop("name") or ""
    return NewParty(side=side.value, name=name, **given)
