"""Expressions as their author sees them: in the caller's language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from api.language import FOLDER, current_catalog, preferred_language
from engine.errors import Invalid
from engine.feel.checking import Completion, FunctionText, completions
from engine.ports import UnitOfWork
from engine.services import expressions
from engine.services.expressions import Context


@cache
def function_texts(language: str) -> Mapping[str, FunctionText]:
    """Read what is written about the functions in a language; it is read once."""
    content = orjson.loads((FOLDER / "functions.json").read_bytes())
    return {name: FunctionText(one[language], one["example"], one["result"]) for name, one in content.items()}


def offered(uow: UnitOfWork, place: Mapping[str, Any]) -> dict[str, tuple[Completion, ...]]:
    """Return what may be written in a place. Raises NotFound."""
    language = preferred_language()
    seen = expressions.environment_of(uow, Context(**place), language)
    return {"items": completions(seen, function_texts(language))}


def checked(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, object]:
    """Check an expression and describe what was found. Raises NotFound, Invalid for a type that is none."""
    types = body["types"]
    if types is not None and not all(isinstance(kind, str) for kind in types.values()):
        raise Invalid("A type is given by its name.", code="feel-type-not-text")
    context = Context(body["process"], body["element"], body["decision"], types)
    seen = expressions.environment_of(uow, context, preferred_language())
    kind, findings = expressions.check(body["expression"], seen, wanted=body["wanted"], cell_of=body["cell_of"])
    sentences = current_catalog()
    shown = [
        {
            "code": one.code,
            "severity": one.severity,
            "line": one.line,
            "column": one.column,
            "message": sentences.text(one.code, one.params, one.code),
            "params": {name: str(value) for name, value in one.params.items()},
        }
        for one in findings
    ]
    return {"type": kind, "findings": shown}


def evaluated(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, object]:
    """Evaluate an expression; the reasons of nulls in the caller's language. Raises FeelError."""
    found = expressions.evaluate(uow, body["expression"], body["inputs"])
    sentences = current_catalog()
    reasons = [
        {
            "code": one.code,
            "line": one.line,
            "column": one.column,
            "message": sentences.text(one.code, one.params, one.message),
        }
        for one in found.reasons
    ]
    return {"value": found.value, "type": found.type, "reasons": reasons}
