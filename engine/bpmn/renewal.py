"""Subscriptions that follow their data: what a message must carry changes while it is waited for."""

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.specs.correlating import AWAITED
from engine.bpmn.workflow import TokenWorkflow


def renew_keys(workflow: TokenWorkflow) -> None:
    """Let every message that waits by a subscription await what its data give now (BPMN 2.0.2 §8.4.2).

    Raises   ExecutionError `correlation-value-missing` when the data have become null
    """
    for token in list(workflow.tasks.values()):
        before = token.memory.get(AWAITED)
        if before is None or token.state != TaskState.STARTED:
            continue
        opening = token.task_spec.opening(token)
        if opening.correlation_key != before:
            workflow.journal.close(token, "cancelled")
            workflow.journal.open(opening)
