"""A connection whose changes are undone after each test, on the database that `ZHILI_TEST_DATABASE` names."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, create_engine, event

import registers
from engine.clock import FixedClock
from engine.persistence.base import Base
from registers.org import passwords
from tests.databases import Databases
from tests.small_city import NOW, load_small_city


@pytest.fixture(scope="session")
def register_engine(databases: Databases) -> Iterator[Engine]:
    """Give a database with the tables of all registers."""
    assert registers.__all__
    url = databases.create()
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def connection(register_engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that is rolled back."""
    with register_engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def clock() -> FixedClock:
    """Give a clock that the test moves."""
    return FixedClock(NOW)


@pytest.fixture
def city(connection: Connection, clock: FixedClock) -> Connection:
    """Give the connection with the small city on it."""
    load_small_city(connection, clock)
    return connection


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little memory: what is tested is what follows from them."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
