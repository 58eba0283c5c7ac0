"""The command line over a city of its own for each test."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from api.cli import main
from tests.api_fixtures import city_template, city_url

__all__ = ["city_template", "city_url"]


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict:
        return json.loads(self.out)


Zhili = Callable[..., Answer]


@pytest.fixture
def zhili(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Give a function that runs a command; `url` names its database, `text` is typed into it."""
    monkeypatch.delenv("ZHILI_CLOCK", raising=False)

    def run(*arguments: object, url: str = "", text: str | None = None, **environment: str) -> Answer:
        variables = {"ZHILI_DATABASE_URL": url, "ZHILI_LANG": "en"} | environment
        result = CliRunner().invoke(main, [str(one) for one in arguments], env=variables, input=text)
        # Only a sentence and an exit code may come out of a command.
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run
