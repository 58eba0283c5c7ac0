"""A private PostgreSQL server for one test run: made in a temporary directory, stopped by its own process id.

It listens on a Unix socket in that directory only: no port to fight for, nobody else on the machine can reach it.
Durability is switched off (`fsync`), because the data die with the run anyway.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "zhili"
START_SECONDS = 60
STOP_SECONDS = 20
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # A city's server keeps local time: an instant that depends on the server's zone must not pass a test.
    "timezone": "Asia/Shanghai",
}


class PostgresMissing(Exception):
    """There is no PostgreSQL server on this machine, or it does not start."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that runs the server; None keeps our own (PostgreSQL refuses to run as root)."""

    name: str
    uid: int
    gid: int


def find_binaries() -> Path:
    """Return the directory that holds `initdb` and `postgres`: the newest Debian version, else the one on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        message = "no initdb found: install Debian's package postgresql, or run `make test`, which does it"
        raise PostgresMissing(message)
    return Path(found).resolve().parent


def _server_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    message = "run as root, the server needs an unprivileged account: neither postgres nor nobody exists"
    raise PostgresMissing(message)


class PostgresCluster:
    """One running server; `start` makes it, `stop` ends it and removes its directory."""

    def __init__(self) -> None:
        self._binaries = find_binaries()
        self._account = _server_account()
        self.directory = Path(tempfile.mkdtemp(prefix="zhili-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the cluster and wait until it answers; raises PostgresMissing with the server's own words."""
        if self._account is not None:
            os.chown(self.directory, self._account.uid, self._account.gid)
        try:
            self._initialise()
            self._launch()
            self._await()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server (fast, then hard) and remove all it wrote."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the address of a database of this server, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.directory}"

    def _initialise(self) -> None:
        options = ["--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        command = [str(self._binaries / "initdb"), "--pgdata", str(self.directory / "data"), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_account())
        if done.returncode != 0:
            message = f"initdb failed: {done.stderr.strip() or done.stdout.strip()}"
            raise PostgresMissing(message)

    def _launch(self) -> None:
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._binaries / "postgres"), "-D", str(self.directory / "data"), "-k", str(self.directory)]
        with (self.directory / "log").open("wb") as log:
            # A session of its own: an interrupt of the test run reaches pytest first, which stops us in order.
            self._process = subprocess.Popen(
                [*command, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._as_account(),
            )

    def _as_account(self) -> dict[str, object]:
        settings: dict[str, object] = {"cwd": self.directory}
        if self._account is not None:
            settings |= {"user": self._account.uid, "group": self._account.gid, "extra_groups": []}
        return settings

    def _await(self) -> None:
        assert self._process is not None
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                psycopg.connect(host=str(self.directory), user=OWNER, dbname="postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        log = (self.directory / "log").read_text(errors="replace").strip()
        message = f"the server did not start:\n{log}"
        raise PostgresMissing(message)


def execute(directory: str, statement: str, *names: str) -> None:
    """Run one statement outside any transaction on the server whose socket is in `directory`; `{}` are names."""
    with psycopg.connect(host=directory, user=OWNER, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
