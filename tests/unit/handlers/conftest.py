"""Handlers run against a fake job and an in-memory SQLite connection with the small city."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

import handlers.card_warning
import handlers.case_lifecycle
import handlers.dispatch
import handlers.extension
import handlers.knowledge_correction
import handlers.knowledge_offshelf
import handlers.knowledge_publish
import handlers.mediation
import handlers.mediation_coop
import handlers.mediation_revisit
import handlers.mediation_round
import handlers.patrol_schedule
import handlers.patrol_task
import handlers.return_review
import registers
from engine.clock import FixedClock
from engine.persistence.base import Base
from registers.cases import Case, CaseRegister, NewCase
from tests.small_city import COMMUNITY, NOW, load_small_city
from tests.unit.handlers.fake_job import FakeJob

FLOWS = (
    handlers.case_lifecycle,
    handlers.dispatch,
    handlers.return_review,
    handlers.extension,
    handlers.card_warning,
    handlers.knowledge_publish,
    handlers.knowledge_offshelf,
    handlers.knowledge_correction,
    handlers.mediation,
    handlers.mediation_round,
    handlers.mediation_coop,
    handlers.mediation_revisit,
    handlers.patrol_schedule,
    handlers.patrol_task,
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def connection(clock: FixedClock) -> Iterator[Connection]:
    assert registers.__all__
    engine = create_engine("sqlite://", poolclass=StaticPool)
    tables = [table for table in Base.metadata.sorted_tables if not table.name.startswith("deadline")]
    Base.metadata.create_all(engine, tables=tables)
    with engine.connect() as connection:
        load_small_city(connection, clock)
        yield connection
    engine.dispose()


@pytest.fixture
def cases(connection: Connection, clock: FixedClock) -> CaseRegister:
    return CaseRegister(connection, clock)


@pytest.fixture
def new_case(cases: CaseRegister) -> Callable[..., Case]:
    def make(**changes: object) -> Case:
        given = {
            "channel": "hotline",
            "title": "暖气不热",
            "detail": "繁荣小区3号楼室温只有十二度。",
            "label": "供热不足",
            "reporter_code": "citizen1",
            "reported_at": NOW,
            "region_code": COMMUNITY,
        }
        return cases.report(NewCase(**(given | changes)))[0]

    return make


@pytest.fixture
def job(connection: Connection, clock: FixedClock, new_case: Callable[..., Case]) -> FakeJob:
    """Give the job of a case that was just reported."""
    return FakeJob(connection, clock, new_case().id)
