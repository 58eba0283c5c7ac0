"""Every refusal as a problem document (RFC 9457): what, where, and why, in the caller's language."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api.context import city, now
from api.language import Catalog, current_catalog
from api.problems import SignInRequired
from api.request_body import BadJson
from api.schemas.fields import Wrong
from engine.errors import Conflict, EngineError, Forbidden, Invalid, NotFound, Problem

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:zhili:problem:"
STATUS_OF: tuple[tuple[type[EngineError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (Forbidden, 403),
    (Invalid, 422),
)
CODE_OF_STATUS = {
    400: "bad-request",
    401: "sign-in-required",
    403: "forbidden",
    404: "no-such-address",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "request-too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many-requests",
    500: "internal-error",
    503: "not-available",
}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
UNAVAILABLE = 503
SERVER_ERROR = 500
RETRY_AFTER_SECONDS = "2"

logger = logging.getLogger("zhili.api")


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal before it is written down."""

    status: int
    code: str
    detail: str
    params: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    current: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


def install(app: Flask) -> None:
    """Make the application answer every error as a problem document."""
    app.register_error_handler(EngineError, answer_engine_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_unexpected)


def answer_engine_error(error: EngineError) -> Response:
    """Answer a refusal of the engine, the registers or of this layer."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == SignInRequired.status else {}
    if "seconds" in error.details:
        headers["Retry-After"] = str(error.details["seconds"])
    current = fresh_state(error.details)
    params = {name: value for name, value in error.details.items() if is_plain(value)}
    return write(Answer(status, error.key, error.message, params, error.problems, current, headers))


def status_of(error: EngineError) -> int:
    """Return the HTTP status of an error of the tree."""
    own = getattr(error, "status", None)
    if isinstance(own, int):
        return own
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), 400)


def answer_http_error(error: HTTPException) -> Response:
    """Answer what the framework refuses: no such address, wrong method, wrong kind or size of body."""
    if isinstance(error, BadJson):
        return write(Answer(400, error.problem_code, "The body is not acceptable JSON.", error.params))
    if error.code is None or error.code < 400:  # noqa: PLR2004  redirects are answers, not problems
        return Response(error.get_body(), error.code or 200, dict(error.get_headers()))
    if error.code >= SERVER_ERROR and error.code not in CODE_OF_STATUS:
        return answer_unexpected(error)
    headers = {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
    problems = tuple(problems_of(getattr(error, "data", {}).get("messages", {})))
    code = CODE_OF_STATUS.get(error.code, "bad-request")
    params = {"method": request.method, "path": request.path, "content_type": request.mimetype or "—"}
    params["expected"] = error.description or ""
    return write(Answer(error.code, code, error.name, params, problems, None, headers))


def answer_unexpected(error: Exception) -> Response:
    """Answer a failure of ours: written to the log with its number, never shown."""
    number = uuid4().hex[:12]
    if city().is_unavailable(error):
        logger.warning("database not available, request %s: %s", number, type(error).__name__)
        return write(
            Answer(
                UNAVAILABLE,
                "not-available",
                "The database is not available.",
                {"number": number},
                headers={"Retry-After": RETRY_AFTER_SECONDS},
            )
        )
    logger.error("request %s failed: %s %s", number, request.method, request.path, exc_info=error)
    return write(Answer(SERVER_ERROR, "internal-error", "Something went wrong on our side.", {"number": number}))


def write(answer: Answer) -> Response:
    """Write the problem document in the caller's language."""
    sentences = current_catalog()
    params = {"count": len(answer.problems), **answer.params}
    document: dict[str, object] = {
        "type": TYPE_PREFIX + answer.code,
        "title": sentences.title(answer.status),
        "status": answer.status,
        "detail": sentences.text(answer.code, params, answer.detail),
        "code": answer.code,
    }
    if answer.params:
        document["params"] = dict(answer.params)
    if answer.problems:
        document["errors"] = [describe(problem, sentences) for problem in answer.problems]
    if answer.current is not None:
        document["current"] = answer.current
    content = orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS, default=str)
    response = Response(content, answer.status, dict(answer.headers), content_type=CONTENT_TYPE)
    response.content_language = [sentences.language]
    return response


def describe(problem: Problem, sentences: Catalog) -> dict[str, object]:
    """Write one single problem: where, which, and the sentence."""
    params = {"where": problem.where, **problem.params}
    entry: dict[str, object] = {
        "where": problem.where,
        "code": problem.code,
        "severity": problem.severity,
        "message": sentences.text(problem.code, params, problem.message),
    }
    if problem.params:
        entry["params"] = {name: value for name, value in problem.params.items() if is_plain(value)}
    if problem.file is not None:
        entry["file"] = problem.file
    if problem.line is not None:
        entry["line"] = problem.line
    return entry


def problems_of(messages: object, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Turn the nested messages of a schema into single problems, each with the path of its field.

    The first level names the place in the request (json, query …) and is left out.
    """
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from problems_of(below, (*path, str(name)))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        where = ".".join(name for name in path[1:] if name != "_schema")
        if isinstance(message, Wrong):
            yield Problem(message.code, where, str(message), dict(message.params))
        else:
            yield Problem("field-invalid", where, str(message))


def fresh_state(details: Mapping[str, object]) -> object:
    """Return the state that a lost race left behind, as its own resource would show it."""
    shapes = city().shapes
    for value in details.values():
        shape = shapes.get(type(value))
        if shape is not None:
            return shape(value, now())
    return None


def is_plain(value: object) -> bool:
    """Tell whether JSON can hold a value as it is."""
    if isinstance(value, (list, tuple)):
        return all(is_plain(item) for item in value)
    return value is None or isinstance(value, (str, int, float, bool))
