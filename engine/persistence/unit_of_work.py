"""The unit of work: one transaction, its repositories, and the registers that are opened in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine

from engine.clock import Clock
from engine.persistence.deadlines import DeadlineRepository
from engine.persistence.deployments import DeploymentRepository
from engine.persistence.engine import READ_ONLY
from engine.persistence.history import HistoryRepository
from engine.persistence.inboxes import InboxRepository
from engine.persistence.jobs import IncidentRepository, JobRepository
from engine.persistence.process_instances import ProcessInstanceRepository
from engine.persistence.subscriptions import SubscriptionRepository
from engine.persistence.user_tasks import UserTaskRepository
from engine.ports import EngineSettings, definitions, records, running

RegisterType = TypeVar("RegisterType")


class SqlUnitOfWork:
    """One transaction; leaving the block without a commit rolls it back."""

    def __init__(self, engine: Engine, clock: Clock, settings: EngineSettings, *, read_only: bool) -> None:
        """Nothing is connected before the block is entered."""
        self._engine = engine
        self._read_only = read_only
        self._grouped = False
        self.clock = clock
        self.settings = settings

    def __enter__(self) -> Self:
        """Connect; the transaction begins with the first statement."""
        connection = self._engine.connect()
        # The option is always set: a pooled connection object must not keep that of its last user.
        self._connection = connection.execution_options(**{READ_ONLY: self._read_only})
        self._registers: dict[type, object] = {}
        self.deployments: definitions.DeploymentRepository = DeploymentRepository(self._connection)
        self.process_instances: running.ProcessInstanceRepository = ProcessInstanceRepository(self._connection)
        self.user_tasks: running.UserTaskRepository = UserTaskRepository(self._connection)
        self.inboxes: running.InboxRepository = InboxRepository(self._connection, self.settings.facets)
        self.jobs: running.JobRepository = JobRepository(self._connection)
        self.incidents: running.IncidentRepository = IncidentRepository(self._connection)
        self.subscriptions: running.SubscriptionRepository = SubscriptionRepository(self._connection)
        self.history: records.HistoryRepository = HistoryRepository(self._connection)
        self.deadlines: records.DeadlineRepository = DeadlineRepository(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back whatever was not committed, and give the connection back."""
        self._connection.close()

    @property
    def connection(self) -> Connection:
        """Return the connection of the transaction, for registers."""
        return self._connection

    def get(self, register: type[RegisterType]) -> RegisterType:
        """Open a register in this transaction; asking twice gives the same one."""
        if register not in self._registers:
            self._registers[register] = register(self._connection, self.clock)  # type: ignore[call-arg]  # a Register
        return self._registers[register]  # type: ignore[return-value]  # keyed by its own type

    def commit(self) -> None:
        """Make everything durable; in a group, only note it."""
        self.history.flush()
        if not self._grouped:
            self._connection.commit()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo a part of the work when it fails, and keep the rest."""
        mark = self.history.mark()
        nested = self._connection.begin_nested()
        try:
            yield
        except BaseException:
            nested.rollback()
            self.history.reset(mark)
            raise
        nested.commit()

    @contextmanager
    def grouped(self) -> Iterator[None]:
        """Commit several commands at once, when the outermost group ends: far fewer waits for the disk."""
        if self._grouped:
            yield
            return
        self._grouped = True
        try:
            yield
        finally:
            self._grouped = False
        self.commit()


class UnitOfWorkFactory:
    """Opens units of work on one database."""

    def __init__(self, engine: Engine, clock: Clock, settings: EngineSettings | None = None) -> None:
        """Keep what every unit of work needs."""
        self.engine = engine
        self.clock = clock
        self.settings = settings or EngineSettings()

    def __call__(self, *, read_only: bool = False) -> SqlUnitOfWork:
        """Return a unit of work for a `with` block; a reading one never waits for writers."""
        return SqlUnitOfWork(self.engine, self.clock, self.settings, read_only=read_only)
