"""Gateways: where tokens choose, part and meet."""

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.elements import Flow
from engine.bpmn.specs.node import Node
from engine.bpmn.specs.scopes import RESET
from engine.bpmn.tokens import Token
from engine.bpmn.values import truth
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


class LateJoin(Join):
    """A join that looks at the tokens elsewhere, so it is decided only when nothing else is ready to move.

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
        raise NotImplementedError

    def go(self, token: Token) -> None:
        """Let the token pass, taking one token from each flow that has one."""
        self.fire(token, self.arrived(token))
        token._ready()  # noqa: SLF001 (as the library's own joins do)

    def expects(self, scope: Token, empty: set[str], filled: set[str]) -> bool:
        """Return whether a token in the scope can still come along an empty flow.

        BPMN 2.0.2 §13.4.3: a token elsewhere holds the gateway up when it can reach an empty incoming flow and cannot
        reach one that has a token, without passing the gateway itself.
        """
        for other in scope.inner:
            place = other.task_spec.gate or other.task_spec.element_id
            if other.task_spec is self:
                continue
            if any(place in self.reach[flow] for flow in empty) and not any(
                place in self.reach[flow] for flow in filled
            ):
                return True
        return False


class InclusiveGateway(LateJoin):
    """Fires when no other token can still come along an incoming flow that is empty."""

    def may_fire(self, token: Token) -> bool:
        """Return whether nothing more can come."""
        filled = set(self.arrived(token))
        return not self.expects(token.scope, set(self.incoming) - filled, filled)


class ComplexGateway(LateJoin):
    """Fires when its activation condition holds; then waits for the rest, and begins anew (BPMN 2.0.2 §13.4.5).

    The condition reads data, `activationCount` (how many incoming flows have a token) and, by the ids of the flows, how
    many tokens each has. After firing, the gateway waits for a token on each flow that had none, unless none is
    expected by the rule of inclusive gateways; these are swallowed, save that a flow with a condition of its own which
    holds while `waitingForStart` is false gets a token. Flows without condition and the default flow belong to the
    first phase only. The scope remembers the flows that had a token under `reset`.
    """

    def may_fire(self, token: Token) -> bool:
        """Return whether the gateway waits for its start and the activation condition holds."""
        if self.element_id in token.scope.memory.get(RESET, {}):
            return False
        condition = self.element.activation
        if condition is None:
            return True
        context = self.seen_from(token.scope, start=True)
        return truth(condition, context, token.workflow.moment, self.element_id, "activation-not-boolean")

    def seen_from(self, scope: Token, *, start: bool) -> dict[str, object]:
        """Return what conditions at the gateway read."""
        counts = dict.fromkeys(self.incoming, 0)
        for token in scope.inner:
            if token.task_spec is self and "via" in token.memory:
                counts[token.memory["via"]] += 1
        active = sum(1 for count in counts.values() if count)
        return {**context_of(scope), **counts, "activationCount": active, "waitingForStart": start}

    def go(self, token: Token) -> None:
        """Fire, and wait for the rest."""
        scope = token.scope
        token.memory["seen"] = self.seen_from(scope, start=True)
        resets = {**scope.memory.get(RESET, {}), self.element_id: list(self.arrived(token))}
        scope.memory[RESET] = resets
        super().go(token)

    def taken(self, token: Token) -> tuple[Flow, ...]:
        """Return every flow whose condition is true, and those without one; else the default."""
        return self.choose(token, token.memory.pop("seen", None) or self.seen_from(token.scope, start=True))

    def may_reset(self, scope: Token) -> bool:
        """Return whether nothing more can come along the flows that had no token."""
        had = set(scope.memory[RESET][self.element_id])
        came = {token.memory["via"] for token in scope.inner if token.task_spec is self}
        rest = set(self.incoming) - had
        return not self.expects(scope, rest - came, came & rest)

    def reset(self, scope: Token) -> None:
        """Swallow the rest, and send on what has its own condition for this phase."""
        resets = dict(scope.memory[RESET])
        had = resets.pop(self.element_id)
        scope.memory[RESET] = resets
        context = self.seen_from(scope, start=False)
        late: dict[str, Token] = {}
        for token in scope.inner:
            if token.task_spec is self and token.memory["via"] not in had:
                late.setdefault(token.memory["via"], token)
        conditioned = [flow for flow in self.flows if flow.condition is not None]
        taken = tuple(flow for flow in conditioned if self.holds(scope, flow, context))
        for token in late.values():
            token.cancel()
        self.send_on(scope, scope, taken)


class EventGateway(Node):
    """The tokens behind it are rivals: the first whose event comes takes all."""

    def luggage(self, token: Token, _flow: Flow) -> dict[str, object]:
        """Let the tokens know that they are rivals."""
        return {"rival": token.number}
