"""Where a simulation takes place: who moves the clock, and who does what is due after it has moved."""

import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from api.children import Child
from api.config import Settings
from api.simulate.wire import Unreachable, Wire
from engine.clock import FixedClock
from engine.jobs.executor import Executor
from engine.ports import UnitOfWorkFactory
from engine.services import jobs

FIRST_LOOK, LONGEST_LOOK = 0.01, 0.1
# A worker that was killed keeps its jobs until its lease ends, which is counted by the simulated clock too.
STALLED_SECONDS, LEASE = 15.0, timedelta(seconds=61)
GIVE_UP_SECONDS = 300.0
# A rung of a paused clock is due at the end of time.
NEVER_YEAR = 9999
WORKER_INTERVAL = "0.05"


class Stage(Protocol):
    """A city whose time is ours."""

    def now(self) -> datetime:
        """Return the city's instant."""
        ...

    def next_due(self) -> datetime | None:
        """Return when a machine has something to do next."""
        ...

    def advance(self, instant: datetime) -> datetime:
        """Move the clock and return when everything that has become due by then is done; returns the instant."""
        ...


@dataclass(slots=True)
class HttpStage:
    """Real server and worker processes; the clock is moved through the interface.

    watch   sees to it that whoever works for us is alive
    """

    wire: Wire
    token: str
    watch: Callable[[], None]

    def now(self) -> datetime:
        """Return the city's instant."""
        return self._state()[0]

    def next_due(self) -> datetime | None:
        """Return when a machine has something to do next."""
        return self._state()[1]

    def advance(self, instant: datetime) -> datetime:
        """Move the clock and wait for the workers."""
        self._put(instant)
        return self._settle()

    def _settle(self) -> datetime:
        """Wait until nothing is due; a job whose worker has died is freed by letting its lease end."""
        look, begun = FIRST_LOOK, time.monotonic()
        seen: datetime | None = None
        since = begun
        while True:
            now, due = self._state()
            if due is None or due > now:
                return now
            if due != seen:
                seen, since = due, time.monotonic()
            if time.monotonic() - since > STALLED_SECONDS:
                self._put(now + LEASE)
                since = time.monotonic()
            if time.monotonic() - begun > GIVE_UP_SECONDS:
                raise Unreachable(f"work that was due at {due} is not done")
            self.watch()
            time.sleep(look)
            look = min(look * 1.5, LONGEST_LOOK)

    def _put(self, instant: datetime) -> None:
        reply = self.wire.ask("PUT", "/clock", self.token, {"now": instant.isoformat()})
        if not reply.is_fine:
            raise Unreachable(reply.problem)

    def _state(self) -> tuple[datetime, datetime | None]:
        reply = self.wire.ask("GET", "/clock", self.token)
        if not reply.is_fine:
            raise Unreachable(reply.problem)
        now, due = (reply.document[name] for name in ("now", "next_due"))
        return datetime.fromisoformat(now), _real(None if due is None else datetime.fromisoformat(due))


@dataclass(slots=True)
class LocalStage:
    """This process alone: its clock is moved directly, and it does what is due itself."""

    units: UnitOfWorkFactory
    clock: FixedClock
    executor: Executor

    def now(self) -> datetime:
        """Return the city's instant."""
        return self.clock.now()

    def next_due(self) -> datetime | None:
        """Return when a machine has something to do next."""
        with self.units(read_only=True) as uow:
            return _real(jobs.next_due(uow))

    def advance(self, instant: datetime) -> datetime:
        """Move the clock and do what is due."""
        self.clock.instant = max(instant.astimezone(UTC), self.clock.instant)
        self.executor.run_due()
        return self.clock.instant


@dataclass(slots=True)
class Servers:
    """A server and a worker of our own, on a free port of this machine."""

    children: Sequence[Child]
    url: str

    @classmethod
    def prepare(cls, settings: Settings, *, threads: int) -> "Servers":
        """Choose a port; nothing is started yet."""
        port = free_port()
        environment = {
            "ZHILI_DATABASE_URL": settings.database_url,
            "ZHILI_DATA_ROOT": str(settings.data_root),
            "ZHILI_CLOCK": "virtual",
        }
        workers = str(min(4, max(1, (os.cpu_count() or 1) - 1) + 1))
        server = ["serve", "--port", str(port), "--workers", workers, "--threads", str(max(2, threads))]
        worker = ["work", "--interval", WORKER_INTERVAL]
        return cls([Child(server, environment), Child(worker, environment)], f"http://127.0.0.1:{port}")

    @property
    def restarts(self) -> int:
        """Return how often one of them had to be started again."""
        return sum(child.restarts for child in self.children)

    def __enter__(self) -> Self:
        """Start them."""
        for child in self.children:
            child.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them in order: the worker first."""
        for child in reversed(self.children):
            child.stop()

    def watch(self) -> None:
        """Start again what has died."""
        for child in self.children:
            child.watch()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _real(due: datetime | None) -> datetime | None:
    return None if due is None or due.year >= NEVER_YEAR else due
