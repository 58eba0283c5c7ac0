"""Jobs: claimed with a lease, run in one transaction each, retried, given up as incidents."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from engine.bpmn import runtime
from engine.errors import Conflict, NotFound
from engine.model.job import IncidentStatus, Job, JobKind, JobStatus
from engine.model.process_instance import InstanceStatus
from engine.model.user_task import Page
from engine.ports import UnitOfWork
from engine.services import delivery, failures, start_timers
from engine.services.advance import Advance, Live
from engine.services.job_context import run_rung
from engine.services.tracing import SYSTEM
from engine.services.work import work_of

_OF_NO_INSTANCE = {JobKind.RUNG: run_rung, JobKind.START: start_timers.fire}


def claim(uow: UnitOfWork, *, owner: str, limit: int) -> tuple[Job, ...]:
    """Take due jobs for a worker; the lease runs in real time even where the city's clock is simulated."""
    now = uow.clock.now()
    until = now + timedelta(seconds=uow.settings.lease_seconds)
    jobs = uow.jobs.claim(now=now, owner=owner, until=until, limit=limit)
    uow.commit()
    return jobs


def release(uow: UnitOfWork, *, owner: str) -> None:
    """Give back what a worker has claimed and will not run."""
    uow.jobs.release(owner)
    uow.commit()


def run(uow: UnitOfWork, job: Job, *, owner: str) -> bool:
    """Run one claimed job; state, effects and the end of the job are one commit.

    Returns False when there was nothing to do any more: its activity has ended, or the lease was lost. A failure is
    kept in the job; it never raises but for a broken database.
    """
    if job.root_id is not None:
        uow.process_instances.lock_root(job.root_id)
    current = uow.jobs.find(job.id)
    if current is None or current.lease_owner != owner or current.status is not JobStatus.WAITING:
        return False
    error = _attempt(uow, current)
    if error is None:
        _end(uow, current)
        _close_incidents(uow, current)
    else:
        uow.jobs.save(failures.after_failure(uow, current, error))
    uow.commit()
    return error is None


def _end(uow: UnitOfWork, job: Job) -> None:
    """Take a job away that is done, unless it is a start that has another round."""
    again = start_timers.next_job(uow, job) if job.kind is JobKind.START else None
    if again is None:
        uow.jobs.delete(job.id)
    else:
        uow.jobs.save(again)


def _attempt(uow: UnitOfWork, job: Job) -> Exception | None:
    advance = Advance(uow, SYSTEM)
    if job.kind not in {JobKind.TIMER, JobKind.START}:
        advance.outgoing = delivery.Outgoing.after(job)
    try:
        with uow.savepoint():
            error = _do(advance, job)
            if error is None:
                advance.finish()
                # Written here, not by the commit: a note that cannot be written is a failure of this job, and kept.
                uow.history.flush()
    except Exception as failure:  # noqa: BLE001  the job keeps whatever went wrong; the next attempt or an operator follows
        return failure
    return error


def _do(advance: Advance, job: Job) -> Exception | None:
    if job.kind in _OF_NO_INSTANCE:
        _OF_NO_INSTANCE[job.kind](advance, job)
        return None
    if job.kind is JobKind.MESSAGE and job.instance_id is None:
        _start(advance, job)
        return None
    if job.instance_id is None or job.activity is None:
        raise NotFound(kind="process instance", id=job.id)
    if advance.uow.process_instances.get(job.instance_id).status is not InstanceStatus.ACTIVE:
        return None
    live = advance.load(job.instance_id)
    if job.kind is JobKind.TIMER:
        step = runtime.fire_timer(live.model, live.state, job.activity, now=advance.moment)
        advance.apply(live, step)
        return None
    if job.kind is JobKind.MESSAGE:
        _deliver(advance, live, job, job.activity)
        return None
    return advance.attempt(work_of(job, live.instance, live.model.elements[job.element_id or ""]))


def _deliver(advance: Advance, live: Live, job: Job, activity: int) -> None:
    """Hand a message over; where its receiver has gone on meanwhile, to whoever waits for it now, or to nobody.

    A receiver who waits for another key by now is no receiver. A signal is for all in the instance who waited for it.
    """
    variables, key = job.payload.get("variables"), job.payload.get("correlation_key")
    payload: Mapping[str, object] = variables if isinstance(variables, dict) else {}
    activities = job.payload.get("activities")
    waiting = advance.uow.subscriptions.find_at(live.instance.id, activity)
    if isinstance(activities, list):
        try:
            step = runtime.deliver_signal(live.model, live.state, activities, payload, now=advance.moment)
        except Conflict as gone:
            if gone.key != "activity-closed":
                raise
            return
        advance.apply(live, step)
    elif waiting is not None and waiting.correlation_key == key:
        advance.apply(live, runtime.deliver(live.model, live.state, activity, payload, now=advance.moment))
    else:
        receivers = delivery.receivers(advance.uow, job.topic, [key if isinstance(key, str) else None])
        advance.deliver_later(receivers[:1], dict(payload))


def _start(advance: Advance, job: Job) -> None:
    """Start the process that begins with a thrown message; where somebody waits for it by now, it is hers instead."""
    variables, key = job.payload.get("variables"), job.payload.get("correlation_key")
    given: dict[str, object] = variables if isinstance(variables, dict) else {}
    correlation_key = key if isinstance(key, str) else None
    kind: delivery.Kind = "signal" if job.payload.get("start") == "signal" else "message"
    if kind == "message":
        waiting = advance.uow.subscriptions.list_waiting(kind, job.topic, correlation_key)[:1]
        if waiting:
            advance.deliver_later(waiting, given)
            return
    advance.by = str(job.payload.get("by", SYSTEM))
    process, wanted = job.payload.get("process"), job.payload.get("event")  # an earlier release named no event
    for definition, event in delivery.starts_by(advance.uow, kind, job.topic):
        if kind == "message" or (definition.key == process and wanted in {None, event}):
            business_key = correlation_key if kind == "message" else None
            advance.start(definition, given, business_key=business_key, start_event=event)


def list_page(
    uow: UnitOfWork,
    *,
    status: str | None = None,
    kind: str | None = None,
    instance_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Job]:
    """Return a page of jobs, next due first; only reads."""
    return uow.jobs.list_page(status=status, kind=kind, instance_id=instance_id, after=after, limit=limit)


def retry(uow: UnitOfWork, job_id: str, *, by: str, retries: int | None = None) -> Job:
    """Give a failed or waiting job new attempts, now; raises NotFound, Conflict (a worker has it)."""
    job = uow.jobs.find(job_id)
    if job is None:
        raise NotFound(kind="job", id=job_id)
    now = uow.clock.now()
    if job.lease_until is not None and job.lease_until > now:
        raise Conflict(kind="job", id=job_id)
    job = replace(job, status=JobStatus.WAITING, retries=retries or uow.settings.retries, due_at=now)
    uow.jobs.save(job)
    uow.incidents.close_of_job(job_id, at=now, by=by, resolution="retried")
    uow.commit()
    return job


def next_due(uow: UnitOfWork) -> datetime | None:
    """Return the next instant at which a machine has something to do; only reads."""
    instants = [one for one in (uow.jobs.next_due(), uow.deadlines.next_rung()) if one is not None]
    return min(instants, default=None)


def _close_incidents(uow: UnitOfWork, job: Job) -> None:
    uow.incidents.close_of_job(job.id, at=uow.clock.now(), by=SYSTEM, resolution=IncidentStatus.RESOLVED.value)
