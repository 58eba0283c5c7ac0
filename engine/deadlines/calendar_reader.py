"""Reading a working calendar: a CSV table of the days that differ, beside JSON settings.

Columns of the table: `date` (2026-02-14), `kind` (workday, holiday, half-day), `name`, `source`, and optionally `hours`
(`09:00-12:00;13:00-15:00`, office hours of just this day). Every row that is wrong is reported with its number.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.deadlines.calendar_settings import CalendarSettings, Refused, read_hours, read_settings
from engine.deadlines.calendars import Day, DayKind, Hours, WorkingCalendar
from engine.deadlines.instants import FIRST_YEAR, LAST_YEAR
from engine.errors import Invalid, Problem

COLUMNS = ("date", "kind", "name", "source")
OPTIONAL_COLUMNS = ("hours",)
MOST_ROWS = 20_000
LONGEST_TEXT = 2_000_000


def read_calendar(key: str, version: int, csv_text: str, settings_json: str, *, file: str = "") -> WorkingCalendar:
    """Read one version of a calendar.

    file  name of the resource without its ending, for the problems: `city` gives `city.csv` and `city.json`

    Raises Invalid with every problem of both texts; `where` is the row (`row 7`, with its line) or the setting.
    """
    stem = file or key
    problems: list[Problem] = []
    settings = read_settings(settings_json, f"{stem}.json", problems)
    table = _TableReader(f"{stem}.csv", problems, _has_half_day_hours(settings))
    days = table.read(csv_text)
    if problems or settings is None:
        raise Invalid(problems=problems)
    return _calendar(key, version, settings, days)


def _calendar(key: str, version: int, settings: CalendarSettings, days: Mapping[date, Day]) -> WorkingCalendar:
    return WorkingCalendar(
        key=key,
        version=version,
        zone=settings.zone,
        office_hours=settings.office_hours,
        days=days,
        published_through=settings.published_through,
        day_ends_at=settings.day_ends_at,
        provisional_years=settings.provisional_years,
        hours_per_day=settings.hours_per_day,
        name=settings.name,
    )


def _has_half_day_hours(settings: CalendarSettings | None) -> bool:
    """Say yes where the settings are broken: their own problem is reported, not a second one per half day."""
    return settings is None or bool(settings.office_hours.half_day)


@dataclass
class _TableReader:
    """Reads the rows and goes on after a wrong one."""

    file: str
    problems: list[Problem]
    has_half_day_hours: bool
    lines: dict[date, int] = field(default_factory=dict, init=False)

    def read(self, text: str) -> dict[date, Day]:
        if len(text) > LONGEST_TEXT:
            self.report_table(Refused("table-too-long", f"more than {LONGEST_TEXT} characters", most=LONGEST_TEXT))
            return {}
        days: dict[date, Day] = {}
        try:
            for line, row in self.rows(text.removeprefix("\ufeff")):
                self.read_row(line, row, days)
        except csv.Error as error:
            self.report_table(Refused("table-not-csv", f"not a CSV table: {error}", reason=str(error)))
        return days

    def rows(self, text: str) -> Iterator[tuple[int, dict[str, str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in next(reader, [])]
        allowed = (*COLUMNS, *OPTIONAL_COLUMNS)
        if not set(COLUMNS) <= set(header) <= set(allowed) or len(set(header)) < len(header):
            self.report_table(_columns())
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS:
                self.report_table(Refused("table-too-many-rows", f"more than {MOST_ROWS} lines", most=MOST_ROWS))
                return
            if len(cells) == len(header):
                yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))
            else:
                self.report(reader.line_num, _cells(len(cells), len(header)))

    def read_row(self, line: int, row: dict[str, str], days: dict[date, Day]) -> None:
        try:
            day = _date(row["date"])
            listed = Day(_kind(row["kind"]), _name(row["name"]), row["source"], _hours(row.get("hours", "")))
            self.check(day, listed)
        except Refused as refused:
            self.report(line, refused)
            return
        days[day] = listed
        self.lines[day] = line

    def check(self, day: date, listed: Day) -> None:
        if day in self.lines:
            first = self.lines[day]
            raise Refused("day-twice", f"{day} stands in line {first} already", date=str(day), first=first)
        if listed.kind is DayKind.HOLIDAY and listed.hours is not None:
            raise Refused("holiday-with-hours", "a holiday has no hours")
        if listed.kind is DayKind.HALF_DAY and listed.hours is None and not self.has_half_day_hours:
            message = "neither this row nor the settings (half_day_hours) give the hours of a half day"
            raise Refused("half-day-without-hours", message)

    def report(self, line: int, refused: Refused) -> None:
        where = f"row {line}"
        self.problems.append(Problem(refused.code, where, f"{where}: {refused}", refused.params, self.file, line))

    def report_table(self, refused: Refused) -> None:
        self.problems.append(Problem(refused.code, "", str(refused), refused.params, self.file))


def _columns() -> Refused:
    needed, optional = ", ".join(COLUMNS), ", ".join(OPTIONAL_COLUMNS)
    message = f"the columns must be {needed} and may be {optional}"
    return Refused("table-columns", message, needed=needed, optional=optional)


def _cells(cells: int, columns: int) -> Refused:
    return Refused("row-cells", f"{cells} cells under {columns} columns", cells=cells, columns=columns)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("date", f"{text[:40]!r} is not a date such as 2026-02-14", text=text[:40]) from None
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        message = f"{day} is not between {FIRST_YEAR} and {LAST_YEAR - 1}"
        raise Refused("date-range", message, date=str(day), first=FIRST_YEAR, last=LAST_YEAR - 1)
    return day


def _kind(text: str) -> DayKind:
    try:
        return DayKind(text)
    except ValueError:
        known = ", ".join(DayKind)
        raise Refused("day-kind", f"{text[:40]!r} is not one of {known}", text=text[:40], known=known) from None


def _name(text: str) -> str:
    if not text:
        raise Refused("day-without-name", "the day has no name")
    return text


def _hours(text: str) -> tuple[Hours, ...] | None:
    return read_hours([span.strip() for span in text.split(";")]) if text else None
