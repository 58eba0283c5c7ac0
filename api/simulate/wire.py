"""How robots reach the city: over HTTP, and how they bear it when nobody answers."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS = 180.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
TIMEOUT_SECONDS = 60.0
# Answers of a server that cannot work just now, or of one that is being replaced.
AWAY = frozenset({502, 503, 504})
PREFIX = "/api/v1"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the city answered."""

    status: int
    document: Document

    @property
    def is_fine(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300  # noqa: PLR2004  the class of answers

    @property
    def problem(self) -> str:
        """Return the problem in words."""
        fields = "; ".join(f"{one.get('where')}: {one.get('message')}" for one in self.document.get("errors", ()))
        return f"{self.status} {self.document.get('code', '')} {self.document.get('detail', '')} {fields}".strip()


class Unreachable(Exception):
    """The city did not answer for too long."""


class Wire(Protocol):
    """A way to ask the city something."""

    def ask(self, method: str, path: str, token: str, body: Document | None = None) -> Reply:
        """Send a request and return the answer; a lost connection is tried again, so a command may arrive twice."""
        ...


def with_query(path: str, query: Mapping[str, object]) -> str:
    """Return an address with its query."""
    return f"{path}?{urlencode(query, doseq=True)}"


class HttpWire:
    """Over HTTP, one connection per request: so that several server processes share the work evenly."""

    def __init__(self, url: str, in_trouble: Callable[[], None]) -> None:
        """Talk to the server at `url`; `in_trouble` is called when it does not answer."""
        parts = urlsplit(url)
        self._host, self._port, self._is_https = str(parts.hostname), parts.port, parts.scheme == "https"
        self._base = parts.path.rstrip("/").removesuffix(PREFIX)
        self._in_trouble = in_trouble

    def ask(self, method: str, path: str, token: str, body: Document | None = None) -> Reply:
        """Send a request; see Wire. Raises Unreachable."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-CN", "Connection": "close"}
        headers |= {} if content is None else {"Content-Type": "application/json"}
        pause, ends = FIRST_PAUSE, time.monotonic() + PATIENCE_SECONDS
        while True:
            reply = self._once(method, self._base + PREFIX + path, content, headers)
            if reply is not None:
                return reply
            if time.monotonic() > ends:
                raise Unreachable(f"{method} {path}")
            self._in_trouble()
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _once(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Reply | None:
        """Return the answer; None where there was none, or where the city cannot work just now."""
        kind = http.client.HTTPSConnection if self._is_https else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, content, dict(headers))
            answer = connection.getresponse()
            text = answer.read()
            return None if answer.status in AWAY else Reply(answer.status, json.loads(text) if text else {})
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()
