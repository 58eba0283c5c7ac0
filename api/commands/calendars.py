"""`zhili calendar`: a beginning for the table of workdays."""

from dataclasses import asdict

import click

from api.calendar_seed import seed_calendar_rows, write_calendar_rows
from api.commands.console import json_option, show
from api.commands.words import group

FIRST_YEAR, LAST_YEAR = 2004, 2100


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(calendars)


@group("calendar", help="calendar")
def calendars() -> None:
    """Look after the working calendar."""


@calendars.command("seed", help="calendar_seed")
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@json_option
def seed(year: int) -> None:
    """Print the rows of a year, for the city to edit."""
    rows = seed_calendar_rows(year)
    document = {"year": year, "rows": [asdict(row) | {"date": row.date.isoformat()} for row in rows]}
    show(document, write_calendar_rows(rows).splitlines())
