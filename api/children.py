"""Child processes of this program: started, watched, started again when they die, ended in order.

A child reads its standard input until it ends: when its parent dies, however violently, it ends by itself.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from api.config import ROOT

PATIENCE_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
# A child that has lived this long had started well: the next pause is short again.
SETTLED_SECONDS = 10.0


@dataclass(slots=True)
class Child:
    """One command of ours in a process of its own; `restarts` counts how often it had to be started again."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    restarts: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _pause: float = FIRST_PAUSE
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def pid(self) -> int | None:
        """Return its process id while it was started."""
        return None if self._process is None else self._process.pid

    @property
    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "api.cli", *self.arguments, "--follow-stdin"]
        # Our own program with our own arguments; no shell takes part. A terminal's Ctrl-C is for the parent alone.
        self._process = subprocess.Popen(  # noqa: S603
            command, env=environment() | dict(self.environment), stdin=subprocess.PIPE, start_new_session=True
        )
        self._started = time.monotonic()

    def watch(self) -> bool:
        """Start it again if it has died, after a pause that grows while it keeps dying; tell whether it was."""
        with self._lock:
            if self.is_alive:
                return False
            lived = time.monotonic() - self._started
            self._pause = FIRST_PAUSE if lived > SETTLED_SECONDS else min(self._pause * 2, LONGEST_PAUSE)
            time.sleep(self._pause)
            self.restarts += 1
            self._let_go()
            self.start()
            return True

    def stop(self) -> None:
        """End it in order; after its patience it is killed."""
        process = self._process
        if process is None:
            return
        self._let_go()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._process = None

    def _let_go(self) -> None:
        """Close the pipe that tells the child that we are here."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


def environment() -> dict[str, str]:
    """Return the environment in which a process of ours finds the program, wherever it was started from."""
    folders = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}


def follow_stdin(end: Callable[[], None]) -> None:
    """Call `end` as soon as the standard input of this process ends: its parent has gone."""

    def follow() -> None:
        while os.read(0, 1024):
            pass
        end()

    threading.Thread(target=follow, daemon=True).start()


def end_this() -> None:
    """Ask this process to end in order."""
    os.kill(os.getpid(), signal.SIGTERM)


def supervise(children: Sequence[Child], stopping: threading.Event, *, every: float = 1.0) -> None:
    """Start children and keep them alive until `stopping` is set; the last one started is ended first."""
    try:
        for child in children:
            child.start()
        while not stopping.wait(every):
            for child in children:
                child.watch()
    finally:
        for child in reversed(children):
            child.stop()
