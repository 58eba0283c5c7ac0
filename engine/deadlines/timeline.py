"""Working time as a line: spans in which it runs, gaps in which it stands, and sums that make long distances cheap.

Everything here is in ticks (microseconds since 1970 in UTC), so a day on which the clocks are changed has the length
that it really has. A year is laid out once, when it is first needed; a question costs a binary search in one year and
an addition per further year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from engine.deadlines.instants import DAY, FIRST_YEAR, LAST_YEAR
from engine.errors import Invalid

_MEAN_YEAR = 365.2425 * DAY


class Meter(Protocol):
    """A clock in which a duration can be laid out and measured; instants and durations in ticks."""

    def between(self, start: int, end: int) -> int:
        """Return the time that this clock counts from start to end; negative when end lies before start."""
        ...

    def add(self, start: int, duration: int) -> int:
        """Return the earliest instant from start on at which `duration` has been counted."""
        ...

    def subtract(self, end: int, duration: int) -> int:
        """Return the earliest instant from which no more than `duration` is counted until end."""
        ...


class ContinuousMeter:
    """The clock that never stands."""

    def between(self, start: int, end: int) -> int:
        """Return the plain distance."""
        return end - start

    def add(self, start: int, duration: int) -> int:
        """Return start plus the duration."""
        return start + duration

    def subtract(self, end: int, duration: int) -> int:
        """Return end minus the duration."""
        return end - duration


CONTINUOUS = ContinuousMeter()


@dataclass(frozen=True, slots=True)
class Workday:
    """One workday: its date as an ordinal, its spans of working time, and the instant at which it ends."""

    ordinal: int
    spans: tuple[tuple[int, int], ...]
    ends_at: int


@dataclass(frozen=True, slots=True)
class _Year:
    """A year laid out: `before[i]` is the working time of the year before span i."""

    begins_at: int
    ends_at: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int
    ordinals: list[int]
    day_ends: list[int]

    def position(self, tick: int) -> int:
        """Return the working time of this year up to an instant."""
        i = bisect_right(self.starts, tick) - 1
        if i < 0:
            return 0
        return self.before[i] + min(tick, self.ends[i]) - self.starts[i]

    def reached(self, position: int) -> int:
        """Return the earliest instant with this much of the year's working time behind it; position > 0."""
        i = bisect_left(self.before, position) - 1
        return self.starts[i] + position - self.before[i]


@dataclass(frozen=True, eq=False, slots=True)
class Timeline:
    """The meter of one kind of working time.

    workdays    lays out a year: its workdays in order
    year_start  instant at which a year begins in the calendar's zone
    """

    workdays: Callable[[int], Sequence[Workday]]
    year_start: Callable[[int], int]
    _years: dict[int, _Year] = field(default_factory=dict, init=False)

    def between(self, start: int, end: int) -> int:
        """Return the working time from start to end; negative when end lies before start."""
        if end < start:
            return -self.between(end, start)
        (first, first_year), (last, last_year) = self._year_of(start), self._year_of(end)
        passed = last_year.position(end) - first_year.position(start)
        for number in range(first, last):
            passed += self._year(number).total
        return passed

    def add(self, start: int, duration: int) -> int:
        """Return the earliest instant from start on at which `duration` of working time has passed."""
        if duration == 0:
            return start
        number, year = self._year_of(start)
        position = year.position(start) + duration
        while position > year.total:
            position -= year.total
            number += 1
            year = self._year(number)
        return year.reached(position)

    def subtract(self, end: int, duration: int) -> int:
        """Return the earliest instant from which no more than `duration` of working time is left until end."""
        number, year = self._year_of(end)
        position = year.position(end) - duration
        while position <= 0:
            number -= 1
            year = self._year(number)
            position += year.total
        return year.reached(position)

    def day_end(self, day: date, count: int) -> int:
        """Return the end of the count-th workday after a date; count is 1 or more."""
        number = day.year
        year = self._year(number)
        index = bisect_right(year.ordinals, day.toordinal()) + count - 1
        while index >= len(year.ordinals):
            index -= len(year.ordinals)
            number += 1
            year = self._year(number)
        return year.day_ends[index]

    def _year_of(self, tick: int) -> tuple[int, _Year]:
        """Return the year in which an instant lies: a guess by the mean length, then one to the side if need be."""
        number = FIRST_YEAR + int(tick // _MEAN_YEAR)
        year = self._year(number)
        while tick < year.begins_at:
            number -= 1
            year = self._year(number)
        while tick >= year.ends_at:
            number += 1
            year = self._year(number)
        return number, year

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._lay_out(number)
        return year

    def _lay_out(self, number: int) -> _Year:
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise Invalid(f"the year {number} is out of range", code="instant-out-of-range", instant=str(number))
        starts, ends, before, total = [], [], [], 0
        days = self.workdays(number)
        for start, end in (span for day in days for span in day.spans):
            starts.append(start)
            ends.append(end)
            before.append(total)
            total += end - start
        ordinals, day_ends = [day.ordinal for day in days], [day.ends_at for day in days]
        return _Year(
            self.year_start(number), self.year_start(number + 1), starts, ends, before, total, ordinals, day_ends
        )
