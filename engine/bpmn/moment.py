"""When and among what an expression is evaluated: the instant of the step, and the facts that functions look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.errors import Invalid


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment of a step.

    local  the instant that `now()` gives, in the zone whose days `today()` means
    facts  what domain functions look up, by name; see `engine.services.facts`
    """

    local: datetime
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def utc(self) -> datetime:
        """The instant as it is stored."""
        return self.local.astimezone(UTC)


def moment_of(now: datetime | Moment) -> Moment:
    """Return the moment of an instant without facts, or the moment itself; raise Invalid for one without zone."""
    moment = now if isinstance(now, Moment) else Moment(now)
    if moment.local.utcoffset() is None:
        raise Invalid("The instant of a command needs a zone.", code="instant-without-zone")
    return moment
