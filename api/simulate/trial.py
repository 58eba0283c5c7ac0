"""A whole trial: the city made ready, the servers started, the robots at work, everything compared afterwards."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from api.bootstrap import opened_city
from api.config import Settings
from api.context import City
from api.intake import import_file
from api.simulate.checks import Findings, Inspector
from api.simulate.crew import Crew, dismiss, muster
from api.simulate.habits import Habits, load_habits
from api.simulate.http_floor import HttpFloor
from api.simulate.shift import Shift, Tally
from api.simulate.stage import HttpStage, Servers
from api.simulate.wire import HttpWire
from engine.errors import Invalid
from registers.cases import CaseQuery, CaseRegister

HABITS = Path("rules") / "simulation.json"
NOT_SET = "virtual-clock-not-set"


@dataclass(frozen=True, slots=True)
class TrialOptions:
    """What a trial shall do; see `zhili simulate --help`."""

    seed: int = 1
    robots: int = 4
    url: str | None = None
    file: Path | None = None
    days: int | None = None


@dataclass(slots=True)
class TrialReport:
    """What came of it."""

    tally: Tally
    findings: Findings
    seconds: float
    restarts: int
    problems: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether nothing is stuck, wrong or missing."""
        return not self.problems


def run_trial(settings: Settings, options: TrialOptions, look: Callable[[Tally], None], *, by: str) -> TrialReport:
    """Run a trial on the configured database; a second one on the same database carries on where the first stopped."""
    begun = time.monotonic()
    habits = load_habits(settings.data_root / HABITS)
    with opened_city(replace(settings, virtual_clock=True)) as city:
        start_clock(city, habits)
        if options.file is not None:
            folder = settings.data_root / "rules" / "intake"
            import_file(city.units, options.file, folder, by=by, progress=lambda _done, _size: None)
        servers = Servers.prepare(settings, threads=options.robots) if options.url is None else None
        with _crew(city, habits) as crew, servers or nullcontext():
            tally, findings = _work(city, habits, crew, servers, options, look)
    report = TrialReport(tally, findings, time.monotonic() - begun, servers.restarts if servers else 0)
    report.problems = problems_of(report, ended=options.days is None)
    return report


def _work(
    city: City,
    habits: Habits,
    crew: Crew,
    servers: Servers | None,
    options: TrialOptions,
    look: Callable[[Tally], None],
) -> tuple[Tally, Findings]:
    """Let the crew work, then compare everything."""
    watch = servers.watch if servers else _watch_nobody
    wire = HttpWire(servers.url if servers else str(options.url), watch)
    stage = HttpStage(wire, crew.observer.token, watch)
    until = None if options.days is None else stage.now() + timedelta(days=options.days)
    shift = Shift(stage, HttpFloor(wire, crew, habits), habits, seed=options.seed, at_once=options.robots)
    tally = shift.run(until=until, look=look)
    return tally, Inspector(wire, crew.observer, city.units, habits, options.robots).inspect()


def start_clock(city: City, habits: Habits) -> datetime:
    """Set a clock that was never set: to the habits' start, or behind what the city has already lived through."""
    try:
        return city.units.clock.now()
    except Invalid as error:
        if error.key != NOT_SET or city.move_clock is None:
            raise
    start = habits.start
    with city.units(read_only=True) as uow:
        latest = uow.get(CaseRegister).list_page(CaseQuery(sort="-received_at", limit=1)).items
    if latest and latest[0].received_at >= start:
        start = latest[0].received_at + timedelta(minutes=1)
    city.move_clock(start)
    return start


def problems_of(report: TrialReport, *, ended: bool) -> list[str]:
    """Return why a trial is not fine, as keys of the command line's sentences with their numbers."""
    findings = report.findings
    checks = {
        "stuck": report.tally.stuck if ended else 0,
        "incidents": findings.incidents,
        "refused": len(report.tally.refused),
        "disagreements": len(findings.disagreements),
        "incomplete": len(findings.incomplete) if ended else 0,
    }
    return [name for name, number in checks.items() if number]


def _watch_nobody() -> None:
    """Leave servers that somebody else has started to her."""


@contextmanager
def _crew(city: City, habits: Habits) -> Iterator[Crew]:
    crew = muster(city.units, habits)
    try:
        yield crew
    finally:
        dismiss(city.units, crew)
