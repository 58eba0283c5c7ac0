"""What tests may speak of: the diagrams, tables and forms of the source, and what in them can be named."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.source_files import default_paths, read_files
from engine.bpmn import Element, ProcessModel, read_processes
from engine.dmn import Decision, read_decisions
from engine.model.deployment import Resource, ResourceKind

# People write a name for an element; what stands before the slash is another flow's.
SLASH = "/"
USER_TASKS = frozenset({"userTask", "manualTask", "task"})


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that is deployed for a test.

    models     process key → compiled diagram
    pictures   process key → the file of the diagram
    decisions  decision key → the decision
    forms      form key → JSON Schema
    """

    resources: tuple[Resource, ...]
    models: Mapping[str, ProcessModel]
    pictures: Mapping[str, Resource]
    decisions: Mapping[str, Decision]
    forms: Mapping[str, Any]

    def find(self, wanted: str, flow: str | None) -> tuple[str, str] | None:
        """Return process key and id of what a test names: `element`, `flow`, its name, or `process/element`.

        A name that several elements of the process bear finds nothing.
        """
        process, slash, name = wanted.partition(SLASH)
        if slash and process in self.models:
            return _within(self.models[process], name)
        return None if flow is None else _within(self.models[flow], wanted)

    def find_task(self, wanted: str, flow: str | None) -> tuple[str, str] | None:
        """Return process key and id of a user task: in the flow, else in the one other process that has it."""
        own = self.find(wanted, flow)
        if own is not None or SLASH in wanted:
            return own if own is not None and self.is_task(*own) else None
        others = [found for model in self.models.values() if (found := _within(model, wanted)) is not None]
        tasks = [found for found in others if self.is_task(*found)]
        return tasks[0] if len(tasks) == 1 else None

    def is_task(self, process: str, element: str) -> bool:
        """Tell whether an element is a user task."""
        found = self.models[process].elements.get(element)
        return found is not None and found.type in USER_TASKS

    def topics(self) -> frozenset[str]:
        """Return every topic of a service task."""
        needed = (one for model in self.models.values() for one in model.required)
        return frozenset(one.key for one in needed if one.kind == "topic")

    def rows(self) -> Iterator[tuple[str, int]]:
        """Stream every row of every table: decision key and number."""
        for key, decision in self.decisions.items():
            for rule in decision.rules:
                yield key, rule.number


def _within(model: ProcessModel, wanted: str) -> tuple[str, str] | None:
    if wanted in model.elements or wanted in model.flows:
        return model.key, wanted
    named = [one.id for one in _named(model) if one.name == wanted]
    return (model.key, named[0]) if len(named) == 1 else None


def _named(model: ProcessModel) -> Iterator[Element]:
    yield from (element for element in model.elements.values() if element.name)


def read_library(root: Path) -> Library:
    """Read `processes/` and `rules/` of a folder. Raises Invalid, DeploymentError."""
    return library_of(tuple(file.resource for file in read_files(default_paths(root))))


def library_of(resources: tuple[Resource, ...]) -> Library:
    """Return the library of a set of files. Raises DeploymentError."""
    models: dict[str, ProcessModel] = {}
    pictures: dict[str, Resource] = {}
    decisions: dict[str, Decision] = {}
    forms: dict[str, Any] = {}
    for resource in resources:
        if resource.kind is ResourceKind.BPMN:
            for model in read_processes(resource.content, resource.name):
                models[model.key], pictures[model.key] = model, resource
        elif resource.kind is ResourceKind.DMN:
            decisions |= {decision.key: decision for decision in read_decisions(resource.content, resource.name)}
        elif resource.kind is ResourceKind.FORM:
            forms[Path(resource.name).stem] = json.loads(resource.content)
    return Library(resources, models, pictures, decisions, forms)
