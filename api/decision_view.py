"""Decisions as the interface shows them: answers with their proof, and what differs between two versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.decision_words import in_words
from api.errors import describe
from api.language import Catalog, current_catalog
from engine.dmn import Decision
from engine.errors import EngineError, Problem
from engine.model.deployment import DecisionDefinition, Resource
from engine.model.history import DecisionEvaluation
from engine.ports import UnitOfWork
from engine.services import decisions, definitions
from engine.services.decision_comparison import Comparison, Difference
from engine.services.decision_diff import TableDiff
from engine.services.decision_versions import Said, Side, Version
from engine.services.decisions import Answer, RowAnswer
from engine.services.deployment_check import check_decisions

SHIFTS_SHOWN = 200


def evaluated(uow: UnitOfWork, key: str, given: Mapping[str, Any], *, by: str) -> dict[str, object]:
    """Evaluate a decision and return the answer with its proof. Raises NotFound, DecisionError."""
    return answer_view(decisions.evaluate(uow, key, given["inputs"], by=by, version=given["version"]))


def evaluated_rows(
    uow: UnitOfWork, key: str, given: Mapping[str, Any], sentences: Catalog, *, by: str
) -> dict[str, object]:
    """Evaluate a decision row by row; each has an answer or an error. Raises NotFound."""
    found = definitions.find_decision(uow, key, given["version"])
    rows = decisions.evaluate_many(uow, key, given["rows"], by=by, version=found.version, record=given["record"])
    return rows_view(found, rows, sentences)


def rows_view(found: DecisionDefinition, rows: Sequence[RowAnswer], sentences: Catalog) -> dict[str, object]:
    """Return the answers and errors of many rows."""
    failed = sum(row.error is not None for row in rows)
    items = [
        {
            "row": row.row,
            "answer": None if row.answer is None else answer_view(row.answer),
            "error": None if row.error is None else error_view(row.error, str(row.row), sentences),
        }
        for row in rows
    ]
    counts = {"answered": len(rows) - failed, "failed": failed}
    return {"decision": found.key, "version": found.version, **counts, "items": items}


def answer_view(answer: Answer) -> dict[str, object]:
    """Return an answer with its proof."""
    known = {"decision": answer.key, "version": answer.version, "evaluation_id": answer.evaluation_id}
    return told(answer.result.explain(), current_catalog()) | known


def told(proof: Mapping[str, Any], sentences: Catalog) -> dict[str, Any]:
    """Return a proof whose reasons speak the reader's language."""
    view = dict(proof)
    for inside in ("required", "parts"):
        if isinstance(view.get(inside), list):
            view[inside] = [told(one, sentences) for one in view[inside]]
    if isinstance(view.get("reasons"), list):
        view["reasons"] = [
            one | {"message": sentences.text(one["code"], one["params"], one["message"])} for one in view["reasons"]
        ]
    return view


def error_view(error: EngineError, where: str, sentences: Catalog) -> dict[str, object]:
    """Return an error of one row as a single problem."""
    return describe(Problem(error.key, where, error.message, dict(error.details)), sentences)


def proof_view(evaluation: DecisionEvaluation, sentences: Catalog) -> dict[str, object]:
    """Return an evaluation with its whole proof, also in words."""
    names = evaluation.__slots__
    spoken = {"explanation": told(evaluation.explanation or {}, sentences), "words": in_words(evaluation, sentences)}
    return {name: getattr(evaluation, name) for name in names} | spoken


def version_view(version: Version) -> dict[str, object]:
    """Return a version with the set that brought it."""
    definition = {name: getattr(version.definition, name) for name in version.definition.__slots__}
    known = {"deployed_by": version.deployed_by, "note": version.note, "set_hash": version.set_hash}
    return {**definition, **known, "latest": version.latest}


def validation_view(files: Sequence[Resource], sentences: Catalog) -> dict[str, object]:
    """Check files of rule tables and return what is wrong with them; stores nothing."""
    found, problems, findings = check_decisions(files)
    return {
        "valid": not problems,
        "decisions": [_decision(one) for one in found],
        "problems": [describe(problem, sentences) for problem in problems],
        "findings": [describe(finding, sentences) for finding in findings],
    }


def comparison_view(a: Side | None, b: Side, result: Comparison, sentences: Catalog) -> dict[str, object]:
    """Return the differences of two versions; without `a` those from what was recorded."""
    counts = {name: getattr(result, name) for name in ("compared", "same", "moved", "different", "incomplete")}
    return {
        "decision": b.decision.key,
        "version_a": None if a is None else a.version,
        "version_b": b.version,
        **counts,
        "skipped": result.skipped,
        "shifts": result.shifts[:SHIFTS_SHOWN],
        "shifts_total": len(result.shifts),
        "differences": [_difference(one, sentences) for one in result.differences],
        "truncated": result.different > len(result.differences),
    }


def diff_view(before: Side, after: Side, found: TableDiff) -> dict[str, object]:
    """Return what has changed in a table."""
    versions = {"decision": after.decision.key, "before": before.version, "after": after.version}
    return {**versions, "identical": found.identical, "settings": found.settings, "rows": found.rows}


def _difference(one: Difference, sentences: Catalog) -> dict[str, object]:
    case = one.case
    where = case.evaluation_id or str(case.sample)
    known = {"sample": case.sample, "evaluation_id": case.evaluation_id, "at": case.at, "unseen": case.unseen}
    sides = {"a": _said(one.a, where, sentences), "b": _said(one.b, where, sentences)}
    return {**known, "inputs": case.inputs, **sides}


def _said(said: Said, where: str, sentences: Catalog) -> dict[str, object]:
    error = None if said.error is None else error_view(said.error, where, sentences)
    return {"value": said.value, "rows": said.rows, "error": error}


def _decision(decision: Decision) -> dict[str, object]:
    policy = None if decision.hit_policy is None else str(decision.hit_policy)
    return {"key": decision.key, "name": decision.name, "hit_policy": policy, "rows": len(decision.rules)}
