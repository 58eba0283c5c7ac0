"""Taking in a set of files: as JSON, as multipart, or as a zip archive; refused where it is more than it seems."""

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from flask import request

from api.credentials import Caller
from api.errors import describe
from api.language import current_catalog
from api.request_body import JSON, ZIP, StrictParser
from api.schemas.processes import FILE_NAME, FILES_MAX, NewDeploymentSchema
from engine.errors import Forbidden, Invalid, Problem
from engine.model.deployment import Resource, ResourceKind
from engine.ports import UnitOfWork
from engine.services import deployments
from engine.services.deployments import DeploymentResult

# An archive may unpack to as much as a request without packing may hold.
UNPACKED_MAX = 24 * 1024 * 1024
RIGHTS = {ResourceKind.BPMN: "definition.deploy", ResourceKind.FORM: "definition.deploy"}
RULES = "decision.deploy"
NAME = re.compile(FILE_NAME)
PARSER = StrictParser()


def read_files(caller: Caller, note: str) -> tuple[tuple[Resource, ...], str]:
    """Return the files of the request and the note with them.

    Raises  Invalid naming the file; Forbidden where one is of a kind that the caller may not deploy
    """
    if request.mimetype == JSON:
        body = PARSER.parse(NewDeploymentSchema, request, location="json")
        pairs, note = [_decoded(file) for file in body["files"]], body["note"] or note
    elif request.mimetype == ZIP:
        pairs = list(_unpacked(request.get_data()))
    else:
        pairs = list(_uploaded())
    files = tuple(deployments.resource(_named(name), content) for name, content in pairs)
    _check_set(files)
    for file in files:
        if file.kind is ResourceKind.OTHER:
            raise _refused("file-kind-unknown", file.name, "The file is no diagram, table, form or calendar.")
        right = RIGHTS.get(file.kind, RULES)
        if not caller.may(right):
            raise Forbidden(code="permission-missing", permission=right)
    return files, note


def plan(uow: UnitOfWork, files: Sequence[Resource], *, merge: bool) -> dict[str, object]:
    """Say what deploying a set would do; stores nothing. Raises DeploymentError."""
    chosen = deployments.merged(uow, files) if merge else files
    return _shown(deployments.plan(uow, chosen), dry_run=True)


def deploy(
    uow: UnitOfWork, files: Sequence[Resource], *, note: str, by: str, merge: bool
) -> tuple[dict[str, object], int]:
    """Deploy a set; returns it, and 201 where something new was stored. Raises DeploymentError."""
    before = uow.deployments.newest_id()
    uow.deployments.lock()  # before the newest set is read: of two merges at once the second adds to the first
    chosen = deployments.merged(uow, files) if merge else files
    result = deployments.deploy(uow, chosen, note=note, by=by)
    return _shown(result, dry_run=False), 200 if result.deployment.id == before else 201


def _shown(result: DeploymentResult, *, dry_run: bool) -> dict[str, object]:
    return {
        "id": None if dry_run else result.deployment.id,
        "content_hash": result.deployment.content_hash,
        "note": result.deployment.note,
        "deployed_at": None if dry_run else result.deployment.deployed_at,
        "deployed_by": None if dry_run else result.deployment.deployed_by,
        "dry_run": dry_run,
        "created": result.created,
        "unchanged": result.unchanged,
        "findings": [describe(finding, current_catalog()) for finding in result.findings],
    }


def _decoded(file: dict[str, str]) -> tuple[str, bytes]:
    if ("text" in file) == ("base64" in file):
        raise _refused("file-content-unclear", file["name"], "A file has either text or base64.")
    if "text" in file:
        return file["name"], file["text"].encode()
    try:
        return file["name"], base64.b64decode(file["base64"], validate=True)
    except (binascii.Error, ValueError):
        raise _refused("file-not-base64", file["name"], "The content is not base64.") from None


def _uploaded() -> Iterator[tuple[str, bytes]]:
    for field, file in request.files.items(multi=True):
        content = file.stream.read()
        if (file.filename or "").lower().endswith(".zip"):
            yield from _unpacked(content)
        else:
            # A browser sends the last part of a path only: a field may carry the name within the set.
            yield field if "." in field else file.filename or field, content


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > FILES_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX:
            raise _refused("archive-too-large", "archive", "The archive holds too much.")
        for entry in entries:
            with archive.open(entry) as file:
                # Never more than the archive says it is: a lying entry ends in a wrong checksum, not in memory.
                yield entry.filename, file.read(min(entry.file_size, UNPACKED_MAX) + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise _refused("archive-unreadable", "archive", "The archive cannot be read.") from None


def _named(name: str) -> str:
    if NAME.fullmatch(name) is None:
        raise _refused("file-name-refused", name[:200], "A file name has no leading slash, no dots upward.")
    return name


def _check_set(files: Sequence[Resource]) -> None:
    names = [file.name for file in files]
    if not files:
        raise _refused("deployment-empty", "files", "The set has no files.")
    twice = sorted({name for name in names if names.count(name) > 1}) if len(names) <= FILES_MAX else names[:1]
    if twice:
        raise _refused("file-twice", twice[0], "A file stands in the set twice.")


def _refused(code: str, where: str, message: str) -> Invalid:
    return Invalid(problems=[Problem(code, where, message, {"name": where})])
