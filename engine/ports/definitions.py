"""What is deployed."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from engine.model.deployment import (
    CalendarDefinition,
    DecisionDefinition,
    Deployment,
    ProcessDefinition,
    Resource,
    ResourceKind,
)

Definition = TypeVar("Definition", ProcessDefinition, DecisionDefinition, CalendarDefinition)


class DeploymentRepository(Protocol):
    """Sets, files and versions; nothing here is ever changed or deleted."""

    def position(self) -> int:
        """Return how many sets have been deployed."""
        ...

    def lock(self) -> None:
        """Make other deployments wait until this one is through: version numbers have no gaps and no doubles."""
        ...

    def newest_id(self) -> str:
        """Return the id of the set that was deployed last, empty before the first: caches are as fresh as this."""
        ...

    def newest(self) -> Deployment | None:
        """Return the set that was deployed last, if there is one."""
        ...

    def list_deployments(self) -> tuple[Deployment, ...]:
        """Return all sets, newest first."""
        ...

    def add(self, deployment: Deployment, resources: Sequence[Resource]) -> None:
        """Store a set; content that is already there is not stored again."""
        ...

    def add_definitions(
        self, definitions: Iterable[ProcessDefinition | DecisionDefinition | CalendarDefinition]
    ) -> None:
        """Store new versions."""
        ...

    def content(self, content_hash: str) -> bytes:
        """Return the bytes of a file by their hash."""
        ...

    def resources(self, deployment_id: str, kind: ResourceKind | None = None) -> dict[str, str]:
        """Return the files of a set: name → content hash."""
        ...

    def definition(self, kind: type[Definition], definition_id: str) -> Definition:
        """Return one version by its id; raises NotFound."""
        ...

    def find_definition(self, kind: type[Definition], key: str, version: int | None = None) -> Definition | None:
        """Return a version by key, the latest where none is named."""
        ...

    def list_definitions(
        self, kind: type[Definition], *, key: str | None = None, latest: bool = True
    ) -> tuple[Definition, ...]:
        """Return versions by key and falling version; only the latest of each key by default."""
        ...
