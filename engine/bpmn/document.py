"""The stored form of an instance's tokens: one small JSON document, live tokens only.

{"m": fingerprint of the diagram, "n": next activity number, "t": [[number, spec, scope, state, memory], ...]}
in order of creation; scope 0 is the process itself, whose own memory is "r" where it has any. Everything that has
passed is gone, the diagram is never in it.
"""

from collections.abc import Mapping
from datetime import datetime

import orjson
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import ProcessModel
from engine.bpmn.moment import Moment
from engine.bpmn.tokens import ROOT, Token
from engine.bpmn.workflow import TokenWorkflow
from engine.errors import Conflict


def dump(workflow: TokenWorkflow) -> bytes:
    """Write the tokens of a settled workflow."""
    rows = []
    for number, token in workflow.tasks.items():
        if number != ROOT:
            parent = token._parent  # noqa: SLF001 (the tree is the library's)
            joins = 1 if token.state == TaskState.WAITING else 0
            rows.append((number, token.task_spec.name, max(parent, 0), joins, token.internal_data))
    document = {"m": workflow.model.fingerprint, "n": workflow.next_number, "t": rows}
    if workflow.root.memory:
        document["r"] = workflow.root.memory
    return orjson.dumps(document)


def load(model: ProcessModel, tokens: bytes, variables: Mapping[str, object], now: datetime | Moment) -> TokenWorkflow:
    """Restore a workflow; raise Conflict when the tokens belong to another diagram."""
    document = orjson.loads(tokens)
    if document["m"] != model.fingerprint:
        raise Conflict(
            f"The tokens belong to another version of {model.key}.", code="state-of-another-version", process=model.key
        )
    workflow = TokenWorkflow(model, variables, now)
    tasks, specs = workflow.tasks, model.spec.task_specs
    for number, name, scope, joins, memory in document["t"]:
        parent = tasks[scope or ROOT]
        token = Token(workflow, specs[name], parent, TaskState.WAITING if joins else TaskState.STARTED, number)
        token.internal_data = memory
    workflow.root.internal_data = document.get("r", {})
    workflow.next_number = document["n"]
    return workflow
