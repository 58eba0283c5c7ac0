"""Who may read what a decision was asked: whoever may read decisions, and whoever sees the matter it was asked for.

The inputs are facts of a case and may name people; they are shown to no one who may not read the case's timeline.
"""

from api.credentials import Caller
from api.matters import require_matter, sees_matter
from engine.errors import Forbidden, NotFound
from engine.model.history import DecisionEvaluation
from engine.ports import UnitOfWork
from engine.services import decisions

READ, TIMELINE = "decision.read", "case.read_timeline"


def visible_evaluation(uow: UnitOfWork, caller: Caller, evaluation_id: str) -> DecisionEvaluation:
    """Return an evaluation with its proof, or raise NotFound where there is none for her."""
    found = decisions.explain(uow, evaluation_id)
    if caller.may(READ) or sees_matter(uow, caller, found.business_key):
        return found
    raise NotFound(kind="evaluation", id=evaluation_id)


def require_evaluations(uow: UnitOfWork, caller: Caller, case_id: str | None) -> None:
    """Refuse a list of evaluations that goes beyond one matter that she sees. Raises Forbidden, NotFound."""
    if caller.may(READ):
        return
    if case_id is None:
        raise Forbidden(code="permission-missing", permission=READ)
    require_matter(uow, caller, case_id)
