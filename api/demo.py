"""The demonstration city: a month of cases that its people have worked on, up to this minute.

The month is lived through in this process under a clock of its own, which begins a month ago and stops now; from then
on the city runs on real time. What was left lying in the last days gives every inbox work and every light a case.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from api import demo_matters
from api.bootstrap import opened_city
from api.case_reporting import report_case
from api.city_loading import load_city, read_rows, read_text
from api.config import Settings
from api.context import City
from api.intake.profiles import Profile, load_profiles
from api.intake.rows import read_row
from api.new_passwords import new_password
from api.simulate.habits import Habits, load_habits
from api.simulate.local_floor import LocalFloor
from api.simulate.shift import Arrival, Shift
from api.simulate.stage import LocalStage
from api.simulate.trial import HABITS
from api.source_files import default_paths, read_files, resources
from engine.clock import FixedClock
from engine.jobs.executor import Executor
from engine.model.history import HistoryEvent
from engine.persistence import migrate
from engine.ports import UnitOfWork, UnitOfWorkFactory
from engine.services import deployments, history
from registers.cases import CaseQuery, CaseRegister, NewCase
from registers.org import AccountRegister

BY = "demo"
BEGUN, LIVED = "demo.month_begun", "demo.month_lived"
STANDARD = "standard"
SEED = 20261123
# The first people have to be there before the first case.
BEFORE = timedelta(hours=1)
# Since when before the end, and how likely, tasks are left lying: a few old ones, most of the fresh ones.
LEFT = ((timedelta(days=6), 0.12), (timedelta(hours=20), 0.4), (timedelta(hours=5), 0.8))

# Nobody watches the clock here: it may leap further than in a trial.
STEP = timedelta(hours=1)

Month = list[tuple[datetime, NewCase]]
Stage = Callable[[str], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demonstration."""

    login: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """What there is to show; `password` only where accounts were made just now."""

    people: tuple[DemoPerson, ...]
    password: str | None
    cases: int
    steps: int


def prepare_demo(settings: Settings, stage: Stage, progress: Progress) -> Demo:
    """Make the demonstration city, or bring an existing one up to date; its data stay.

    stage      is told what is being done, progress how many of the cases have come in
    """
    stage("schema")
    migrate.upgrade(settings.database_url)
    now = datetime.now(UTC)
    to_live, starts_at = _plan(settings, now)
    clock = FixedClock(starts_at)
    with opened_city(settings, clock) as city:
        people, password = _furnish(city, stage)
        steps = 0
        if to_live:
            stage("month")
            _note(city, BEGUN)
            steps = _live(city, clock, to_live, now, progress)
            _note(city, LIVED)
        with city.units(read_only=True) as uow:
            cases = uow.get(CaseRegister).count(CaseQuery(), exact=True).total
    return Demo(people, password, cases, steps)


def _furnish(city: City, stage: Stage) -> tuple[tuple[DemoPerson, ...], str | None]:
    """Deploy, load the city, add its people; returns them, and their password where one was needed."""
    root = city.settings.data_root
    stage("deploy")
    with city.units() as uow:
        deployments.deploy(uow, resources(read_files(default_paths(root))), note="demo", by=BY)
    stage("city")
    with city.units() as uow:
        load_city(uow, root / "rules")
    stage("people")
    people = read_people(root / "rules")
    password = _add_people(city.units, people)
    with city.units() as uow:
        demo_matters.furnish(uow, root / "rules")
    return people, password


def read_people(rules: Path) -> tuple[DemoPerson, ...]:
    """Read `rules/city/accounts.csv`: login, name, groups separated by semicolons."""
    rows = read_rows(rules / "city" / "accounts.csv")
    return tuple(DemoPerson(row["login"], row["name"], tuple(row["groups"].split(";"))) for row in rows)


def read_month(rules: Path, now: datetime) -> Month:
    """Read `rules/city/cases.csv`, moved by whole days so that the last case came in just now; oldest first."""
    profile = next(one for one in load_profiles(rules / "intake") if one.name == STANDARD)
    cases = _read_cases(profile, rules / "city" / "cases.csv")
    last = max(at for at, _ in cases)
    shift = timedelta(days=(now - last).days)
    return sorted(((at + shift, _moved(new, shift)) for at, new in cases), key=lambda one: one[0])


