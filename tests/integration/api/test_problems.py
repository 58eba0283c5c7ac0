"""Every refusal is a problem document, and says what is wrong without telling what is inside."""

import json
import logging

import pytest

from api.app import create_app
from api.config import ROOT, Settings
from engine.services import user_tasks

PROBLEM = "application/problem+json"


def problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.content_type == PROBLEM
    document = answer.get_json(force=True)
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:zhili:problem:{code}"
    assert document["title"]
    assert document["detail"]
    return document


def test_an_unknown_address_is_a_problem_document(as_):
    problem(as_("alice").get("/nothing-here"), 404, "no-such-address")


def test_a_wrong_method_names_those_that_are_allowed(as_):
    answer = as_("alice").delete("/cases")
    problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= {method.strip() for method in answer.headers["Allow"].split(",")}


def test_trace_is_not_answered(as_):
    problem(as_("alice").call("TRACE", "/cases"), 405, "method-not-allowed")


def test_a_body_of_another_kind_is_refused_before_it_is_read(as_):
    answer = as_("alice").call("POST", "/cases", data="title=x", content_type="application/x-www-form-urlencoded")
    document = problem(answer, 415, "unsupported-media-type")
    assert "application/json" in document["detail"]


def test_a_json_body_over_one_megabyte_is_refused(as_, complete_report):
    problem(as_("alice").post("/cases", complete_report(detail="长" * 400_000)), 413, "request-too-large")


def test_an_upload_over_the_limit_of_a_request_is_refused(as_, report):
    case = report("acceptor")
    answer = as_("acceptor").call(
        "POST",
        f"/cases/{case['id']}/attachments",
        data=b"x" * (25 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    problem(answer, 413, "request-too-large")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "bad-json"),
        (b'{"title": "\\ud800"}', "bad-json"),
        (b"\xff\xfe", "bad-json"),
        (b'{"a": NaN}', "bad-json"),
        (b'{"title": "a\\u0000b"}', "bad-character"),
        (b"[" * 12 + b"]" * 12, "json-too-deep"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "bad-json"),
    ],
)
def test_json_that_cannot_be_meant_is_refused(as_, body, code):
    answer = as_("alice").call("POST", "/cases", data=body, content_type="application/json")
    problem(answer, 400, code)


def test_ten_levels_of_json_are_read(as_):
    body = {"inputs": json.loads('{"a":' * 8 + "1" + "}" * 8)}
    assert as_("designer").post("/decisions/urgency/evaluate", body).status_code == 200


def test_an_unknown_field_is_named(as_, complete_report):
    document = problem(as_("alice").post("/cases", complete_report(status="archived")), 422, "invalid")
    assert [(one["where"], one["code"]) for one in document["errors"]] == [("status", "field-unknown")]


