"""`zhili test`: process tests are run, and what they reach is counted."""

from pathlib import Path

import click

from api.commands.console import FAILED, json_option, progress, show
from api.commands.running import settings
from api.commands.words import command, language, option, say
from api.process_tests.drawings import Words, draw_coverage
from api.process_tests.library import Library
from api.process_tests.report import Outcome, Report, Share
from api.process_tests.runner import Choice, run_tests
from api.process_tests.suggestions import add_to_files, suggest

SHOWN_PATH = 12
PERCENT = click.FloatRange(0, 100)


def add_to(program: click.Group) -> None:
    """Put the command into the program."""
    program.add_command(test)


@command("test", help="test")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@option("--flow", help="test_flow")
@option("--scenario", "text", default="", help="test_scenario")
@option("-n", "--workers", type=click.IntRange(1, 32), default=1, show_default=True, help="test_workers")
@option("--minimum-flows", type=PERCENT, default=0, help="test_minimum_flows")
@option("--minimum-rows", type=PERCENT, default=0, help="test_minimum_rows")
@option("--svg", "folder", type=click.Path(path_type=Path, file_okay=False), help="test_svg")
@option("--suggest", "suggesting", is_flag=True, help="test_suggest")
@option("--write", "writing", is_flag=True, help="test_write")
@json_option
def test(
    files: tuple[Path, ...],
    folder: Path | None,
    minimum_flows: float,
    minimum_rows: float,
    *,
    suggesting: bool,
    writing: bool,
    **given: object,
) -> None:
    """Run process tests; the exit code tells whether all hold and enough was reached."""
    root = settings().data_root
    choice = Choice(files=files, **given)  # type: ignore[arg-type]  # click has checked them
    with progress(say("test.progress")) as step:
        report, library = run_tests(root, choice, step)
    unknown = choice.flow is not None and choice.flow not in library.models
    if not report.outcomes and (choice.text or unknown):
        raise click.UsageError(say("test.nothing_chosen"))
    document, lines = report.document(), _lines(report, library)
    if folder is not None:
        draw_coverage(report, library, folder, _words())
        lines.append(say("test.drawn", folder=folder))
    if suggesting or writing:
        found = suggest(root, report, library, choice)
        document |= {"suggestions": [one.as_document() for one in found]}
        lines += ["", *(one.text for one in found)]
        if writing:
            lines += [say("test.written", file=file) for file in add_to_files(root, found)]
    short = _short(report, minimum_flows, minimum_rows)
    show(document, [*lines, *short])
    if report.failed or short:
        raise click.exceptions.Exit(FAILED)


def _words() -> Words:
    return Words(language(), say("test.page_title"), say("test.reached"), say("test.not_reached"))


def _short(report: Report, flows: float, rows: float) -> list[str]:
    """Return a sentence for each share that is smaller than was asked for."""
    wanted = (("flows", report.all_flows, flows), ("rows", report.all_rows, rows))
    return [
        say(f"test.too_few_{name}", percent=f"{share.percent:g}", wanted=f"{least:g}")
        for name, share, least in wanted
        if share.percent < least
    ]


def _lines(report: Report, library: Library) -> list[str]:
    """Return a report for people: failures first, then every diagram and table that is counted, and the sum."""
    lines = [line for outcome in report.failed for line in _failure(outcome)]
    lines += [*_flow_lines(report, library), *_table_lines(report, library)]
    failed = len(report.failed)
    lines.append(say("test.total_scenarios", passed=len(report.outcomes) - failed, failed=failed))
    lines.append(say("test.total_flows", **_counts(report.all_flows)))
    lines.append(say("test.total_rows", **_counts(report.all_rows)))
    return [*lines, say("test.seconds", seconds=f"{report.seconds:.1f}")]


def _flow_lines(report: Report, library: Library) -> list[str]:
    lines = []
    for key in report.flows:
        mine = [outcome for outcome in report.outcomes if outcome.flow == key]
        failed = sum(not outcome.is_fine for outcome in mine)
        name = library.models[key].name
        lines.append(
            say(
                "test.flow",
                key=key,
                name=name,
                passed=len(mine) - failed,
                failed=failed,
                **_counts(report.of_flow(key)),
            )
        )
        missing = [flow for flow, taken in report.flows[key].items() if not taken]
        lines += [say("test.missing_flows", flows=" ".join(missing))] if missing else []
    return lines


def _table_lines(report: Report, library: Library) -> list[str]:
    lines = []
    for key in report.rows:
        lines.append(say("test.table", key=key, name=library.decisions[key].name, **_counts(report.of_table(key))))
        rows = [number for number, taken in report.rows[key].items() if not taken]
        lines += [say("test.missing_rows", rows=_spans(rows))] if rows else []
    return lines


def _counts(share: Share) -> dict[str, object]:
    return {"covered": share.covered, "total": share.total, "percent": f"{share.percent:g}"}


def _failure(outcome: Outcome) -> list[str]:
    failure = outcome.failure
    if failure is None:
        return []
    shown = failure.path[-SHOWN_PATH:]
    dots = "… " if len(failure.path) > len(shown) else ""
    return [
        say("test.failed", file=outcome.file, line=failure.line, name=outcome.name, step=failure.step),
        "  " + say(f"test.why_{failure.code.replace('-', '_')}"),
        "  " + say("test.expected", expected=failure.expected or "–"),
        "  " + say("test.found", found=failure.found or "–"),
        "  " + say("test.path", path=dots + " → ".join(shown)),
        *(["  " + say("test.troubles", reason=failure.troubles)] if failure.troubles else []),
    ]


def _spans(numbers: list[int]) -> str:
    """Return numbers in short: 1-3 5."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
