"""How an installation runs the engine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How this installation runs the engine.

    facets            process variables that inboxes show and filter by; the first two are indexed
    max_inline_jobs   jobs that one command may run before the rest is left to the workers
    retries           attempts of a job whose diagram names none, and the pause before the second, in seconds
    lease_seconds     how long a claimed job stays with its worker
    """

    facets: tuple[str, ...] = ()
    max_inline_jobs: int = 200
    retries: int = 3
    retry_in: int = 30
    lease_seconds: int = 60
