"""What a step opened becomes rows: user tasks with their people and clocks, timers, subscriptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from engine.bpmn import CallSpec, Element, ProcessModel, UserTaskFacts, UserTaskSpec
from engine.errors import Invalid, NotFound
from engine.model.deadline import Deadline
from engine.model.deployment import ProcessDefinition
from engine.model.history import HistoryEvent
from engine.model.job import Job, JobKind
from engine.model.process_instance import ProcessInstance
from engine.model.step import (
    CallOpened,
    MessageAwaited,
    SignalAwaited,
    Step,
    TimerOpened,
    UserTaskOpened,
)
from engine.model.subscription import MessageSubscription
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork
from engine.services import deadlines, definitions, facts
from engine.services.decisions import Origin, ask
from engine.services.new_jobs import Spot, new_job

NODE, CASE = "node", "case"
LONGEST_BUSINESS_KEY = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where something opened: the instance, its diagram, its variables, and when."""

    instance: ProcessInstance
    model: ProcessModel
    variables: Mapping[str, object]
    now: datetime


def fitting_key(business_key: str | None) -> str | None:
    """Return the business key of an instance that is to begin; raise Invalid for one too long to be kept."""
    if business_key is not None and len(business_key) > LONGEST_BUSINESS_KEY:
        message = f"A business key has at most {LONGEST_BUSINESS_KEY} characters."
        raise Invalid(message, code="business-key-too-long", limit=LONGEST_BUSINESS_KEY)
    return business_key


def open_waiting(uow: UnitOfWork, place: Place, step: Step) -> None:
    """Store every user task, timer and subscription that a step opened."""
    tasks = [_user_task(uow, place, opened) for opened in step.opened if isinstance(opened, UserTaskOpened)]
    uow.user_tasks.add(tasks, uow.settings.facets)
    uow.jobs.add([_timer(uow, place, opened) for opened in step.opened if isinstance(opened, TimerOpened)])
    uow.subscriptions.add(
        [_subscription(place, opened) for opened in step.opened if isinstance(opened, MessageAwaited | SignalAwaited)]
    )
    for task in tasks:
        _record(uow, place, task)


_TASKS = frozenset({"userTask", "manualTask", "task"})
_SUBSCRIBERS = frozenset({"message", "signal"})


def close_waiting(uow: UnitOfWork, place: Place, step: Step, *, without_row: frozenset[int], by: str) -> None:
    """Take away the rows of what waits no longer, and stop the clocks of cancelled tasks.

    `without_row` are the automatic activities that were done or undone before they got a row.
    """
    tasks, jobs, subscriptions = [], [], []
    for closed in step.closed:
        element = place.model.elements[closed.element_id]
        if element.type in _TASKS:
            tasks += [closed.activity] if closed.outcome == "cancelled" else []
            continue
        kinds = {part.kind for part in element.event.each} if element.event else set()
        if kinds & _SUBSCRIBERS:
            subscriptions.append(closed.activity)
        if kinds - _SUBSCRIBERS or not kinds:
            jobs += [closed.activity] if closed.activity not in without_row else []
    instance_id = place.instance.id
    if tasks:
        _cancel_tasks(uow, instance_id, tasks, at=place.now, by=by)
    if subscriptions:
        uow.subscriptions.delete_activities(instance_id, subscriptions)
    if jobs:
        uow.jobs.delete_activities(instance_id, jobs)
        uow.incidents.close_of_jobs(instance_id, at=place.now, by=by, resolution="the activity has ended")


def _cancel_tasks(uow: UnitOfWork, instance_id: str, activities: Sequence[int], *, at: datetime, by: str) -> None:
    for task in uow.user_tasks.list_open(instance_id):
        if task.activity in activities:
            stop_clock(uow, task, reason="cancelled", actor=by)
    uow.user_tasks.cancel_activities(instance_id, activities, at=at, by=by)


def stop_clock(uow: UnitOfWork, task: UserTask, *, reason: str, actor: str) -> None:
    """Stop the clock that belongs to the task itself; that of the case runs on."""
    if task.deadline_id is None:
        return
    own = deadlines.find_running(uow, NODE, "user_task", task.id)
    if own is not None:
        deadlines.stop_deadline(uow, own.id, reason=reason, actor=actor)


def stop_clocks(uow: UnitOfWork, root: ProcessInstance, *, reason: str, actor: str) -> None:
    """Stop every clock that an instance, or one that it called, has started and that still runs or is paused."""
    for deadline_id in uow.deadlines.list_running(root.id, root.business_key):
        deadlines.stop_deadline(uow, deadline_id, reason=reason, actor=actor)


def called_definition(
    uow: UnitOfWork, instance: ProcessInstance, element: Element, opened: CallOpened
) -> ProcessDefinition:
    """Return the version that a call activity means. Raises NotFound."""
    spec = element.task
    if isinstance(spec, CallSpec) and spec.binding == "version":
        return definitions.find_process(uow, opened.called, spec.version)
    if isinstance(spec, CallSpec) and spec.binding == "deployment":
        deployment_id = definitions.get_process(uow, instance.definition_id).deployment_id
        contents = set(uow.deployments.resources(deployment_id).values())
        for definition in definitions.list_processes(uow, opened.called, latest=False):
            if definition.resource_hash in contents:
                return definition
        raise NotFound(kind="process definition", id=opened.called)
    return definitions.find_process(uow, opened.called)


