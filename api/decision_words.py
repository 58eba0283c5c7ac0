"""The proof of an evaluation in sentences: what went in, which rows matched, on what ground, what came out."""

import json
from collections.abc import Iterator, Mapping
from typing import cast

from api.language import Catalog
from engine.model.history import DecisionEvaluation

Proof = Mapping[str, object]


def in_words(evaluation: DecisionEvaluation, sentences: Catalog) -> list[str]:
    """Return the sentences of a proof, the required decisions first; of a record without a proof, what it holds."""
    if evaluation.explanation is not None:
        return proof_in_words(evaluation.explanation, evaluation.decision_version, sentences)
    matches = [{"row": row, "annotation": "", "outputs": {}} for row in evaluation.rows]
    known: dict[str, object] = {
        "decision": evaluation.decision_key,
        "name": evaluation.decision_key,
        "matches": matches,
    }
    known |= {"inputs": evaluation.inputs, "value": evaluation.output}
    return proof_in_words(known, evaluation.decision_version, sentences)


def proof_in_words(proof: Proof, version: int, sentences: Catalog) -> list[str]:
    """Return the sentences of an explanation as `DecisionResult.explain` gives it."""
    return list(_proof(proof, sentences, version))


def _proof(proof: Proof, sentences: Catalog, version: int | None) -> Iterator[str]:
    for required in cast("list[Proof]", proof.get("required") or []):
        yield from _proof(required, sentences, None)
    params: dict[str, object] = {"name": proof.get("name"), "decision": proof.get("decision"), "version": version}
    code = "explained-required" if version is None else "explained-decision"
    yield sentences.text(code, params, "{name}")
    inputs = cast("Mapping[str, object]", proof.get("inputs") or {})
    yield sentences.text("explained-inputs", {"inputs": _pairs(inputs)}, "")
    yield from _rows(proof, sentences)
    for part in cast("list[Proof]", proof.get("parts") or []):
        yield from _part(part, sentences)
    for reason in cast("list[object]", proof.get("reasons") or []):
        yield sentences.text("explained-reason", {"reason": _reason(reason, sentences)}, "")
    yield sentences.text("explained-result", {"value": _written(proof.get("value"))}, "")


def _part(part: Proof, sentences: Catalog) -> Iterator[str]:
    """Tell of the tables inside, and inside the functions and services that were called."""
    if part.get("kind") == "table":
        yield sentences.text("explained-part", {"name": part.get("name")}, "")
        inputs = cast("Mapping[str, object]", part.get("inputs") or {})
        yield sentences.text("explained-inputs", {"inputs": _pairs(inputs)}, "")
        yield from _rows(part, sentences)
    for inner in cast("list[Proof]", part.get("parts") or []):
        yield from _part(inner, sentences)
    for required in cast("list[Proof]", part.get("required") or []):
        yield from _proof(required, sentences, None)


def _rows(proof: Proof, sentences: Catalog) -> Iterator[str]:
    matches = cast("list[Proof]", proof.get("matches") or [])
    for match in matches:
        yield sentences.text("explained-row", {"row": match["row"]}, "")
        if match.get("annotation"):
            yield sentences.text("explained-clause", {"clause": match["annotation"]}, "")
    if not matches and proof.get("hit_policy"):
        yield sentences.text("explained-default", {}, "")


def _reason(reason: object, sentences: Catalog) -> str:
    """Write why something is null: a reason has a code, its parameters and a sentence of its own."""
    if not isinstance(reason, Mapping):
        return str(reason)
    params = reason.get("params")
    known = params if isinstance(params, Mapping) else {}
    return sentences.text(str(reason.get("code")), known, str(reason.get("message", "")))


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {_written(value)}" for name, value in values.items()) or "—"


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return _pairs(value)
    return "—" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
