"""`zhili simulate`: the trial city."""

import signal
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from api.commands.console import FAILED, Step, json_option, progress, show
from api.commands.running import checked_city, operator
from api.commands.words import command, option, say
from api.simulate.shift import Tally
from api.simulate.trial import TrialOptions, TrialReport, run_trial
from api.simulate.wire import Unreachable

SHOWN = 10


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(simulate)


@command("simulate", help="simulate")
@option("--url", help="url")
@option("--import", "--cases", "file", type=click.Path(path_type=Path), help="simulate_import")
@option("--seed", type=int, default=1, show_default=True, help="seed")
@option("--until-empty", is_flag=True, help="until_empty")
@option("--days", type=click.IntRange(1, 3660), help="days")
@option("--robots", type=click.IntRange(1, 32), default=4, show_default=True, help="robots")
@json_option
def simulate(**given: object) -> None:
    """Let robots work until nothing is left; the report says what happened, the exit code whether all is well."""
    until_empty = bool(given.pop("until_empty"))
    if until_empty and given["days"] is not None:
        raise click.UsageError(say("simulate.both"))
    settings = checked_city().settings
    # Asked to end, it ends like by Ctrl-C: servers are stopped, keys revoked.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with progress(say("simulate.progress")) as step:
            report = run_trial(settings, TrialOptions(**given), _looking(step), by=operator())  # type: ignore[arg-type]  # click has checked them
    except Unreachable as error:
        click.echo(say("simulate.unreachable", reason=error), err=True)
        raise click.exceptions.Exit(FAILED) from None
    show(document_of(report), lines_of(report))
    if not report.is_fine:
        raise click.exceptions.Exit(FAILED)


def _looking(step: Step) -> Callable[[Tally], None]:
    def look(tally: Tally) -> None:
        step(tally.steps, 0)

    return look


def document_of(report: TrialReport) -> dict[str, object]:
    """Return a report for a machine."""
    tally, findings = report.tally, report.findings
    return {
        "fine": report.is_fine,
        "problems": report.problems,
        "cases": findings.cases,
        "by_status": dict(findings.statuses),
        "by_outcome": dict(findings.outcomes),
        "steps": tally.steps,
        "mean_steps": round(tally.steps / findings.worked, 2) if findings.worked else 0,
        "steps_by_element": dict(tally.done),
        "messages": dict(tally.messages),
        "cards": findings.cards,
        "lights": findings.lights,
        "late": findings.late,
        "rounds": findings.rounds,
        "returns": findings.returns,
        "extensions": findings.extensions,
        "incidents": findings.incidents,
        "stuck": tally.stuck,
        "lost": tally.lost,
        "refused": tally.refused,
        "disagreements": findings.disagreements,
        "incomplete": findings.incomplete,
        "begun_at": tally.begun_at,
        "ended_at": tally.now,
        "seconds": round(report.seconds, 1),
        "restarts": report.restarts,
    }


def lines_of(report: TrialReport) -> list[str]:
    """Return a report for people."""
    tally, findings = report.tally, report.findings
    facts = {
        "cases": findings.cases,
        "statuses": _counts(findings.statuses),
        "outcomes": _counts(findings.outcomes),
        "steps": tally.steps,
        "mean": f"{tally.steps / findings.worked:.1f}" if findings.worked else "0",
        "cards": _counts(findings.cards["database"]),
        "lights": _counts(findings.lights["database"]),
        "late": findings.late["database"],
        "rounds": findings.rounds,
        "returns": findings.returns,
        "extensions": findings.extensions,
        "incidents": findings.incidents,
        "stuck": tally.stuck,
        "days": f"{(tally.now - tally.begun_at).total_seconds() / 86_400:.1f}",
        "seconds": f"{report.seconds:.0f}",
        "restarts": report.restarts,
    }
    names = ("cases", "outcomes", "steps", "cards", "lights", "flow", "health", "time")
    lines = [say(f"simulate.{name}", **facts) for name in names]
    details = [*tally.refused, *(f"{case}: {reason}" for case, reason in findings.incomplete.items())]
    lines += details[:SHOWN]
    lines += [say(f"simulate.problem_{problem}") for problem in report.problems]
    return [*lines, say("simulate.fine")] if report.is_fine else lines


def _counts(counts: Mapping[str, int]) -> str:
    return " ".join(f"{name} {number}" for name, number in Counter(counts).most_common()) or "0"
