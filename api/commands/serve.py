"""`zhili serve`, `zhili work`: the processes of a running city."""

import signal
from threading import Event

import click

from api.children import Child, end_this, follow_stdin, supervise
from api.commands.running import checked_city
from api.commands.words import command, option, say
from api.serve import ServerOptions
from api.serve import serve as run_server
from api.work import work as run_worker

FOLLOW = option("--follow-stdin", is_flag=True, hidden=True, help="follow_stdin")


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(serve)
    program.add_command(work)


@command("serve", help="serve")
@option("--host", default="127.0.0.1", show_default=True, help="host")
@option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="port")
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="workers")
@option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="threads")
@option("--access-log", is_flag=True, help="access_log")
@option("--with-scheduler", is_flag=True, help="with_scheduler")
@FOLLOW
def serve(host: str, port: int, workers: int, threads: int, **flags: bool) -> None:
    """Serve the interface; with --with-scheduler a worker runs beside it."""
    settings = checked_city().settings
    if flags["follow_stdin"]:
        follow_stdin(end_this)
    options = ServerOptions(host, port, workers, threads, flags["access_log"])
    if not flags["with_scheduler"]:
        click.echo(say("serve.at", host=host, port=port), err=True)
        run_server(settings, options)
        return
    server = ["serve", "--host", host, "--port", str(port), "--workers", str(workers), "--threads", str(threads)]
    run_children([Child([*server, *(["--access-log"] if flags["access_log"] else [])], {}), Child(["work"], {})])


@command("work", help="work")
@option("--interval", type=click.FloatRange(0.02, 60), default=1.0, show_default=True, help="interval")
@FOLLOW
def work(interval: float, **flags: bool) -> None:
    """Run due jobs and fire rungs; several of these may run."""
    settings, stopping = checked_city().settings, Event()
    if flags["follow_stdin"]:
        follow_stdin(stopping.set)
    run_worker(
        settings, interval=interval, stopping=stopping, started=lambda: click.echo(say("work.started"), err=True)
    )


def run_children(children: list[Child]) -> None:
    """Keep children alive until this process is asked to end."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    supervise(children, stopping)