def _user_task(uow: UnitOfWork, place: Place, opened: UserTaskOpened) -> UserTask:
    element = place.model.elements[opened.element_id]
    instance = place.instance
    task_id = str(uuid4())
    context = _context(place, element, opened)
    origin = Origin(instance.id, instance.business_key, element.id)
    spec = element.task if isinstance(element.task, UserTaskSpec) else UserTaskSpec()
    said = spec.evaluate(context, facts.moment_of(uow))
    groups, priority = _people(uow, place, said, context, origin)
    deadline = _clock(uow, place, Subject(element, task_id, next(iter(groups), None)), context, origin)
    facets = {name: place.variables[name] for name in uow.settings.facets if name in place.variables}
    return UserTask(
        id=task_id,
        instance_id=instance.id,
        root_id=instance.root_id,
        activity=opened.activity,
        element_id=element.id,
        name=element.name,
        process_key=instance.process_key,
        definition_id=instance.definition_id,
        business_key=instance.business_key,
        form_key=said.form_key,
        lane=element.lane,
        assignee=said.assignee,
        candidate_groups=groups,
        candidate_users=said.candidate_users,
        priority=priority,
        created_at=place.now,
        due_at=deadline.due_at if deadline else said.due_at,
        yellow_at=deadline.yellow_at if deadline else None,
        red_at=deadline.red_at if deadline else said.due_at,
        follow_up_at=said.follow_up_at,
        deadline_id=deadline.id if deadline else None,
        status=UserTaskStatus.OPEN,
        revision=0,
        facets=facets,
        search_text=_search_text(element.name, instance.business_key, facets),
        claimed_at=place.now if said.assignee else None,
    )


def _context(place: Place, element: Element, opened: UserTaskOpened) -> dict[str, object]:
    return {
        **place.variables,
        **opened.local,
        "process": place.instance.process_key,
        "element": element.id,
        "element_name": element.name,
        "lane": element.lane,
        "business_key": place.instance.business_key,
    }


def _people(
    uow: UnitOfWork, place: Place, said: UserTaskFacts, context: Mapping[str, object], origin: Origin
) -> tuple[tuple[str, ...], int]:
    """Return who may have the task: what the diagram says, and what the process's table of people adds."""
    key = place.model.policy.assignment_decision
    if key is None or said.candidate_groups or said.candidate_users or said.assignee:
        return said.candidate_groups, said.priority
    answer = ask(uow, key, context, origin).value
    if not isinstance(answer, dict):
        return said.candidate_groups, said.priority
    groups = answer.get("groups") or ()
    priority = answer.get("priority")
    found = (groups,) if isinstance(groups, str) else tuple(str(group) for group in groups)
    return tuple(dict.fromkeys(found)), said.priority if priority is None else int(priority)


@dataclass(frozen=True, slots=True)
class Subject:
    """The task that a clock is for; its time belongs to `holder`, the first of its groups."""

    element: Element
    task_id: str
    holder: str | None


def _clock(
    uow: UnitOfWork, place: Place, subject: Subject, context: Mapping[str, object], origin: Origin
) -> Deadline | None:
    """Start the node's clock where the table has a limit; otherwise the task shows the clock of its case."""
    policy = place.model.policy
    if policy.limit_decision is not None:
        answer = ask(uow, policy.limit_decision, context, origin)
        limit = answer.value
        if isinstance(limit, dict) and limit.get("value") is not None:
            return deadlines.open_deadline(
                uow,
                deadlines.Limit(
                    kind=NODE,
                    subject_type="user_task",
                    subject_id=subject.task_id,
                    name=subject.element.name,
                    value=Decimal(str(limit["value"])),
                    unit=str(limit["unit"]),
                    calendar=str(limit["calendar"]),
                    holder=subject.holder,
                    source=answer.source() | {"clause": limit.get("clause") or answer.source()["clause"]},
                ),
                deadlines.Ground(policy, context, origin, "system"),
            )
    if place.instance.business_key is None:
        return None
    return deadlines.find_running(uow, CASE, CASE, place.instance.business_key)


def _search_text(name: str, business_key: str | None, facets: Mapping[str, object]) -> str:
    """Join what a search looks at; whole lines `name=value` serve filters that have no index."""
    lines = [name, business_key or "", *(f"{key}={value}" for key, value in facets.items())]
    return "\n" + "\n".join(lines) + "\n"


def _timer(uow: UnitOfWork, place: Place, opened: TimerOpened) -> Job:
    spot = Spot(place.instance.id, place.instance.root_id, opened.activity, opened.element_id)
    return new_job(uow, JobKind.TIMER, "timer", opened.due_at, spot)


def _subscription(place: Place, opened: MessageAwaited | SignalAwaited) -> MessageSubscription:
    is_message = isinstance(opened, MessageAwaited)
    return MessageSubscription(
        id=str(uuid4()),
        kind="message" if is_message else "signal",
        name=opened.name,
        correlation_key=opened.correlation_key if isinstance(opened, MessageAwaited) else None,
        instance_id=place.instance.id,
        activity=opened.activity,
        element_id=opened.element_id,
        created_at=place.now,
    )


def _record(uow: UnitOfWork, place: Place, task: UserTask) -> None:
    uow.history.add_event(
        HistoryEvent(
            id=str(uuid4()),
            at=place.now,
            actor="system",
            kind="user_task.created",
            subject_type="user_task",
            subject_id=task.id,
            instance_id=task.instance_id,
            business_key=task.business_key,
            data={
                "element_id": task.element_id,
                "name": task.name,
                "groups": list(task.candidate_groups),
                "due_at": task.due_at.isoformat() if task.due_at else None,
            },
        )
    )
