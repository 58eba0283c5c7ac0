"""巡查, 上报, 完成: what the member does on her way."""

from engine.handler import BpmnError, JobContext, job_handler
from handlers.patrol_task.facts import close, entered, record, tell, text
from registers.cases import CaseRegister, NewCase
from registers.org import AccountRegister
from registers.patrols import FindingRegister, PatrolTaskRegister

CHANNEL = "patrol"
# The mark under which an account's own reports are kept: her finding is her report.
REPORTED_BY = "account:"


@job_handler("patrol.finish")
def finish(job: JobContext) -> dict[str, object]:
    """Finish the task with its log.

    Reads    form patrol: log
    Returns  outcome
    Raises   BpmnError("UNCHECKED")   an object was neither visited nor explained
    """
    form = entered(job, "patrol")
    tasks = job.get(PatrolTaskRegister)
    task = tasks.get(job["patrol_task_id"])
    if task.done < task.total:
        raise BpmnError("UNCHECKED", f"{task.total - task.done}")
    task = tasks.finish(task.id, log=text(form, "log") or None)
    close(job, task, "patrol.finished", "完成", by=form.by)
    return {"outcome": task.status.value}


@job_handler("patrol.tell_unchecked")
def tell_unchecked(job: JobContext) -> None:
    """Tell the member what is still to be visited."""
    tasks = job.get(PatrolTaskRegister)
    task = tasks.get(job["patrol_task_id"])
    missing = [one.object.name for one in tasks.objects_of(task.id) if one.checked_at is None]
    tell(job, task, "patrol.unchecked", "还有未巡查的对象", "、".join(missing), [task.member], job.id)


@job_handler("patrol.give_up")
def give_up(job: JobContext) -> dict[str, object]:
    """End the task although some objects were not visited.

    Reads    form patrol: log, reason
    Returns  outcome
    """
    form = entered(job, "patrol")
    reason = text(form, "reason")
    log = text(form, "log") or None
    task = job.get(PatrolTaskRegister).give_up(job["patrol_task_id"], log=log, reason=reason)
    close(job, task, "patrol.given_up", "未完成", by=form.by, reason=reason)
    return {"outcome": task.status.value}


@job_handler("patrol.report_case")
def report_case(job: JobContext) -> dict[str, object]:
    """Make a case of a finding; the same finding is the same case.

    Reads    finding_id
    Returns  case_id
    """
    findings = job.get(FindingRegister)
    finding = findings.get(job["finding_id"])
    account = job.get(AccountRegister).find_by_login(finding.member)
    case, _ = job.get(CaseRegister).report(
        NewCase(
            channel=CHANNEL,
            external_id=f"{finding.task_id}/{finding.number}",
            title=finding.title,
            detail=finding.detail,
            label=finding.label,
            reporter_name=finding.member if account is None else account.name,
            reporter_code=REPORTED_BY + finding.member,
            occurred_at=finding.at,
            region_code=finding.region_code,
            address=finding.address,
            longitude=finding.longitude,
            latitude=finding.latitude,
            coordinate_system=finding.coordinate_system,
        )
    )
    findings.link(finding.id, case.id)
    task = job.get(PatrolTaskRegister).get(finding.task_id)
    record(job, task, "patrol.case_reported", case_id=case.id, object_id=finding.object_id)
    return {"case_id": case.id}


@job_handler("patrol.cancel")
def cancel(job: JobContext) -> None:
    """Take the task back.

    Reads    cancel_reason
    """
    reason = job["cancel_reason"]
    task = job.get(PatrolTaskRegister).cancel(job["patrol_task_id"], reason=reason)
    tell(job, task, "patrol.cancelled", "巡查任务已撤回", reason, [task.member])
    close(job, task, "patrol.cancelled", "撤回", by=job.actor, reason=reason)
