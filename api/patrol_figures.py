"""The figures of a day as a document and as a table for the office."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from api.credentials import Caller
from api.patrol_access import areas_with
from api.patrol_rules import phone_rules
from api.patrol_view import kilometres, minutes, names_of
from engine.ports import UnitOfWork
from registers.local_time import LOCAL_ZONE
from registers.org import UnitRegister
from registers.patrols import DayQuery, MemberDay, PatrolScope, PatrolStatisticsRegister

STATISTICS = "patrol.statistics"
# A table program takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = {
    "member": "登录名",
    "member_name": "巡查员",
    "unit_name": "单位",
    "tasks": "派发任务",
    "points_planned": "应巡点位",
    "points": "已巡点位",
    "abnormal": "异常点位",
    "doubtful": "存疑打卡",
    "kilometres": "巡查公里",
    "duration_minutes": "巡查时长（分钟）",
    "cases": "上报事件",
    "finished": "完成任务",
    "missed": "漏巡任务",
    "gaps": "轨迹断点",
    "gap_minutes": "断点时长（分钟）",
}


def figures(uow: UnitOfWork, caller: Caller, day: date, unit: str | None) -> list[dict[str, object]]:
    """Return the figures of each member on a day, of the units for which the caller may know them."""
    areas = areas_with(uow, caller, STATISTICS)
    begin_at = datetime.combine(day, time(), LOCAL_ZONE)
    query = DayQuery(
        begin_at=begin_at,
        end_at=begin_at + timedelta(days=1),
        unit=unit,
        scope=None if areas is None else PatrolScope(units=areas),
    )
    found = uow.get(PatrolStatisticsRegister).day(query, phone_rules(uow).track)
    people = names_of(uow, (one.member for one in found))
    units = uow.get(UnitRegister).names_of(one.unit for one in found)
    return [_row(one) | {"member_name": people.get(one.member), "unit_name": units.get(one.unit)} for one in found]


def as_csv(rows: Sequence[dict[str, object]]) -> str:
    """Return figures as a table that office programs open: UTF-8 with a mark, Chinese headings, no formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return "\ufeff" + text.getvalue()


def _row(one: MemberDay) -> dict[str, object]:
    return {
        "member": one.member,
        "unit": one.unit,
        "tasks": one.tasks,
        "points_planned": one.points_planned,
        "points": one.points,
        "abnormal": one.abnormal,
        "doubtful": one.doubtful,
        "kilometres": kilometres(one.metres),
        "duration_minutes": minutes(one.duration),
        "cases": one.cases,
        "finished": one.finished,
        "missed": one.missed,
        "gaps": one.gaps,
        "gap_minutes": minutes(one.gap_time),
    }


def _cell(value: object) -> object:
    """Return a cell; a text that a table program would take for a formula stays a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
