"""Reading what is to be checked or compared: uploaded tables, versions, drafts, samples and periods."""

from collections.abc import Mapping
from typing import Any

from flask import request

from api.credentials import Caller
from api.decision_view import comparison_view
from api.evaluation_access import READ
from api.language import Catalog
from api.request_body import MULTIPART
from engine.errors import Forbidden, Invalid, Problem
from engine.model.deployment import Resource
from engine.model.history import EvaluationFilter
from engine.ports import UnitOfWork
from engine.services import deployments
from engine.services.decision_comparison import compare_samples, replay
from engine.services.decision_versions import Side, side_of_draft, side_of_version

XML_TYPES = ("application/xml", "text/xml")
TABLE = ".dmn"
BODY, DRAFT = "body.dmn", "draft.dmn"
# A request answers while somebody waits; a longer period is the command line's.
MOST_EVALUATIONS = 10_000


def uploaded_tables() -> tuple[Resource, ...]:
    """Return the DMN files of the request: its body, or the parts of it. Raises Invalid."""
    if request.mimetype != MULTIPART:
        pairs = [(BODY, request.get_data())]
    else:
        pairs = [(file.filename or field, file.stream.read()) for field, file in request.files.items(multi=True)]
    problems = [_no_table(name) for name, _ in pairs if not name.endswith(TABLE)]
    if not any(content for _, content in pairs):
        problems = [Problem("deployment-empty", "files", "The set has no files.")]
    if problems:
        raise Invalid(problems=problems)
    return tuple(deployments.resource(name, content) for name, content in pairs)


def compared(
    uow: UnitOfWork, caller: Caller, key: str, given: Mapping[str, Any], sentences: Catalog
) -> dict[str, object]:
    """Compare two versions of a decision over what the request names; only reads.

    Raises   NotFound for a version, DeploymentError for a draft that cannot be read, Invalid for too long a period,
             Forbidden for a period where the caller may not read what was asked in it
    """
    if given["samples"] is None and not caller.may(READ):
        raise Forbidden(code="permission-missing", permission=READ)
    b = _second(uow, key, given)
    if given["samples"] is None:
        a = None if given["version_a"] is None else side_of_version(uow, key, given["version_a"])
        wanted = EvaluationFilter(decision_key=key, since=given["since"], before=given["before"])
        result = replay(uow, a, b, wanted, shown=given["show"], most=MOST_EVALUATIONS)
        return comparison_view(a, b, result, sentences)
    a = first_side(uow, key, given["version_a"], b)
    return comparison_view(a, b, compare_samples(uow, a, b, given["samples"], shown=given["show"]), sentences)


def first_side(uow: UnitOfWork, key: str, version: int | None, b: Side) -> Side:
    """Return the version that is named; else the one before `b`, or the latest where that is a draft or the first."""
    if version is None and b.version is not None and b.version > 1:
        version = b.version - 1
    return side_of_version(uow, key, version)


def _second(uow: UnitOfWork, key: str, given: Mapping[str, Any]) -> Side:
    if given["draft"] is not None:
        return side_of_draft(uow, key, given["draft"].encode(), DRAFT)
    return side_of_version(uow, key, given["version_b"])


def _no_table(name: str) -> Problem:
    return Problem("file-no-table", name, "The file is no DMN file.", {"name": name})
