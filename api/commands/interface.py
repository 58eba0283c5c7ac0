"""`zhili openapi`: the description of the interface, as it is committed."""

from pathlib import Path

import click

from api.app import make_app
from api.bootstrap import opened_city
from api.commands.console import FAILED, json_option, show
from api.commands.running import settings
from api.commands.words import command, option, say
from api.openapi import COMMITTED, openapi_check


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(openapi)


@command("openapi", help="openapi")
@option("--check", is_flag=True, help="openapi_check")
@option("--file", type=click.Path(path_type=Path, dir_okay=False), default=COMMITTED, help="openapi_file")
@json_option
def openapi(file: Path, *, check: bool) -> None:
    """Write the description of the interface; with --check only tell whether the written one still holds."""
    with opened_city(settings()) as city:
        same = openapi_check(make_app(city), file, save=not check)
    show({"file": str(file), "same": same}, [say("openapi.same" if same else "openapi.differs", file=file)])
    if not same:
        raise click.exceptions.Exit(FAILED)
