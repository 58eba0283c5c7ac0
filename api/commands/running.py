"""The city that a command works on: the one of the environment."""

import getpass
from contextlib import suppress

import click

from api.bootstrap import close_city, open_city
from api.config import Settings
from api.context import City
from engine.clock import Clock
from engine.errors import Invalid
from engine.persistence import schema_version
from engine.persistence.availability import is_unavailable


def settings() -> Settings:
    """Return the settings of the environment; raises BadSetting."""
    return Settings.from_environment()


def checked_city(clock: Clock | None = None) -> City:
    """Open the city of the environment until the command ends.

    Raises  BadSetting; Invalid where its database does not have this release's schema
    """
    chosen = settings()
    if schema_version.current(chosen.database_url) != schema_version.newest(chosen.database_url):
        raise Invalid("The database does not have the schema of this release: zhili db upgrade.", code="schema-old")
    city = open_city(chosen, clock)
    click.get_current_context().call_on_close(lambda: close_city(city))
    return city


def unavailable(error: BaseException) -> bool:
    """Tell whether a failure means that the database cannot be reached."""
    return is_unavailable(error)


def operator() -> str:
    """Return the name under which the history notes what was done from this command line."""
    with suppress(OSError, KeyError):
        return f"cli:{getpass.getuser()}"
    return "cli"
