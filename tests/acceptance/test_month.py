"""A month of articles, disputes and patrols, worked on by robots: everything is closed or waits for what can come."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text

from api import demo_matters
from api.bootstrap import open_city
from api.config import ROOT
from api.demo import read_people
from api.new_passwords import new_password
from api.simulate.habits import load_habits
from api.simulate.local_floor import LocalFloor
from api.simulate.shift import Shift
from api.simulate.stage import LocalStage
from api.simulate.trial import HABITS
from engine.clock import FixedClock
from engine.jobs.executor import Executor
from engine.persistence.engine import make_engine
from engine.services import incidents, jobs
from registers.org import AccountRegister
from tests.api_city import settings_for
from tests.builders.lawful import waiting_for_nothing, without_an_open_activity

BEGINS = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=31)
ROLES = frozenset(
    {
        "acceptor",
        "grid_worker",
        "institution_mediator",
        "knowledge_editor",
        "knowledge_reviewer",
        "mediation_committee",
        "mediator",
        "patrol_manager",
        "unit_admin",
    }
)
FLOWS = (
    "knowledge_publish",
    "knowledge_offshelf",
    "knowledge_correction",
    "mediation",
    "patrol_schedule",
    "patrol_task",
)


@pytest.fixture
def lived(city_url):
    """Live through the month in this process; give what was done, and the address of the city."""
    clock = FixedClock(BEGINS)
    city = open_city(settings_for(city_url), clock)
    people = add_people(city)
    with city.units() as uow:
        demo_matters.furnish(uow, ROOT / "rules")
    habits = load_habits(ROOT / HABITS)
    floor = LocalFloor(city.units, habits, people, left=(), random=Random(2))
    arrivals = list(demo_matters.arrivals(city, ROOT / "rules", BEGINS, ENDS, Random(2)))
    shift = Shift(LocalStage(city.units, clock, Executor(city.units)), floor, habits, seed=2, at_once=1)
    tally = shift.run(until=ENDS, arrivals=arrivals)
    with city.units(read_only=True) as uow:
        open_incidents = incidents.list_page(uow, status="open").items
        failed = jobs.list_page(uow, status="failed").items
    city.units.engine.dispose()
    assert (tally.refused, open_incidents, failed) == ([], (), ())
    return tally, city_url


def add_people(city) -> dict[str, frozenset[str]]:
    """Add the people of the demonstration city who work in these flows; give everybody's groups."""
    people = [one for one in read_people(ROOT / "rules") if ROLES & {group.partition("@")[0] for group in one.groups}]
    password = new_password([person.login for person in people])
    with city.units() as uow:
        accounts = uow.get(AccountRegister)
        for person in people:
            if accounts.find_by_login(person.login) is None:
                accounts.add(person.login, person.name, password, groups=person.groups)
        uow.commit()
    return {person.login: frozenset(person.groups) for person in people}


def rows(url: str, query: str) -> dict[str, int]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {key: number for key, number in connection.execute(text(query))}  # noqa: C416  rows are no pairs
    engine.dispose()
    return found


@pytest.mark.rows("R005", "R096", "R101", "R104", "R167", "R202", "R213", "R216")
def test_after_a_month_every_instance_is_closed_or_waits_for_what_can_come(lived):
    tally, url = lived
    assert waiting_for_nothing(url) == []
    assert without_an_open_activity(url) == []
    states = rows(url, "SELECT status, count(*) FROM process_instance GROUP BY status")
    assert set(states) <= {"active", "completed", "terminated", "cancelled"}
    started = rows(url, "SELECT process_key, count(*) FROM process_instance GROUP BY process_key")
    assert all(started.get(flow) for flow in FLOWS)
    # Findings on patrol have become cases with a process each.
    found = rows(url, "SELECT 'cases', count(DISTINCT case_id) FROM patrol_finding WHERE case_id IS NOT NULL")
    assert started.get("case_lifecycle", 0) == found["cases"] > 0
    articles = rows(url, "SELECT status, count(*) FROM article GROUP BY status")
    assert articles["on_shelf"] > 20
    assert articles["off_shelf"] >= 1
    disputes = rows(url, "SELECT status, count(*) FROM dispute GROUP BY status")
    assert disputes["closed"] >= 1
    assert sum(disputes.values()) == 26
    patrols = rows(url, "SELECT status, count(*) FROM patrol_task GROUP BY status")
    assert patrols["finished"] > 60
    done = Counter({name: tally.done[name] for name in ("review_article", "mediation_session", "patrol")})
    assert min(done.values()) > 0
