"""What a scope remembers of completed activities, so that they can be compensated: only where a diagram provides it.

The memory of a scope's token holds records in order of completion: {"a": id of the activity, "v": its local variables,
"u": records of what completed inside it}. What is compensated leaves the list, so nothing is undone twice.
"""

from typing import Any

from engine.bpmn.tokens import ROOT, Token
from engine.bpmn.variables import LOCAL

UNDO = "undo"
# A scope that a terminate end event has ended: it has not completed, so it is not compensated (BPMN 2.0.2 §13.5.6).
TERMINATED = "terminated"
Record = dict[str, Any]


def note_completion(token: Token) -> None:
    """Remember that an activity has completed; the body around repeated ones hands up what they left."""
    scope, spec = token.scope, token.task_spec
    inner = token.memory.get(UNDO, [])
    if not spec.compensable:
        records = inner
    else:
        record: Record = {"a": spec.element_id, "v": token.memory.get(LOCAL, {})}
        records = [record | {"u": inner} if inner else record]
    if records:
        scope.memory[UNDO] = [*scope.memory.get(UNDO, ()), *records]


def home_of(token: Token) -> list[Token]:
    """Return the scopes whose activities an event compensates: its own and, out of event sub-processes, theirs."""
    scope = token.scope
    scopes = [scope]
    while scope.id != ROOT and scope.task_spec.element.triggered:
        scope = scope.scope
        scopes.append(scope)
    return scopes


def collect(scopes: list[Token], activity: str | None) -> list[Record]:
    """Take the records of one activity, or of all, out of scopes; newest first."""
    found: list[Record] = []
    for scope in scopes:
        kept: list[Record] = []
        taken: list[Record] = []
        for record in scope.memory.get(UNDO, ()):
            (taken if activity is None or record["a"] == activity else kept).append(record)
        if taken:
            scope.memory[UNDO] = kept
        found += reversed(taken)
    return found


def collect_all(scope: Token) -> list[Record]:
    """Take every record out of a scope and the scopes that run inside it; newest first, innermost first."""
    found: list[Record] = []
    for token in reversed(scope.inner):
        found += collect_all(token)
    return found + collect([scope], None)
