"""What a request may carry: kind of content, size, depth. Checked before anybody reads it."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

import orjson
from flask import Flask, Request, Response, current_app, request
from flask.json.provider import JSONProvider
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from api.config import JSON_DEPTH, Settings

JSON = "application/json"
MULTIPART = "multipart/form-data"
ZIP = "application/zip"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

View = TypeVar("View", bound=Callable[..., object])


def accepts(*content_types: str, large: bool = False) -> Callable[[View], View]:
    """Say which kinds of content an operation reads; without it, JSON of ordinary size."""

    def mark(view: View) -> View:
        view.zhili_content = (content_types, large)  # type: ignore[attr-defined]  # a mark, read by check_body
        return view

    return mark


def check_body(view: Callable[..., object] | None, settings: Settings) -> None:
    """Refuse a body of another kind (415) or too large (413) before it is read."""
    if request.method not in UNSAFE or not _has_body(request):
        return
    content_types, large = getattr(view, "zhili_content", ((JSON,), False))
    if request.mimetype not in content_types:
        raise UnsupportedMediaType(description=", ".join(content_types))
    limit = settings.request_limit if large or request.mimetype != JSON else settings.json_limit
    request.max_content_length = limit
    if request.content_length is not None and request.content_length > limit:
        raise RequestEntityTooLarge(description=str(limit))


def _has_body(incoming: Request) -> bool:
    return bool(incoming.content_length) or "chunked" in incoming.headers.get("Transfer-Encoding", "").lower()


class BadJson(BadRequest):
    """The body is not JSON, is nested too deeply, or holds a character that no text may hold."""

    def __init__(self, code: str, **params: object) -> None:
        """Keep the code of the sentence that explains it."""
        super().__init__()
        self.problem_code = code
        self.params = params


def read_json(content: bytes) -> object:
    """Read a JSON document: UTF-8, at most ten levels deep, without the NUL character; else BadJson."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadJson("bad-json", line=error.lineno, column=error.colno) from None
    _check_nodes(document)
    return document


def _check_nodes(document: object) -> None:
    level: list[object] = [document]
    for _ in range(JSON_DEPTH + 1):
        below: list[object] = []
        for node in level:
            if isinstance(node, dict):
                below += node.values()
                below += node.keys()
            elif isinstance(node, list):
                below += node
            elif isinstance(node, str) and "\x00" in node:
                raise BadJson("bad-character")
        if not below:
            return
        level = below
    raise BadJson("json-too-deep", limit=JSON_DEPTH)


class OrjsonProvider(JSONProvider):
    """JSON of requests and answers, by orjson."""

    def dumps(self, obj: object, **kwargs: object) -> str:
        """Serialise a value."""
        del kwargs
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **kwargs: object) -> object:
        """Read a document under the limits of a request."""
        del kwargs
        return read_json(s.encode() if isinstance(s, str) else s)

    def response(self, *args: object, **kwargs: object) -> Response:
        """Answer with one document."""
        document = self._prepare_response_obj(args, kwargs)
        return current_app.response_class(orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS) + b"\n", mimetype=JSON)


class StrictParser(FlaskParser):
    """Parses arguments of operations: unknown names are refused everywhere, not only in bodies."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(("json", "form", "query", "querystring", "files"))

    def _raw_load_json(self, req: Request) -> object:
        content = req.get_data(cache=True)
        return read_json(content) if content else {}

    def _handle_invalid_json_error(self, error: Exception, req: Request, *args: object, **kwargs: object) -> NoReturn:
        del req, args, kwargs
        raise BadJson("bad-json", line=1, column=1) from error


def install(app: Flask) -> None:
    """Make the application read and write JSON under these rules."""
    app.json = OrjsonProvider(app)
