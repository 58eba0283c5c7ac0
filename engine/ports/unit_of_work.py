"""One transaction, and how to open one."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self, TypeVar

from engine.clock import Clock
from engine.ports.definitions import DeploymentRepository
from engine.ports.records import DeadlineRepository, HistoryRepository
from engine.ports.running import (
    InboxRepository,
    IncidentRepository,
    JobRepository,
    ProcessInstanceRepository,
    SubscriptionRepository,
    UserTaskRepository,
)
from engine.ports.settings import EngineSettings

RegisterType = TypeVar("RegisterType")


class UnitOfWork(Protocol):
    """One transaction; leaving the block without a commit rolls it back."""

    clock: Clock
    settings: EngineSettings
    deployments: DeploymentRepository
    process_instances: ProcessInstanceRepository
    user_tasks: UserTaskRepository
    inboxes: InboxRepository
    jobs: JobRepository
    incidents: IncidentRepository
    subscriptions: SubscriptionRepository
    history: HistoryRepository
    deadlines: DeadlineRepository

    def __enter__(self) -> Self:
        """Open the transaction."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        ...

    def get(self, register: type[RegisterType]) -> RegisterType:
        """Open a register in this transaction."""
        ...

    def commit(self) -> None:
        """Make everything durable."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo a part of the work when it fails, and keep the rest."""
        ...

    def grouped(self) -> AbstractContextManager[None]:
        """Commit several commands at once, when the block ends."""
        ...


class UnitOfWorkFactory(Protocol):
    """Opens units of work."""

    @property
    def clock(self) -> Clock:
        """Return the clock that all of them share."""
        ...

    @property
    def settings(self) -> EngineSettings:
        """Return the installation's settings."""
        ...

    def __call__(self, *, read_only: bool = False) -> UnitOfWork:
        """Return a unit of work for a `with` block."""
        ...
