"""Process instances: start, look at, correct, cancel."""

from collections.abc import Mapping

from engine.bpmn import runtime
from engine.errors import Conflict, Invalid
from engine.model.history import ActivityInstance
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import Page
from engine.ports import UnitOfWork
from engine.services import definitions
from engine.services.advance import NO_ACTIVITY, Advance


def start(
    uow: UnitOfWork,
    key: str,
    *,
    business_key: str | None,
    variables: Mapping[str, object],
    by: str,
    version: int | None = None,
) -> ProcessInstance:
    """Start the latest (or the named) version of a process. Raises NotFound, Invalid."""
    definition = definitions.find_process(uow, key, version)
    advance = Advance(uow, by)
    live = advance.start(definition, variables, business_key=business_key)
    advance.finish()
    uow.commit()
    return uow.process_instances.get(live.instance.id)


def get(uow: UnitOfWork, instance_id: str) -> ProcessInstance:
    """Return an instance; only reads. Raises NotFound."""
    return uow.process_instances.get(instance_id)


def list_page(
    uow: UnitOfWork,
    *,
    key: str | None = None,
    status: str | None = None,
    business_key: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ProcessInstance]:
    """Return a page of instances, newest first; only reads."""
    return uow.process_instances.list_page(key=key, status=status, business_key=business_key, after=after, limit=limit)


def positions(uow: UnitOfWork, instance_id: str) -> tuple[ActivityInstance, ...]:
    """Return the activities that are open in an instance; only reads."""
    uow.process_instances.get(instance_id)
    return uow.history.list_activities(instance_id, open_only=True)


def history(uow: UnitOfWork, instance_id: str) -> tuple[ActivityInstance, ...]:
    """Return every activity of an instance in order of entry; only reads."""
    uow.process_instances.get(instance_id)
    return uow.history.list_activities(instance_id)


def set_variables(
    uow: UnitOfWork, instance_id: str, changes: Mapping[str, object], *, by: str, revision: int | None = None
) -> ProcessInstance:
    """Correct process variables; every change is on record. Raises NotFound, Conflict, Invalid."""
    advance = Advance(uow, by)
    live = advance.load(instance_id, root_id=uow.process_instances.get(instance_id).root_id)
    _require_revision(live.instance, revision)
    before = {name: live.state.variables.get(name) for name in changes}
    step = runtime.set_variables(live.model, live.state, changes, now=advance.moment)
    advance.record(live, "variables.changed", before=before, after=dict(changes))
    advance.command(live, NO_ACTIVITY, step)
    advance.finish()
    uow.commit()
    return uow.process_instances.get(instance_id)


def begin_activity(
    uow: UnitOfWork, instance_id: str, activity: int, element_id: str, *, by: str, revision: int | None = None
) -> ProcessInstance:
    """Begin an activity of an ad-hoc sub-process, itself given by activity number, once more.

    Raises NotFound, Conflict (it has ended, or the instance has moved on), Invalid (not one that can be begun there)
    """
    advance = Advance(uow, by)
    live = advance.load(instance_id, root_id=uow.process_instances.get(instance_id).root_id)
    _require_revision(live.instance, revision)
    step = runtime.begin_activity(live.model, live.state, activity, element_id, now=advance.moment)
    advance.record(live, "activity.begun", element_id=element_id, ad_hoc=activity)
    advance.command(live, NO_ACTIVITY, step)
    advance.finish()
    uow.commit()
    return uow.process_instances.get(instance_id)


def cancel(uow: UnitOfWork, instance_id: str, *, reason: str, by: str, revision: int | None = None) -> ProcessInstance:
    """End an instance and everything that it called. Raises NotFound, Conflict, Invalid (a called instance)."""
    advance = Advance(uow, by)
    live = advance.load(instance_id, root_id=uow.process_instances.get(instance_id).root_id)
    _require_revision(live.instance, revision)
    if live.instance.parent_id is not None:
        raise Invalid(
            "A called instance ends with its caller; cancel the instance {root}.",
            code="cancel-called-instance",
            root=live.instance.root_id,
        )
    advance.record(live, "process_instance.cancel_requested", reason=reason)
    advance.apply(live, runtime.cancel(live.model, live.state, now=advance.moment))
    advance.finish()
    uow.commit()
    return uow.process_instances.get(instance_id)


def _require_revision(instance: ProcessInstance, revision: int | None) -> None:
    if revision is not None and instance.revision != revision:
        raise Conflict(kind="process instance", id=instance.id)
