"""The base of all elements: a token comes in, passes, and goes on along the flows that are taken."""

from collections.abc import Mapping
from typing import ClassVar

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.specs.base import TaskSpec

from engine.bpmn.elements import Element, Flow
from engine.bpmn.failures import ExecutionError
from engine.bpmn.tokens import Token
from engine.bpmn.values import evaluate
from engine.bpmn.variables import LOCAL, context_of
from engine.model.step import Passage


class Node(TaskSpec):
    """An element that a token passes at once.

    kind             what it waits for, in the words of Position; empty when it does not wait
    opens            whether the world is told that it waits
    traced           whether entering and leaving is noted in the trace
    joins            whether it must know along which flow a token came
    gate             the event-based gateway that it follows
    armed            whether it is a boundary event waiting for its moment
    errors           error boundary events: code (None takes any) and the spec that catches it
    keeps_variables  whether results inside stay inside
    """

    kind: ClassVar[str] = ""
    opens: ClassVar[bool] = False
    traced: ClassVar[bool] = True
    joins: bool = False
    gate: str | None = None
    armed: ClassVar[bool] = False
    errors: tuple[tuple[str | None, str], ...] = ()
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

    def _update_hook(self, _token: Token) -> bool:
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
        scope.task_spec.inner_leaves(scope, token)
        taken = self.taken(token)
        token.leave()
        for flow in taken:
            workflow.journal.flows.append(flow.id)
            workflow.place(self.targets[flow.id], scope, self.luggage(token, flow))

    # -- what the elements answer ---------------------------------------------------------------------------------

    def taken(self, token: Token) -> tuple[Flow, ...]:
        """Return the flows that get a token: all without condition, each whose condition is true, else the default."""
        flows = self.flows
        if len(flows) == 1 and flows[0].condition is None:
            return flows
        context = context_of(token.scope)
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

    def catcher(self, code: str) -> str | None:
        """Return the error boundary event that takes an error: the one for its code, else the one for all."""
        catchers = dict(self.errors)
        return catchers.get(code, catchers.get(None))

    def arm(self, token: Token) -> None:
        """Arm the boundary events of an activity that begins to wait."""
        for name in self.boundaries:
            token.workflow.add(name, token, {}).run()
