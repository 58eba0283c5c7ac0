"""What an article's content must be before it can be kept at all: a title, a known topic, texts that fit."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from engine.errors import Invalid, Problem
from registers.articles.model import Content, Scope
from registers.codes import CodeRegister

TOPICS = "article_topics"
LENGTHS = {"title": 200, "body": 20_000, "basis": 200, "keywords": 300}
FIRST_YEAR, LAST_YEAR = 1900, 2200
# Line breaks and tabs are text; other control characters are not, and NUL and lone surrogates no database keeps.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SEPARATORS = re.compile(r"[\s、，,；;]+")
FIELDS = tuple(one.name for one in fields(Content))


def read_content(entries: Mapping[str, object]) -> Content:
    """Read the content out of what somebody has entered: days as `2026-11-23`, everything else as text.

    Raises  Invalid naming each field that cannot be read
    """
    problems: list[Problem] = []
    days = {name: _day(entries, name, problems) for name in ("effective_on", "expires_on")}
    scope = str(entries.get("scope") or Scope.PUBLIC)
    if scope not in set(Scope):
        problems.append(Problem("unknown-scope", "scope", f"There is no scope {scope}.", {"value": scope}))
    if problems:
        raise Invalid(problems=problems)
    return Content(
        title=_text(entries, "title"),
        topic=_text(entries, "topic"),
        body=_text(entries, "body"),
        basis=_text(entries, "basis") or None,
        keywords=split_keywords(_text(entries, "keywords")),
        scope=Scope(scope),
        **days,
    )


def check_content(content: Content, codes: CodeRegister) -> None:
    """Raise Invalid with one problem per field that cannot be kept."""
    problems = problems_of(content, codes)
    if problems:
        raise Invalid(problems=problems)


def problems_of(content: Content, codes: CodeRegister) -> list[Problem]:
    """Return one problem per field that cannot be kept."""
    problems = []
    for name, most in LENGTHS.items():
        text: str = getattr(content, name) or ""
        if UNSTORABLE.search(text):
            problems.append(Problem("text-unstorable", name, f"{name} holds control characters."))
        elif len(text) > most:
            params: dict[str, object] = {"max": most, "length": len(text)}
            problems.append(Problem("text-too-long", name, f"{name} has more than {most} characters.", params))
    if not content.title:
        problems.append(Problem("article-title-missing", "title", "The title is missing."))
    if codes.find_enabled(TOPICS, content.topic) is None:
        message = f"There is no topic {content.topic}."
        problems.append(Problem("unknown-topic", "topic", message, {"value": content.topic}))
    return problems


def split_keywords(text: str) -> str:
    """Return keywords separated by single blanks, each once, however they were separated."""
    return " ".join(dict.fromkeys(word for word in SEPARATORS.split(text) if word))


def _text(entries: Mapping[str, object], name: str) -> str:
    """Return an entered text without margins and without what no database keeps; anything else is none."""
    value = entries.get(name)
    return UNSTORABLE.sub("", value).strip() if isinstance(value, str) else ""


def _day(entries: Mapping[str, object], name: str, problems: list[Problem]) -> date | None:
    """Return an entered day; None where nothing was entered, a problem where it is none."""
    value = entries.get(name)
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR < day.year < LAST_YEAR:
        problems.append(Problem("field-not-date", name, f"{value} is not a date such as 2026-02-14."))
        return None
    return day
