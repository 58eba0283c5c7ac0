"""Importing a file: good rows become cases, bad ones are reported by number, what is there already stays as it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from api.case_reporting import PROCESS, report_case
from api.intake.profiles import Profile, choose, load_profiles
from api.intake.reading import BrokenRow, Row, Table, open_table
from api.intake.rows import Incoming, read_row
from engine.errors import EngineError, Invalid, Problem
from engine.ports import UnitOfWork, UnitOfWorkFactory
from engine.services import definitions, fixed_deadlines
from registers.cases import Case

GROUP = 50
"""Rows per commit: waiting for the disk once per row would be most of the time."""

CASE = "case"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not loaded, and why."""

    number: int
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class IntakeReport:
    """What came of a file.

    loaded    ids of new cases
    repeated  numbers of rows whose channel and external id were there already
    """

    profile: str
    encoding: str
    rows: int = 0
    loaded: list[str] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


Progress = Callable[[int, int], None]


def import_file(
    units: UnitOfWorkFactory, path: Path, profiles: Path, *, by: str, name: str | None = None, progress: Progress
) -> IntakeReport:
    """Import a CSV file, row by row in groups; a second time it finds every case already there.

    Reads    the profiles of a folder; `name` picks one, otherwise the headers do
    Returns  the report; `progress` is told the bytes read and the size
    Raises   Invalid, NotFound where the file as a whole is wrong; nothing was loaded then
    """
    with open_table(path) as table:
        profile = choose(load_profiles(profiles), table.headers, name)
        report = IntakeReport(profile.name, table.encoding)
        with units(read_only=True) as uow:
            definitions.find_process(uow, PROCESS)
        for group in _groups(table):
            with units() as uow, uow.grouped():
                for row in group:
                    _load(uow, profile, row, report, by=by)
            progress(_position(group, table), table.size)
        if report.rows == 0:
            raise Invalid(problems=[Problem("intake-no-rows", "", "The file has a header and no rows.")])
        return report


def _groups(table: Table) -> Iterator[list[Row | BrokenRow]]:
    rows = table.rows()
    while group := list(islice(rows, GROUP)):
        yield group


def _position(group: list[Row | BrokenRow], table: Table) -> int:
    return next((row.position for row in reversed(group) if isinstance(row, Row)), table.size)


def _load(uow: UnitOfWork, profile: Profile, row: Row | BrokenRow, report: IntakeReport, *, by: str) -> None:
    """Load one row; a bad one leaves nothing behind and does no harm to the others of its group."""
    report.rows += 1
    if isinstance(row, BrokenRow):
        report.bad.append(BadRow(row.number, (row.problem,)))
        return
    try:
        incoming = read_row(profile, row.cells)
        with uow.savepoint():
            case, created = report_case(uow, incoming.case, by=by)
            if created:
                _take_over(uow, case, incoming, profile, by=by)
    except EngineError as error:
        report.bad.append(BadRow(row.number, error.problems or (_whole(error),)))
        return
    if created:
        report.loaded.append(case.id)
    else:
        report.repeated.append(row.number)


def _take_over(uow: UnitOfWork, case: Case, incoming: Incoming, profile: Profile, *, by: str) -> None:
    """Give a case with a past the clock that the other system ran for it."""
    if not case.historic or incoming.target_at is None:
        return
    policy = definitions.model_of(uow, definitions.find_process(uow, PROCESS).id).policy
    limit = fixed_deadlines.FixedLimit(
        kind=CASE,
        subject_type=CASE,
        subject_id=case.id,
        business_key=case.id,
        name=case.title[:200],
        started_at=case.reported_at,
        due_at=incoming.target_at,
        stopped_at=case.closed_at,
        source={"profile": profile.name, "external_id": case.external_id},
    )
    fixed_deadlines.open_fixed(uow, limit, policy, actor=by)


def _whole(error: EngineError) -> Problem:
    return Problem(error.key, "", error.message, dict(error.details))
