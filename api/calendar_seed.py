"""Seed rows of the city's working calendar, from the library that follows the State Council's yearly notices.

The rows are a beginning: the table in `rules/calendars/` belongs to the city, which edits it.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta

import chinese_calendar

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}

STATUTE = "全国年节及纪念日放假办法（2024年修订），年度安排未公布，暂定"

# The statute's days with a fixed date in the common calendar: month, first day, number of days, name.
FIXED = ((1, 1, 1, "元旦"), (5, 1, 2, "劳动节"), (10, 1, 3, "国庆节"))

# The statute's days by the lunar calendar (春节 from New Year's Eve on), for the years that are not published yet.
LUNAR = {2027: ((2, 5, 4, "春节"), (6, 9, 1, "端午节"), (9, 15, 1, "中秋节"))}


@dataclass(frozen=True, slots=True, order=True)
class CalendarRow:
    """One row of a calendar table, as `engine.deadlines.read_calendar` reads it."""

    date: date
    kind: str
    name: str
    source: str


def seed_calendar_rows(year: int) -> tuple[CalendarRow, ...]:
    """Return the holidays and make-up workdays of a year in order of date.

    Where the library has no arrangement for the year, these are the statute's days alone (those of the lunar calendar
    as far as they are listed here), without make-up days; the source says 暂定 and the year belongs into the setting
    `provisional` of the calendar.
    """
    published = any(day.year == year for day in chinese_calendar.holidays)
    return tuple(sorted(_published(year) if published else _statutory(year)))


def write_calendar_rows(rows: Iterable[CalendarRow]) -> str:
    """Return the rows as the text of a CSV table with its header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in fields(CalendarRow))
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def _published(year: int) -> list[CalendarRow]:
    source = f"国务院办公厅关于{year}年部分节假日安排的通知（含其调整）"
    rows = [
        CalendarRow(day, "holiday", NAMES.get(name, name), source)
        for day, name in chinese_calendar.holidays.items()
        if day.year == year
    ]
    rows += [
        CalendarRow(day, "workday", f"{NAMES.get(name, name)}调休上班", source)
        for day, name in chinese_calendar.workdays.items()
        if day.year == year
    ]
    return rows


def _statutory(year: int) -> list[CalendarRow]:
    terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))
    tomb_sweeping = tuple((4, day.day, 1, "清明节") for day, term in terms if term == "清明")
    return [
        CalendarRow(date(year, month, first) + timedelta(days=index), "holiday", name, STATUTE)
        for month, first, days, name in (*FIXED, *tomb_sweeping, *LUNAR.get(year, ()))
        for index in range(days)
    ]
