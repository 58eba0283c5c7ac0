"""Working calendars: which days are worked, at which hours, and what follows for a stretch of time.

A calendar is immutable and named by key and version; an amendment is a new version. It lists the days that differ from
the rule of the week (holidays, make-up workdays, half days). Beyond the listed and published years the rule of the week
alone holds, and what was computed there is provisional.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.deadlines.instants import HOUR, from_ticks, length, to_ticks
from engine.deadlines.timeline import CONTINUOUS, Meter, Timeline, Workday
from engine.deadlines.units import Budget, Unit
from engine.errors import Invalid

MIDNIGHT = 24 * 60


class DayKind(StrEnum):
    """What a listed day is."""

    WORKDAY = "workday"
    HOLIDAY = "holiday"
    HALF_DAY = "half-day"


class DayEnd(StrEnum):
    """When a 工作日 is over: at the end of its office hours, or at 24:00."""

    CLOSING = "closing"
    MIDNIGHT = "midnight"


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One span of office hours in minutes after local midnight, `opens < closes <= 24:00`."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is listed because it differs from the rule of the week.

    name    what the day is called (春节)
    source  the notice or order that says so
    hours   office hours of just this day, in place of those of its kind
    """

    kind: DayKind
    name: str
    source: str = ""
    hours: tuple[Hours, ...] | None = None


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The rule of the week.

    default   office hours of a workday
    weekdays  other office hours on a weekday (0 Monday … 6 Sunday)
    workweek  the weekdays that are worked
    half_day  office hours of a half day
    """

    default: tuple[Hours, ...]
    weekdays: Mapping[int, tuple[Hours, ...]] = field(default_factory=dict)
    workweek: frozenset[int] = frozenset(range(5))
    half_day: tuple[Hours, ...] = ()

    def on(self, weekday: int) -> tuple[Hours, ...]:
        """Return the office hours of a worked day on this weekday."""
        return self.weekdays.get(weekday, self.default)


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """One version of a working calendar.

    zone               IANA name of the zone in which days and hours are meant
    day_ends_at        when a 工作日 is over
    hours_per_day      how many 工作时 a part of a 工作日 is a part of
    published_through  the last year whose arrangement has been published
    provisional_years  years that have rows although their arrangement is not published
    """

    key: str
    version: int
    zone: str
    office_hours: OfficeHours
    days: Mapping[date, Day] = field(repr=False)
    published_through: int
    day_ends_at: DayEnd = DayEnd.CLOSING
    provisional_years: frozenset[int] = frozenset()
    hours_per_day: Decimal = Decimal(8)
    name: str = ""
    _zone: ZoneInfo = field(init=False, repr=False)
    _office: Timeline = field(init=False, repr=False)
    _whole_days: Timeline = field(init=False, repr=False)
    _first_year: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the timelines; years are laid out when they are first needed."""
        put = object.__setattr__  # the class is frozen for everybody else
        put(self, "_zone", ZoneInfo(self.zone))
        put(self, "_office", Timeline(self._office_days, self._year_start))
        put(self, "_whole_days", Timeline(self._calendar_days, self._year_start))
        put(self, "_first_year", min(self.days, default=date.max).year)

    # ------------------------------------------------------------------------------------------ days

    def is_workday(self, day: date) -> bool:
        """Return whether the day is worked, wholly or half."""
        listed = self.days.get(day)
        if listed is None:
            return day.weekday() in self.office_hours.workweek
        return listed.kind is not DayKind.HOLIDAY

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """Return the office hours of a day; none where it is not worked."""
        if not self.is_workday(day):
            return ()
        listed = self.days.get(day)
        if listed is not None and listed.hours is not None:
            return listed.hours
        if listed is not None and listed.kind is DayKind.HALF_DAY:
            return self.office_hours.half_day
        return self.office_hours.on(day.weekday())

    def local_date(self, instant: datetime) -> date:
        """Return the date of an aware instant in the calendar's zone."""
        return instant.astimezone(self._zone).date()

    def is_provisional(self, instant: datetime) -> bool:
        """Return whether the instant lies in a year whose arrangement is not (or was never) in this calendar."""
        year = self.local_date(instant).year
        return not self._first_year <= year <= self.published_through or year in self.provisional_years

    # ---------------------------------------------------------------------------------- working time

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the office hours between two aware instants; negative when end lies before start."""
        return timedelta(microseconds=self._office.between(to_ticks(start), to_ticks(end)))

    def add_working_time(self, start: datetime, duration: timedelta) -> datetime:
        """Return the earliest instant (UTC) from start on at which that much office time has passed.

        A stretch that ends with the morning ends at 12:00, not at 14:00. Raises Invalid for a negative duration.
        """
        return from_ticks(self._office.add(to_ticks(start), _forward(duration)))

    def subtract_working_time(self, end: datetime, duration: timedelta) -> datetime:
        """Return the earliest instant (UTC) from which no more than that much office time is left until end.

        Raises Invalid for a negative duration.
        """
        return from_ticks(self._office.subtract(to_ticks(end), _forward(duration)))

    def add_working_days(self, start: datetime, count: int) -> datetime:
        """Return the end (UTC) of the count-th workday after the day of start. Raises Invalid for count < 1."""
        if count < 1:
            raise Invalid(f"cannot count {count} workdays", code="negative-duration", duration=str(count))
        return from_ticks(self._day_timeline().day_end(self.local_date(start), count))

    def add(self, start: datetime, budget: Budget) -> datetime:
        """Return the instant (UTC) at which a budget that starts at `start` and is never interrupted is used up.

        Raises Invalid (calendar-mismatch) for a budget of working time that belongs to another calendar.
        """
        return from_ticks(self.add_ticks(to_ticks(start), budget))

    # ------------------------------------------------------------------------- for the ledger, in ticks

    def meter(self, unit: Unit) -> Meter:
        """Return the clock in which a budget of this unit is used up.

        工作日 that end at midnight are used up in whole days, so that an evening's pause gives the evening back.
        """
        if unit.is_continuous:
            return CONTINUOUS
        return self._office if unit is Unit.WORKING_HOUR else self._day_timeline()

    def add_ticks(self, start: int, budget: Budget) -> int:
        """Do `add` on ticks."""
        self.accept(budget)
        if budget.unit is not Unit.WORKING_DAY:
            return self.meter(budget.unit).add(start, self.ticks_of(budget))
        whole = int(budget.value)
        end = start if whole == 0 else self._day_timeline().day_end(self.local_date(from_ticks(start)), whole)
        return self._office.add(end, self._part_of_day(budget.value - whole))

    def ticks_of(self, budget: Budget) -> int:
        """Return the length of a budget in its own clock where that does not depend on the start.

        A 工作日 is `hours_per_day` of office time, or 24 hours where it ends at midnight.
        """
        value, unit = budget.value, budget.unit
        if unit is Unit.WORKING_DAY and self.day_ends_at is DayEnd.CLOSING:
            return self._part_of_day(value)
        return int(value * (24 if unit.is_day else 1) * HOUR)

    def accept(self, budget: Budget) -> None:
        """Raise Invalid (calendar-mismatch) unless the budget is counted in this calendar or needs none."""
        if not budget.unit.is_continuous and budget.calendar != self.key:
            raise Invalid(
                f"{budget} is counted in the calendar {budget.calendar}, not in {self.key}",
                code="calendar-mismatch",
                budget=str(budget),
                expected=budget.calendar,
                calendar=self.key,
            )

    def _part_of_day(self, days: Decimal) -> int:
        return int(days * self.hours_per_day * HOUR)

    def _day_timeline(self) -> Timeline:
        return self._office if self.day_ends_at is DayEnd.CLOSING else self._whole_days

    # ---------------------------------------------------------------------------------- laying out a year

    def _office_days(self, year: int) -> list[Workday]:
        return self._lay_out(year, whole=False)

    def _calendar_days(self, year: int) -> list[Workday]:
        return self._lay_out(year, whole=True)

    def _lay_out(self, year: int, *, whole: bool) -> list[Workday]:
        workdays = []
        last = self._year_start(year)
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            hours = self.hours_on(day)
            if not hours:
                continue
            spans = []
            for span in (Hours(0, MIDNIGHT),) if whole else hours:
                # Hours that a change of the clocks skips have no length; they never run backwards.
                start = max(last, self._tick(day, span.opens))
                last = max(start, self._tick(day, span.closes))
                spans.append((start, last))
            workdays.append(Workday(ordinal, tuple(spans), last))
        return workdays

    def _year_start(self, year: int) -> int:
        return self._tick(date(year, 1, 1), 0)

    def _tick(self, day: date, minute: int) -> int:
        if minute == MIDNIGHT:
            day, minute = day + timedelta(days=1), 0
        return to_ticks(datetime.combine(day, time(minute // 60, minute % 60), self._zone))


def _forward(duration: timedelta) -> int:
    if duration < timedelta(0):
        raise Invalid(f"the duration {duration} is negative", code="negative-duration", duration=str(duration))
    return length(duration)
