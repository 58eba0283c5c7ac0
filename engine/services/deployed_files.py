"""The files of a deployment, exactly as they came: what is exported is what was imported, byte for byte."""

from dataclasses import dataclass

from engine.errors import NotFound
from engine.model.deployment import Deployment, Resource, ResourceKind
from engine.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class DeployedFile:
    """One file of a set, without its bytes; `content_hash` is their SHA-256."""

    name: str
    kind: ResourceKind
    content_hash: str


def list_files(uow: UnitOfWork, deployment_id: str) -> tuple[DeployedFile, ...]:
    """Return the files of a set, by name; drawings that nothing executes are among them. Raises NotFound."""
    files = [
        DeployedFile(name, kind, content_hash)
        for kind in ResourceKind
        for name, content_hash in uow.deployments.resources(deployment_id, kind).items()
    ]
    if not files:
        raise NotFound(kind="deployment", id=deployment_id)
    return tuple(sorted(files, key=lambda file: file.name))


def get_file(uow: UnitOfWork, deployment_id: str, name: str) -> Resource:
    """Return a file of a set. Raises NotFound."""
    for file in list_files(uow, deployment_id):
        if file.name == name:
            return _with_content(uow, file)
    raise NotFound(kind="file", id=name)


def export(uow: UnitOfWork, deployment_id: str | None = None) -> tuple[Deployment, tuple[Resource, ...]]:
    """Return a set, the newest where none is named, with all its files. Raises NotFound."""
    known = uow.deployments.list_deployments()
    for deployment in known:
        if deployment_id in {None, deployment.id}:
            return deployment, tuple(_with_content(uow, file) for file in list_files(uow, deployment.id))
    raise NotFound(kind="deployment", id=deployment_id or "")


def _with_content(uow: UnitOfWork, file: DeployedFile) -> Resource:
    return Resource(file.name, file.kind, uow.deployments.content(file.content_hash), file.content_hash)
