"""Disputes as they are shown: names beside codes, parties masked, the light of the clock."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from api.case_view import clocks_of
from api.credentials import Caller
from api.dispute_access import handles, reads_file, shown_party
from engine.ports import UnitOfWork
from engine.services import deadlines
from registers.codes import CodeRegister
from registers.disputes import (
    Dispute,
    DisputeRecordRegister,
    DisputeRegister,
    InstitutionRegister,
    MediatorRegister,
    Party,
    Side,
)
from registers.org import AccountRegister, UnitRegister
from registers.regions import RegionRegister

DISPUTE_FIELDS = tuple(field.name for field in fields(Dispute))
# What the committees note for themselves: no party reads it.
INTERNAL = ("excluded_mediators", "registered_by", "closing_report", "superior_unit", "superior_requirement")
CODES = (
    ("type", "dispute_types"),
    ("source", "dispute_sources"),
    ("severity", "dispute_severities"),
    ("scale", "dispute_scales"),
    ("outcome", "dispute_outcomes"),
)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of what the disputes of a page mention."""

    codes: dict[tuple[str, str], str]
    units: dict[str, str]
    regions: dict[str, str]
    mediators: dict[str, str]


def rows(uow: UnitOfWork, disputes: Sequence[Dispute], caller: Caller, now: datetime) -> list[dict[str, object]]:
    """Return disputes as a list shows them: with the names of their parties."""
    ids = [dispute.id for dispute in disputes]
    names, clocks = _names(uow, disputes), clocks_of(uow, ids)
    parties = uow.get(DisputeRegister).parties_of_many(ids)
    shown = []
    for dispute in disputes:
        clock = clocks.get(dispute.id)
        open_file = reads_file(uow, caller, dispute)
        shown.append(
            _plain(dispute, names, open_file=open_file)
            | {
                "applicants": _side(parties.get(dispute.id, ()), Side.APPLICANT),
                "respondents": _side(parties.get(dispute.id, ()), Side.RESPONDENT),
                "light": None if clock is None else deadlines.light_of(clock, now),
                "due_at": None if clock is None else clock.due_at,
            }
        )
    return shown


def view(uow: UnitOfWork, dispute: Dispute, caller: Caller, now: datetime) -> dict[str, object]:
    """Return one dispute with its parties and institutions, as the caller may see it."""
    [shown] = rows(uow, [dispute], caller, now)
    handled = handles(uow, caller, dispute)
    parties = uow.get(DisputeRegister).parties_of(dispute.id)
    shown |= {
        "parties": [asdict(shown_party(party, dispute, caller, handled=handled)) for party in parties],
        "institutions": institutions(uow, dispute) if reads_file(uow, caller, dispute) else [],
        "handled": handled,
    }
    return shown


def institutions(uow: UnitOfWork, dispute: Dispute) -> list[dict[str, object]]:
    """Return the institutions that were asked to help, with their names."""
    asked = uow.get(DisputeRecordRegister).invitations_of(dispute.id)
    names = uow.get(InstitutionRegister).names_of(one.unit for one in asked)
    return [asdict(one) | {"name": names.get(one.unit, one.unit)} for one in asked]


def records(uow: UnitOfWork, dispute: Dispute) -> list[dict[str, object]]:
    """Return the records in the file of a dispute, oldest first, with names beside logins and units."""
    found = uow.get(DisputeRecordRegister).list_of(dispute.id)
    names = uow.get(InstitutionRegister).names_of(one.institution for one in found if one.institution is not None)
    accounts = uow.get(AccountRegister)
    people = {login: accounts.find_by_login(login) for login in {one.recorded_by for one in found}}
    shown = []
    for one in found:
        person = people[one.recorded_by]
        shown.append(
            asdict(one)
            | {
                "kind_name": one.kind.label,
                "recorded_by_name": None if person is None else person.name,
                "institution_name": names.get(one.institution or ""),
            }
        )
    return shown


def _plain(dispute: Dispute, names: _Names, *, open_file: bool) -> dict[str, object]:
    shown: dict[str, object] = {name: getattr(dispute, name) for name in DISPUTE_FIELDS}
    if not open_file:
        shown |= dict.fromkeys(INTERNAL)
    coded = {f"{name}_name": names.codes.get((table, str(getattr(dispute, name)))) for name, table in CODES}
    return (
        shown
        | coded
        | {
            "status_name": dispute.status.label,
            "level_name": dispute.level.label,
            "committee_name": names.units.get(dispute.committee_unit),
            "district_name": names.units.get(dispute.district),
            "region_name": names.regions.get(dispute.region_code),
            "mediator_name": names.mediators.get(dispute.mediator or ""),
        }
    )


def _side(parties: Sequence[Party], side: Side) -> list[str]:
    return [party.name for party in parties if party.side == side]


def _names(uow: UnitOfWork, disputes: Sequence[Dispute]) -> _Names:
    codes, regions = uow.get(CodeRegister), uow.get(RegionRegister)
    used = {(table, str(value)) for one in disputes for name, table in CODES if (value := getattr(one, name))}
    found = {code: regions.find(code) for code in {dispute.region_code for dispute in disputes}}
    units = {unit for dispute in disputes for unit in (dispute.committee_unit, dispute.district)}
    return _Names(
        codes={(table, code): codes.name_of(table, code) for table, code in used},
        units=uow.get(UnitRegister).names_of(units),
        regions={code: region.name for code, region in found.items() if region is not None},
        mediators=uow.get(MediatorRegister).names_of(one.mediator for one in disputes if one.mediator is not None),
    )
