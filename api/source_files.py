"""The files of a deployment: read from folders as they lie in the source, and named as a set names them.

In a set a diagram is `<flow>.bpmn`, a table `<decision>.dmn`, a form `forms/<key>.json`, a calendar
`calendars/<key>.csv` with its settings `calendars/<key>.json`. Everything else beside them is no part of a set.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Invalid, Problem
from engine.model.deployment import Resource
from engine.services.deployments import resource

PROCESSES, RULES = "processes", "rules"
NAMED_FOLDERS = {"forms": (".json",), "calendars": (".csv", ".json")}
ANYWHERE = (".bpmn", ".dmn")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: where it lies, as the caller wrote it, and what it is in the set."""

    path: Path
    resource: Resource


def default_paths(root: Path) -> tuple[Path, ...]:
    """Return the folders that make up a whole city."""
    return root / PROCESSES, root / RULES


def read_files(paths: Iterable[Path]) -> tuple[SourceFile, ...]:
    """Read files and folders. Raises Invalid for a path that does not exist or holds nothing that can be deployed."""
    found: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    for path in paths:
        files = [(file, _name(file)) for file in _files(path)]
        named = [(file, name) for file, name in files if name is not None]
        if not named:
            problems.append(_nothing(path))
        for file, name in named:
            if name in found:
                problems.append(_twice(name, file, found[name].path))
            found[name] = SourceFile(file, resource(name, file.read_bytes()))
    if problems:
        raise Invalid(problems=problems)
    return tuple(found.values())


def resources(files: Sequence[SourceFile]) -> tuple[Resource, ...]:
    """Return the files as a set."""
    return tuple(one.resource for one in files)


def paths_of(files: Sequence[SourceFile]) -> dict[str, str]:
    """Return where each file of a set lies, by its name in the set."""
    return {one.resource.name: str(one.path) for one in files}


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file())
    elif path.is_file():
        yield path


def _name(file: Path) -> str | None:
    """Return the name of a file in a set; None for one that is no part of it."""
    folder = file.resolve().parent.name
    if file.suffix in NAMED_FOLDERS.get(folder, ()):
        return f"{folder}/{file.name}"
    return file.name if file.suffix in ANYWHERE else None


def _nothing(path: Path) -> Problem:
    code, message = "path-missing", f"There is no file or folder {path}."
    if path.exists():
        code, message = "nothing-to-deploy", f"{path} holds no diagram, table, form or calendar."
    return Problem(code, str(path), message, {"path": str(path)})


def _twice(name: str, file: Path, first: Path) -> Problem:
    message = f"{file} and {first} have the same name {name} in the set."
    return Problem("file-twice", str(file), message, {"name": name, "path": str(file), "first": str(first)})
