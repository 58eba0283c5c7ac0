"""Deployments: a set of files is checked as a whole, and either all of it becomes valid or nothing does."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from engine.dmn import imports_others
from engine.errors import Problem
from engine.model.deployment import (
    CalendarDefinition,
    DecisionDefinition,
    Deployment,
    ProcessDefinition,
    Resource,
    ResourceKind,
)
from engine.model.history import HistoryEvent
from engine.ports import UnitOfWork
from engine.services import deployment_check, start_timers
from engine.services.deployment_check import Checked
from engine.services.start_timers import StartTimer

Definition = ProcessDefinition | DecisionDefinition | CalendarDefinition


@dataclass(frozen=True, slots=True)
class DeploymentResult:
    """What a deployment did, or would do.

    deployment  the set; the one in force is found again, nothing new is stored; an older one comes back as new versions
    created     versions that did not exist; `unchanged` lists the keys whose latest version stays
    findings    what the checks noticed without refusing
    timers      of the start events of the processes that are created, by key
    """

    deployment: Deployment
    created: tuple[Definition, ...]
    unchanged: tuple[str, ...]
    findings: tuple[Problem, ...]
    timers: Mapping[str, tuple[StartTimer, ...]] = field(default_factory=dict)


def resource(name: str, content: bytes) -> Resource:
    """Make a resource of a file; its kind follows from its name."""
    return Resource(name, _kind(name), content, hashlib.sha256(content).hexdigest())


def _kind(name: str) -> ResourceKind:
    if name.endswith(".bpmn"):
        return ResourceKind.BPMN
    if name.endswith(".dmn"):
        return ResourceKind.DMN
    if name.startswith("forms/") and name.endswith(".json"):
        return ResourceKind.FORM
    if name.startswith("calendars/"):
        return ResourceKind.CALENDAR
    return ResourceKind.OTHER


def plan(uow: UnitOfWork, resources: Sequence[Resource], *, note: str = "", by: str = "") -> DeploymentResult:
    """Check a set and tell what deploying it would create; only reads. Raises DeploymentError."""
    unknown = uow.settings.unknown_groups
    checked = deployment_check.check(resources, unknown(uow) if unknown else None)
    deployment = Deployment(str(uuid4()), _set_hash(resources), note, uow.clock.now(), by)
    known = uow.deployments.newest()
    if known is not None and known.content_hash == deployment.content_hash:
        return DeploymentResult(known, (), tuple(sorted(checked.keys())), checked.findings)
    created, unchanged = _versions(uow, checked, deployment, resources)
    keys = {one.key for one in created if isinstance(one, ProcessDefinition)}
    timers, doubts = start_timers.plan(uow, checked, keys)
    findings = (*checked.findings, *doubts)
    return DeploymentResult(deployment, tuple(created), tuple(sorted(unchanged)), findings, timers)


def deploy(uow: UnitOfWork, resources: Sequence[Resource], *, note: str, by: str) -> DeploymentResult:
    """Deploy a set; the same set again changes nothing. Raises DeploymentError with every problem."""
    uow.deployments.lock()
    result = plan(uow, resources, note=note, by=by)
    newest = uow.deployments.newest()
    if newest is not None and newest.id == result.deployment.id:
        return result
    uow.deployments.add(result.deployment, resources)
    uow.deployments.add_definitions(result.created)
    processes = [one for one in result.created if isinstance(one, ProcessDefinition)]
    start_timers.arm(uow, processes, result.timers)
    uow.history.add_event(
        HistoryEvent(
            id=str(uuid4()),
            at=result.deployment.deployed_at,
            actor=by,
            kind="deployment.created",
            subject_type="deployment",
            subject_id=result.deployment.id,
            data={"note": note, "created": [f"{one.key}:{one.version}" for one in result.created]},
        )
    )
    uow.commit()
    return result


def list_deployments(uow: UnitOfWork) -> tuple[Deployment, ...]:
    """Return every set, newest first; only reads."""
    return uow.deployments.list_deployments()


def resources_of_latest(uow: UnitOfWork) -> tuple[Resource, ...]:
    """Return the files of the newest set, so that a part of it can be replaced; only reads."""
    deployments = uow.deployments.list_deployments()
    if not deployments:
        return ()
    names = uow.deployments.resources(deployments[0].id)
    return tuple(resource(name, uow.deployments.content(content_hash)) for name, content_hash in names.items())


def merged(uow: UnitOfWork, changed: Iterable[Resource]) -> tuple[Resource, ...]:
    """Return the newest set with some files replaced or added: what a designer means by deploying one diagram."""
    files = {one.name: one for one in resources_of_latest(uow)}
    files |= {one.name: one for one in changed}
    return tuple(files.values())


def _set_hash(resources: Sequence[Resource]) -> str:
    lines = sorted(f"{one.name}\0{one.content_hash}" for one in resources)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _versions(
    uow: UnitOfWork, checked: Checked, deployment: Deployment, resources: Sequence[Resource]
) -> tuple[list[Definition], list[str]]:
    rules = {one.name: one for one in resources if one.kind is ResourceKind.DMN}
    created: list[Definition] = []
    unchanged: list[str] = []
    for candidate in _candidates(checked, deployment):
        latest = _latest(uow, candidate)
        if latest is not None and _content(latest) == _content(candidate) and _imports_alike(uow, latest, rules):
            unchanged.append(candidate.key)
            continue
        created.append(_numbered(candidate, latest.version + 1 if latest else 1))
    return created, unchanged


def _imports_alike(uow: UnitOfWork, latest: Definition, rules: Mapping[str, Resource]) -> bool:
    """Tell whether what a decision imports is what it was: another answer needs another version."""
    if not isinstance(latest, DecisionDefinition):
        return True
    file = rules.get(latest.resource_name)
    if file is None or not imports_others(file.content, file.name):
        return True
    before = uow.deployments.resources(latest.deployment_id, ResourceKind.DMN)
    return before == {name: one.content_hash for name, one in rules.items()}


def _latest(uow: UnitOfWork, candidate: Definition) -> Definition | None:
    if isinstance(candidate, ProcessDefinition):
        return uow.deployments.find_definition(ProcessDefinition, candidate.key)
    if isinstance(candidate, DecisionDefinition):
        return uow.deployments.find_definition(DecisionDefinition, candidate.key)
    return uow.deployments.find_definition(CalendarDefinition, candidate.key)


def _candidates(checked: Checked, deployment: Deployment) -> Iterable[Definition]:
    at: datetime = deployment.deployed_at
    for file, model in checked.processes:
        yield ProcessDefinition(
            id=str(uuid4()),
            key=model.key,
            version=0,
            name=model.name,
            deployment_id=deployment.id,
            resource_name=file.name,
            resource_hash=file.content_hash,
            definition_hash=_definition_hash(file, checked.forms_of(model)),
            deployed_at=at,
        )
    for file, decision in checked.decisions:
        yield DecisionDefinition(
            str(uuid4()), decision.key, 0, decision.name, deployment.id, file.name, file.content_hash, at
        )
    for key, rows, settings in checked.calendars:
        yield CalendarDefinition(str(uuid4()), key, 0, deployment.id, rows.content_hash, settings.content_hash, at)


def _definition_hash(file: Resource, forms: Mapping[str, Resource]) -> str:
    lines = [file.content_hash, *(f"{key}\0{form.content_hash}" for key, form in sorted(forms.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _content(definition: Definition) -> object:
    if isinstance(definition, ProcessDefinition):
        return definition.definition_hash
    if isinstance(definition, DecisionDefinition):
        return definition.resource_hash
    return definition.rows_hash, definition.settings_hash


def _numbered(definition: Definition, version: int) -> Definition:
    values = {name: getattr(definition, name) for name in definition.__slots__}
    return type(definition)(**(values | {"version": version}))
