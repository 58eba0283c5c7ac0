"""When and among what an expression is evaluated: the instant of the step, and the facts that functions look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import thread_time

from engine.bpmn.failures import ExecutionError
from engine.errors import Invalid

# Of CPU, not of the wall: a busy machine is no failure, and no result depends on it but this refusal.
MOST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment of a step.

    local  the instant that `now()` gives, in the zone whose days `today()` means
    facts  what domain functions look up, by name; see `engine.services.facts`
    until  the CPU time of this thread after which nothing is done any more; None: without limit
    """

    local: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    until: float | None = None

    @property
    def utc(self) -> datetime:
        """The instant as it is stored."""
        return self.local.astimezone(UTC)

    def limited(self) -> "Moment":
        """Return the moment of one command, whose work may take three seconds of CPU time from now on."""
        return replace(self, until=thread_time() + MOST_SECONDS)

    def check(self, element_id: str) -> None:
        """Raise ExecutionError where the time of the command is used up, naming where it had come to."""
        if self.until is not None and thread_time() > self.until:
            raise ExecutionError("time-budget-exceeded", element_id, limit=MOST_SECONDS)


def moment_of(now: datetime | Moment) -> Moment:
    """Return the moment of an instant without facts, or the moment itself; raise Invalid for one without zone."""
    moment = now if isinstance(now, Moment) else Moment(now)
    if moment.local.utcoffset() is None:
        raise Invalid("The instant of a command needs a zone.", code="instant-without-zone")
    return moment
