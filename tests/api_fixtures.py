"""A city with people for each test of the interface: made once, copied for every test."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from engine.clock import FixedClock
from tests.api_city import NOW, populate, settings_for
from tests.databases import Databases


class Person:
    """Somebody with a token, or without one, who speaks to the interface."""

    def __init__(self, client: FlaskClient, token: str | None, login: str) -> None:
        self._client = client
        self._token = token
        self.login = login

    def call(self, method: str, path: str, **options: object) -> TestResponse:
        headers = dict(options.pop("headers", None) or {})
        if self._token is not None:
            headers.setdefault("Authorization", f"Bearer {self._token}")
        address = path if path.startswith(("/api/", "/healthz", "/readyz")) else f"/api/v1{path}"
        return self._client.open(address, method=method, headers=headers, **options)

    def get(self, path: str, **options: object) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: object = None, **options: object) -> TestResponse:
        return self.call("POST", path, **({"json": body} if body is not None else {}), **options)

    def put(self, path: str, body: object) -> TestResponse:
        return self.call("PUT", path, json=body)

    def patch(self, path: str, body: object, **options: object) -> TestResponse:
        return self.call("PATCH", path, json=body, **options)

    def delete(self, path: str) -> TestResponse:
        return self.call("DELETE", path)


@pytest.fixture(scope="session")
def city_template(databases: Databases, migrated_template: Callable[[], str]) -> tuple[str, dict[str, str]]:
    """Give the address of a city that is copied, never written to, and the tokens of its people."""
    url = databases.clone(migrated_template())
    return url, populate(url)


@pytest.fixture
def city_url(databases: Databases, city_template: tuple[str, dict[str, str]]) -> Iterator[str]:
    """Give the address of this test's own city."""
    url = databases.clone(city_template[0])
    yield url
    databases.drop(url)


@pytest.fixture
def clock() -> FixedClock:
    """Give a clock that the test moves."""
    return FixedClock(NOW)


@pytest.fixture
def app(city_url: str, clock: FixedClock) -> Iterator[Flask]:
    """Give the application over this test's city."""
    made = create_app(settings_for(city_url), clock)
    yield made
    made.extensions["zhili"].units.engine.dispose()


@pytest.fixture
def as_(app: Flask, city_template: tuple[str, dict[str, str]]) -> Callable[[str | None], Person]:
    """Give a function that returns a person by login; nobody for None."""
    tokens = city_template[1]
    return lambda login: Person(app.test_client(), tokens[login] if login else None, login or "nobody")


@pytest.fixture
def report(as_: Callable[[str | None], Person]) -> Callable[..., dict[str, object]]:
    """Give a function that reports a case and returns it."""

    def make(by: str = "acceptor", **changes: object) -> dict[str, object]:
        answer = as_(by).post("/cases", new_case(**changes))
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    return make


def new_case(**changes: object) -> dict[str, object]:
    """Return a complete report; `None` takes a field out."""
    body: dict[str, object] = {
        "channel": "phone",
        "title": "小区井盖丢失",
        "detail": "兆麟街道省报社社区门口的污水井盖不见了，晚上很危险。",
        "reporter_name": "刘某某",
        "reporter_phone": "19900001234",
        "region_code": "230102001001",
        "occurred_at": "2026-11-23T08:00:00+08:00",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
def complete_report() -> Callable[..., dict[str, object]]:
    """Give the function that writes a complete report."""
    return new_case
