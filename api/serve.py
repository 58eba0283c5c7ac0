"""The server: gunicorn inside our own process, with threads; every worker process opens the city for itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # the library has no type information

from api.app import create_app
from api.config import Settings

GRACEFUL_SECONDS = 30
SILENT_SECONDS = 60
# A worker that has answered this often is replaced, each at another moment: memory does not grow for ever.
REQUESTS, JITTER = 100_000, 10_000


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where and with how many hands the server works."""

    host: str
    port: int
    workers: int
    threads: int
    access_log: bool = False


class Server(BaseApplication):
    """Gunicorn with our options instead of its own command line."""

    def __init__(self, settings: Settings, options: ServerOptions) -> None:
        """Keep what every worker process needs; nothing is opened before it has been forked."""
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        options = self._options
        chosen: dict[str, Any] = {
            "bind": f"{_bracketed(options.host)}:{options.port}",
            "workers": options.workers,
            "threads": options.threads,
            "worker_class": "gthread",
            "graceful_timeout": GRACEFUL_SECONDS,
            "timeout": SILENT_SECONDS,
            "keepalive": 30,
            "max_requests": REQUESTS,
            "max_requests_jitter": JITTER,
            "accesslog": "-" if options.access_log else None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "zhili",
            # Forwarded headers are the business of the application, which knows how many proxies to trust.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the application of this worker process."""
        return create_app(self._settings)


def serve(settings: Settings, options: ServerOptions) -> None:
    """Serve until SIGTERM: running requests are answered, no new ones are taken."""
    Server(settings, options).run()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
