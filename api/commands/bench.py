"""`zhili bench`: the benchmarks of the source tree; they print ratios."""

import subprocess
import sys

import click

from api.children import environment
from api.commands.console import FAILED, show
from api.commands.words import command, say
from api.config import ROOT

FOLDER = ROOT / "bench"
START = "bench_"


def add_to(program: click.Group) -> None:
    """Put the command into the program."""
    program.add_command(bench)


@command("bench", help="bench")
@click.argument("names", nargs=-1)
def bench(names: tuple[str, ...]) -> None:
    """Run all benchmarks, or the named ones; each in a process of its own."""
    files = sorted(FOLDER.glob(f"{START}*.py"))
    known = [file.stem.removeprefix(START) for file in files]
    unknown = sorted(set(names) - set(known))
    if unknown or not files:
        raise click.UsageError(say("bench.unknown", names=", ".join(unknown), known=", ".join(known)))
    failed = False
    for name, file in zip(known, files, strict=True):
        if names and name not in names:
            continue
        show({"bench": name}, [f"== {name}"])
        # Our own script, found above; nothing of the caller's becomes an argument.
        done = subprocess.run([sys.executable, str(file)], cwd=ROOT, env=environment(), check=False)  # noqa: S603
        failed |= done.returncode != 0
    if failed:
        raise click.exceptions.Exit(FAILED)
