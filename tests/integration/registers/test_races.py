"""Several transactions at once: numbers, external ids, counters of failed sign-ins."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine

import registers
from engine.clock import FixedClock
from engine.persistence.base import Base
from engine.persistence.engine import make_engine
from registers.cards import CardColour, CardQuery, CardRegister, NewCard
from registers.cases import CaseQuery, CaseRegister, MasterUnfit, NewCase
from registers.notices import NewNotice, NoticeRegister
from registers.org import AccountRegister, passwords
from tests.small_city import JIEDAO, NOW, load_small_city

CROWD = 8
CLOCK = FixedClock(NOW)


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    assert registers.__all__
    engine = make_engine(empty_database_url)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        load_small_city(connection, CLOCK)
    yield engine
    engine.dispose()


def at_once(engine: Engine, act: Callable[[Connection], object]) -> list[object]:
    """Let a crowd do the same, each in a transaction of her own, all starting together."""
    barrier = Barrier(CROWD)

    def one(_number: int) -> object:
        barrier.wait()
        with engine.begin() as connection:
            return act(connection)

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def new(external_id: str | None = None) -> NewCase:
    return NewCase(
        channel="hotline",
        external_id=external_id,
        title="井盖破损",
        detail="夜间危险",
        anonymous=True,
        reported_at=NOW,
        region_code=JIEDAO,
    )


def test_no_case_number_is_given_twice_and_none_is_skipped(engine):
    def file(connection: Connection) -> str | None:
        cases = CaseRegister(connection, CLOCK)
        return cases.file(cases.report(new())[0].id, condition=None, closing_condition=None).case_no

    numbers = sorted(str(number) for number in at_once(engine, file))
    assert [number[-5:] for number in numbers] == [f"{serial:05d}" for serial in range(1, CROWD + 1)]


def test_the_same_message_pushed_many_times_at_once_is_one_case(engine):
    outcomes = at_once(engine, lambda connection: CaseRegister(connection, CLOCK).report(new("A1")))
    assert len({case.id for case, _ in outcomes}) == 1
    assert [created for _, created in outcomes].count(True) == 1
    with engine.connect() as connection:
        assert CaseRegister(connection, CLOCK).count(CaseQuery(), exact=True).total == 1


def test_a_rung_that_fires_in_two_workers_gives_one_card_and_one_notice(engine):
    card = NewCard(
        colour=CardColour.RED,
        case_id=None,
        subject_type="user_task",
        subject_id="t1",
        deadline_id="d1",
        rung="R1",
        round=1,
        holder=None,
        unit=None,
        name="处置",
    )
    notice = NewNotice(
        kind="deadline.red", title="红牌", text="", business_key=None, subject="t1", rung="d1:R1", round=1
    )
    assert [new for _, new in at_once(engine, lambda c: CardRegister(c, CLOCK).issue(card))].count(True) == 1
    assert sum(at_once(engine, lambda c: NoticeRegister(c, CLOCK).send(notice, ["alice"]))) == 1
    with engine.connect() as connection:
        assert CardRegister(connection, CLOCK).count(CardQuery())[CardColour.RED] == 1


def test_no_failed_sign_in_is_lost(engine, monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with engine.begin() as connection:
        AccountRegister(connection, CLOCK).add("alice", "王丽", "Winter-2026-Snow")
    at_once(engine, lambda connection: AccountRegister(connection, CLOCK).verify("alice", "wrong"))
    with engine.connect() as connection:
        assert AccountRegister(connection, CLOCK).find_by_login("alice").locked_until is not None


def test_two_cases_are_never_merged_into_each_other(engine):
    with engine.begin() as connection:
        one, other = (CaseRegister(connection, CLOCK).report(new())[0].id for _ in range(2))
    begun = Event()

    def merge_back() -> None:
        begun.set()
        with engine.begin() as connection:
            CaseRegister(connection, CLOCK).merge(other, master_case_id=one)

    with ThreadPoolExecutor(1) as second:
        with engine.begin() as connection:
            CaseRegister(connection, CLOCK).merge(one, master_case_id=other)
            late = second.submit(merge_back)
            begun.wait()
            with suppress(TimeoutError):
                late.result(timeout=0.3)
        with pytest.raises(MasterUnfit):
            late.result()
    with engine.connect() as connection:
        assert CaseRegister(connection, CLOCK).get(other).master_case_id is None


def test_no_case_is_merged_into_one_that_was_withdrawn_meanwhile(engine):
    with engine.begin() as connection:
        cases = CaseRegister(connection, CLOCK)
        one, other = (cases.report(new())[0].id for _ in range(2))
        cases.withdraw(other, reason="上报人撤销")
        with pytest.raises(MasterUnfit):
            cases.merge(one, master_case_id=other)
