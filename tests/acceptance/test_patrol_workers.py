"""Real worker processes that are killed again and again give every patrol once: a small bench/patrol_year."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text

from api.bootstrap import opened_city
from api.children import Child
from api.config import ROOT, Settings
from api.context import City
from engine.ports import UnitOfWork
from engine.services import process_instances
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

MEMBERS = ("alice", "walter", "wendy")
RULES = (HolidayRule.SKIP, HolidayRule.SKIP, HolidayRule.SKIP, HolidayRule.RUN)
FIRST, LAST = date(2026, 9, 28), date(2026, 10, 12)
WORKED = {date(2026, 9, day) for day in (28, 29, 30)} | {date(2026, 10, day) for day in (8, 9, 10, 12)}
LEASE, PATIENCE_SECONDS, STALLED_SECONDS = timedelta(seconds=61), 120.0, 3.0


def days() -> Iterator[date]:
    yield from (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def plan(uow: UnitOfWork, number: int, rule: HolidayRule, place: str) -> str:
    rhythm = Rhythm(
        cycle=Cycle.DAILY, every=1, weekdays=(), month_days=(), holiday_rule=rule, valid_from=FIRST, valid_until=LAST
    )
    new = NewPatrolTemplate(
        title=f"日巡{number}",
        category="school",
        unit="230102",
        checklist=(),
        assignments=tuple(Assignment(member=member, objects=(place,)) for member in MEMBERS),
        rhythm=rhythm,
        dispatch_time="08:00",
        limit=Limit(value=60, unit="自然日", calendar="city"),
        radius_m=80,
    )
    made = uow.get(PatrolTemplateRegister).add(new, by="test")
    start = {"business_key": made.id, "variables": {"template_id": made.id}, "by": "test"}
    uow.get(PatrolTemplateRegister).attach_instance(
        made.id, process_instances.start(uow, "patrol_schedule", **start).id
    )
    return made.id


def prepare(city: City) -> dict[str, HolidayRule]:
    city.move_clock(datetime(2026, 9, 27, 12, 0, tzinfo=UTC))
    place = NewPatrolObject(
        code="XC-1",
        name="某小学",
        category="school",
        risk="high",
        region_code="230102001001",
        longitude=126.61,
        latitude=45.77,
        coordinate_system="GCJ-02",
    )
    plans = {}
    with city.units() as uow, uow.grouped():
        place_id = uow.get(PatrolObjectRegister).add(place).id
        for number, rule in enumerate(RULES):
            plans[plan(uow, number, rule, place_id)] = rule
    return plans


@contextmanager
def workers(url: str, count: int) -> Iterator[list[Child]]:
    environment = {"ZHILI_DATABASE_URL": url, "ZHILI_DATA_ROOT": str(ROOT), "ZHILI_CLOCK": "virtual"}
    children = [Child(["work", "--interval", "0.05"], environment) for _ in range(count)]
    try:
        for child in children:
            child.start()
        yield children
    finally:
        for child in children:
            child.stop()


def is_due(city: City) -> tuple[str, ...]:
    now = city.units.clock.now()
    with city.units(read_only=True) as uow:
        waiting = uow.jobs.list_page(status="waiting", limit=200).items
    return tuple(job.id for job in waiting if job.due_at <= now)


def settle(city: City, children: list[Child], deaths: list[Child]) -> None:
    """Wait until nothing is due, killing some of the workers while they are at it."""
    begun = since = time.monotonic()
    seen: tuple[str, ...] = ()
    while (due := is_due(city)) or deaths:
        if due and deaths and time.monotonic() - begun > 0.1:
            victim = deaths.pop()
            if victim.is_alive:
                os.kill(victim.pid, signal.SIGKILL)
        elif not due:
            deaths.clear()
        for child in children:
            child.watch()
        if due != seen:
            seen, since = due, time.monotonic()
        elif time.monotonic() - since > STALLED_SECONDS:
            # Only what the dead hold is left: their leases end by the same clock.
            city.move_clock(city.units.clock.now() + LEASE)
            since = time.monotonic()
        assert time.monotonic() - begun < PATIENCE_SECONDS, due
        time.sleep(0.02)


@pytest.mark.rows("R167", "R005")
def test_workers_that_are_killed_give_each_member_each_day_once_and_none_on_a_holiday(city_url):
    settings = Settings(database_url=city_url, data_root=ROOT, virtual_clock=True)
    chance = Random(7)
    with opened_city(settings) as city:
        plans = prepare(city)
        with workers(city_url, 3) as children:
            for number, day in enumerate(days()):
                city.move_clock(datetime(day.year, day.month, day.day, 0, 0, 1, tzinfo=UTC))
                settle(city, children, [chance.choice(children)] if number in (1, 4, 10) else [])
        with city.units.engine.connect() as connection:
            found = connection.execute(text("SELECT template_id, occurrence_on, member FROM patrol_task")).all()
            processes = connection.execute(
                text("SELECT business_key FROM process_instance WHERE process_key = 'patrol_task'")
            ).scalars()
            tasks = set(connection.execute(text("SELECT id FROM patrol_task")).scalars())
            carried = Counter(processes)
            incidents = connection.execute(text("SELECT count(*) FROM incident")).scalar_one()
    given = Counter((plan_id, str(day), member) for plan_id, day, member in found)
    expected = {
        (plan_id, day.isoformat(), member)
        for plan_id, rule in plans.items()
        for day in days()
        if rule is HolidayRule.RUN or day in WORKED
        for member in MEMBERS
    }
    assert set(given) == expected
    assert set(given.values()) == {1}
    assert set(carried) == tasks
    assert set(carried.values()) == {1}
    assert incidents == 0
