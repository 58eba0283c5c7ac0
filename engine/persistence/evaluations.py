"""Reading recorded evaluations: pages, one with its proof, and the evaluations of a period in their order."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, or_, select

from engine.errors import NotFound
from engine.model.history import DecisionEvaluation, EvaluationFilter
from engine.model.user_task import Page
from engine.persistence.base import table_of
from engine.persistence.history_tables import DecisionEvaluationPartRow, DecisionEvaluationRow
from engine.persistence.keyset import decode, encode

_ROW = DecisionEvaluationRow
_PART = DecisionEvaluationPartRow
_ALL = table_of(_ROW)
# Proofs are long: only who asks for one reads it.
_SHORT = [column for column in _ALL.columns if column.name not in {"context", "explanation"}]
_FOR_REPLAY = [column for column in _ALL.columns if column.name != "explanation"]


def list_evaluations(
    connection: Connection, wanted: EvaluationFilter, after: str | None, limit: int
) -> Page[DecisionEvaluation]:
    """Return a page, newest first, without proofs."""
    query = select(*_SHORT).where(*_conditions(wanted)).order_by(_ROW.position.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(_ROW.position < decode(after, int)[0])
    rows = connection.execute(query).mappings().all()
    more = len(rows) > limit
    return Page(tuple(map(_evaluation, rows[:limit])), encode(rows[limit - 1]["position"]) if more else None)


def page_of_period(
    connection: Connection, wanted: EvaluationFilter, after: str | None, limit: int
) -> Page[DecisionEvaluation]:
    """Return a page, oldest first, with the variables that were read."""
    query = select(*_FOR_REPLAY).where(*_conditions(wanted)).order_by(_ROW.at, _ROW.position).limit(limit + 1)
    if after is not None:
        at, position = decode(after, datetime, int)
        query = query.where(or_(_ROW.at > at, and_(_ROW.at == at, _ROW.position > position)))
    rows = connection.execute(query).mappings().all()
    key = encode(rows[limit - 1]["at"], rows[limit - 1]["position"]) if len(rows) > limit else None
    return Page(tuple(map(_evaluation, rows[:limit])), key)


def count(connection: Connection, wanted: EvaluationFilter, most: int) -> int:
    """Count up to `most`."""
    some = select(_ROW.id).where(*_conditions(wanted)).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def get(connection: Connection, evaluation_id: str) -> DecisionEvaluation:
    """Return one evaluation with its proof; raises NotFound."""
    row = connection.execute(select(_ALL).where(_ROW.id == evaluation_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(kind="evaluation", id=evaluation_id)
    parts = select(_PART.decision_key).where(_PART.evaluation_id == evaluation_id).order_by(_PART.decision_key)
    return _evaluation(row, parts=tuple(connection.execute(parts).scalars()))


def _conditions(wanted: EvaluationFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.decision_key is not None:
        asked = _ROW.decision_key == wanted.decision_key
        part = select(_PART.evaluation_id).where(_PART.decision_key == wanted.decision_key)
        found.append(or_(asked, _ROW.id.in_(part)) if wanted.took_part else asked)
    if wanted.decision_version is not None:
        found.append(_ROW.decision_version == wanted.decision_version)
    if wanted.instance_id is not None:
        found.append(_ROW.instance_id == wanted.instance_id)
    if wanted.business_key is not None:
        found.append(_ROW.business_key == wanted.business_key)
    if wanted.since is not None:
        found.append(_ROW.at >= wanted.since)
    if wanted.before is not None:
        found.append(_ROW.at < wanted.before)
    return found


def _evaluation(row: RowMapping, parts: tuple[str, ...] = ()) -> DecisionEvaluation:
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "position"}
    return DecisionEvaluation(**values | {"rows": tuple(row["rows"])}, parts=parts)
