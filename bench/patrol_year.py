"""A simulated year of periodic patrols, with several schedulers that are killed at random: each task exactly once.

    python bench/patrol_year.py                       100,000 tasks on a PostgreSQL server of its own
    python bench/patrol_year.py --tasks 2000 --store sqlite

Real worker processes (`zhili work`) share one virtual clock. Every day the clock is moved to the hour of dispatch;
while they work, one of them is killed with SIGKILL now and then and started again. Afterwards the database is counted.
The exit code is 0 only if every plan gave every member one task on each of its days and on no other, each task has one
process, and no incident is open. Two plans run on holidays too, as their holiday rule says; all others never do.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text
from stores import postgresql

from api.bootstrap import opened_city
from api.children import Child
from api.city_loading import load_city
from api.config import ROOT, Settings
from api.context import City
from api.source_files import default_paths, read_files, resources
from engine.jobs.executor import BATCH
from engine.persistence import migrate
from engine.ports import UnitOfWork
from engine.services import deployments, process_instances
from registers.local_time import LOCAL_ZONE
from registers.org import AccountRegister
from registers.patrols import (
    Assignment,
    Cycle,
    HolidayRule,
    Limit,
    NewPatrolObject,
    NewPatrolTemplate,
    PatrolObjectRegister,
    PatrolTemplateRegister,
    Rhythm,
)
from registers.working_days import WorkingDayRegister

YEAR, CALENDAR, UNIT = 2026, "city", "230102"
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
DISPATCH, MEMBERS, ON_HOLIDAYS_TOO = "08:00", 4, 2
# The rungs of a task lie beyond the year: what is measured is the dispatch.
LIMIT = Limit(value=Decimal(400), unit="自然日", calendar=CALENDAR)
LOOK_SECONDS, STALLED_SECONDS, LEASE = 0.05, 3.0, timedelta(seconds=61)


@dataclass
class Year:
    """What a run is made of, and what it has seen."""

    tasks: int
    schedulers: int
    kills: int
    seed: int
    plans: dict[str, HolidayRule] = field(default_factory=dict)
    killed: int = 0
    restarts: int = 0


def main() -> int:
    """Run, print the figures, return the exit code."""
    year, store = _arguments()
    begun = time.monotonic()
    with _database(store) as url:
        settings = Settings(database_url=url, data_root=ROOT, virtual_clock=True)
        migrate.upgrade(url)
        with opened_city(settings) as city:
            _prepare(city, year)
            prepared = time.monotonic()
            _live(city, year, settings)
            lived = time.monotonic()
            wrong = _count(city, year, lived - prepared)
    print(f"prepared in {prepared - begun:.0f} s, lived in {lived - prepared:.0f} s")
    for line in wrong:
        print(f"WRONG: {line}")
    print("every task exactly once" if not wrong else f"{len(wrong)} violations")
    return 1 if wrong else 0


def _arguments() -> tuple[Year, str]:
    parser = argparse.ArgumentParser(description="a simulated year of periodic patrols")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--schedulers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=60, help="how many schedulers are killed during the year")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("postgresql", "sqlite"), default="postgresql")
    given = parser.parse_args()
    return Year(given.tasks, given.schedulers, given.kills, given.seed), given.store


@contextmanager
def _database(store: str) -> Iterator[str]:
    if store == "postgresql":
        with postgresql("patrol_year") as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="zhili-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'year.db'}"


# ------------------------------------------------------------------------------------------------ the city


def _prepare(city: City, year: Year) -> None:
    """Load the city, its people and its plans on the eve of the year."""
    if city.move_clock is None:
        raise RuntimeError("the clock of this city cannot be moved")
    city.move_clock(datetime(YEAR - 1, 12, 31, 12, 0, tzinfo=UTC))
    with city.units() as uow:
        load_city(uow, ROOT / "rules")
        deployments.deploy(uow, resources(read_files(default_paths(ROOT))), note="", by="bench")
    with city.units() as uow:
        members = [_member(uow, number) for number in range(MEMBERS)]
        days = sum(uow.get(WorkingDayRegister).is_workday(CALENDAR, day) for day in _days())
        every_day = len(list(_days()))
        ordinary = max(1, round((year.tasks - ON_HOLIDAYS_TOO * MEMBERS * every_day) / (MEMBERS * days)))
        rules = [HolidayRule.RUN] * ON_HOLIDAYS_TOO + [HolidayRule.SKIP] * ordinary
        place = uow.get(PatrolObjectRegister).add(_place()).id
        uow.commit()
    for number, rule in enumerate(rules):
        with city.units() as uow, uow.grouped():
            year.plans[_plan(uow, number, rule, members, place)] = rule


def _member(uow: UnitOfWork, number: int) -> str:
    login = f"patrol-member-{number}"
    uow.get(AccountRegister).add(login, f"队员{number}", "Patrol-Year-2026", groups=[f"grid_worker@{UNIT}"])
    return login


def _place() -> NewPatrolObject:
    return NewPatrolObject(
        code="XC-1",
        name="某小学（北门）",
        category="school",
        risk="high",
        region_code="230102001001",
        longitude=126.61,
        latitude=45.76,
        coordinate_system="WGS-84",
    )


def _plan(uow: UnitOfWork, number: int, rule: HolidayRule, members: list[str], place: str) -> str:
    rhythm = Rhythm(
        cycle=Cycle.DAILY, every=1, weekdays=(), month_days=(), holiday_rule=rule, valid_from=FIRST, valid_until=LAST
    )
    new = NewPatrolTemplate(
        title=f"日常巡查 {number}",
        category="school",
        unit=UNIT,
        checklist=(),
        assignments=tuple(Assignment(member=one, objects=(place,)) for one in members),
        rhythm=rhythm,
        dispatch_time=DISPATCH,
        limit=LIMIT,
        radius_m=100,
    )
    templates = uow.get(PatrolTemplateRegister)
    made = templates.add(new, by="bench")
    variables = {"template_id": made.id}
    instance = process_instances.start(uow, "patrol_schedule", business_key=made.id, variables=variables, by="bench")
    templates.attach_instance(made.id, instance.id)
    return made.id


def _days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


# ------------------------------------------------------------------------------------------------ the year


def _live(city: City, year: Year, settings: Settings) -> None:
    """Move the clock from day to day; some moments after some of them a scheduler is killed."""
    chance = random.Random(year.seed)
    moments = Counter(chance.choice(list(_days())) for _ in range(year.kills))
    environment = {
        "ZHILI_DATABASE_URL": settings.database_url,
        "ZHILI_DATA_ROOT": str(settings.data_root),
        "ZHILI_CLOCK": "virtual",
    }
    children = [Child(["work", "--interval", "0.05"], environment) for _ in range(year.schedulers)]
    try:
        for child in children:
            child.start()
        begun = time.monotonic()
        for day in _days():
            _day(city, year, children, day, moments[day], chance)
            if (day + timedelta(days=1)).day == 1:
                print(f"{day:%Y-%m}: {time.monotonic() - begun:.0f} s, {year.killed} killed", flush=True)
    finally:
        for child in children:
            child.stop()
    year.restarts = sum(child.restarts for child in children)


def _day(city: City, year: Year, children: list[Child], day: date, kills: int, chance: random.Random) -> None:
    """Live through the hour of dispatch of one day, until nothing is due any more."""
    hour, minute = (int(part) for part in DISPATCH.split(":"))
    instant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL_ZONE)
    _move(city, instant)
    deaths = sorted(time.monotonic() + chance.uniform(0.05, 1.5) for _ in range(kills))
    seen: tuple[int, str] | None = None
    since = time.monotonic()
    while (left := _left(city)) is not None or deaths:
        while deaths and time.monotonic() > deaths[0]:
            deaths.pop(0)
            _kill(year, chance.choice(children))
        for child in children:
            child.watch()
        if left != seen:
            seen, since = left, time.monotonic()
        elif left is not None and time.monotonic() - since > STALLED_SECONDS:
            # Only leases of the dead are left: they end by the same clock.
            _move(city, city.units.clock.now() + LEASE)
            since = time.monotonic()
        time.sleep(LOOK_SECONDS)


def _left(city: City) -> tuple[int, str] | None:
    """Return a mark of what is due and not done yet, which changes with every job that is done; None where all is."""
    now = city.units.clock.now()
    with city.units(read_only=True) as uow:
        waiting = uow.jobs.list_page(status="waiting", limit=2 * BATCH).items
    due = [job.id for job in waiting if job.due_at <= now]
    return (len(due), due[0]) if due else None


def _move(city: City, instant: datetime) -> None:
    if city.move_clock is not None:
        city.move_clock(max(instant.astimezone(UTC), city.units.clock.now()))


def _kill(year: Year, child: Child) -> None:
    if child.pid is not None and child.is_alive:
        os.kill(child.pid, signal.SIGKILL)
        year.killed += 1


# ------------------------------------------------------------------------------------------------ the count

DONE = {
    "tasks": "SELECT count(*) FROM patrol_task",
    "twice": (
        "SELECT count(*) FROM (SELECT template_id, occurrence_on, member FROM patrol_task "
        "GROUP BY template_id, occurrence_on, member HAVING count(*) > 1) AS doubled"
    ),
    "processes": "SELECT count(*) FROM process_instance WHERE process_key = 'patrol_task'",
    "processes by task": "SELECT count(DISTINCT business_key) FROM process_instance WHERE process_key = 'patrol_task'",
    "user tasks": "SELECT count(*) FROM user_task WHERE process_key = 'patrol_task'",
    "incidents": "SELECT count(*) FROM incident",
    "open jobs": "SELECT count(*) FROM job WHERE kind <> 'timer' AND kind <> 'rung'",
}
ORPHANS = (
    "SELECT count(*) FROM patrol_task WHERE process_instance_id IS NULL OR NOT EXISTS "
    "(SELECT 1 FROM process_instance WHERE process_instance.id = patrol_task.process_instance_id)"
)


def _count(city: City, year: Year, seconds: float) -> list[str]:
    """Compare what is in the database with what the plans and the calendar say."""
    with city.units(read_only=True) as uow:
        worked = {day for day in _days() if uow.get(WorkingDayRegister).is_workday(CALENDAR, day)}
    wanted = {key: set(_days()) if rule is HolidayRule.RUN else worked for key, rule in year.plans.items()}
    expected = sum(len(days) * MEMBERS for days in wanted.values())
    with city.units.engine.connect() as connection:
        found = {name: connection.execute(text(query)).scalar_one() for name, query in DONE.items()}
        found["without a process"] = connection.execute(text(ORPHANS)).scalar_one()
        rows = connection.execute(text("SELECT template_id, occurrence_on, count(*) FROM patrol_task GROUP BY 1, 2"))
        days = Counter({(key, str(day)): number for key, day, number in rows})
    print(
        f"{len(year.plans)} plans, {found['tasks']} tasks in {seconds:.0f} s: {found['tasks'] / seconds:.0f} a second"
    )
    print(f"{year.schedulers} schedulers, {year.killed} killed, {year.restarts} started again; {len(worked)} workdays")
    print(", ".join(f"{name} {number}" for name, number in found.items()))
    wrong = [
        f"{name}: {found[name]}" for name in ("twice", "incidents", "open jobs", "without a process") if found[name]
    ]
    wrong += [f"{name}: {found[name]} of {expected}" for name in EACH if found[name] != expected]
    right = {(key, day.isoformat()): MEMBERS for key, of_plan in wanted.items() for day in of_plan}
    wrong += [
        f"{key} on {day}: {days[key, day]}"
        for key, day in sorted(set(days) | set(right))
        if _differs(days, right, key, day)
    ]
    return wrong


EACH = ("tasks", "processes", "processes by task", "user tasks")


def _differs(days: Counter[tuple[str, str]], right: dict[tuple[str, str], int], key: str, day: str) -> bool:
    return days[key, day] != right.get((key, day), 0)


if __name__ == "__main__":
    sys.exit(main())
