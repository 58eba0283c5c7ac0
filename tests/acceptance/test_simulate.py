"""The trial city: robots carry every case to its end through the interface, also when servers are killed."""

import os
import signal
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from api.article_flow import report_article
from api.bootstrap import open_city
from api.city_loading import read_rows
from api.config import ROOT
from api.credentials import caller_of
from api.intake import import_file
from api.patrol_plans import plan_patrols
from api.schemas.patrol_plans import NewPatrolTemplateSchema
from api.simulate.habits import load_habits
from api.simulate.local_floor import LocalFloor
from api.simulate.shift import Shift
from api.simulate.stage import LocalStage
from api.simulate.trial import HABITS, TrialOptions, TrialReport, run_trial
from engine.clock import FixedClock
from engine.jobs.executor import Executor
from engine.services import user_tasks
from registers.cases import CaseQuery, CaseRegister
from registers.org import AccountRegister, TokenRegister
from registers.patrols import PatrolObjectRegister
from tests.api_city import settings_for

MESSAGES = Path(__file__).parent / "data" / "messages.csv"
CASES = 5


def trial(url: str, look=lambda _tally: None, **options: object) -> TrialReport:
    return run_trial(settings_for(url), TrialOptions(robots=2, **options), look, by="test")


def children_of_mine() -> list[int]:
    """Return the servers and workers that this test's trial has started, and nothing else."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=True
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, args in lines if "api.cli" in args and "--follow-stdin" in args]


@pytest.mark.rows("R005", "R013", "R119")
def test_robots_carry_every_message_to_the_archive_and_all_places_tell_the_same(city_url) -> None:
    report = trial(city_url, file=MESSAGES, seed=3)
    assert report.problems == []
    assert (report.findings.cases, report.findings.statuses) == (CASES, Counter(archived=CASES))
    assert (report.tally.stuck, report.findings.incidents, report.findings.incomplete) == (0, 0, {})
    assert report.tally.done["register"] >= CASES
    assert report.tally.done["archive"] >= CASES
    assert report.tally.now - report.tally.begun_at > timedelta(days=1)
    cards = report.findings.cards
    assert cards["interface"] == cards["database"]
    assert sum(cards["timelines"].values()) == sum(cards["database"].values())


@pytest.mark.rows("R005")
def test_servers_that_are_killed_again_and_again_lose_nothing_and_do_nothing_twice(city_url) -> None:
    killed = []

    def kill(_tally: object) -> None:
        if len(killed) < 6:
            for pid in children_of_mine():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    report = trial(city_url, kill, file=MESSAGES, seed=4)
    assert len(killed) >= 2
    assert report.restarts >= 2
    assert report.problems == []
    assert report.findings.statuses == Counter(archived=CASES)
    city = open_city(settings_for(city_url))
    with city.units(read_only=True) as uow:
        for case in uow.get(CaseRegister).list_page(CaseQuery(limit=200)).items:
            tasks = user_tasks.list_of_case(uow, case.id)
            passages = Counter((task.instance_id, task.activity) for task in tasks)
            assert set(passages.values()) == {1}
    city.units.engine.dispose()


def test_a_trial_that_was_stopped_is_carried_on_by_the_next_one_with_the_same_clock(city_url) -> None:
    first = trial(city_url, file=MESSAGES, seed=5, days=1)
    assert first.findings.statuses["archived"] < CASES
    second = trial(city_url, seed=5)
    assert second.tally.begun_at >= first.tally.now
    assert second.problems == []
    assert second.findings.statuses == Counter(archived=CASES)


def test_robots_leave_no_key_behind(city_url) -> None:
    trial(city_url, file=MESSAGES, days=1)
    city = open_city(settings_for(city_url))
    with city.units(read_only=True) as uow:
        robots = uow.get(AccountRegister).list_accounts(search="robot-", limit=200)
        tokens = [token for robot in robots for token in uow.get(TokenRegister).list_tokens(robot.id)]
    city.units.engine.dispose()
    assert robots
    assert not any(robot.enabled for robot in robots)
    assert {token.revoked_at is not None for token in tokens} == {True}


def local_run(url: str, seed: int) -> tuple[Counter[str], datetime, Counter[str]]:
    """Work in this process with one hand; returns what was done, until when, and how the cases ended."""
    habits = load_habits(ROOT / HABITS)
    clock = FixedClock(habits.start.astimezone(UTC))
    city = open_city(settings_for(url), clock)
    import_file(city.units, MESSAGES, ROOT / "rules" / "intake", by="test", progress=lambda _done, _size: None)
    groups = {f"{post.role}@230100" for post in habits.posts}
    with city.units(read_only=True) as uow:
        departments = [row.code for row in _units(uow)]
    groups |= {f"{role}@{code}" for role in ("handler", "dept_leader") for code in departments}
    floor = LocalFloor(city.units, habits, {"alice": frozenset(groups)}, left=(), random=Random(1))
    tally = Shift(LocalStage(city.units, clock, Executor(city.units)), floor, habits, seed=seed, at_once=1).run()
    assert (tally.stuck, tally.refused) == (0, [])
    with city.units(read_only=True) as uow:
        ended = Counter(case.outcome for case in uow.get(CaseRegister).list_page(CaseQuery(limit=200)).items)
    city.units.engine.dispose()
    return tally.done, tally.now, ended


def _units(uow):
    from registers.org import UnitRegister  # noqa: PLC0415  beside its only use

    return uow.get(UnitRegister).list_units()


def test_one_robot_with_the_same_seed_does_the_same_and_with_another_seed_something_else(databases, city_template):
    results = []
    for seed in (11, 11, 12):
        url = databases.clone(city_template[0])
        results.append(local_run(url, seed))
        databases.drop(url)
    assert results[0] == results[1]
    assert results[0] != results[2]


def test_a_clock_that_was_never_set_begins_after_what_the_city_has_lived_through(city_url) -> None:
    from api.simulate.trial import start_clock  # noqa: PLC0415  beside its only use

    habits = load_habits(ROOT / HABITS)
    later = FixedClock(habits.start + timedelta(days=400))
    city = open_city(settings_for(city_url), later)
    import_file(city.units, MESSAGES, ROOT / "rules" / "intake", by="test", progress=lambda _done, _size: None)
    simulated = open_city(replace(settings_for(city_url), virtual_clock=True))
    assert start_clock(simulated, habits) > later.now()
    assert start_clock(simulated, habits) == simulated.units.clock.now()
    for one in (city, simulated):
        one.units.engine.dispose()


def test_robots_walk_patrols_and_write_articles_over_the_interface(city_url) -> None:
    habits = load_habits(ROOT / HABITS)
    city = open_city(settings_for(city_url), FixedClock(habits.start.astimezone(UTC)))
    rows = [row for row in read_rows(ROOT / "rules/city/articles.csv") if row["until"] == "shelf"]
    with city.units() as uow:
        uow.get(PatrolObjectRegister).load(read_rows(ROOT / "rules/city/patrol_objects.csv"))
        place = uow.get(PatrolObjectRegister).find_by_code("XC-001")
        plan = {"title": "日巡", "category": "school", "unit": "230102", "members": ["walter"], "objects": [place.id]}
        rhythm = {"cycle": "daily", "holiday_rule": "run", "dispatch_time": "09:00"}
        plan_patrols(uow, NewPatrolTemplateSchema().load(plan | rhythm), caller(uow, "pat"))
    with city.units() as uow:
        names = ("topic", "scope", "title", "body", "keywords")
        body = {name: rows[0][name] for name in names} | {"basis": None, "submitted": False}
        report_article(uow, caller(uow, "editor"), body)
    city.units.engine.dispose()
    report = trial(city_url, seed=6, days=12)
    assert report.problems == []
    done = report.tally.done
    assert all(done[name] for name in ("receive_patrol", "patrol", "write_article", "review_article")), done


def caller(uow, login: str):
    return caller_of(uow, uow.get(AccountRegister).find_by_login(login).id)
