"""The worker: a metronome knocks at an executor's door; any number of these processes may run beside each other."""

import logging
import signal
from collections.abc import Callable
from threading import Event
from types import FrameType

from api.bootstrap import opened_city
from api.config import Settings
from engine.jobs.executor import Executor
from engine.jobs.metronome import Metronome


def work(
    settings: Settings, *, interval: float, stopping: Event | None = None, started: Callable[[], None] = lambda: None
) -> None:
    """Work until SIGTERM or SIGINT: the job at hand ends, claimed ones are given back.

    interval   seconds between two beats
    stopping   set from outside: an orderly end without a signal
    started    called once the signals are heard and the metronome beats
    """
    stopping = stopping or Event()
    # A beat that is left out because the one before it still works is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with opened_city(settings) as city:
        metronome = Metronome(Executor(city.units), seconds=interval)
        metronome.start()
        started()
        stopping.wait()
        metronome.stop()
