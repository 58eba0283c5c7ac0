"""What this process knows about cookies and tokens: until when their last use is noted in the database.

The registers note a use once a minute; within that minute a request needs no writing transaction.
"""

import hashlib
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

NOTED_EVERY = timedelta(minutes=1)
REMEMBERED = 10_000


class UseMemory:
    """Remembers until when the use of a cookie or token is already noted in the database."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._until: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def is_noted(self, credential: str, at: datetime) -> bool:
        """Tell whether a use at this instant needs no note."""
        with self._lock:
            return at < self._until.get(_digest(credential), at)

    def note(self, credential: str, last: datetime | None, at: datetime) -> None:
        """Learn when the last use stood in the database before the one at `at`."""
        start = at if last is None or at - last >= NOTED_EVERY else last
        with self._lock:
            self._until[_digest(credential)] = start + NOTED_EVERY
            self._until.move_to_end(_digest(credential))
            while len(self._until) > REMEMBERED:
                self._until.popitem(last=False)


def _digest(credential: str) -> bytes:
    """Return the hash under which a secret is remembered; the secret itself is kept nowhere."""
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).digest()
