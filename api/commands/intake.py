"""`zhili intake`: files of other systems."""

from pathlib import Path

import click

from api.commands.console import FAILED, json_option, plain_problem, progress, show
from api.commands.running import checked_city, operator
from api.commands.words import explain_problem, group, option, say
from api.intake import IntakeReport, import_file


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(intake)


@group("intake", help="intake")
def intake() -> None:
    """Take cases in."""


@intake.command("import", help="intake_import")
@click.argument("file", type=click.Path(path_type=Path))
@option("--profile", help="profile")
@json_option
def load(file: Path, profile: str | None) -> None:
    """Import a file; bad rows are reported by number, the good ones are loaded."""
    city = checked_city()
    folder = city.settings.data_root / "rules" / "intake"
    with progress(say("intake.progress", file=file.name)) as step:
        report = import_file(city.units, file, folder, by=operator(), name=profile, progress=step)
    show(_document(report), _lines(report))
    if report.bad:
        raise click.exceptions.Exit(FAILED)


def _document(report: IntakeReport) -> dict[str, object]:
    bad = [{"row": row.number, "problems": [plain_problem(problem) for problem in row.problems]} for row in report.bad]
    return {
        "profile": report.profile,
        "encoding": report.encoding,
        "rows": report.rows,
        "loaded": len(report.loaded),
        "repeated": report.repeated,
        "bad": bad,
    }


def _lines(report: IntakeReport) -> list[str]:
    lines = [
        say("intake.bad_row", row=row.number, problem=explain_problem(problem))
        for row in report.bad
        for problem in row.problems
    ]
    lines += [say("intake.repeated_row", row=number) for number in report.repeated]
    counts = {"loaded": len(report.loaded), "repeated": len(report.repeated), "bad": len(report.bad)}
    return [*lines, say("intake.done", profile=report.profile, rows=report.rows, **counts)]
