"""`zhili export`: the files of a deployment, into a folder as they lie in the source."""

from pathlib import Path

import click

from api.commands.console import json_option, show
from api.commands.running import checked_city
from api.commands.words import command, option, say
from engine.errors import Invalid, Problem
from engine.services import deployed_files


def add_to(group: click.Group) -> None:
    """Put the command into the program."""
    group.add_command(export)


@command("export", help="export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@option("--deployment", default=None, help="export_deployment")
@json_option
def export(folder: Path, deployment: str | None) -> None:
    """Write every file of a deployment, byte for byte; a file with other content is never overwritten."""
    with checked_city().units(read_only=True) as uow:
        found, files = deployed_files.export(uow, deployment)
    contents = {folder / file.name: file.content for file in files}
    problems = [_different(path) for path, content in contents.items() if _differs(path, content)]
    if problems:
        raise Invalid(problems=problems)
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    document = {"deployment": found.id, "files": [file.name for file in files]}
    show(document, [*(str(path) for path in contents), say("export.done", count=len(files), folder=str(folder))])


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and (not path.is_file() or path.read_bytes() != content)


def _different(path: Path) -> Problem:
    message = f"{path} is there already, with other content."
    return Problem("path-other-content", str(path), message, {"path": str(path)})
