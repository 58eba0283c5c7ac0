"""The description of the interface: OpenAPI 3.1, the pages that show it, and the check that it is committed."""

from importlib.resources import files
from pathlib import Path

import flask_smorest
import orjson
from flask import Blueprint, Flask, Response, abort, redirect, send_file
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.wrappers import Response as BaseResponse

from api import addresses
from api.auth import PUBLIC, policy_of, requires
from api.config import ROOT
from api.headers import DOCS_PREFIX
from api.language import DEFAULT_LANGUAGE
from api.request_body import StrictParser
from api.schemas.problem import ProblemSchema
from api.schemas.processes import NewDeploymentSchema

TITLE = "Zhili 治理"
VERSION = "1.0"
PREFIX = "/api/v1"
OWN_FILES = Path(__file__).parent / "static"
COMMITTED = ROOT / "docs" / "openapi.json"
SHOWN_FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "index.css", "favicon-32x32.png"})
PROBLEM_STATUSES = {
    "400": "The body is not acceptable JSON.",
    "401": "Nobody is signed in.",
    "403": "The caller may not do this.",
    "404": "There is no such thing, or not for this caller.",
    "405": "The address exists, the method does not.",
    "409": "The state has moved on; `current` shows the fresh one.",
    "413": "The body is too large.",
    "415": "The body has another kind than the operation reads.",
    "422": "The input breaks a rule; `errors` names each field.",
    "429": "Too many attempts; `Retry-After` says how long to wait.",
    "500": "A failure of ours, written to the log under its number.",
    "503": "The database cannot be reached; try again.",
}


class Api(flask_smorest.Api):
    """The library's Api without its own error handling and pages: ours answer."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to api.errors."""

    def _register_doc_blueprint(self) -> None:
        """Leave the pages to this module."""


class NounBlueprint(flask_smorest.Blueprint):
    """One noun of the interface; its operations document their refusals and its arguments are strict."""

    ARGUMENTS_PARSER = StrictParser()


def make_api(app: Flask) -> Api:
    """Give the application its description; nouns are registered on the result."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    plugin = FlaskPlugin()
    api = Api(app, spec_kwargs={"flask_plugin": plugin, "info": {"description": _introduction()}})
    addresses.describe(api)
    schemes = api.spec.components
    schemes.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "sid"})
    schemes.security_scheme("token", {"type": "http", "scheme": "bearer"})
    schemes.schema("NewDeployment", schema=NewDeploymentSchema)
    for status, text in PROBLEM_STATUSES.items():
        schemes.response(f"Problem{status}", _problem_response(text))
    return api


def _introduction() -> str:
    return (
        "Case management for city governance, run by BPMN diagrams and rule tables. Instants are ISO 8601 with zone "
        "(answers are in UTC); pages are read by key; refusals are `application/problem+json` in the language of "
        f"`Accept-Language` (zh-CN or en; {DEFAULT_LANGUAGE} by default)."
    )


def _problem_response(description: str) -> dict[str, object]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def complete(app: Flask, api: Api) -> dict[str, object]:
    """Return the whole document: every operation with its security and its refusals, in a stable order."""
    document = api.spec.to_dict()
    own = document["components"]["responses"]
    document["components"]["responses"] = {name: own[name] for name in own if name.startswith("Problem")}
    for rule in app.url_map.iter_rules():
        path = document["paths"].get(addresses.template(rule.rule), {})
        for method in rule.methods or ():
            operation = path.get(method.lower())
            if operation is not None:
                _complete_operation(app, rule, method, operation)
    ordered = orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    result: dict[str, object] = orjson.loads(ordered)
    return result


def _complete_operation(app: Flask, rule: object, method: str, operation: dict[str, object]) -> None:
    policy = policy_of(app, rule, method)  # type: ignore[arg-type]  # a werkzeug Rule, as iter_rules gives it
    statuses = ["404", "405", "500", "503"]
    operation["security"] = []
    if policy is None or not policy.public:
        statuses += ["401", "403"]
        operation["security"] = [{"session": []}, {"token": []}]
    if policy is not None and policy.any_of:
        operation["x-permissions"] = list(policy.any_of)
    if "requestBody" in operation:
        statuses += ["400", "409", "413", "415", "422"]
    if operation.get("parameters"):
        statuses.append("422")
    responses = operation.setdefault("responses", {})
    for status in statuses:
        # The library's own refusals are of another kind of content: ours replace them.
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}  # type: ignore[index]  # a dict of the specification


def write(document: dict[str, object]) -> bytes:
    """Write the document as it is committed."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def openapi_check(app: Flask, path: Path = COMMITTED, *, save: bool = False) -> bool:
    """Tell whether the committed description equals the application's; with `save`, write it first."""
    content = write(app.extensions["zhili-openapi"])
    if save:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path.is_file() and path.read_bytes() == content


def install_pages(app: Flask, api: Api, *, docs: bool) -> None:
    """Serve the description, and the interactive documentation from local files."""
    app.extensions["zhili-openapi"] = complete(app, api)
    content = write(app.extensions["zhili-openapi"])
    pages = Blueprint("openapi", __name__)

    @pages.get(f"{PREFIX}/openapi.json")
    @requires(PUBLIC)
    def description() -> Response:
        """Answer the description of the interface."""
        return Response(content, mimetype="application/json")

    @pages.get(DOCS_PREFIX)
    @requires(PUBLIC)
    def documentation() -> Response:
        """Show the interactive documentation."""
        return send_file(OWN_FILES / "docs.html", mimetype="text/html")

    @pages.get("/")
    @requires(PUBLIC)
    def front() -> BaseResponse:
        """Lead whoever opens the bare address to the documentation."""
        return redirect(DOCS_PREFIX)

    @pages.get(f"{DOCS_PREFIX}/<string:name>")
    @requires(PUBLIC)
    def documentation_file(name: str) -> Response:
        """Answer a file of the documentation."""
        if name == "docs.js":
            return send_file(OWN_FILES / name, mimetype="text/javascript")
        if name not in SHOWN_FILES:
            abort(404)
        return send_file(Path(str(files("flask_swagger_ui"))) / "dist" / name)

    if docs:
        app.register_blueprint(pages)
