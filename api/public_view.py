"""What the public may know about a case: its status in words."""

from engine.errors import NotFound
from engine.ports import UnitOfWork
from registers.cases import CaseRegister
from registers.org import UnitRegister


def public_case(uow: UnitOfWork, query_code: str) -> dict[str, object]:
    """Return the status of the case of a query code; raises NotFound, which never says whether the code is near."""
    case = uow.get(CaseRegister).find_by_query_code(query_code)
    if case is None:
        raise NotFound(kind="case", id=query_code)
    names = uow.get(UnitRegister).names_of([case.lead_unit] if case.lead_unit else [])
    return {
        "query_code": case.query_code,
        "case_no": case.case_no,
        "title": None if case.confidential else case.title,
        "status": case.status.value,
        "status_name": case.status.label,
        "reported_at": case.reported_at,
        "filed_at": case.filed_at,
        "closed_at": case.closed_at,
        "lead_unit_name": names.get(case.lead_unit or ""),
    }
