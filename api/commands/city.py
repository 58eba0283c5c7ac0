"""`zhili city`: regions, units and code tables."""

from dataclasses import asdict

import click

from api.city_loading import load_city
from api.commands.console import json_option, show
from api.commands.running import checked_city
from api.commands.words import group, say


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(city)


@group("city", help="city")
def city() -> None:
    """Look after the city's own tables."""


@city.command("load", help="city_load")
@json_option
def load() -> None:
    """Load code tables, regions and units from the rules; a second time brings changes in."""
    running = checked_city()
    with running.units() as uow:
        loaded = load_city(uow, running.settings.data_root / "rules")
    show(asdict(loaded), [say("city.loaded", **asdict(loaded))])
