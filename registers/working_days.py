"""Which days are worked: the deployed working calendars (D18), read for registers that plan by day.

The calendar is the legal clock's own (`engine.deadlines`), in its latest deployed version: an arrangement that is
amended today holds for everything that is planned from now on. ADR 11 says why a register may look there.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.deadlines import Budget, WorkingCalendar, read_calendar
from engine.errors import NotFound
from engine.model.deployment import CalendarDefinition
from engine.persistence.base import Register
from engine.persistence.deployments import DeploymentRepository

ONE_DAY = timedelta(days=1)
# Longer than any row of holidays: a calendar without a workday in it is wrong, not a long holiday.
LONGEST_BREAK = 60
MOST_CALENDARS = 32

_Version = tuple[str, int, str, str]
_READ: dict[_Version, WorkingCalendar] = {}


class WorkingDayRegister(Register):
    """Answers by calendar key and local date."""

    def is_workday(self, calendar: str, day: date) -> bool:
        """Tell whether a day is worked, wholly or half. Raises NotFound for a calendar that is not deployed."""
        return self._calendar(calendar).is_workday(day)

    def next_workday(self, calendar: str, day: date) -> date:
        """Return the day itself where it is worked, else the first workday after it. Raises NotFound."""
        return _nearest(self._calendar(calendar).is_workday, day, ONE_DAY)

    def previous_workday(self, calendar: str, day: date) -> date:
        """Return the day itself where it is worked, else the last workday before it. Raises NotFound."""
        return _nearest(self._calendar(calendar).is_workday, day, -ONE_DAY)

    def due_at(self, calendar: str, start: datetime, value: Decimal, unit: str) -> datetime:
        """Return the instant at which a budget that starts at an instant is used up.

        Raises  NotFound for a calendar that is not deployed, Invalid for a budget that is none
        """
        return self._calendar(calendar).add(start, Budget.of(value, unit, calendar))

    def _calendar(self, key: str) -> WorkingCalendar:
        """Return the latest version of a calendar, read once per version and process."""
        deployed = DeploymentRepository(self.connection)
        found = deployed.find_definition(CalendarDefinition, key)
        if found is None:
            raise NotFound(kind="calendar", id=key)
        version = (key, found.version, found.rows_hash, found.settings_hash)
        known = _READ.get(version)
        if known is None:
            rows, settings = (deployed.content(content).decode() for content in version[2:])
            known = read_calendar(key, found.version, rows, settings)
            if len(_READ) >= MOST_CALENDARS:
                _READ.clear()
            _READ[version] = known
        return known


def _nearest(is_workday: Callable[[date], bool], day: date, step: timedelta) -> date:
    """Return the nearest workday in one direction; raises NotFound where there is none within `LONGEST_BREAK` days."""
    for ahead in range(LONGEST_BREAK):
        candidate = day + step * ahead
        if is_workday(candidate):
            return candidate
    raise NotFound(kind="workday", id=day.isoformat())
