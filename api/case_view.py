"""Cases as they are shown: names beside codes, the light of their clock, the colours of their cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from api.case_access import shown_case
from api.credentials import Caller
from engine.model.deadline import Deadline, DeadlineStatus
from engine.ports import UnitOfWork
from engine.services import deadlines
from registers.cards import CardRegister
from registers.cases import Case, CaseRegister, CaseScope
from registers.cases import CaseQuery as RegisterQuery
from registers.codes import CodeRegister
from registers.org import UnitRegister
from registers.regions import RegionRegister

CASE_FIELDS = tuple(field.name for field in fields(Case))
MOST = 200


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of what the cases of a page mention."""

    channels: dict[str, str]
    categories: dict[str, str]
    units: dict[str, str]
    regions: dict[str, str]


def views(uow: UnitOfWork, cases: Sequence[Case], caller: Caller, now: datetime) -> list[dict[str, object]]:
    """Return cases as the caller may see them, in their order."""
    ids = [case.id for case in cases]
    names = _names(uow, cases)
    colours = uow.get(CardRegister).colours_of(ids)
    clocks = clocks_of(uow, ids)
    shown = []
    for case in cases:
        clock = clocks.get(case.id)
        known = shown_case(case, caller)
        view: dict[str, object] = {name: getattr(known, name) for name in CASE_FIELDS}
        view |= {
            "query_code": view["query_code"] or None,
            "status_name": case.status.label,
            "channel_name": names.channels.get(case.channel, case.channel),
            "category_name": names.categories.get(case.category or ""),
            "lead_unit_name": names.units.get(case.lead_unit or ""),
            "district_name": names.units.get(case.district),
            "region_name": names.regions.get(case.region_code),
            "cards": [colour.value for colour in colours.get(case.id, ())],
            "light": None if clock is None else deadlines.light_of(clock, now),
            "due_at": None if clock is None else clock.due_at,
        }
        shown.append(view)
    return shown


def view(uow: UnitOfWork, case: Case, caller: Caller, now: datetime) -> dict[str, object]:
    """Return one case as the caller may see it."""
    return views(uow, [case], caller, now)[0]


def views_by_id(uow: UnitOfWork, ids: Iterable[str], caller: Caller, now: datetime) -> dict[str, dict[str, object]]:
    """Return the cases of some ids as the caller may see them."""
    wanted = tuple(sorted(set(ids)))[:MOST]
    if not wanted:
        return {}
    page = uow.get(CaseRegister).list_page(RegisterQuery(scope=CaseScope(case_ids=wanted), limit=MOST))
    return {str(shown["id"]): shown for shown in views(uow, page.items, caller, now)}


def clocks_of(uow: UnitOfWork, case_ids: Sequence[str]) -> dict[str, Deadline]:
    """Return the clock of each case itself: the running one, or else the last."""
    found: dict[str, Deadline] = {}
    for deadline in uow.deadlines.list_of_subjects("case", case_ids):
        known = found.get(deadline.subject_id)
        if known is None or known.status is DeadlineStatus.STOPPED:
            found[deadline.subject_id] = deadline
    return found


def _names(uow: UnitOfWork, cases: Sequence[Case]) -> _Names:
    codes, regions = uow.get(CodeRegister), uow.get(RegionRegister)
    units = {unit for case in cases for unit in (case.lead_unit, case.district) if unit is not None}
    found = {code: regions.find(code) for code in {case.region_code for case in cases}}
    return _Names(
        channels={code: codes.name_of("channels", code) for code in {case.channel for case in cases}},
        categories={code: codes.name_of("categories", code) for code in {case.category for case in cases} if code},
        units=uow.get(UnitRegister).names_of(units),
        regions={code: region.name for code, region in found.items() if region is not None},
    )
