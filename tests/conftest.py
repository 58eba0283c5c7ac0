"""Databases for tests; each test gets one of its own, already migrated.

`ZHILI_TEST_DATABASE` says where: `sqlite` (default) or `postgresql`. A test that asks for a database, directly or
through another fixture, is marked `database`: those are the tests that run again on PostgreSQL.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.databases import Databases, PostgresDatabases, SqliteDatabases, once
from tests.postgres_cluster import PostgresCluster

KINDS = ("sqlite", "postgresql")
CLUSTER = pytest.StashKey[PostgresCluster]()
SOCKET = pytest.StashKey[str]()

# A slow machine is no failure, and a failing example is printed so that it can be run again.
settings.register_profile("zhili", deadline=None, print_blob=True)
settings.load_profile("zhili")


def pytest_configure(config: pytest.Config) -> None:
    """Start the one PostgreSQL server of the run; the workers of pytest-xdist are told its address."""
    kind = os.environ.get("ZHILI_TEST_DATABASE", "sqlite")
    if kind not in KINDS:
        raise pytest.UsageError(f"ZHILI_TEST_DATABASE is {kind!r}: use {' or '.join(KINDS)}")
    if kind == "sqlite" or config.option.collectonly:
        return
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        config.stash[SOCKET] = worker["postgres_socket"]
        return
    cluster = PostgresCluster()
    cluster.start()
    config.stash[CLUSTER] = cluster
    config.stash[SOCKET] = str(cluster.directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that `pytest_configure` started."""
    cluster = config.stash.get(CLUSTER, None)
    if cluster is not None:
        cluster.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the server is."""
    socket = node.config.stash.get(SOCKET, None)
    if socket is not None:
        node.workerinput["postgres_socket"] = socket


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a database, before `-m` chooses."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Databases:
    """Give the place where this worker's databases are made, copied and dropped."""
    socket = pytestconfig.stash.get(SOCKET, None)
    if socket is None:
        return SqliteDatabases(tmp_path_factory.mktemp("databases"))
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return PostgresDatabases(socket, f"test_{worker}")


@pytest.fixture(scope="session")
def migrated_template(databases: Databases) -> Callable[[], str]:
    """Give a function that returns the address of a migrated database to copy, never to write to."""
    return once(databases)


@pytest.fixture
def new_database(databases: Databases, migrated_template: Callable[[], str]) -> Iterator[Callable[..., str]]:
    """Give a function that makes another database for this test: `new_database()` or `new_database(migrated=False)`."""
    made: list[str] = []

    def make(*, migrated: bool = True) -> str:
        made.append(databases.clone(migrated_template()) if migrated else databases.create())
        return made[-1]

    yield make
    for url in made:
        databases.drop(url)


@pytest.fixture
def database_url(new_database: Callable[..., str]) -> str:
    """Give the address of this test's own migrated database."""
    return new_database()


@pytest.fixture
def empty_database_url(new_database: Callable[..., str]) -> str:
    """Give the address of a database without any table."""
    return new_database(migrated=False)


@pytest.fixture(scope="module")
def module_database_url(databases: Databases, migrated_template: Callable[[], str]) -> Iterator[str]:
    """Give one migrated database to all tests of a module: for expensive data that the tests only read."""
    url = databases.clone(migrated_template())
    yield url
    databases.drop(url)
