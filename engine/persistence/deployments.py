"""Repository of deployments and of the definitions in them."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select

from engine.errors import NotFound
from engine.model.deployment import (
    CalendarDefinition,
    DecisionDefinition,
    Deployment,
    ProcessDefinition,
    Resource,
    ResourceKind,
)
from engine.persistence.base import table_of
from engine.persistence.deployment_tables import (
    CalendarDefinitionRow,
    DecisionDefinitionRow,
    DeploymentRow,
    ProcessDefinitionRow,
    ResourceContentRow,
    ResourceRow,
)

Definition = TypeVar("Definition", ProcessDefinition, DecisionDefinition, CalendarDefinition)
_DEFINITIONS: dict[type, Any] = {
    ProcessDefinition: ProcessDefinitionRow,
    DecisionDefinition: DecisionDefinitionRow,
    CalendarDefinition: CalendarDefinitionRow,
}


class DeploymentRepository:
    """Sets, files and versions; nothing here is ever changed or deleted."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection
        self._newest: str | None = None

    def position(self) -> int:
        """Return how many sets have been deployed."""
        return self._connection.execute(select(func.coalesce(func.max(DeploymentRow.position), 0))).scalar_one()

    def lock(self) -> None:
        """Make other deployments wait until this one is through: version numbers have no gaps and no doubles."""
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql("LOCK TABLE deployment IN SHARE ROW EXCLUSIVE MODE")

    def newest_id(self) -> str:
        """Return the id of the set that was deployed last, empty before the first: caches are as fresh as this."""
        # Asked once per transaction: a command that decides ten times must mean the same tables each time.
        if self._newest is None:
            query = select(DeploymentRow.id).order_by(DeploymentRow.position.desc()).limit(1)
            self._newest = self._connection.execute(query).scalar_one_or_none() or ""
        return self._newest

    def newest(self) -> Deployment | None:
        """Return the set that was deployed last, if there is one."""
        query = select(table_of(DeploymentRow)).order_by(DeploymentRow.position.desc()).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        return _deployment(row) if row else None

    def list_deployments(self) -> tuple[Deployment, ...]:
        """Return all sets, newest first."""
        query = select(table_of(DeploymentRow)).order_by(DeploymentRow.position.desc())
        return tuple(_deployment(row) for row in self._connection.execute(query).mappings())

    def add(self, deployment: Deployment, resources: Sequence[Resource]) -> None:
        """Store a set; content that is already there is not stored again."""
        self._newest = deployment.id
        values = _columns(deployment) | {"position": self.position() + 1}
        self._connection.execute(insert(DeploymentRow).values(values))
        hashes = {resource.content_hash: resource for resource in resources}
        known = set(
            self._connection.execute(
                select(ResourceContentRow.content_hash).where(ResourceContentRow.content_hash.in_(hashes))
            ).scalars()
        )
        fresh = [
            {"content_hash": key, "content": resource.content} for key, resource in hashes.items() if key not in known
        ]
        if fresh:
            self._connection.execute(insert(ResourceContentRow), fresh)
        self._connection.execute(
            insert(ResourceRow),
            [
                {
                    "deployment_id": deployment.id,
                    "name": resource.name,
                    "kind": resource.kind.value,
                    "content_hash": resource.content_hash,
                }
                for resource in resources
            ],
        )

    def add_definitions(
        self, definitions: Iterable[ProcessDefinition | DecisionDefinition | CalendarDefinition]
    ) -> None:
        """Store new versions."""
        for definition in definitions:
            self._connection.execute(insert(_DEFINITIONS[type(definition)]).values(_columns(definition)))

    def content(self, content_hash: str) -> bytes:
        """Return the bytes of a file by their hash."""
        query = select(ResourceContentRow.content).where(ResourceContentRow.content_hash == content_hash)
        content = self._connection.execute(query).scalar_one_or_none()
        if content is None:
            raise NotFound(kind="resource", id=content_hash)
        return content

    def resources(self, deployment_id: str, kind: ResourceKind | None = None) -> dict[str, str]:
        """Return the files of a set: name → content hash."""
        query = select(ResourceRow.name, ResourceRow.content_hash).where(ResourceRow.deployment_id == deployment_id)
        if kind is not None:
            query = query.where(ResourceRow.kind == kind.value)
        return {row.name: row.content_hash for row in self._connection.execute(query)}

    def definition(self, kind: type[Definition], definition_id: str) -> Definition:
        """Return one version by its id; raises NotFound."""
        table = _DEFINITIONS[kind]
        row = self._one(table, table.id == definition_id)
        if row is None:
            raise NotFound(kind=kind.__name__, id=definition_id)
        return kind(**row)

    def find_definition(self, kind: type[Definition], key: str, version: int | None = None) -> Definition | None:
        """Return a version by key, the latest where none is named."""
        table = _DEFINITIONS[kind]
        query = select(table_of(table)).where(table.key == key).order_by(table.version.desc()).limit(1)
        if version is not None:
            query = query.where(table.version == version)
        row = self._connection.execute(query).mappings().one_or_none()
        return kind(**row) if row else None

    def list_definitions(
        self, kind: type[Definition], *, key: str | None = None, latest: bool = True
    ) -> tuple[Definition, ...]:
        """Return versions by key and falling version; only the latest of each key by default."""
        table = _DEFINITIONS[kind]
        query = select(table_of(table)).order_by(table.key, table.version.desc())
        if key is not None:
            query = query.where(table.key == key)
        found = [kind(**row) for row in self._connection.execute(query).mappings()]
        if not latest:
            return tuple(found)
        newest: dict[str, Definition] = {}
        for definition in found:
            newest.setdefault(definition.key, definition)
        return tuple(newest.values())

    def _one(self, table: Any, condition: ColumnElement[bool]) -> RowMapping | None:  # noqa: ANN401  a row class
        return self._connection.execute(select(table_of(table)).where(condition)).mappings().one_or_none()


def _deployment(row: RowMapping) -> Deployment:
    return Deployment(**{key: value for key, value in row.items() if key != "position"})


def _columns(value: Any) -> dict[str, Any]:  # noqa: ANN401  any of the frozen definitions
    return {name: getattr(value, name) for name in value.__slots__}
