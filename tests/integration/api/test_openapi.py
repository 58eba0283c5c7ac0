"""The description of the interface is complete, committed, and shown from local files."""

import re

import pytest

from api.config import ROOT, Settings
from api.openapi import COMMITTED, openapi_check

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(as_):
    answer = as_(None).get("/openapi.json")
    assert answer.status_code == 200
    return answer.get_json()


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield path, method, item[method]


def test_the_committed_description_is_the_one_of_the_application(app):
    assert openapi_check(app), f"{COMMITTED.relative_to(ROOT)} differs: zhili openapi"


def test_a_difference_is_noticed_and_written_only_on_request(app, tmp_path):
    path = tmp_path / "openapi.json"
    assert openapi_check(app, path) is False
    assert openapi_check(app, path, save=True) is True
    path.write_text(path.read_text() + " ")
    assert openapi_check(app, path) is False


def test_it_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")


def test_every_operation_says_what_it_does_and_how_it_refuses(document):
    for path, method, operation in operations(document):
        place = f"{method} {path}"
        assert operation["summary"], place
        assert operation["description"], place
        assert len(operation["tags"]) == 1, place
        assert any(status.startswith("2") for status in operation["responses"]), place
        refusals = [status for status in operation["responses"] if status.startswith(("4", "5"))]
        assert refusals, place
        for status in refusals:
            assert operation["responses"][status]["$ref"].startswith("#/components/responses/Problem"), place


def test_every_refusal_is_described_as_a_problem_document(document):
    for response in document["components"]["responses"].values():
        assert response["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_every_operation_that_is_not_public_asks_for_a_sign_in(document):
    open_paths = {"/healthz", "/readyz", "/api/v1/sessions", "/api/v1/public/cases/{query_code}"}
    for path, method, operation in operations(document):
        if path in open_paths:
            assert operation["security"] == []
        else:
            assert operation["security"], f"{method} {path}"


def test_every_reference_leads_somewhere(document):
    text = str(document)
    for kind, name in re.findall(r"#/components/(\w+)/([\w.-]+)", text):
        assert name in document["components"][kind], (kind, name)


def test_every_field_of_a_request_has_a_limit(document):
    for name, schema in document["components"]["schemas"].items():
        if not name.startswith("New"):
            continue
        for field, described in schema.get("properties", {}).items():
            if described.get("type") == "string" and "format" not in described and name != "NewFile":
                assert "maxLength" in described, (name, field)


def test_the_documentation_loads_nothing_from_elsewhere(as_):
    page = as_(None).get("/docs", buffered=True)
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/api/v1/docs/")
        assert as_(None).get(address, buffered=True).status_code == 200, address
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text


@pytest.mark.parametrize("name", ["../../config.py", "..%2fconfig.py", "swagger-ui.js.map", "index.html", "%00"])
def test_the_documentation_serves_its_own_files_only(as_, name):
    assert as_(None).get(f"/docs/{name}").status_code == 404


def test_the_documentation_can_be_switched_off(city_url, clock):
    from api.app import create_app  # noqa: PLC0415  made with other settings than the fixture's

    app = create_app(Settings(city_url, ROOT, docs=False), clock)
    assert app.test_client().get("/api/v1/docs").status_code == 404
    assert app.test_client().get("/api/v1/openapi.json").status_code == 404
    app.extensions["zhili"].units.engine.dispose()


def test_health_tells_a_living_process_from_one_that_can_work(as_, app, monkeypatch):
    assert as_(None).get("/healthz").get_json() == {"status": "ok"}
    assert as_(None).get("/readyz").get_json() == {"status": "ok"}


def test_the_bare_address_leads_to_the_documentation(app):
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/v1/docs")
