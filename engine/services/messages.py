"""Messages and signals from outside: delivered to whoever waits, or starting a process that waits for them."""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import uuid4

from engine.bpmn import runtime
from engine.errors import Conflict, EngineError, NotFound
from engine.model.history import HistoryEvent
from engine.model.subscription import MessageSubscription
from engine.ports import UnitOfWork
from engine.services import delivery, facts
from engine.services.advance import Advance


def correlate(
    uow: UnitOfWork, name: str, *, correlation_key: str | None, variables: Mapping[str, object], by: str
) -> int:
    """Deliver a message to the one activity that waits for it; returns how many took it.

    A message without a key has those that the conversations of the latest processes read in its variables. Without a
    subscription a process with a start event for the message is started, the correlation key as its business key.
    Raises   NotFound when nobody waits, Conflict when the key fits more than one
    """
    keys = delivery.keys_of(uow, name, correlation_key, variables, facts.moment_of(uow))
    waiting = delivery.receivers(uow, name, keys)
    if len({one.instance_id for one in waiting}) > 1:
        raise Conflict(
            "The message {name} with the key {key} fits several instances.",
            code="message-ambiguous",
            name=name,
            key=correlation_key,
        )
    if waiting:
        _deliver(uow, waiting[:1], variables, by)
    elif not _start(uow, "message", name, keys[0], variables, by):
        raise NotFound(
            f"Nobody waits for the message {name} with the key {correlation_key}.",
            code="message-not-awaited",
            name=name,
            key=correlation_key,
        )
    uow.commit()
    return 1


def broadcast(uow: UnitOfWork, name: str, *, variables: Mapping[str, object], by: str) -> int:
    """Deliver a signal to every activity and every start event that waits for it; returns how many took it."""
    waiting = uow.subscriptions.list_waiting("signal", name)
    instances: dict[str, list[MessageSubscription]] = {}
    for one in waiting:
        instances.setdefault(one.instance_id, []).append(one)
    roots = {instance_id: uow.process_instances.get(instance_id).root_id for instance_id in instances}
    # Trees are locked in one order, whatever the signal: two broadcasts at once never wait for each other.
    delivered = sum(
        _signal(uow, instances[instance_id], roots[instance_id], variables, by)
        for instance_id in sorted(instances, key=lambda instance_id: (roots[instance_id], instance_id))
    )
    started = _start(uow, "signal", name, None, variables, by)
    uow.commit()
    return delivered + started


def _signal(
    uow: UnitOfWork, waiting: Sequence[MessageSubscription], root_id: str, variables: Mapping[str, object], by: str
) -> int:
    """Deliver a signal to all in an instance who still wait for it; one that cannot go on with it stops no other."""
    uow.process_instances.lock_root(root_id)
    waiting = [one for one in waiting if uow.subscriptions.find(one.id) is not None]
    if not waiting:
        return 0
    try:
        with uow.savepoint():
            _deliver(uow, waiting, variables, by)
    except EngineError:
        later = Advance(uow, by)
        later.deliver_later(waiting, dict(variables))
        later.finish()
    return len(waiting)


def _deliver(uow: UnitOfWork, waiting: Sequence[MessageSubscription], variables: Mapping[str, object], by: str) -> None:
    """Deliver a message to one activity, or a signal to all those of one instance."""
    advance = Advance(uow, by)
    first = waiting[0]
    root_id = uow.process_instances.get(first.instance_id).root_id
    live = advance.load(first.instance_id, root_id=root_id)
    if first.kind == "message":
        step = runtime.deliver(live.model, live.state, first.activity, variables, now=advance.moment)
    else:
        activities = [one.activity for one in waiting]
        step = runtime.deliver_signal(live.model, live.state, activities, variables, now=advance.moment)
    for one in waiting:
        _record(uow, one, live.instance.business_key, by)
    advance.command(live, first.activity, step)
    advance.finish()


def _start(
    uow: UnitOfWork,
    kind: Literal["message", "signal"],
    name: str,
    key: str | None,
    variables: Mapping[str, object],
    by: str,
) -> int:
    starts = delivery.starts_by(uow, kind, name)
    for definition, event in starts:
        try:
            with uow.savepoint():
                advance = Advance(uow, by)
                advance.start(definition, variables, business_key=key, start_event=event)
                advance.finish()
        except EngineError:
            if kind == "message":
                raise
            # A signal is for all: who cannot begin with it now stops no other, and is tried again by a worker.
            later = Advance(uow, by)
            later.outgoing.jobs.append(delivery.start_job(uow, name, (definition, event), variables, by))
            later.finish()
    return len(starts)


def _record(uow: UnitOfWork, subscription: MessageSubscription, business_key: str | None, by: str) -> None:
    uow.history.add_event(
        HistoryEvent(
            id=str(uuid4()),
            at=uow.clock.now(),
            actor=by,
            kind=f"{subscription.kind}.delivered",
            subject_type="message_subscription",
            subject_id=subscription.id,
            instance_id=subscription.instance_id,
            business_key=business_key,
            data={"name": subscription.name, "element_id": subscription.element_id},
        )
    )
