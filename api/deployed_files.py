"""The files of a deployment, for those who may read them: diagrams and forms by one right, rules by another."""

from api.credentials import Caller
from engine.errors import Forbidden, NotFound
from engine.model.deployment import Resource, ResourceKind
from engine.ports import UnitOfWork
from engine.services import deployed_files
from engine.services.deployed_files import DeployedFile

RIGHTS = {ResourceKind.BPMN: "definition.read", ResourceKind.FORM: "definition.read"}
RULES = "decision.read"


def files_of(uow: UnitOfWork, caller: Caller, deployment_id: str) -> tuple[DeployedFile, ...]:
    """Return the files of a set that the caller may read. Raises NotFound."""
    files = deployed_files.list_files(uow, deployment_id)
    return tuple(file for file in files if caller.may(RIGHTS.get(file.kind, RULES)))


def file_of(
    uow: UnitOfWork, caller: Caller, deployment_id: str, name: str, *, kind: ResourceKind | None = None
) -> Resource:
    """Return a file of a set, of the kind where one is asked for. Raises NotFound, Forbidden."""
    file = deployed_files.get_file(uow, deployment_id, name)
    right = RIGHTS.get(file.kind, RULES)
    if not caller.may(right):
        raise Forbidden(code="permission-missing", permission=right)
    if kind is not None and file.kind is not kind:
        raise NotFound("The file holds no picture.", code="no-picture", file=name)
    return file
