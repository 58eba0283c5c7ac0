"""The caller's language: one catalog of sentences per language, found by the stable code of a problem."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from flask import has_request_context, request

LANGUAGES = ("zh-CN", "en")
DEFAULT_LANGUAGE = LANGUAGES[0]
# Where the city is; sentences for people name its time, documents for machines UTC.
CITY_ZONE = ZoneInfo("Asia/Shanghai")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FOLDER = Path(__file__).parent / "messages"


class _Shown(dict[str, object]):
    """Fill what is known; leave the name of what is not, so that a sentence is never lost."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"


@dataclass(frozen=True, slots=True)
class Catalog:
    """Sentences of one language.

    titles   by HTTP status
    texts    by the code of a problem
    events   by the kind of a history event
    nouns    by the word with which the code names a thing
    """

    language: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    events: Mapping[str, str]
    nouns: Mapping[str, str]

    def title(self, status: int) -> str:
        """Return the short name of a kind of answer."""
        return self.titles.get(str(status), self.titles["500"])

    def text(self, code: str, params: Mapping[str, object], otherwise: str) -> str:
        """Return the sentence of a code, filled; `otherwise` where the code has none."""
        template = self.texts.get(code)
        if template is None:
            return otherwise
        filled = {name: self.shown(name, value) for name, value in params.items()}
        cause = params.get("reason_params")
        if isinstance(cause, Mapping):
            # The cause of a problem is a problem with a sentence of its own.
            filled["reason"] = self.text(str(params.get("reason_code")), cause, filled.get("reason", ""))
        return template.format_map(_Shown(filled))

    def shown(self, name: str, value: object) -> str:
        """Write a parameter as a reader expects it: things by their name, instants in the city's time, lists joined."""
        if name == "kind":
            return self.nouns.get(str(value), str(value))
        if isinstance(value, str) and INSTANT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M")
        return shown(value)


def shown(value: object) -> str:
    """Write a parameter as a reader expects it: lists separated, nothing for nothing."""
    if value is None:
        return "—"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "、".join(shown(item) for item in value)
    return str(value)


@cache
def catalog(language: str) -> Catalog:
    """Read the catalog of a language; it is read once."""
    content = orjson.loads((FOLDER / f"{language}.json").read_bytes())
    return Catalog(language, content["titles"], content["texts"], content["events"], content["nouns"])


def preferred_language() -> str:
    """Return the language that the caller asks for, of those that we have."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    for wanted, _quality in request.accept_languages:
        for language in LANGUAGES:
            if wanted.lower().split("-")[0] == language.lower().split("-")[0]:
                return language
    return DEFAULT_LANGUAGE


def current_catalog() -> Catalog:
    """Return the caller's catalog."""
    return catalog(preferred_language())
