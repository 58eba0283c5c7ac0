"""Messages and signals on their way: jobs that hand them to whoever waits, or that start what begins with them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.bpmn import ExecutionError, JoinedKey, Moment
from engine.errors import Conflict
from engine.model.deployment import ProcessDefinition
from engine.model.job import Job, JobKind
from engine.model.step import Thrown
from engine.model.subscription import MessageSubscription
from engine.ports import UnitOfWork
from engine.services import definitions
from engine.services.content_cache import ContentCache
from engine.services.new_jobs import NOWHERE, Spot, new_job

Kind = Literal["message", "signal"]
Start = tuple[ProcessDefinition, str]
"""A process that begins with a message or signal, and the start event for it."""

# Deliveries that one command may cause, through however many others; and rounds that are free of that.
MOST_DELIVERIES = 1_000
FREE_ROUNDS = 3
# By the deployment that was the newest when they were read.
_STARTS: ContentCache[Mapping[tuple[str, str], tuple[Start, ...]]] = ContentCache(20)
_RETRIEVALS: ContentCache[Mapping[str, tuple[JoinedKey, ...]]] = ContentCache(20)


@dataclass(slots=True)
class Outgoing:
    """Deliveries that a command leaves to the workers, within what its own message left it.

    Messages that cause messages would never stop: each command of a person or timer has a thousand, and what a
    delivered message causes shares what was left of that. A wide broadcast may be answered all the same: the first
    three rounds are always delivered.

    jobs    in order; none of them is stored yet
    share   how many deliveries may still follow
    rounds  how many deliveries led here
    """

    jobs: list[Job] = field(default_factory=list)
    share: int = field(default_factory=lambda: MOST_DELIVERIES)
    rounds: int = 0

    @classmethod
    def after(cls, job: Job) -> "Outgoing":
        """Return what a delivered message may still cause."""
        share, rounds = job.payload.get("share"), job.payload.get("rounds")
        found = cls()
        found.share = share if isinstance(share, int) else found.share
        found.rounds = rounds if isinstance(rounds, int) else found.rounds
        return found

    def marked(self, job: Job) -> Job:
        """Return other work that a delivered message leaves to the workers, with what it may still cause."""
        if not self.rounds:
            return job
        return replace(job, payload={**job.payload, "share": self.share, "rounds": self.rounds})

    def send(self, uow: UnitOfWork) -> None:
        """Store the jobs; raise Conflict when messages have caused each other too often."""
        if not self.jobs:
            return
        each = (self.share - 1) // len(self.jobs)
        if each < 1 and self.rounds >= FREE_ROUNDS:
            name = self.jobs[0].topic
            message = f"Messages cause each other without end; the last was {name}."
            raise Conflict(message, code="message-storm", name=name)
        passed: dict[str, object] = {"share": max(each, 1), "rounds": self.rounds + 1}
        uow.jobs.add([replace(job, payload={**job.payload, **passed}) for job in self.jobs])
        self.jobs.clear()


def starts_for(uow: UnitOfWork, kind: Kind, name: str) -> tuple[Start, ...]:
    """Return the latest processes that begin with a message or signal, by key."""
    starts = _STARTS.get(uow.deployments.newest_id(), lambda: _read_starts(uow))
    return starts.get((kind, name), ())


def starts_by(uow: UnitOfWork, kind: Kind, name: str) -> tuple[Start, ...]:
    """Return what a message or signal starts: each process for a signal, at most one for a message.

    Raises   Conflict when a message could start several: it is for one receiver, and nobody said which
    """
    starts = starts_for(uow, kind, name)
    if kind == "message" and len(starts) > 1:
        processes = ", ".join(sorted({definition.key for definition, _ in starts}))
        raise Conflict(
            f"The message {name} starts several processes: {processes}.",
            code="message-start-ambiguous",
            name=name,
            processes=processes,
        )
    return starts


def keys_in(uow: UnitOfWork, name: str, variables: Mapping[str, object], now: Moment) -> tuple[str, ...]:
    """Return the keys that a message without one has by what it says, as the latest processes read it."""
    keys: dict[str, None] = {}
    for retrieval in _RETRIEVALS.get(uow.deployments.newest_id(), lambda: _read_retrievals(uow)).get(name, ()):
        with suppress(ExecutionError):  # what one process cannot read is no message of its
            key = retrieval.text_in(variables, now)
            if key is not None:
                keys[key] = None
    return tuple(keys)


def keys_of(
    uow: UnitOfWork, name: str, key: str | None, variables: Mapping[str, object], now: Moment
) -> tuple[str | None, ...]:
    """Return the keys by which a message finds its receiver, best first: its own, or those that it says, then none."""
    return (key,) if key is not None else (*keys_in(uow, name, variables, now), None)


def receivers(uow: UnitOfWork, name: str, keys: Iterable[str | None]) -> tuple[MessageSubscription, ...]:
    """Return who waits for a message with the first key for which anybody waits."""
    for key in keys:
        waiting = uow.subscriptions.list_waiting("message", name, key)
        if waiting:
            return waiting
    return ()


def addressed(uow: UnitOfWork, thrown: Thrown, now: Moment) -> tuple[tuple[MessageSubscription, ...], Thrown]:
    """Return the one who waits for a thrown message, or nobody, and the message with the key that it has."""
    keys = keys_of(uow, thrown.name, thrown.correlation_key, thrown.variables, now)
    return receivers(uow, thrown.name, keys)[:1], replace(thrown, correlation_key=keys[0])


def _read_retrievals(uow: UnitOfWork) -> Mapping[str, tuple[JoinedKey, ...]]:
    found: dict[str, tuple[JoinedKey, ...]] = {}
    for _, model in definitions.readable_processes(uow):
        for name, retrieval in model.retrievals.items():
            found[name] = (*found.get(name, ()), retrieval)
    return found


def _read_starts(uow: UnitOfWork) -> Mapping[tuple[str, str], tuple[Start, ...]]:
    found: dict[tuple[str, str], tuple[Start, ...]] = {}
    for definition, model in definitions.readable_processes(uow):
        for start in model.start_events:
            if start.name is not None:
                key = (start.kind, start.name)
                found[key] = (*found.get(key, ()), (definition, start.element_id))
    return found


def delivery_jobs(
    uow: UnitOfWork, waiting: Iterable[MessageSubscription], variables: Mapping[str, object]
) -> list[Job]:
    """Return the jobs that hand a message or signal to who waits: one for each instance that a signal reaches."""
    jobs: dict[object, Job] = {}
    reached: dict[object, list[int]] = {}
    for one in waiting:
        receiver = one.instance_id if one.kind == "signal" else one.id
        reached.setdefault(receiver, []).append(one.activity)
        if receiver not in jobs:
            payload: dict[str, object] = {"variables": dict(variables), "correlation_key": one.correlation_key}
            root_id = uow.process_instances.get(one.instance_id).root_id
            jobs[receiver] = _job(uow, one.name, payload, subscription=one, root_id=root_id)
            if one.kind == "signal":
                jobs[receiver].payload["activities"] = reached[receiver]
    return list(jobs.values())


def start_jobs(uow: UnitOfWork, thrown: Thrown, *, by: str) -> list[Job]:
    """Return the jobs that start what begins with a thrown message (one process) or signal (each process)."""
    starts = starts_for(uow, "message" if thrown.kind == "message" else "signal", thrown.name)
    if thrown.kind == "message":  # which process, and whether it is the only one, is asked when the job runs
        payload = {"variables": dict(thrown.variables), "correlation_key": thrown.correlation_key, "by": by}
        return [_job(uow, thrown.name, {**payload, "start": "message"})] if starts else []
    return [start_job(uow, thrown.name, start, thrown.variables, by) for start in starts]


def start_job(uow: UnitOfWork, name: str, start: Start, variables: Mapping[str, object], by: str) -> Job:
    """Return the job that starts one process at one start event for a signal."""
    payload: dict[str, object] = {"variables": dict(variables), "correlation_key": None, "by": by, "start": "signal"}
    return _job(uow, name, {**payload, "process": start[0].key, "event": start[1]})


def _job(
    uow: UnitOfWork,
    name: str,
    payload: dict[str, object],
    *,
    subscription: MessageSubscription | None = None,
    root_id: str | None = None,
) -> Job:
    spot = NOWHERE
    if subscription is not None:
        spot = Spot(subscription.instance_id, root_id, subscription.activity, subscription.element_id)
    return new_job(uow, JobKind.MESSAGE, name, uow.clock.now(), spot, payload=payload)
