"""Trying a decision out."""

from collections.abc import Mapping
from typing import Any

from engine.ports import UnitOfWork
from engine.services import decisions, definitions


def evaluated(uow: UnitOfWork, key: str, given: Mapping[str, Any], *, by: str) -> dict[str, object]:
    """Evaluate a decision and return the answer with its proof. Raises NotFound, DecisionError."""
    found = definitions.find_decision(uow, key, given["version"])
    result = decisions.evaluate(uow, key, given["inputs"], by=by, version=found.version)
    return {**result.explain(), "decision": key, "version": found.version}
