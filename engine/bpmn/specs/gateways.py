"""Gateways: where tokens choose, part and meet."""

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.elements import Flow
from engine.bpmn.specs.node import Node
from engine.bpmn.tokens import Token
from engine.bpmn.variables import context_of


class ExclusiveGateway(Node):
    """The first flow whose condition is true, in the order of the file, else the default flow."""

    def taken(self, token: Token) -> tuple[Flow, ...]:
        """Return exactly one flow; raise ExecutionError `no-flow-taken`."""
        if len(self.flows) == 1 and self.flows[0].condition is None:
            return self.flows
        context = context_of(token.scope)
        for flow in self.flows:
            if flow.condition is not None and self.holds(token, flow, context):
                return (flow,)
        for flow in self.flows:
            if flow.default:
                return (flow,)
        raise self.no_flow(context)


class Join(Node):
    """A gateway that waits until tokens have come along its incoming flows."""

    kind = "join"
    incoming: tuple[str, ...] = ()

    def arrived(self, token: Token) -> dict[str, Token]:
        """Return the oldest waiting token of each incoming flow, in the token's own scope."""
        first: dict[str, Token] = {}
        for other in token.scope.inner:
            if other.task_spec is self and not other._state & TaskState.READY:  # noqa: SLF001
                first.setdefault(other.memory["via"], other)
        return first

    def fire(self, token: Token, arrived: dict[str, Token]) -> None:
        """Merge one token of each flow into the given one; it goes on."""
        for other in arrived.values():
            if other is not token:
                other.cancel()


class ParallelGateway(Join):
    """Fires when each incoming flow has brought a token; takes one of each, what came twice stays for the next time."""

    def _update_hook(self, token: Token) -> bool:
        if len(self.incoming) < 2:  # noqa: PLR2004 (one flow has nothing to wait for)
            return True
        arrived = self.arrived(token)
        if len(arrived) < len(self.incoming):
            token._set_state(TaskState.WAITING)  # noqa: SLF001 (as the library's own joins do)
            return False
        arrived[token.memory["via"]] = token
        self.fire(token, arrived)
        return True


class InclusiveGateway(Join):
    """Fires when no other token can still come along an incoming flow that is empty.

    BPMN 2.0.2 §13.4.3: a token elsewhere holds the gateway up when it can reach an empty incoming flow and cannot
    reach one that has a token, without passing the gateway itself. Decided only when nothing else is ready to move.

    reach  for each incoming flow the elements from which it can be reached without passing the gateway
    """

    reach: dict[str, frozenset[str]]

    def _update_hook(self, token: Token) -> bool:
        if len(self.incoming) < 2:  # noqa: PLR2004 (one flow has nothing to wait for)
            return True
        token._set_state(TaskState.WAITING)  # noqa: SLF001 (as the library's own joins do)
        return False

    def may_fire(self, token: Token) -> bool:
        """Return whether the gateway at which the token waits is enabled."""
        arrived = self.arrived(token)
        empty = [self.reach[flow] for flow in self.incoming if flow not in arrived]
        filled = [self.reach[flow] for flow in arrived]
        if not empty:
            return True
        for other in token.scope.inner:
            place = other.task_spec.gate or other.task_spec.element_id
            if other.task_spec is self:
                continue
            if any(place in names for names in empty) and not any(place in names for names in filled):
                return False
        return True

    def go(self, token: Token) -> None:
        """Let the token pass, taking one token from each flow that has one."""
        self.fire(token, self.arrived(token))
        token._ready()  # noqa: SLF001 (as the library's own joins do)


class EventGateway(Node):
    """The tokens behind it are rivals: the first whose event comes takes all."""

    def luggage(self, token: Token, _flow: Flow) -> dict[str, object]:
        """Let the tokens know that they are rivals."""
        return {"rival": token.number}
