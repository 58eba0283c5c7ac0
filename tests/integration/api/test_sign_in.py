"""Signing in and out, cookies, first passwords, locks, and where a request comes from."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from tests.api_city import PASSWORD

ORIGIN = {"Origin": "http://localhost"}


def sign_in(client, login="acceptor", password=PASSWORD, headers=ORIGIN):
    return client.post("/api/v1/sessions", json={"login": login, "password": password}, headers=headers)


def cookie_in(answer):
    jar = SimpleCookie()
    jar.load(answer.headers["Set-Cookie"])
    return jar["sid"]


def test_a_person_signs_in_with_a_cookie_that_scripts_cannot_read(app):
    answer = sign_in(app.test_client())
    assert answer.status_code == 201
    assert answer.get_json()["login"] == "acceptor"
    assert "case.report" in answer.get_json()["permissions"]
    cookie = cookie_in(answer)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["secure"]
    assert not cookie["max-age"]
    assert "password" not in answer.text


def test_over_https_the_cookie_never_travels_in_the_clear(app):
    answer = app.test_client().post(
        "/api/v1/sessions",
        json={"login": "acceptor", "password": PASSWORD},
        headers={"Origin": "https://city.example"},
        base_url="https://city.example",
    )
    assert cookie_in(answer)["secure"]


def test_the_session_is_used_and_ended_on_the_server(app):
    client = app.test_client()
    cookie = cookie_in(sign_in(client)).value
    assert client.get("/api/v1/me").get_json()["name"] == "陈受理"
    answer = client.delete("/api/v1/sessions/current", headers=ORIGIN)
    assert answer.status_code == 204
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = app.test_client()
    thief.set_cookie("sid", cookie)
    refused = thief.get("/api/v1/me")
    assert refused.status_code == 401
    assert refused.get_json(force=True)["code"] == "session-over"


def test_an_idle_session_ends(app, clock):
    client = app.test_client()
    sign_in(client)
    clock.advance(timedelta(minutes=20))
    assert client.get("/api/v1/me").status_code == 200
    clock.advance(timedelta(minutes=20))
    assert client.get("/api/v1/me").status_code == 200
    clock.advance(timedelta(minutes=31))
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("login", "password"), [("acceptor", "wrong-Password-1"), ("nobody", PASSWORD), ("acceptor", " ")]
)
def test_a_refused_sign_in_does_not_say_why(app, login, password):
    answer = sign_in(app.test_client(), login, password)
    assert answer.status_code == 401
    assert answer.get_json(force=True)["code"] == "sign-in-refused"
    assert "Set-Cookie" not in answer.headers


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(app, clock):
    client = app.test_client()
    for _ in range(5):
        assert sign_in(client, password="wrong-Password-1").status_code == 401
    assert sign_in(client).status_code == 401
    clock.advance(timedelta(minutes=16))
    assert sign_in(client).status_code == 201


def test_one_address_may_not_try_for_ever(app):
    client = app.test_client()
    answers = [sign_in(client, login=f"nobody{number}") for number in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {401}
    assert answers[20].status_code == 429
    assert int(answers[20].headers["Retry-After"]) > 0
    assert answers[20].get_json(force=True)["code"] == "too-many-requests"


def test_a_first_password_must_be_changed_before_anything_else(app, as_):
    body = {"login": "newcomer", "name": "新人", "password": "First-Password-1", "groups": ["acceptor@230100"]}
    assert as_("admin").post("/accounts", body).status_code == 201
    client = app.test_client()
    assert sign_in(client, "newcomer", "First-Password-1").get_json()["must_change"] is True
    refused = client.get("/api/v1/user-tasks")
    assert refused.status_code == 403
    assert refused.get_json(force=True)["code"] == "password-change-required"
    change = {"old_password": "First-Password-1", "password": "Second-Password-2"}
    assert client.put("/api/v1/me/password", json=change, headers=ORIGIN).status_code == 204
    assert client.get("/api/v1/me").status_code == 401
    assert sign_in(client, "newcomer", "Second-Password-2").status_code == 201
    assert client.get("/api/v1/user-tasks").status_code == 200


def test_a_new_password_needs_the_old_one_and_obeys_the_policy(app):
    client = app.test_client()
    sign_in(client)
    wrong = client.put(
        "/api/v1/me/password", json={"old_password": "wrong-Password-1", "password": "Other-Password-3"}, headers=ORIGIN
    )
    assert wrong.status_code == 401
    weak = client.put("/api/v1/me/password", json={"old_password": PASSWORD, "password": "weak"}, headers=ORIGIN)
    assert weak.status_code == 422
    assert {one["code"] for one in weak.get_json(force=True)["errors"]} == {"password-length", "password-classes"}
    assert "weak" not in weak.text


def test_a_change_that_another_site_sends_with_our_cookie_is_refused(app, complete_report):
    client = app.test_client()
    sign_in(client)
    for headers, code in (
        ({}, "origin-missing"),
        ({"Origin": "https://evil.example"}, "origin-foreign"),
        ({"Origin": "null"}, "origin-foreign"),
    ):
        answer = client.post("/api/v1/cases", json=complete_report(), headers=headers)
        assert answer.status_code == 403
        assert answer.get_json(force=True)["code"] == code
    assert client.post("/api/v1/cases", json=complete_report(), headers=ORIGIN).status_code == 201


def test_another_site_cannot_sign_somebody_in(app):
    assert sign_in(app.test_client(), headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_wrong_authorization_is_refused_even_beside_a_good_cookie(app):
    client = app.test_client()
    sign_in(client)
    for header, code in (
        ("Basic YTpi", "bad-authorization"),
        ("Bearer nonsense", "token-invalid"),
        ("Bearer ", "token-invalid"),
    ):
        answer = client.get("/api/v1/me", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.get_json(force=True)["code"] == code


def test_a_token_needs_no_origin_and_ends_when_it_is_revoked(as_):
    account = as_("admin").get("/accounts?search=acceptor2").get_json()["items"][0]
    made = as_("admin").post("/tokens", {"account_id": account["id"], "name": "robot"})
    assert made.status_code == 201
    token = made.get_json()
    headers = {"Authorization": f"Bearer {token['text']}"}
    assert as_(None).get("/me", headers=headers).get_json()["login"] == "acceptor2"
    listed = as_("admin").get(f"/tokens?account_id={account['id']}")
    assert token["text"] not in listed.text
    assert as_("admin").delete(f"/tokens/{token['id']}").get_json()["revoked_at"]
    assert as_(None).get("/me", headers=headers).status_code == 401


def test_the_scopes_of_a_token_narrow_what_it_may_do(as_, complete_report):
    account = as_("admin").get("/accounts?search=acceptor2").get_json()["items"][0]
    body = {"account_id": account["id"], "name": "reader", "scopes": ["case.read", "account.manage"]}
    headers = {"Authorization": f"Bearer {as_('admin').post('/tokens', body).get_json()['text']}"}
    assert as_(None).get("/cases", headers=headers).status_code == 200
    assert as_(None).post("/cases", complete_report(), headers=headers).status_code == 403
    assert as_(None).get("/accounts", headers=headers).status_code == 403


def test_a_token_expires(as_, clock):
    account = as_("admin").get("/accounts?search=acceptor2").get_json()["items"][0]
    body = {"account_id": account["id"], "name": "short", "expires_at": "2026-11-24T00:00:00+08:00"}
    headers = {"Authorization": f"Bearer {as_('admin').post('/tokens', body).get_json()['text']}"}
    assert as_(None).get("/me", headers=headers).status_code == 200
    clock.advance(timedelta(days=1))
    assert as_(None).get("/me", headers=headers).status_code == 401


def test_losing_a_group_ends_the_sessions_and_the_rights_at_once(app, as_):
    client = app.test_client()
    sign_in(client, "acceptor2")
    account = as_("admin").get("/accounts?search=acceptor2").get_json()["items"][0]
    changed = as_("admin").patch(f"/accounts/{account['id']}", {"groups": ["archivist@230100"]})
    assert changed.get_json()["groups"] == ["archivist@230100"]
    assert client.get("/api/v1/me").status_code == 401
    assert "case.report" not in as_("acceptor2").get("/me").get_json()["permissions"]


def test_a_disabled_account_is_outside_by_every_door(app, as_):
    client = app.test_client()
    sign_in(client, "acceptor2")
    account = as_("admin").get("/accounts?search=acceptor2").get_json()["items"][0]
    assert as_("admin").patch(f"/accounts/{account['id']}", {"enabled": False}).get_json()["enabled"] is False
    assert client.get("/api/v1/me").status_code == 401
    assert as_("acceptor2").get("/me").status_code == 401
    assert sign_in(app.test_client(), "acceptor2").status_code == 401


def test_accounts_are_refused_with_the_field_that_is_wrong(as_):
    body = {"login": "X!", "name": "x", "password": "short", "groups": ["king@nowhere"]}
    answer = as_("admin").post("/accounts", body)
    assert answer.status_code == 422
    taken = {"login": "alice", "name": "x", "password": "Good-Password-77", "groups": []}
    assert as_("admin").post("/accounts", taken).status_code == 409
