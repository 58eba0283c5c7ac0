"""Facts: what the functions of the city may look up while an expression is evaluated, and the moment of a command.

A function never reaches for the world: it reads `run.facts`, by name. `calendars` are the deployed working calendars;
what else there is, the installation says in `EngineSettings.sources`.
"""

from collections.abc import Mapping

from engine.bpmn import Moment
from engine.deadlines import WorkingCalendar
from engine.errors import NotFound
from engine.ports import UnitOfWork
from engine.services import definitions

CALENDARS = "calendars"


class Calendars:
    """The working calendars of a transaction: each key keeps the version in which it was first asked for."""

    def __init__(self, uow: UnitOfWork, known: Mapping[str, WorkingCalendar] | None = None) -> None:
        """Read nothing yet; `known` stand before the deployed ones."""
        self._uow = uow
        self._found: dict[str, WorkingCalendar | None] = dict(known or {})

    @property
    def default(self) -> str:
        """The key of the calendar that is meant where none is named."""
        return self._uow.settings.calendar

    def find(self, key: str) -> WorkingCalendar | None:
        """Return the latest deployed version of a calendar, or None."""
        if key not in self._found:
            try:
                self._found[key] = definitions.calendar_of(self._uow, key)
            except NotFound:
                self._found[key] = None
        return self._found[key]

    @property
    def versions(self) -> dict[str, int]:
        """The versions of the calendars that were asked for, by key."""
        return {key: found.version for key, found in self._found.items() if found is not None}


def calendars_used(moment: Moment) -> dict[str, int]:
    """Return the versions of the calendars that were looked up since the moment began, for the proof of an answer."""
    calendars = moment.facts.get(CALENDARS)
    return calendars.versions if isinstance(calendars, Calendars) else {}


def facts_of(uow: UnitOfWork, calendars: Mapping[str, WorkingCalendar] | None = None) -> Mapping[str, object]:
    """Return the facts of a transaction; they are read when a function asks for them.

    calendars  stand before the deployed ones of the same keys
    """
    return {
        CALENDARS: Calendars(uow, calendars),
        **{name: opened(uow) for name, opened in uow.settings.sources.items()},
    }


def moment_of(uow: UnitOfWork, calendars: Mapping[str, WorkingCalendar] | None = None) -> Moment:
    """Return the moment of a command: the instant in the zone of the installation, and its facts."""
    return Moment(uow.clock.now().astimezone(uow.settings.zone), facts_of(uow, calendars))
