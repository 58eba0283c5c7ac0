"""`zhili serve`, `zhili work` as processes: they start, answer, end in order, and end with their parent."""

import http.client
import os
import signal
import subprocess
import sys
import time

import pytest

from api.children import Child
from api.config import ROOT
from api.simulate.stage import free_port, is_free

PATIENCE = 60.0


def until(true, what: str) -> None:
    """Wait for something that will come; the patience only ends a test that hangs."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, what
        time.sleep(0.1)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture
def start(database_url):
    """Give a function that starts a command of ours; whatever still runs at the end is killed."""
    started: list[subprocess.Popen] = []

    def run(*arguments: str, stderr: int = subprocess.DEVNULL) -> subprocess.Popen:
        environment = {**os.environ, "ZHILI_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "api.cli", *arguments]
        started.append(subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=stderr))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        if process.stderr is not None:
            process.stderr.close()


def test_a_server_answers_and_ends_in_order_when_asked(start) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1")
    until(lambda: answers(port), "no answer")
    assert not is_free(port)
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == 0
    assert not answers(port)


def test_a_server_with_a_scheduler_keeps_both_and_ends_both(start) -> None:
    port = free_port()
    parent = start("serve", "--port", str(port), "--workers", "1", "--with-scheduler")
    until(lambda: answers(port), "no answer")
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "--ppid", str(parent.pid)], capture_output=True, text=True, check=True
    )
    assert sorted(line.split("api.cli ")[1].split()[0] for line in listed.stdout.splitlines()) == ["serve", "work"]
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(PATIENCE) == 0
    assert not answers(port)


def test_a_worker_ends_in_order_when_asked(start) -> None:
    worker = start("work", "--interval", "0.05", stderr=subprocess.PIPE)
    assert worker.stderr.readline()  # it says when it has begun
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0


def test_a_child_ends_when_its_parent_has_gone(start) -> None:
    worker = start("work", "--follow-stdin")
    worker.stdin.close()
    assert worker.wait(PATIENCE) == 0


def test_a_child_that_was_killed_is_started_again(database_url) -> None:
    child = Child(["work", "--interval", "0.1"], {"ZHILI_DATABASE_URL": database_url})
    child.start()
    try:
        first = child.pid
        assert not child.watch()
        os.kill(first, signal.SIGKILL)
        until(lambda: not child.is_alive, "it lives")
        assert child.watch()
        assert child.is_alive
        assert (child.pid != first, child.restarts) == (True, 1)
    finally:
        child.stop()
    assert child.pid is None