def _read_cases(profile: Profile, file: Path) -> list[tuple[datetime, NewCase]]:
    rows = csv.DictReader(io.StringIO(read_text(file), newline=""))
    found = (read_row(profile, row).case for row in rows)
    return [(new.reported_at, new) for new in found if new.reported_at is not None]


def _moved(new: NewCase, shift: timedelta) -> NewCase:
    occurred = None if new.occurred_at is None else new.occurred_at + shift
    reported = None if new.reported_at is None else new.reported_at + shift
    return replace(new, occurred_at=occurred, reported_at=reported)


def _plan(settings: Settings, now: datetime) -> tuple[Month, datetime]:
    """Return the cases that are still to come in, and when the clock begins.

    A fresh city gets the whole month; one whose month was interrupted gets the rest; any other is left as it is.
    """
    month = read_month(settings.data_root / "rules", now)
    with opened_city(settings) as city, city.units(read_only=True) as uow:
        cases = uow.get(CaseRegister)
        noted = {event.kind for event in history.events(uow, kinds=(BEGUN, LIVED)).items}
        is_empty = not cases.list_page(CaseQuery(limit=1)).items
        missing = [
            (at, new) for at, new in month if cases.find_by_external_id(new.channel, str(new.external_id)) is None
        ]
    if is_empty:
        return month, month[0][0] - BEFORE
    if noted == {BEGUN} and missing:
        # The clock had not come further than this before the next case was due.
        return missing, min(missing[0][0] + STEP, now)
    return [], now


def _note(city: City, kind: str) -> None:
    """Write down how far the month has come, so that an interrupted one can be finished."""
    event = HistoryEvent(str(uuid4()), city.units.clock.now(), BY, kind, subject_type="demo", subject_id="month")
    with city.units() as uow:
        uow.history.add_event(event)
        uow.commit()


def _add_people(units: UnitOfWorkFactory, people: Sequence[DemoPerson]) -> str | None:
    """Add the accounts that are missing, all with one password; returns it where it was needed."""
    with units() as uow:
        accounts = uow.get(AccountRegister)
        missing = [person for person in people if accounts.find_by_login(person.login) is None]
        if not missing:
            return None
        password = new_password([person.login for person in missing])
        for person in missing:
            accounts.add(person.login, person.name, password, groups=person.groups, must_change=False)
        uow.commit()
    return password


def _live(city: City, clock: FixedClock, month: Month, now: datetime, progress: Progress) -> int:
    """Live through the month; returns how many tasks were done."""
    rules = city.settings.data_root / "rules"
    habits = replace(load_habits(city.settings.data_root / HABITS), step=STEP)
    left = [(now - before, likely) for before, likely in LEFT]
    floor = LocalFloor(city.units, habits, _workers(city, habits), left, Random(SEED))  # noqa: S311  chance, not secrecy
    shift = Shift(LocalStage(city.units, clock, Executor(city.units)), floor, habits, seed=SEED, at_once=1)
    arrivals = [
        Arrival(at, lambda new=new, done=done: _arrive(city, new, done, len(month), progress))  # type: ignore[misc]  # bound now, called later
        for done, (at, new) in enumerate(month, start=1)
    ]
    arrivals += demo_matters.arrivals(city, rules, clock.now(), now, Random(SEED))  # noqa: S311  chance, not secrecy
    return shift.run(until=now, arrivals=arrivals).steps


def _arrive(city: City, new: NewCase, done: int, total: int, progress: Progress) -> None:
    with city.units() as uow:
        report_case(uow, new, by=BY)
    progress(done, total)


def _workers(city: City, habits: Habits) -> Mapping[str, frozenset[str]]:
    """Return who works: everybody with a role that the robots' habits know."""
    roles = {post.role for post in habits.posts} | habits.enlisted | {"grid_leader"}
    with city.units(read_only=True) as uow:
        people = _groups_of(uow)
    return {
        login: groups for login, groups in people.items() if any(group.partition("@")[0] in roles for group in groups)
    }


def _groups_of(uow: UnitOfWork) -> dict[str, frozenset[str]]:
    accounts = uow.get(AccountRegister)
    return {one.login: frozenset(accounts.groups_of(one.id)) for one in accounts.list_accounts(limit=1000)}
