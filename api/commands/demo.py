"""`zhili demo`: the demonstration city."""

import time
from collections.abc import Sequence

import click

from api.children import Child
from api.commands.console import FAILED, json_option, progress, show_table
from api.commands.running import settings
from api.commands.serve import run_children
from api.commands.words import command, option, say
from api.demo import Demo, DemoPerson, prepare_demo
from api.simulate.stage import is_free

SHOWN_GROUPS = 3


def add_to(program: click.Group) -> None:
    """Put the command into the program."""
    program.add_command(demo)


@command("demo", help="demo")
@option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="demo_port")
@option("--no-serve", is_flag=True, help="no_serve")
@json_option
def demo(port: int, *, no_serve: bool) -> None:
    """Make the demonstration city and start it."""
    if not no_serve and not is_free(port):
        click.echo(say("demo.port_taken", port=port), err=True)
        raise click.exceptions.Exit(FAILED)
    begun = time.monotonic()
    with progress(say("demo.stage_month")) as step:
        made = prepare_demo(settings(), lambda name: click.echo(say(f"demo.stage_{name}"), err=True), step)
    _show(made, port, time.monotonic() - begun)
    if not no_serve:
        run_children([Child(["serve", "--port", str(port)], {}), Child(["work"], {})])


def _show(made: Demo, port: int, seconds: float) -> None:
    address = f"http://127.0.0.1:{port}"
    shown = _one_per_role(made.people)
    items = [{"login": person.login, "name": person.name, "groups": list(person.groups)} for person in shown]
    document = {"address": address, "password": made.password, "accounts": items, "cases": made.cases}
    columns = [say(f"column.{name}") for name in ("login", "name", "groups")]
    rows = [(person.login, person.name, " ".join(person.groups[:SHOWN_GROUPS])) for person in shown]
    show_table(document | {"steps": made.steps, "seconds": round(seconds, 1)}, columns, rows)
    secret = say("demo.password", password=made.password) if made.password else say("demo.password_known")
    lines = [say("demo.made", cases=made.cases, steps=made.steps, seconds=f"{seconds:.0f}"), secret]
    # To people, beside the table; a machine has its document on standard output.
    for line in [*lines, say("demo.address", address=address)]:
        click.echo(line, err=True)


def _one_per_role(people: Sequence[DemoPerson]) -> list[DemoPerson]:
    """Return the first account of each role."""
    found: dict[str, DemoPerson] = {}
    for person in people:
        for group in person.groups:
            found.setdefault(group.partition("@")[0], person)
    return list({person.login: person for person in found.values()}.values())
