"""The words of the command line: Chinese unless `--lang` or ZHILI_LANG asks for English.

Commands and options name the key of their sentence instead of the sentence, so that help is shown in the language of
the one who asks for it.
"""

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import click

from api.language import DEFAULT_LANGUAGE, FOLDER, LANGUAGES, catalog
from engine.errors import EngineError, Problem

CHOSEN = "zhili.language"
ENVIRONMENT = "ZHILI_LANG"


def choose(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Keep the language that `--lang` names for the rest of the command."""
    if value is not None:
        context.find_root().meta[CHOSEN] = _known(value)


def language() -> str:
    """Return the language of this command; an unknown one in the environment is the default's."""
    context = click.get_current_context(silent=True)
    chosen = None if context is None else context.find_root().meta.get(CHOSEN)
    return str(chosen) if chosen else _known(os.environ.get(ENVIRONMENT, ""))


def say(key: str, /, **params: object) -> str:
    """Return a sentence of the command line, filled."""
    return _sentences(language())[key].format_map(params)


def explain(error: EngineError) -> str:
    """Return the sentence of an error in the language of the command."""
    return catalog(language()).text(error.key, error.details, error.message)


def explain_problem(problem: Problem, paths: Mapping[str, str] | None = None) -> str:
    """Return `file:line [element] sentence`; `paths` gives the files the names under which the caller knows them."""
    file = None if problem.file is None else (paths or {}).get(problem.file, problem.file)
    place = ":".join(str(part) for part in (file, problem.line) if part is not None)
    sentence = catalog(language()).text(problem.code, problem.params, problem.message)
    return " ".join(part for part in (place, f"[{problem.where}]" if problem.where else "", sentence) if part)


@cache
def _sentences(chosen: str) -> dict[str, str]:
    content: dict[str, str] = json.loads((FOLDER / f"commands.{chosen}.json").read_text(encoding="utf-8"))
    return content


def _known(wanted: str) -> str:
    start = wanted.lower().replace("_", "-").split("-")[0].split(".")[0]
    return next((one for one in LANGUAGES if one.lower().split("-")[0] == start), DEFAULT_LANGUAGE)


class _Worded(click.Command):
    """A command whose help is a key."""

    @property
    def help(self) -> str | None:
        """Return the help in the caller's language."""
        return say(f"help.{self._key}") if self._key else None

    @help.setter  # noqa: A003  click's own name
    def help(self, key: str | None) -> None:
        self._key = key

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Explain `--help` too."""
        shown = super().get_help_option(ctx)
        if shown is not None:
            shown.help = say("option.help")
        return shown


class Command(_Worded):
    """One command."""


class Group(_Worded, click.Group):
    """A group of commands."""

    command_class = Command


Group.group_class = Group


class Option(click.Option):
    """An option whose help is a key."""

    @property
    def help(self) -> str | None:
        """Return the help in the caller's language."""
        return say(f"option.{self._key}") if self._key else None

    @help.setter  # noqa: A003  click's own name
    def help(self, key: str | None) -> None:
        self._key = key


def option(*names: str, **settings: Any) -> Any:  # noqa: ANN401  click's own options, and its decorator
    """Declare an option; `help` is a key."""
    return click.option(*names, cls=Option, **settings)


def command(name: str, **settings: Any) -> Any:  # noqa: ANN401  click's own options, and its decorator
    """Declare a command; `help` is a key."""
    return click.command(name, cls=Command, **settings)


def group(name: str, **settings: Any) -> Any:  # noqa: ANN401  click's own options, and its decorator
    """Declare a group of commands; `help` is a key."""
    return click.group(name, cls=Group, **settings)