def test_an_unknown_filter_is_named(as_):
    document = problem(as_("bob").get("/cases?colour=red"), 422, "invalid")
    assert document["errors"][0]["where"] == "colour"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", 5, "field-not-text"),
        ("title", None, "field-null"),
        ("title", "长" * 201, "field-too-long"),
        ("title", "a\x1bb", "field-control-character"),
        ("anonymous", "true", "field-not-boolean"),
        ("anonymous", 1, "field-not-boolean"),
        ("longitude", "126.6", "field-not-number"),
        ("longitude", 999, "field-range"),
        ("occurred_at", "2026-11-23 08:00", "field-not-instant"),
        ("occurred_at", "2026-11-23T08:00:00", "field-not-instant"),
        ("occurred_at", 1763860000, "field-not-instant"),
        ("occurred_at", "9999-12-31T23:59:59-12:00", "field-not-instant"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_field(as_, complete_report, field, value, code):
    body = complete_report()
    body[field] = value
    document = problem(as_("alice").post("/cases", body), 422, "invalid")
    assert (field, code) in [(one["where"], one["code"]) for one in document["errors"]]


def test_every_wrong_field_is_named_at_once(as_):
    document = problem(as_("alice").post("/cases", {"channel": 1, "longitude": "x"}), 422, "invalid")
    assert {one["where"] for one in document["errors"]} == {"channel", "longitude", "title", "detail"}


def test_the_missing_elements_of_a_case_are_named(as_):
    body = {"channel": "phone", "title": "x", "detail": "y"}
    document = problem(as_("acceptor").post("/cases", body | {"reporter_name": ""}), 422, "invalid")
    assert {"occurred_at", "region_code"} <= {one["where"] for one in document["errors"]}


def test_an_unknown_region_or_category_is_refused_with_its_field(as_, complete_report):
    body = complete_report(region_code="990102001001", category="ZZZ", channel="pigeon")
    document = problem(as_("acceptor").post("/cases", body), 422, "invalid")
    assert {one["where"] for one in document["errors"]} == {"region_code", "category", "channel"}
    assert "990102001001" in json.dumps(document, ensure_ascii=False)


def test_refusals_are_written_in_the_language_of_the_caller(as_):
    chinese = as_("charlie").get("/cases/no-such-case")
    english = as_("charlie").get("/cases/no-such-case", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert "没有找到事件 no-such-case" in chinese.get_json(force=True)["detail"]
    assert english.get_json(force=True)["detail"] == "There is no case no-such-case, or not for you."
    assert (chinese.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-CN", "en")


@pytest.mark.parametrize("wanted", ["", "fr", "*", ";;;", "zh-TW", "zh-CN;q=nonsense"])
def test_an_unknown_language_gets_chinese(as_, wanted):
    answer = as_("charlie").get("/cases/none", headers={"Accept-Language": wanted})
    assert answer.headers["Content-Language"] == "zh-CN"


def test_a_failure_of_ours_tells_nothing_and_is_on_record(app, as_, monkeypatch, caplog):
    def fail(*_args, **_options):
        raise RuntimeError("secret-of-the-house")

    monkeypatch.setattr(user_tasks, "inbox", fail)
    with caplog.at_level(logging.ERROR):
        answer = as_("alice").get("/user-tasks")
    document = problem(answer, 500, "internal-error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert document["params"]["number"] in caplog.text
    assert "secret-of-the-house" in caplog.text


def test_a_database_that_cannot_be_reached_is_503_and_says_when_to_come_back(app, as_, monkeypatch):
    city = app.extensions["zhili"]

    def unreachable(*_args, **_options):
        raise ConnectionError("gone")

    monkeypatch.setattr(user_tasks, "inbox", unreachable)
    monkeypatch.setitem(
        app.extensions,
        "zhili",
        city.__class__(
            settings=city.settings,
            units=city.units,
            shapes=city.shapes,
            is_unavailable=lambda error: isinstance(error, ConnectionError),
        ),
    )
    answer = as_("alice").get("/user-tasks")
    problem(answer, 503, "not-available")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("after", ["x", "W10", "eyJhIjoxfQ", "WyJ4Il0", "WzEsMiwzLDRd", "bnVsbA", "W1siYSJdLDFd"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("acceptor", "/cases"),
        ("acceptor", "/user-tasks"),
        ("acceptor", "/user-tasks?box=done"),
        ("auditor", "/process-instances"),
        ("auditor", "/jobs"),
        ("auditor", "/incidents"),
        ("auditor", "/history/events"),
        ("designer", "/decisions/urgency/evaluations"),
        ("bob", "/cards"),
    ],
)
def test_a_page_key_that_nobody_gave_is_refused(as_, who, path, after):
    answer = as_(who).get(f"{path}{'&' if '?' in path else '?'}after={after}")
    assert answer.status_code == 422, answer.text
    assert answer.get_json(force=True)["errors"][0]["where"] == "after"


def test_every_answer_carries_the_headers_that_protect_it(as_):
    for answer in (as_("alice").get("/me"), as_(None).get("/me"), as_(None).get("/healthz"), as_(None).get("/x")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers


def test_https_is_remembered_only_where_it_is_used(as_):
    assert "Strict-Transport-Security" not in as_("alice").get("/me").headers
    assert "Strict-Transport-Security" in as_("alice").get("/me", base_url="https://city.example").headers


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
def test_a_forwarding_header_is_believed_from_a_trusted_proxy_only(city_url, clock, proxies, believed):
    app = create_app(Settings(city_url, ROOT, proxies=proxies), clock)
    answer = app.test_client().get("/healthz", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.9"})
    assert ("Strict-Transport-Security" in answer.headers) is believed
    app.extensions["zhili"].units.engine.dispose()
