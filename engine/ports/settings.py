"""How an installation runs the engine."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from engine.ports.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How this installation runs the engine.

    facets            process variables that inboxes show and filter by; the first two are indexed
    max_inline_jobs   jobs that one command may run before the rest is left to the workers
    retries           attempts of a job whose diagram names none, and the pause before the second, in seconds
    lease_seconds     how long a claimed job stays with its worker
    zone              whose days and hours `today()` and `now()` of an expression mean
    calendar          key of the working calendar that an expression means where it names none
    sources           what else domain functions may look up, by name: opens it in a transaction (a `UnitOfWork`)
    rehearsal         who watches and answers in a rehearsal; None wherever work is real
    unknown_groups    in a transaction: which candidate groups nobody can belong to; None: groups are not looked at
    start_timers      whether a deployment arms the timers of start events; a rehearsal arms those that it is about
    """

    facets: tuple[str, ...] = ()
    max_inline_jobs: int = 200
    retries: int = 3
    retry_in: int = 30
    lease_seconds: int = 60
    zone: tzinfo = UTC
    calendar: str = "city"
    sources: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    rehearsal: Rehearsal | None = None
    start_timers: bool = True
    unknown_groups: Callable[[Any], Callable[[Iterable[str]], Mapping[str, str]]] | None = None
