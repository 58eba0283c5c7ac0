"""Registers ask the calendar that is deployed, in its latest version."""

from datetime import date

import pytest

from api.config import ROOT
from api.source_files import read_files, resources
from engine.errors import NotFound
from engine.services import deployments
from registers.working_days import WorkingDayRegister
from tests.builders.world import World


@pytest.fixture
def world(database_url):
    made = World(database_url)
    yield made
    made.close()


def deploy(world: World, amended: str = "") -> None:
    files = resources(read_files([ROOT / "rules" / "calendars"]))
    changed = [
        deployments.resource(one.name, one.content + amended.encode()) if one.name.endswith("city.csv") else one
        for one in files
    ]
    with world.open() as uow:
        deployments.deploy(uow, changed, note="", by="test")


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a make-up Saturday
        (date(2026, 2, 16), False),  # Spring Festival
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 10), True),  # a make-up Saturday
        (date(2026, 11, 21), False),  # a plain Saturday
    ],
)
def test_holidays_and_make_up_workdays_are_those_of_the_deployed_calendar(world, day, worked):
    deploy(world)
    with world.open(read_only=True) as uow:
        assert uow.get(WorkingDayRegister).is_workday("city", day) is worked


def test_the_nearest_workday_lies_before_or_after_a_holiday(world):
    deploy(world)
    with world.open(read_only=True) as uow:
        days = uow.get(WorkingDayRegister)
        assert days.next_workday("city", date(2026, 10, 3)) == date(2026, 10, 8)
        assert days.previous_workday("city", date(2026, 10, 3)) == date(2026, 9, 30)
        assert days.next_workday("city", date(2026, 10, 8)) == date(2026, 10, 8)
        assert days.previous_workday("city", date(2026, 10, 8)) == date(2026, 10, 8)


def test_an_amended_calendar_holds_from_its_deployment_on(world):
    deploy(world)
    with world.open(read_only=True) as uow:
        assert uow.get(WorkingDayRegister).is_workday("city", date(2026, 12, 2)) is True
    deploy(world, "2026-12-02,holiday,停工令,test\n")
    with world.open(read_only=True) as uow:
        assert uow.get(WorkingDayRegister).is_workday("city", date(2026, 12, 2)) is False


def test_a_calendar_that_is_not_deployed_is_named(world):
    with world.open(read_only=True) as uow, pytest.raises(NotFound, match="calendar moon"):
        uow.get(WorkingDayRegister).is_workday("moon", date(2026, 1, 1))
