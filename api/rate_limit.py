"""How often one address may try: a sliding window per process, for what is open to everybody."""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from api.problems import TooManyRequests

WINDOW_SECONDS = 60.0
MOST_ADDRESSES = 10_000


@dataclass
class RateLimiter:
    """Counts attempts per (purpose, address) within the last minute; the oldest addresses are forgotten first."""

    _attempts: "OrderedDict[tuple[str, str], deque[float]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, purpose: str, address: str, *, most: int, now: float) -> None:
        """Count one attempt at `now` (seconds); raises TooManyRequests beyond `most` a minute."""
        with self._lock:
            attempts = self._attempts.setdefault((purpose, address), deque())
            self._attempts.move_to_end((purpose, address))
            while attempts and attempts[0] <= now - WINDOW_SECONDS:
                attempts.popleft()
            if len(attempts) >= most:
                raise TooManyRequests(seconds=max(1, round(attempts[0] + WINDOW_SECONDS - now)))
            attempts.append(now)
            while len(self._attempts) > MOST_ADDRESSES:
                self._attempts.popitem(last=False)
