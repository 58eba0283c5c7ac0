"""The engine on a database of the test's own."""

from collections.abc import Iterator

import pytest

from engine.handler import REGISTRY, Handler
from tests.builders.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Give an engine with a clock that the test owns."""
    world = World(database_url)
    yield world
    world.close()


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Handler]:
    """Give the registry of handlers, emptied for this test."""
    registered: dict[str, Handler] = {}
    monkeypatch.setattr(REGISTRY, "_handlers", registered)
    return registered
