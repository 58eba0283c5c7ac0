"""Reading what is deployed: compiled diagrams, forms, decisions and calendars, by version."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from engine.bpmn import ProcessModel, read_deployed
from engine.deadlines import WorkingCalendar, read_calendar
from engine.dmn import Decision, imports_others, read_documents
from engine.errors import DeploymentError, NotFound
from engine.model.deployment import CalendarDefinition, DecisionDefinition, ProcessDefinition, ResourceKind
from engine.ports import UnitOfWork
from engine.services.content_cache import ContentCache

_MODELS: ContentCache[ProcessModel] = ContentCache(500)
_DECISIONS: ContentCache[Mapping[str, Decision]] = ContentCache(1000)
# Whether a file of rules imports others, by its content; and the files of rules of a deployment with their hashes.
_IMPORTS: ContentCache[bool] = ContentCache(5000)
_RULE_FILES: ContentCache[Mapping[str, str]] = ContentCache(100)
_FORMS: ContentCache[dict[str, Any]] = ContentCache(2000)
_CALENDARS: ContentCache[WorkingCalendar] = ContentCache(100)
_PROCESS_DEFINITIONS: ContentCache[ProcessDefinition] = ContentCache(2000)
# The latest versions, by the deployment that was the newest when they were read.
_LATEST: ContentCache[Mapping[str, DecisionDefinition]] = ContentCache(20)
_LATEST_PROCESSES: ContentCache[Mapping[str, ProcessDefinition]] = ContentCache(20)

FORM_FOLDER = "forms/"


def list_processes(uow: UnitOfWork, key: str | None = None, *, latest: bool = True) -> tuple[ProcessDefinition, ...]:
    """Return versions of diagrams; only the latest of each by default."""
    return uow.deployments.list_definitions(ProcessDefinition, key=key, latest=latest)


def get_process(uow: UnitOfWork, definition_id: str) -> ProcessDefinition:
    """Return one version of a diagram; raises NotFound."""
    return _PROCESS_DEFINITIONS.get(definition_id, lambda: uow.deployments.definition(ProcessDefinition, definition_id))


def find_process(uow: UnitOfWork, key: str, version: int | None = None) -> ProcessDefinition:
    """Return the latest (or the named) version of a diagram; raises NotFound."""
    if version is not None:
        found = uow.deployments.find_definition(ProcessDefinition, key, version)
    else:
        newest = uow.deployments.newest_id()
        latest = _LATEST_PROCESSES.get(
            newest, lambda: {one.key: one for one in uow.deployments.list_definitions(ProcessDefinition)}
        )
        found = latest.get(key)
    if found is None:
        raise NotFound(kind="process definition", id=key if version is None else f"{key}:{version}")
    return found


def xml_of(uow: UnitOfWork, definition_id: str) -> bytes:
    """Return the diagram exactly as it was deployed."""
    return uow.deployments.content(get_process(uow, definition_id).resource_hash)


def model_of(uow: UnitOfWork, definition_id: str) -> ProcessModel:
    """Return the compiled diagram of a version."""
    definition = get_process(uow, definition_id)
    return _MODELS.get((definition.resource_hash, definition.key), lambda: _compile(uow, definition))


def _compile(uow: UnitOfWork, definition: ProcessDefinition) -> ProcessModel:
    xml = uow.deployments.content(definition.resource_hash)
    models = {model.key: model for model in read_deployed(xml, definition.resource_name)}
    return models[definition.key]


def readable_processes(uow: UnitOfWork) -> Iterator[tuple[ProcessDefinition, ProcessModel]]:
    """Yield the latest processes with their diagrams; one that cannot be read any more stops no other."""
    for definition in list_processes(uow):
        with suppress(DeploymentError):
            yield definition, model_of(uow, definition.id)


def form_of(uow: UnitOfWork, definition_id: str, form_key: str) -> dict[str, Any]:
    """Return the form (JSON Schema with widget hints) of a version of a diagram; raises NotFound."""
    return _FORMS.get((definition_id, form_key), lambda: _read_form(uow, definition_id, form_key))


def _read_form(uow: UnitOfWork, definition_id: str, form_key: str) -> dict[str, Any]:
    deployment_id = get_process(uow, definition_id).deployment_id
    forms = uow.deployments.resources(deployment_id, ResourceKind.FORM)
    name = f"{FORM_FOLDER}{form_key}.json"
    if name not in forms:
        raise NotFound(kind="form", id=form_key)
    form: dict[str, Any] = orjson.loads(uow.deployments.content(forms[name]))
    return form


def list_decisions(uow: UnitOfWork, key: str | None = None, *, latest: bool = True) -> tuple[DecisionDefinition, ...]:
    """Return versions of decisions; only the latest of each by default."""
    return uow.deployments.list_definitions(DecisionDefinition, key=key, latest=latest)


def get_decision(uow: UnitOfWork, definition_id: str) -> DecisionDefinition:
    """Return one version of a decision; raises NotFound."""
    return uow.deployments.definition(DecisionDefinition, definition_id)


def find_decision(uow: UnitOfWork, key: str, version: int | None = None) -> DecisionDefinition:
    """Return the latest (or the named) version of a decision; raises NotFound."""
    if version is not None:
        found = uow.deployments.find_definition(DecisionDefinition, key, version)
    else:
        newest = uow.deployments.newest_id()
        latest = _LATEST.get(
            newest, lambda: {one.key: one for one in uow.deployments.list_definitions(DecisionDefinition)}
        )
        found = latest.get(key)
    if found is None:
        raise NotFound(kind="decision", id=key if version is None else f"{key}:{version}")
    return found


def decision_xml(uow: UnitOfWork, definition_id: str) -> bytes:
    """Return the DMN file of a decision exactly as it was deployed."""
    return uow.deployments.content(get_decision(uow, definition_id).resource_hash)


def decisions_of(uow: UnitOfWork, definition: DecisionDefinition) -> Mapping[str, Decision]:
    """Return every compiled decision of the file that a version lives in, by key.

    A file that imports others is read with the files of its own deployment, whatever was deployed since.
    """
    return _DECISIONS.get(_rules_of(uow, definition), lambda: _read_decisions(uow, definition))


def _rules_of(uow: UnitOfWork, definition: DecisionDefinition) -> Hashable:
    """Return what names the content that a decision is compiled from."""
    if not _imports_others(uow, definition):
        return definition.resource_hash
    return definition.resource_name, tuple(sorted(_rule_files(uow, definition).items()))


def _imports_others(uow: UnitOfWork, definition: DecisionDefinition) -> bool:
    content_hash, name = definition.resource_hash, definition.resource_name
    return _IMPORTS.get(content_hash, lambda: imports_others(uow.deployments.content(content_hash), name))


def _rule_files(uow: UnitOfWork, definition: DecisionDefinition) -> Mapping[str, str]:
    deployment = definition.deployment_id
    return _RULE_FILES.get(deployment, lambda: uow.deployments.resources(deployment, ResourceKind.DMN))


def _read_decisions(uow: UnitOfWork, definition: DecisionDefinition) -> Mapping[str, Decision]:
    name = definition.resource_name
    hashes = _rule_files(uow, definition) if _imports_others(uow, definition) else {name: definition.resource_hash}
    files = {file: uow.deployments.content(content_hash) for file, content_hash in hashes.items()}
    return {decision.key: decision for decision in read_documents(files) if decision.file == name}


def calendar_of(uow: UnitOfWork, key: str, version: int | None = None) -> WorkingCalendar:
    """Return the latest (or the named) version of a working calendar; raises NotFound."""
    found = uow.deployments.find_definition(CalendarDefinition, key, version)
    if found is None:
        raise NotFound(kind="calendar", id=key)
    return _CALENDARS.get((key, found.version, found.rows_hash, found.settings_hash), lambda: _calendar(uow, found))


def _calendar(uow: UnitOfWork, found: CalendarDefinition) -> WorkingCalendar:
    rows = uow.deployments.content(found.rows_hash).decode()
    settings = uow.deployments.content(found.settings_hash).decode()
    return read_calendar(found.key, found.version, rows, settings)
