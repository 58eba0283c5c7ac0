"""Patrols as they are shown: names beside codes, the light of the clock, persons only to those who have to know."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from api.case_view import clocks_of
from api.credentials import Caller
from api.patrol_access import Areas, person_areas, sees_positions, shown_finding, shown_object
from api.patrol_rules import phone_rules
from engine.ports import UnitOfWork
from engine.services import deadlines
from registers.codes import CodeRegister
from registers.org import AccountRegister, UnitRegister
from registers.patrols import (
    STATUS_NAMES,
    CheckInRegister,
    FindingRegister,
    PatrolObject,
    PatrolTask,
    PatrolTaskRegister,
    PatrolTemplate,
    TaskObject,
    Track,
    TrackRegister,
    measure,
)
from registers.performance import PerformanceRegister

CATEGORIES, RISKS = "patrol_categories", "patrol_risks"
TASK = "patrol_task"


def task_rows(uow: UnitOfWork, tasks: Sequence[PatrolTask], now: datetime) -> list[dict[str, object]]:
    """Return tasks as rows of a list, with their progress and their light."""
    clocks = clocks_of(uow, [task.id for task in tasks])
    people = names_of(uow, (task.member for task in tasks))
    units = uow.get(UnitRegister).names_of(task.unit for task in tasks)
    rows = []
    for task in tasks:
        clock = clocks.get(task.id)
        rows.append(
            {
                **_plain(task),
                "stage": task.stage,
                "stage_name": STATUS_NAMES[task.stage],
                "member_name": people.get(task.member),
                "unit_name": units.get(task.unit),
                "category_name": _code(uow, CATEGORIES, task.category),
                "risk_name": _code(uow, RISKS, task.risk),
                "limit_value": task.limit.value,
                "limit_unit": task.limit.unit,
                "due_at": None if clock is None else clock.due_at,
                "light": None if clock is None else deadlines.light_of(clock, now),
            }
        )
    return rows


def task_page(uow: UnitOfWork, task: PatrolTask, caller: Caller, now: datetime) -> dict[str, object]:
    """Return one task with its objects, check-ins, findings and points."""
    # Whoever visits them knows the people whom she visits, wherever they live.
    known = None if task.member == caller.login else person_areas(uow, caller)
    objects = uow.get(PatrolTaskRegister).objects_of(task.id)
    places = {one.object.id: one.object for one in objects}
    return {
        **task_rows(uow, [task], now)[0],
        "checklist": task.checklist,
        "objects": [_task_object(one, known) for one in objects],
        "checks": uow.get(CheckInRegister).list_of(task.id) if sees_positions(uow, caller, task) else (),
        "findings": [
            shown_finding(one, places.get(one.object_id or ""), known)
            for one in uow.get(FindingRegister).list_of(task.id)
        ],
        "performance": [
            {**asdict(entry), "points": str(entry.points)}
            for entry in uow.get(PerformanceRegister).list_of(TASK, task.id)
        ],
    }


def template_rows(uow: UnitOfWork, templates: Sequence[PatrolTemplate]) -> list[dict[str, object]]:
    """Return plans with names beside their codes."""
    units = uow.get(UnitRegister).names_of(one.unit for one in templates)
    return [
        {
            **_plain(one),
            "unit_name": units.get(one.unit),
            "category_name": _code(uow, CATEGORIES, one.category),
            "cycle": one.rhythm.cycle.value,
            "every": one.rhythm.every,
            "weekdays": one.rhythm.weekdays,
            "month_days": one.rhythm.month_days,
            "holiday_rule": one.rhythm.holiday_rule.value,
            "valid_from": one.rhythm.valid_from,
            "valid_until": one.rhythm.valid_until,
            "limit_value": one.limit.value,
            "limit_unit": one.limit.unit,
            "calendar": one.limit.calendar,
        }
        for one in templates
    ]


def object_rows(uow: UnitOfWork, objects: Iterable[PatrolObject], caller: Caller) -> list[dict[str, object]]:
    """Return objects as the caller may see them."""
    known = person_areas(uow, caller)
    return [
        {
            **shown_object(one, known),
            "category_name": _code(uow, CATEGORIES, one.category),
            "risk_name": _code(uow, RISKS, one.risk),
        }
        for one in objects
    ]


def feature(row: dict[str, object]) -> dict[str, object]:
    """Return a row of an object as a feature of GeoJSON; its system of coordinates is named, not changed."""
    point = [row.pop("longitude"), row.pop("latitude")]
    return {
        "type": "Feature",
        "id": row.pop("id"),
        "geometry": {"type": "Point", "coordinates": point},
        "properties": row | {"created_at": str(row["created_at"])},
    }


def track_page(uow: UnitOfWork, task: PatrolTask) -> dict[str, object]:
    """Return the cleaned track of a task, what was left out, and its gaps."""
    track = measure(uow.get(TrackRegister).list_of(task.id), phone_rules(uow, task.category).track)
    return {
        "task_id": task.id,
        "member": task.member,
        "points": [asdict(fix) for fix in track.points],
        **_measures(track),
    }


def names_of(uow: UnitOfWork, logins: Iterable[str]) -> dict[str, str]:
    """Return the names of accounts by login."""
    accounts = uow.get(AccountRegister)
    found = {login: accounts.find_by_login(login) for login in set(logins)}
    return {login: account.name for login, account in found.items() if account is not None}


def kilometres(metres: float) -> float:
    """Return metres as kilometres, to the metre."""
    return round(metres / 1000, 3)


def minutes(length: timedelta) -> float:
    """Return a length of time in minutes, to the tenth."""
    return round(length.total_seconds() / 60, 1)


def _measures(track: Track) -> dict[str, Any]:
    return {
        "kilometres": kilometres(track.distance_m),
        "duration_minutes": minutes(track.duration),
        "inaccurate": track.inaccurate,
        "jumps": track.jumps,
        "mocked": track.mocked,
        "gaps": [
            {"begin_at": gap.begin_at, "end_at": gap.end_at, "minutes": minutes(gap.length)} for gap in track.gaps
        ],
    }


def _task_object(one: TaskObject, known: Areas) -> dict[str, object]:
    shown = shown_object(one.object, known)
    result = None if one.result is None else one.result.value
    return {**shown, "checked_at": one.checked_at, "result": result}


def _plain(one: PatrolTask | PatrolTemplate) -> dict[str, object]:
    """Return the fields of a value without those that are written out one by one."""
    return {field.name: getattr(one, field.name) for field in fields(one) if field.name not in {"rhythm", "limit"}}


def _code(uow: UnitOfWork, table: str, code: str) -> str:
    return uow.get(CodeRegister).name_of(table, code)
