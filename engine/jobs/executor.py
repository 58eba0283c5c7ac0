"""The executor: fires rungs that were reached and runs jobs that are due, until nothing is due any more."""

import logging
import os
import socket
from threading import Event
from uuid import uuid4

from engine.ports import UnitOfWorkFactory
from engine.services import deadlines, jobs

LOG = logging.getLogger(__name__)
BATCH = 50


def make_owner() -> str:
    """Return a name for a worker that no other has: host, process, and a random part."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class Executor:
    """One worker; any number of them may run beside each other."""

    def __init__(self, open_unit: UnitOfWorkFactory, *, owner: str | None = None) -> None:
        """Work under a name of its own, so that leases tell workers apart."""
        self._open_unit = open_unit
        self.owner = owner or make_owner()
        self._stopping = Event()

    def stop(self) -> None:
        """Finish the job at hand and take no other: for an orderly end."""
        self._stopping.set()

    def run_due(self, *, most: int | None = None) -> int:
        """Run everything that is due now; returns how many jobs were run and rungs fired."""
        done = 0
        while not self._stopping.is_set() and (most is None or done < most) and self._is_due():
            worked = self._fire_rungs() + self._run_batch()
            done += worked
            if worked == 0:
                break
        return done

    def _is_due(self) -> bool:
        """Look before claiming: a beat with nothing to do must not make anybody wait for the write lock."""
        with self._open_unit(read_only=True) as uow:
            next_due = jobs.next_due(uow)
            return next_due is not None and next_due <= uow.clock.now()

    def _fire_rungs(self) -> int:
        with self._open_unit() as uow:
            return deadlines.fire_due(uow, limit=BATCH)

    def _run_batch(self) -> int:
        with self._open_unit() as uow:
            claimed = jobs.claim(uow, owner=self.owner, limit=BATCH)
        for job in claimed:
            if self._stopping.is_set():
                self._release()
                break
            with self._open_unit() as uow:
                if not jobs.run(uow, job, owner=self.owner):
                    LOG.info("job %s %s at %s did not go through", job.id, job.topic, job.element_id)
        return len(claimed)

    def _release(self) -> None:
        with self._open_unit() as uow:
            jobs.release(uow, owner=self.owner)
