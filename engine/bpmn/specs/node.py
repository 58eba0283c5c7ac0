"""The base of all elements: a token comes in, passes, and goes on along the flows that are taken."""

from collections.abc import Mapping
from typing import ClassVar

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import Catcher
from engine.bpmn.completed import TERMINATED, UNDO, note_completion
from engine.bpmn.elements import Element, Flow
from engine.bpmn.failures import ExecutionError
from engine.bpmn.tokens import Token
from engine.bpmn.values import evaluate
from engine.bpmn.variables import LOCAL, context_of
from engine.model.step import Passage

WAITING = TaskState.WAITING


class Node(TaskSpec):
    """An element that a token passes at once.

    kind             what it waits for, in the words of Position; empty when it does not wait
    opens            whether the world is told that it waits
    traced           whether entering and leaving is noted in the trace
    joins            whether it must know along which flow a token came
    gate             the event-based gateway that it follows
    waits            whether the world, the clock or data can move it on
    armed            whether it is a boundary event, or the start of an event sub-process, waiting for its moment
    catchers         its boundary events for errors, escalations and cancellation
    handlers         event sub-processes inside it for errors and escalations
    quantity         how many tokens it needs to begin
    undoer           spec of its compensation handler; `undoing` that of its compensation event sub-process
    compensable      whether something is to be undone when it has completed and is compensated
    keeps_variables  whether results inside stay inside
    """

    kind: ClassVar[str] = ""
    opens: ClassVar[bool] = False
    traced: ClassVar[bool] = True
    joins: bool = False
    gate: str | None = None
    waits: ClassVar[bool] = False
    armed: ClassVar[bool] = False
    catchers: tuple[Catcher, ...] = ()
    handlers: tuple[Catcher, ...] = ()
    quantity: int = 1
    undoer: str | None = None
    undoing: str | None = None
    compensable: bool = False
    keeps_variables: bool = False

    def __init__(self, wf_spec: WorkflowSpec, name: str, element: Element) -> None:
        """Name is the element's id; bodies of multi-instances and armed boundary events have others.

        flows    out of the element, in the order of the file; `targets` names the spec at the end of each
        boundaries   armed boundary events of an activity
        """
        super().__init__(wf_spec, name)
        self.element = element
        self.element_id = element.id
        self.flows: tuple[Flow, ...] = ()
        self.targets: dict[str, str] = {}
        self.boundaries: tuple[str, ...] = ()

    # -- what the library asks ------------------------------------------------------------------------------------

    def test(self) -> None:
        """Nothing: a diagram is checked when it is deployed, not at each step."""

    def _predict(self, *_arguments: object, **_options: object) -> None:
        """Nothing: tokens exist only where they are."""

    def _update_hook(self, token: Token) -> bool:
        if self.quantity > 1:
            return self.gather(token)
        if self.element.mapping.awaited and not self.fed(token):
            token._set_state(WAITING)  # noqa: SLF001 (as the library's own joins do)
            return False
        return True

    def fed(self, token: Token) -> bool:
        """Return whether every data input that must be there has its value (BPMN 2.0.2 §10.4.2); null is none."""
        mapping, moment = self.element.mapping, token.workflow.moment
        context = context_of(token)
        needed = (one for one in mapping.inputs if one.standard and one.name in mapping.awaited)
        return all(one.value.evaluate(context, moment) is not None for one in needed)

    def gather(self, token: Token) -> bool:
        """Wait until there are as many tokens as the activity needs, then take them all in (BPMN 2.0.2 §10.3.1)."""
        waiting = [other for other in token.scope.inner if other.task_spec is self and other._state == WAITING]  # noqa: SLF001
        if len(waiting) + 1 < self.quantity:
            token._set_state(WAITING)  # noqa: SLF001 (as the library's own joins do)
            return False
        for other in waiting:
            other.cancel()
        return True

    def _on_ready_hook(self, _token: Token) -> None:
        """Nothing to tell anybody."""

    def _run_hook(self, token: Token) -> bool | None:
        token.workflow.journal.passed(token, Passage.ENTERED)
        return True

    def _on_complete_hook(self, token: Token) -> None:
        """Leave the scope's list and place a token at the end of each flow that is taken."""
        scope, workflow = token.scope, token.workflow
        if self.traced:
            workflow.journal.passed(token, Passage.COMPLETED)
        if self.opens:
            workflow.journal.close(token, "completed")
        if (self.compensable or UNDO in token.memory) and TERMINATED not in token.memory:
            note_completion(token)
        scope.task_spec.inner_leaves(scope, token)
        taken = self.taken(token)
        token.leave()
        self.send_on(token, scope, taken)

    def send_on(self, token: Token, scope: Token, taken: tuple[Flow, ...]) -> None:
        """Place tokens at the ends of flows: one each, or as many as the activity hands out."""
        workflow = token.workflow
        for flow in taken:
            for _ in range(self.element.completion_quantity):  # more than one on activities only
                workflow.journal.flows.append(flow.id)
                workflow.place(self.targets[flow.id], scope, self.luggage(token, flow))

    # -- what the elements answer ---------------------------------------------------------------------------------

    def taken(self, token: Token) -> tuple[Flow, ...]:
        """Return the flows that get a token: all without condition, each whose condition is true, else the default."""
        flows = self.flows
        if len(flows) == 1 and flows[0].condition is None:
            return flows
        return self.choose(token, context_of(token.scope))

    def choose(self, token: Token, context: Mapping[str, object]) -> tuple[Flow, ...]:
        """Return the flows that get a token, their conditions read in a context; raise ExecutionError for none."""
        flows = self.flows
        fixed = [flow for flow in flows if flow.condition is None and not flow.default]
        chosen = [flow for flow in flows if flow.condition is not None and self.holds(token, flow, context)]
        chosen = chosen or [flow for flow in flows if flow.default]
        if flows and not fixed and not chosen:
            raise self.no_flow(context)
        return (*fixed, *chosen)

    def holds(self, token: Token, flow: Flow, context: Mapping[str, object]) -> bool:
        """Return whether a condition is true; null counts as false, anything else than a boolean is an error."""
        moment = token.workflow.moment
        value = None if flow.condition is None else evaluate(flow.condition, context, moment, flow.id)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise ExecutionError("condition-not-boolean", self.element_id, flow=flow.id, value=value)

    def no_flow(self, context: Mapping[str, object]) -> ExecutionError:
        """Return the error that names the variables which the conditions read."""
        names = sorted(frozenset[str]().union(*(flow.condition.names for flow in self.flows if flow.condition)))
        read = {name: context.get(name) for name in names}
        return ExecutionError("no-flow-taken", self.element_id, variables=read)

    def luggage(self, _token: Token, flow: Flow) -> dict[str, object]:
        """Return what a token remembers on its way along a flow."""
        return {"via": flow.id} if self._wf_spec.task_specs[flow.target].joins else {}

    def layer(self, token: Token) -> Mapping[str, object] | None:
        """Return the variables that this token adds for itself and what is inside."""
        local: Mapping[str, object] | None = token.memory.get(LOCAL)
        return local

    def inner_leaves(self, scope: Token, token: Token) -> None:
        """Hear that a token inside has passed, while its local variables can still be read."""

    def inner_left(self, scope: Token) -> None:
        """Hear that a token inside is gone; perhaps it was the last."""

    def given_up(self, token: Token) -> None:
        """Hear that a token here is cancelled, while it still has its memory."""

    def arm(self, token: Token) -> None:
        """Arm the boundary events of an activity that begins to wait."""
        for name in self.boundaries:
            token.workflow.add(name, token, {}).run()
