"""An engine for one test: its database, its clock, and short words for the commands."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from engine.clock import FixedClock
from engine.jobs.executor import Executor
from engine.model.deployment import Resource
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import InboxQuery, UserTask
from engine.persistence.engine import make_engine
from engine.persistence.unit_of_work import UnitOfWorkFactory
from engine.ports import EngineSettings
from engine.services import deployments, process_instances, user_tasks

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class World:
    """Alice is a clerk; Bob leads; Charlie belongs nowhere."""

    groups: Mapping[str, tuple[str, ...]] = {"alice": ("clerks",), "bob": ("leaders", "clerks"), "charlie": ()}

    def __init__(self, url: str, settings: EngineSettings | None = None) -> None:
        self.clock = FixedClock(MONDAY)
        self.engine = make_engine(url)
        self.open = UnitOfWorkFactory(self.engine, self.clock, settings or EngineSettings(facets=("category",)))
        self.worker = Executor(self.open, owner="worker")

    def close(self) -> None:
        self.engine.dispose()

    def deploy(self, files: list[Resource]) -> deployments.DeploymentResult:
        with self.open() as uow:
            return deployments.deploy(uow, files, note="test", by="designer")

    def start(self, key: str = "p", business_key: str | None = "case-1", **variables: object) -> ProcessInstance:
        with self.open() as uow:
            return process_instances.start(uow, key, business_key=business_key, variables=variables, by="alice")

    def instance(self, instance_id: str) -> ProcessInstance:
        with self.open(read_only=True) as uow:
            return process_instances.get(uow, instance_id)

    def inbox(self, user: str, **query: object) -> list[UserTask]:
        with self.open(read_only=True) as uow:
            page = user_tasks.inbox(uow, InboxQuery(user=user, groups=self.groups[user], now=self.clock.now(), **query))
            return list(page.items)

    def complete(self, task: UserTask, user: str = "alice", **submission: object) -> UserTask:
        with self.open() as uow:
            return user_tasks.complete(uow, task.id, submission=submission, by=user, groups=self.groups[user])

    def later(self, **duration: float) -> int:
        """Let time pass, then let the worker do what is due."""
        self.clock.advance(timedelta(**duration))
        return self.worker.run_due()
