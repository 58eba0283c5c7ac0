"""What commands show: text for people or one JSON document for machines on stdout, progress on stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.commands.words import explain, explain_problem, language, option
from api.errors import is_plain
from engine.errors import EngineError, Problem

MACHINE = "zhili.json"
OK, FAILED, WRONG_INPUT = 0, 1, 2

Step = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


def _remember(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001  click's signature
    context.find_root().meta[MACHINE] = value


def json_option(command: Any) -> Any:  # noqa: ANN401  click decorates whatever it gets
    """Give a command `--json`."""
    return option("--json", is_flag=True, expose_value=False, callback=_remember, help="json")(command)


def for_machines() -> bool:
    """Tell whether `--json` was asked for."""
    context = click.get_current_context(silent=True)
    return bool(context is not None and context.find_root().meta.get(MACHINE))


def show(document: object, lines: Iterable[str] = ()) -> None:
    """Print the document where a machine asked, else the lines."""
    if for_machines():
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=plain))
        return
    for line in lines:
        click.echo(line)


def show_table(document: object, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print the document where a machine asked, else a table."""
    if for_machines():
        show(document)
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    # A pipe has no width; nothing is cut there.
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def show_error(error: EngineError, paths: dict[str, str] | None = None) -> None:
    """Tell what was wrong: every problem by itself on stderr, one document on stdout for machines."""
    if for_machines():
        problems = [plain_problem(problem, paths) for problem in error.problems]
        show({"error": {"code": error.key, "message": explain(error), "problems": problems}})
        return
    lines = [explain_problem(problem, paths) for problem in error.problems] or [explain(error)]
    for line in lines:
        click.echo(line, err=True)


def plain_problem(problem: Problem, paths: dict[str, str] | None = None) -> dict[str, object]:
    """Return a problem for a machine; the sentence is in the caller's language."""
    file = None if problem.file is None else (paths or {}).get(problem.file, problem.file)
    document: dict[str, object] = {
        "code": problem.code,
        "severity": problem.severity,
        "where": problem.where,
        "file": file,
        "line": problem.line,
        "params": {name: value for name, value in problem.params.items() if is_plain(value)},
    }
    return document | {"message": explain_problem(problem, paths), "language": language()}


def plain(value: object) -> object:
    """Return what JSON can hold for a value of ours."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(type(value).__name__)


@contextmanager
def progress(label: str) -> Iterator[Step]:
    """Show how far a long work has come, when somebody is looking."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield step
