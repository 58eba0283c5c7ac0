"""Reporting a case: the case and the process that carries it begin in one transaction."""

from dataclasses import replace

from engine.ports import UnitOfWork
from engine.services import process_instances
from registers.cases import Case, CaseRegister, NewCase

PROCESS = "case_lifecycle"


def report_case(uow: UnitOfWork, new: NewCase, *, by: str) -> tuple[Case, bool]:
    """Take a report in and start its process.

    Reads    the code tables, the regions and the latest version of the diagram
    Returns  the case, and whether it is new: the same external id of the same channel is the case it already is
    Raises   Invalid with one problem per wrong field; NotFound where no diagram is deployed
    A case taken over with its past (`historic`) starts no process.
    """
    with uow.grouped():
        cases = uow.get(CaseRegister)
        case, created = cases.report(new)
        if created and not new.historic:
            start = {"business_key": case.id, "variables": {"case_id": case.id}, "by": by}
            instance = process_instances.start(uow, PROCESS, **start)  # type: ignore[arg-type]  # the names are the parameters
            case = cases.attach_instance(case.id, instance.id)
        elif created:
            uow.commit()
    return case, created


def reported_by(new: NewCase, reporter_code: str, *, for_others: bool) -> NewCase:
    """Return a report as its reporter's own; one who reports for others names them herself."""
    named = new.reporter_name or new.reporter_phone or new.anonymous
    return new if for_others and named else replace(new, reporter_code=reporter_code)
