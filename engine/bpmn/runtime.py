"""Commands: state in, Step out. No clock, no input or output, no memory between calls.

Each command restores the tokens, tells one of them what happened, lets everything run that can run, and returns the
new state with all that happened on the way. When it raises, nothing has happened. `now` is an aware instant
handed in by the caller, or a moment: the instant in the zone whose days are meant, with the facts of domain functions.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import cast

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.document import dump, load
from engine.bpmn.model import ProcessModel
from engine.bpmn.moment import Moment
from engine.bpmn.renewal import renew_keys
from engine.bpmn.specs.ad_hoc import AdHoc
from engine.bpmn.starting import starting_variables
from engine.bpmn.tokens import ROOT, Token
from engine.bpmn.values import json_object
from engine.bpmn.variables import local_of
from engine.bpmn.workflow import TokenWorkflow
from engine.errors import Conflict, Invalid
from engine.model.step import Ending, Position, State, Step, Thrown

_COMPLETED_BY_RESULT = frozenset({"user_task", "service", "decision", "call", "message"})
_DELIVERED = frozenset({"message", "signal"})
_THROWS = frozenset({"user_task", "service", "decision", "call"})


def start(
    model: ProcessModel,
    variables: Mapping[str, object],
    *,
    now: datetime | Moment,
    start_event: str | None = None,
) -> Step:
    """Start an instance at the start event asked for, or at the one without a trigger.

    Raises   Invalid for an unknown start event, values that are not JSON or a missing data input, ExecutionError when
             the diagram cannot go on
    """
    element = model.start_element(start_event)
    workflow = TokenWorkflow(model, {}, now)
    workflow.set_variables(starting_variables(workflow, element, json_object(variables)))
    workflow.begin(element)
    return _step(workflow)


def complete(
    model: ProcessModel, state: State, activity: int, result: Mapping[str, object], *, now: datetime | Moment
) -> Step:
    """Complete a user task, job, call or receive task with its result.

    The result reaches the process variables through the output parameters of the element, or whole where there are
    none; of a call only what its `out` mappings take.
    Raises   Conflict when the activity waits no longer, Invalid when it is not completed this way, ExecutionError
    """
    return _tell(model, state, activity, result, _COMPLETED_BY_RESULT, now)


def fire_timer(model: ProcessModel, state: State, activity: int, *, now: datetime | Moment) -> Step:
    """Fire a timer, whatever the hour; the caller knows when it is due. Raises as `complete` does."""
    return _tell(model, state, activity, {}, frozenset({"timer"}), now)


def deliver(
    model: ProcessModel, state: State, activity: int, payload: Mapping[str, object], *, now: datetime | Moment
) -> Step:
    """Deliver a message or signal to an activity that waits for it. Raises as `complete` does."""
    return _tell(model, state, activity, payload, _DELIVERED, now)


def deliver_signal(
    model: ProcessModel,
    state: State,
    activities: Collection[int],
    payload: Mapping[str, object],
    *,
    now: datetime | Moment,
) -> Step:
    """Deliver a signal to all the given activities that still wait for one, outermost scopes first, then run on.

    Who is interrupted by the signal does not catch it itself.
    Raises   Conflict when none of them waits any longer, ExecutionError
    """
    workflow = load(model, state.tokens, state.variables, now)
    waiting = [token for number in activities if (token := workflow.tasks.get(number)) is not None]
    if not workflow.deliver_to([token for token in waiting if token.task_spec.kind == "signal"], json_object(payload)):
        raise Conflict("Nobody waits for the signal any longer.", code="activity-closed", activity=min(activities))
    return _step(workflow)


def throw_error(
    model: ProcessModel,
    state: State,
    activity: int,
    code: str,
    message: str = "",
    variables: Mapping[str, object] | None = None,
    *,
    now: datetime | Moment,
) -> Step:
    """Throw a BPMN error from an activity: the nearest matching boundary event takes it, with the variables.

    Nobody takes it: the instance ends, Step.ended is `error` and Step.error says which. Raises as `complete` does.
    """
    workflow = load(model, state.tokens, state.variables, now)
    token = _waiting(workflow, activity, _THROWS)
    workflow.throw_error(token, code, message, token.task_spec.element_id, json_object(variables or {}))
    return _step(workflow)


def throw_escalation(
    model: ProcessModel,
    state: State,
    activity: int,
    code: str,
    variables: Mapping[str, object] | None = None,
    *,
    now: datetime | Moment,
) -> Step:
    """Throw an escalation from an activity that waits: a called process has escalated, say.

    The nearest event that catches it takes it, with the variables; nobody does: it is among Step.thrown, and everything
    goes on. Raises as `complete` does.
    """
    workflow = load(model, state.tokens, state.variables, now)
    token = _waiting(workflow, activity, _THROWS)
    thrown = Thrown("escalation", code, json_object(variables or {}), token.task_spec.element_id)
    workflow.throw_escalation(token, thrown, inside=False)
    return _step(workflow)


def begin_activity(
    model: ProcessModel, state: State, activity: int, element_id: str, *, now: datetime | Moment
) -> Step:
    """Begin an activity of an ad-hoc sub-process, itself given by activity number, once more.

    Raises   Conflict when the sub-process has ended, Invalid when the activity is none or `element_id` is not one that
             can be begun there (no flow leads to it, and in a sequential one nothing else runs)
    """
    workflow = load(model, state.tokens, state.variables, now)
    token = workflow.tasks.get(activity) if activity != ROOT else None
    if token is None:
        raise Conflict(f"Activity {activity} waits no longer.", code="activity-closed", activity=activity)
    if not isinstance(token.task_spec, AdHoc):
        raise _other_kind(token)
    token.task_spec.again(token, element_id)
    return _step(workflow)


def cancel(model: ProcessModel, state: State, *, now: datetime | Moment) -> Step:
    """Cancel the instance with everything in it; raise Conflict when it has already ended."""
    workflow = load(model, state.tokens, state.variables, now)
    if not workflow.root.inner:
        raise Conflict("The instance has ended.", code="instance-ended")
    workflow.end(Ending.CANCELLED)
    for token in reversed(workflow.root.inner):
        token.cancel()
    return _step(workflow)


def set_variables(model: ProcessModel, state: State, changes: Mapping[str, object], *, now: datetime | Moment) -> Step:
    """Write process variables; conditional events and ad-hoc sub-processes that wait for them may move."""
    workflow = load(model, state.tokens, state.variables, now)
    workflow.set_variables(json_object(changes))
    return _step(workflow)


def positions(model: ProcessModel, state: State) -> tuple[Position, ...]:
    """Return everything that waits, in order of entry."""
    workflow = load(model, state.tokens, state.variables, datetime.min.replace(tzinfo=UTC))
    return tuple(_position(token) for token in workflow.tasks.values() if token.id != ROOT)


def _position(token: Token) -> Position:
    spec, scope = token.task_spec, token.scope
    armed = token if spec.armed else scope  # one of several events of an armed one waits inside it
    guards = armed.task_spec.armed and armed.task_spec.guards
    if armed.task_spec.armed:
        scope = armed.scope
    host = scope.number if guards else None
    outer = scope.scope if guards else scope
    due = token.memory.get("due")
    return Position(
        activity=token.number,
        element_id=spec.element_id,
        kind=_waiting_kind(token) if token.state == TaskState.WAITING else spec.kind,
        scope=None if outer.id == ROOT else outer.number,
        host=host,
        due_at=datetime.fromisoformat(due) if due else None,
        local=local_of(token),
    )


def _waiting_kind(token: Token) -> str:
    return "data" if token.task_spec.element.mapping.awaited else "join"


def _tell(
    model: ProcessModel,
    state: State,
    activity: int,
    result: Mapping[str, object],
    kinds: frozenset[str],
    now: datetime | Moment,
) -> Step:
    workflow = load(model, state.tokens, state.variables, now)
    token = _waiting(workflow, activity, kinds)
    token.task_spec.finish(token, json_object(result))
    return _step(workflow)


def _waiting(workflow: TokenWorkflow, activity: int, kinds: frozenset[str]) -> Token:
    token = workflow.tasks.get(activity) if activity != ROOT else None
    if token is None or not token.task_spec.opens or token.state != TaskState.STARTED:
        raise Conflict(f"Activity {activity} waits no longer.", code="activity-closed", activity=activity)
    if token.task_spec.kind not in kinds:
        raise _other_kind(token)
    return cast(Token, token)


def _other_kind(token: Token) -> Invalid:
    kind = token.task_spec.kind
    message = f"Activity {token.number} waits for another thing: {kind}."
    return Invalid(message, code="activity-kind", activity=token.number, kind=kind)


def _step(workflow: TokenWorkflow) -> Step:
    workflow.settle()
    renew_keys(workflow)
    journal = workflow.journal
    return Step(
        state=State(dump(workflow), workflow.variables),
        opened=tuple(journal.opened.values()),
        closed=tuple(journal.closed),
        trace=tuple(journal.trace),
        thrown=tuple(journal.thrown),
        flows=tuple(journal.flows),
        changed=workflow.changed,
        ended=workflow.ended,
        error=workflow.error,
    )
