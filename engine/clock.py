"""What time it is: always an aware instant in UTC, always asked of a clock that somebody handed over."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is told to move: for tests, imports and trials."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant that was set last."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move on by a duration."""
        self.instant += by
