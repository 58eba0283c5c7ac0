"""Putting the parts together: the only place that knows the engine, the registers and the handlers at once."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import handlers
from api import known_groups
from api.config import Settings
from api.context import City
from api.language import CITY_ZONE
from api.shapes import SHAPES
from engine.clock import Clock, SystemClock
from engine.persistence.availability import is_unavailable
from engine.persistence.engine import make_engine
from engine.persistence.unit_of_work import UnitOfWorkFactory
from engine.persistence.virtual_clock import VirtualClock
from engine.ports import EngineSettings
from registers.org import Directory

# The few values that inboxes show and filter by, whatever the flow; the first two have an index.
FACETS = ("category", "district", "street", "urgency", "request_type", "channel", "subject")
# How every city runs its engine; `directory` is what the functions on people look up.
ENGINE = EngineSettings(
    facets=FACETS,
    zone=CITY_ZONE,
    sources={"directory": lambda uow: uow.get(Directory)},
    unknown_groups=known_groups.in_city,
)


def load_handlers() -> None:
    """Import every module of handlers, so that each topic has its handler; a second call changes nothing."""
    for module in pkgutil.walk_packages([str(Path(str(handlers.__file__)).parent)], "handlers."):
        importlib.import_module(module.name)


def open_city(settings: Settings | None = None, clock: Clock | None = None) -> City:
    """Return the running city of an installation; nothing is connected before it is used.

    clock   overrides the one of the settings: for tests and imports
    Raises  BadSetting, ValueError for a database of another kind
    """
    settings = settings or Settings.from_environment()
    load_handlers()
    engine = make_engine(settings.database_url)
    virtual = VirtualClock(engine) if settings.virtual_clock and clock is None else None
    units = UnitOfWorkFactory(engine, clock or virtual or SystemClock(), ENGINE)
    return City(
        settings=settings,
        units=units,
        is_unavailable=is_unavailable,
        move_clock=virtual.set if virtual is not None else None,
        shapes=SHAPES,
    )


def close_city(city: City) -> None:
    """Give back every connection of a city that was opened here."""
    if isinstance(city.units, UnitOfWorkFactory):
        city.units.engine.dispose()


@contextmanager
def opened_city(settings: Settings | None = None, clock: Clock | None = None) -> Iterator[City]:
    """Open a city for a block, and give back every connection when it ends; see `open_city`."""
    city = open_city(settings, clock)
    try:
        yield city
    finally:
        close_city(city)
