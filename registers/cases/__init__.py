"""Cases (事件): what residents and grid workers report."""

from registers.cases.duplicates import CaseLink, DuplicateCandidate, DuplicateRegister, Likeness, LinkKind
from registers.cases.model import (
    ENDED,
    FINAL,
    Case,
    CaseCount,
    CasePage,
    CaseQuery,
    CaseScope,
    CaseStatus,
    NewCase,
)
from registers.cases.register import CaseRegister
from registers.cases.steps import MasterUnfit

__all__ = [
    "ENDED",
    "FINAL",
    "Case",
    "CaseCount",
    "CaseLink",
    "CasePage",
    "CaseQuery",
    "CaseRegister",
    "CaseScope",
    "CaseStatus",
    "DuplicateCandidate",
    "DuplicateRegister",
    "Likeness",
    "LinkKind",
    "MasterUnfit",
    "NewCase",
]
