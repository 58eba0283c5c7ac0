"""Running process tests: files are read, scenarios played in towns of their own, everything counted."""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from api.process_tests.library import Library, read_library
from api.process_tests.model import Scenario, Sheet
from api.process_tests.play import ask, play
from api.process_tests.reader import read_sheet
from api.process_tests.report import Named, Outcome, Report, report_of
from api.process_tests.town import Town, build_town
from engine.errors import Invalid, Problem

FOLDER = Path("processes") / "tests"
ENDINGS = (".yaml", ".yml")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tests, and how many at once.

    files  all of `processes/tests` where there are none
    text   stands in the name of the scenario
    """

    files: tuple[Path, ...] = ()
    flow: str | None = None
    text: str = ""
    workers: int = 1

    @property
    def is_everything(self) -> bool:
        """Whether every test is wanted."""
        return not self.files and self.flow is None and not self.text


def run_tests(root: Path, choice: Choice, progress: Progress = lambda _done, _total: None) -> tuple[Report, Library]:
    """Run process tests of a source folder.

    Returns  what came of them, and what they were run on
    Raises   Invalid with one problem per mistake in a file; DeploymentError where the diagrams or tables have one
    """
    begun = time.monotonic()
    library = read_library(root)
    sheets = read_sheets(root, choice, library)
    tasks = [(sheet, one) for sheet in sheets for one in _chosen(sheet, choice)]
    with tempfile.TemporaryDirectory(prefix="zhili-tests-") as folder:
        outcomes: list[Outcome] = []
        if tasks:
            town = build_town(root, library, Path(folder))
            for done, some in enumerate(_outcomes(_Play(town, library, root / "rules"), tasks, choice.workers), 1):
                outcomes += some
                progress(done, len(tasks))
    named = None if choice.is_everything else _named(sheets, choice)
    return report_of(outcomes, library, time.monotonic() - begun, named), library


def read_sheets(root: Path, choice: Choice, library: Library) -> list[Sheet]:
    """Read the files. Raises Invalid with every mistake in every file."""
    files = choice.files or tuple(sorted((root / FOLDER).glob("*.y*ml")))
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for file in files:
        try:
            sheets.append(read_sheet(_content(file), str(file), library))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(problems=problems)
    return [sheet for sheet in sheets if choice.flow in (None, sheet.flow)]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        message = f"There is no file {file}."
        raise Invalid(problems=[Problem("path-missing", str(file), message, {"path": str(file)})]) from None


def _chosen(sheet: Sheet, choice: Choice) -> Iterator[Scenario | None]:
    """Stream the scenarios that are wanted, and None for all questions to tables together."""
    yield from (scenario for scenario in sheet.scenarios if choice.text in scenario.name)
    if sheet.rules and not choice.text:
        yield None


def _named(sheets: Sequence[Sheet], choice: Choice) -> Named:
    """Return what the chosen tests are about: the flows of their files, and the tables that they ask or expect."""
    flows = {sheet.flow for sheet in sheets if any(True for _ in _chosen(sheet, choice))} | {choice.flow}
    scenarios = [one for sheet in sheets for one in _chosen(sheet, choice) if one is not None]
    checks = [check for one in scenarios for step in one.steps for check in step.checks if check.kind == "rows"]
    tables = {str(key) for check in checks if isinstance(check.wanted, dict) for key in check.wanted}
    tables |= {case.decision for sheet in sheets if not choice.text for case in sheet.rules}
    return Named(frozenset(key for key in flows if key is not None), frozenset(tables), choice.flow)


Task = tuple[Sheet, Scenario | None]


@dataclass(frozen=True, slots=True)
class _Play:
    town: Town
    library: Library
    rules: Path

    def __call__(self, task: Task) -> list[Outcome]:
        sheet, scenario = task
        if scenario is None:
            return list(ask(self.town, self.library, sheet))
        return [play(self.town, self.library, self.rules, sheet, scenario)]


# What a worker process works with; a library cannot be sent to it, so it reads its own.
_WORKING: dict[str, _Play] = {}


def _prepare(town: Town, root: Path) -> None:
    _WORKING["play"] = _Play(town, read_library(root), root / "rules")


def _work(task: Task) -> list[Outcome]:
    return _WORKING["play"](task)


def _outcomes(play_one: _Play, tasks: Sequence[Task], workers: int) -> Iterable[list[Outcome]]:
    if workers == 1:
        yield from map(play_one, tasks)
        return
    spawn = multiprocessing.get_context("spawn")
    root = play_one.rules.parent
    with ProcessPoolExecutor(workers, spawn, initializer=_prepare, initargs=(play_one.town, root)) as pool:
        yield from pool.map(_work, tasks, chunksize=1)
