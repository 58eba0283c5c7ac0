"""Databases for benchmarks: SQLite files of both degrees of durability, and PostgreSQL where there is one."""

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sqlalchemy import Engine, event

from engine.persistence import migrate
from engine.persistence.engine import make_engine

ROOT = Path(__file__).resolve().parent.parent
# Unlike the tests, a benchmark pays for durability.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@dataclass(frozen=True)
class Store:
    """One empty, migrated database, and a second one just like it."""

    name: str
    engine: Engine
    twin: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Let both databases go."""
        self.engine.dispose()
        self.twin.dispose()


@contextmanager
def stores(*, relaxed: bool = True) -> Iterator[list[Store]]:
    """Give one store of every kind that this machine has; all are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zhili-bench-"))
    cluster = _cluster()
    try:
        found = [_sqlite(folder, "FULL")]
        if relaxed:
            found.insert(0, _sqlite(folder, "NORMAL"))
        if cluster is not None:
            found.append(_postgresql(cluster))
        yield found
        for store in found:
            store.close()
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _sqlite(folder: Path, synchronous: str) -> Store:
    engines = [_file(folder / f"{synchronous}-{side}.db", synchronous) for side in ("engine", "bare")]
    return Store(f"SQLite {synchronous}", *engines)


def _file(path: Path, synchronous: str) -> Engine:
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    engine = make_engine(url)
    # After the engine's own pragmas, which ask for FULL.
    event.listen(engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA synchronous={synchronous}"))
    return engine


def _postgresql(cluster: object) -> Store:
    module = _cluster_module()
    engines = []
    for name in ("bench_engine", "bench_bare"):
        module.execute(str(cluster.directory), "CREATE DATABASE {}", name)
        migrate.upgrade(cluster.url(name))
        engines.append(make_engine(cluster.url(name)))
    return Store("PostgreSQL", *engines)


def _cluster() -> object | None:
    module = _cluster_module()
    module.SETTINGS.update(DURABLE)
    try:
        cluster = module.PostgresCluster()
        cluster.start()
    except module.PostgresMissing as error:
        print(f"PostgreSQL is left out: {error}")
        return None
    return cluster


@contextmanager
def postgresql(name: str) -> Iterator[str]:
    """Give the address of an empty database on a durable PostgreSQL server of our own; it is gone afterwards.

    It cleans up behind itself (autovacuum), as a server does that runs for long. Raises RuntimeError without one.
    """
    _cluster_module().SETTINGS.update({"autovacuum": "on"})
    cluster = _cluster()
    if cluster is None:
        raise RuntimeError("there is no PostgreSQL server on this machine")
    try:
        _cluster_module().execute(str(cluster.directory), "CREATE DATABASE {}", name)
        yield cluster.url(name)
    finally:
        cluster.stop()


_LOADED: dict[str, ModuleType] = {}


def _cluster_module() -> ModuleType:
    """Load the cluster of the tests: they are no package that could be installed."""
    if "cluster" not in _LOADED:
        spec = importlib.util.spec_from_file_location("postgres_cluster", ROOT / "tests" / "postgres_cluster.py")
        _LOADED["cluster"] = importlib.util.module_from_spec(spec)
        import sys  # noqa: PLC0415  a dataclass looks its module up there while it is being made

        sys.modules["postgres_cluster"] = _LOADED["cluster"]
        spec.loader.exec_module(_LOADED["cluster"])
    return _LOADED["cluster"]
