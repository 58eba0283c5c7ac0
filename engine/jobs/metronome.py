"""The metronome: APScheduler with one interval job and nothing in its store.

All due work is in our tables. Any number of processes may run a metronome; a missed beat costs nothing, because the
next one finds the same rows.
"""

import logging
from datetime import UTC

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from engine.jobs.executor import Executor

LOG = logging.getLogger(__name__)


class Metronome:
    """Knocks at the executor's door every `seconds`."""

    def __init__(self, executor: Executor, *, seconds: float = 1.0) -> None:
        """Prepare; nothing runs before `start`."""
        self._executor = executor
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            timezone=UTC,
        )
        self._scheduler.add_job(
            self._beat, "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to knock."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let the job at hand end, and knock no more."""
        self._executor.stop()
        self._scheduler.shutdown(wait=True)

    def _beat(self) -> None:
        # A beat that fails (the database is away, say) is logged; the next beat tries again.
        try:
            self._executor.run_due()
        except Exception:
            LOG.exception("the scheduler's beat failed; the next one tries again")
