"""Automatic work: one service task, decision or call of one instance, and how it is performed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.bpmn import DecisionSpec, Element, JobSpec
from engine.errors import NotFound
from engine.model.deployment import DecisionDefinition
from engine.model.job import Job, JobKind, JobStatus
from engine.model.process_instance import ProcessInstance
from engine.model.step import CallOpened, JobOpened
from engine.ports import EngineSettings, UnitOfWork
from engine.services import definitions
from engine.services.decisions import Origin, ask


class Conductor(Protocol):
    """What work may ask of the command that it is part of."""

    uow: UnitOfWork
    now: datetime
    by: str

    def start_process(self, key: str, *, business_key: str | None, variables: Mapping[str, object]) -> str:
        """Start another process in the same transaction; returns the id of the instance."""
        ...

    def send_message(self, name: str, correlation_key: str, variables: Mapping[str, object]) -> bool:
        """Leave a message for whoever waits for it; False when nobody does."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """A service task, decision or call that is to be done."""

    instance: ProcessInstance
    opened: JobOpened | CallOpened
    element: Element

    @property
    def runs_later(self) -> bool:
        """Tell whether the diagram asks for a transaction of its own (asyncBefore)."""
        spec = self.element.task
        return isinstance(spec, JobSpec | DecisionSpec) and spec.async_before

    def job(self, settings: EngineSettings, now: datetime, job_id: str) -> Job:
        """Return the row that leaves this work to the workers."""
        spec = self.element.task
        retries, pause = settings.retries, float(settings.retry_in)
        if isinstance(spec, JobSpec | DecisionSpec) and spec.retries is not None:
            retries, pause = spec.retries[0], spec.retries[1].total_seconds()
        opened = self.opened
        payload: dict[str, object] = {"local": dict(opened.local)}
        if isinstance(opened, CallOpened):
            payload |= {"variables": dict(opened.variables), "business_key": opened.business_key}
        return Job(
            id=job_id,
            kind=JobKind.CALL if isinstance(opened, CallOpened) else JobKind(opened.kind),
            topic=opened.called if isinstance(opened, CallOpened) else opened.name,
            instance_id=self.instance.id,
            root_id=self.instance.root_id,
            activity=opened.activity,
            element_id=opened.element_id,
            due_at=now,
            retries=retries,
            retry_in=int(pause),
            attempts=0,
            priority=opened.priority if isinstance(opened, JobOpened) else 0,
            status=JobStatus.WAITING,
            created_at=now,
            payload=payload,
        )


def work_of(job: Job, instance: ProcessInstance, element: Element) -> Work:
    """Read work back from its row."""
    activity, element_id = job.activity or 0, job.element_id or ""
    local = _mapping(job.payload.get("local"))
    if job.kind is JobKind.CALL:
        key = job.payload.get("business_key")
        opened: JobOpened | CallOpened = CallOpened(
            activity,
            element_id,
            job.topic,
            variables=_mapping(job.payload.get("variables")),
            business_key=key if isinstance(key, str) else None,
            local=local,
        )
    else:
        kind = "decision" if job.kind is JobKind.DECISION else "service"
        opened = JobOpened(activity, element_id, "decision" if kind == "decision" else "service", job.topic, local)
    return Work(instance, opened, element)


def perform_decision(
    uow: UnitOfWork, instance: ProcessInstance, variables: Mapping[str, object], work: Work
) -> dict[str, object]:
    """Ask the decision of a business rule task; returns the variables that its answer becomes."""
    spec = work.element.task
    opened = work.opened
    if not isinstance(spec, DecisionSpec) or not isinstance(opened, JobOpened):
        raise NotFound(kind="decision", id=work.element.id)
    context = {
        **variables,
        **opened.local,
        "process": instance.process_key,
        "element": work.element.id,
        "business_key": instance.business_key,
    }
    origin = Origin(instance.id, instance.business_key, work.element.id)
    answer = ask(uow, opened.name, context, origin, _bound(uow, instance, spec, opened.name))
    value = _mapped(answer.value, spec.mapping)
    if spec.result_variable is not None:
        return {spec.result_variable: value}
    return _mapping(value)


def _bound(uow: UnitOfWork, instance: ProcessInstance, spec: DecisionSpec, key: str) -> DecisionDefinition | None:
    """Return the version inside the instance's own deployment, where the diagram binds to that."""
    if spec.binding == "latest":
        return None
    deployment_id = definitions.get_process(uow, instance.definition_id).deployment_id
    contents = set(uow.deployments.resources(deployment_id).values())
    for definition in definitions.list_decisions(uow, key, latest=False):
        if definition.resource_hash in contents:
            return definition
    raise NotFound(kind="decision", id=key)


def _mapped(value: object, mapping: str) -> object:
    """Fold an answer as camunda:mapDecisionResult says."""
    if mapping == "singleEntry" and isinstance(value, dict) and len(value) == 1:
        return next(iter(value.values()))
    if mapping == "collectEntries" and isinstance(value, list):
        return [next(iter(row.values())) if isinstance(row, dict) and len(row) == 1 else row for row in value]
    if mapping == "resultList" and not isinstance(value, list):
        return [] if value is None else [value]
    return value


def _mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
