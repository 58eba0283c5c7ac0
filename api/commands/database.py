"""`zhili db`: the schema."""

import click

from api.commands.console import json_option, show
from api.commands.running import settings
from api.commands.words import group, say
from engine.persistence import migrate, schema_version


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(database)


@group("db", help="db")
def database() -> None:
    """Look after the database."""


@database.command("upgrade", help="db_upgrade")
@json_option
def upgrade() -> None:
    """Bring the database to the newest schema."""
    url = settings().database_url
    before = schema_version.current(url)
    migrate.upgrade(url)
    after = schema_version.current(url)
    key = "db.unchanged" if before == after else "db.upgraded"
    show({"before": before, "current": after}, [say(key, before=before or "—", after=after)])


@database.command("current", help="db_current")
@json_option
def current() -> None:
    """Tell which schema the database has."""
    url = settings().database_url
    found, newest = schema_version.current(url), schema_version.newest(url)
    key = "db.current" if found == newest else "db.behind"
    document = {"current": found, "newest": newest, "up_to_date": found == newest}
    show(document, [say(key, current=found or "—", newest=newest)])
