"""Deployments: an immutable set of diagrams, forms, decision tables and calendars, named by its content."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResourceKind(StrEnum):
    """What a deployed file is."""

    BPMN = "bpmn"
    DMN = "dmn"
    FORM = "form"
    CALENDAR = "calendar"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a set: its name inside the set, its kind, its bytes and their SHA-256."""

    name: str
    kind: ResourceKind
    content: bytes
    content_hash: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One set as it was deployed; `content_hash` covers every name and byte in it."""

    id: str
    content_hash: str
    note: str
    deployed_at: datetime
    deployed_by: str


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """One version of one diagram.

    resource_hash    the diagram's bytes
    definition_hash  the diagram and the forms that it shows: a changed form is a new version too
    """

    id: str
    key: str
    version: int
    name: str
    deployment_id: str
    resource_name: str
    resource_hash: str
    definition_hash: str
    deployed_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionDefinition:
    """One version of one decision of a DMN file; resource_hash covers the file."""

    id: str
    key: str
    version: int
    name: str
    deployment_id: str
    resource_name: str
    resource_hash: str
    deployed_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarDefinition:
    """One version of one working calendar: hashes of its rows (CSV) and of its settings (JSON)."""

    id: str
    key: str
    version: int
    deployment_id: str
    rows_hash: str
    settings_hash: str
    deployed_at: datetime
