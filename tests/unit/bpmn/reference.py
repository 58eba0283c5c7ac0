"""The token game of BPMN 2.0.2 (chapter 13) on a sketch, written a second time and as plainly as possible.

It shares nothing with the engine: no XML, no expressions, no stored state, and the inclusive gateway is decided by a
search along the flows. Given the same choices, the engine must stand where this stands.
"""

from collections import Counter, deque
from collections.abc import Mapping

from tests.unit.bpmn.reference_tokens import WAITS, Address, Token
from tests.unit.bpmn.sketch import Flow, Node, Sketch

_LOOKED_FOR = frozenset({"error", "escalation"})  # catchers that do not wait but are looked for


class Reference:
    """One instance of a sketch."""

    def __init__(self, sketch: Sketch, variables: Mapping[str, object]) -> None:
        self.sketch = sketch
        self.variables = dict(variables)
        self.history: Counter[tuple[str, str]] = Counter()
        self.queue: deque[Token] = deque()
        self.ended: str | None = None
        self.root = Token(None, None)
        self.root.phase = "open"
        self.leaving = {id_: sketch.leaving(id_) for id_ in sketch.nodes}
        self.arriving = {id_: sketch.arriving(id_) for id_ in sketch.nodes}
        self._begin(self.root)
        self._settle()

    # -- what can be asked and said ---------------------------------------------------------------------------------

    def positions(self) -> Counter[tuple[Address, str]]:
        """Return everything that waits: where (element and number among its like, from outside in) and for what."""
        return Counter((address, token.kind) for address, token in self.root.addresses())

    def find(self, address: Address) -> Token:
        return next(token for found, token in self.root.addresses() if found == address)

    def finish(self, token: Token, result: Mapping[str, object]) -> None:
        """The world answers: a task is done, a timer fires, a message or signal arrives."""
        self.history.clear()
        self._finish(token, result)
        self._settle()

    def fail(self, token: Token, code: str) -> None:
        """The work ends in a BPMN error."""
        self.history.clear()
        self._throw(token, code)
        self._settle()

    def catches(self, token: Token, code: str) -> bool:
        return self._catcher(token, code, "error", inside=False) is not None

    # -- the game ---------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.phase == "ready":
                    self._run(token)
            gateway = next((token for token in self.root.everything if self._enabled(token)), None)
            if gateway is None:
                return
            self._merge(gateway)

    def _enter(self, node: Node, scope: Token, flow: Flow | None = None) -> Token:
        token = Token(node, scope, "body" if node.repeat else "plain")
        token.via = flow.id if flow else None
        joins = node.type in {"parallelGateway", "inclusiveGateway"} and len(self.arriving[node.id]) > 1
        if joins:
            token.phase = "waiting"
            if node.type == "parallelGateway" and len(self._arrived(token)) == len(self.arriving[node.id]):
                self._merge(token)
        else:
            self.queue.append(token)
        return token

    def _arrived(self, token: Token) -> dict[str, Token]:
        first: dict[str, Token] = {}
        for other in token.outer.inner:
            if other.node is token.node and other.phase == "waiting":
                first.setdefault(str(other.via), other)
        return first

    def _merge(self, token: Token) -> None:
        for other in self._arrived(token).values():
            if other is not token and other.via != token.via:
                self._remove(other)
        token.phase = "ready"
        self.queue.append(token)

    def _enabled(self, token: Token) -> bool:
        """BPMN 2.0.2, 13.4.3: no token elsewhere can reach an empty flow, unless it can reach one with a token too."""
        if token.phase != "waiting" or token.at.type != "inclusiveGateway":
            return False
        filled = set(self._arrived(token))
        empty = {flow.id for flow in self.arriving[token.at.id]} - filled
        for other in token.outer.inner:
            if other.node is token.node:
                continue
            ahead = self._ahead(other.gate or other.at, token.at)
            if ahead & empty and not ahead & filled:
                return False
        return True

    def _ahead(self, node: Node, gateway: Node) -> set[str]:
        """Return the flows that a token at a node can still take without passing a gateway."""
        flows: set[str] = set()
        seen, stack = {node.id}, [node]
        while stack:
            at = stack.pop()
            following = [event.id for event in self.sketch.attached(at.id)]
            if at.event == "link" and at.type == "intermediateThrowEvent":
                following.append(self._linked(at).id)
            for flow in self.leaving[at.id]:
                flows.add(flow.id)
                following.append(flow.target)
            for id_ in following:
                if id_ not in seen and id_ != gateway.id:
                    seen.add(id_)
                    stack.append(self.sketch.nodes[id_])
        return flows

    def _linked(self, throw: Node) -> Node:
        like = [n for n in self.sketch.inside(throw.scope) if n.event == "link" and n.reference == throw.reference]
        return next(node for node in like if node.type == "intermediateCatchEvent")

    def _run(self, token: Token) -> None:
        node = token.at
        if token.role == "body":
            self._open_body(token)
            return
        self._note(node, "entered")
        waits = node.type in WAITS or (node.type == "intermediateCatchEvent" and node.event != "link")
        if waits or node.type == "subProcess":
            token.phase = "open"
            self._arm(token)
            if node.type == "subProcess":
                self._begin(token)
            return
        if node.type == "scriptTask":
            old = self._seen(token).get(str(node.reference))
            self._write({str(node.reference): 1 if old is None else old + 1})
        self._pass(token)

    def _begin(self, scope: Token) -> None:
        """Event sub-processes begin to listen; a token comes to the start event, or wherever no flow leads to."""
        for start in self._triggers(scope):
            if start.event not in _LOOKED_FOR:
                Token(start, scope, "armed").phase = "open"
        self._write(scope.payload)
        inside = [node for node in self.sketch.inside(scope.node.id if scope.node else None) if not node.triggered]
        starts = [node for node in inside if node.type == "startEvent"]
        for node in starts or [node for node in inside if not self.arriving[node.id] and self._may_begin(node)]:
            self._enter(node, scope)

    def _may_begin(self, node: Node) -> bool:
        return node.host is None and not (node.event == "link" and node.type == "intermediateCatchEvent")

    def _triggers(self, scope: Token) -> list[Node]:
        """Return the start events of the event sub-processes of a scope."""
        inside = self.sketch.inside(scope.node.id if scope.node else None)
        starts = [self.sketch.inside(node.id) for node in inside if node.triggered]
        return [node for nodes in starts for node in nodes if node.type == "startEvent"]

    def _arm(self, token: Token) -> None:
        """The boundary events of an activity begin to wait; those of one that repeats belong to its body."""
        if token.role == "body" or token.at.repeat is None:
            for event in self.sketch.attached(token.at.id):
                if event.event not in _LOOKED_FOR:
                    Token(event, token, "armed").phase = "open"

    def _open_body(self, token: Token) -> None:
        repeat = token.at.repeat
        assert repeat is not None
        token.phase = "open"
        loops = repeat.kind in {"until", "while"}
        token.total = max(1, repeat.times) if repeat.kind == "until" else repeat.times
        if token.total == 0:
            self._note(token.at, "entered")
            self._note(token.at, "completed")
            self._go_on(token)
            return
        self._arm(token)
        at_once = token.total if repeat.kind == "parallel" else 1
        for counter in range(at_once):
            self._instance(token, None if loops else counter)

    def _instance(self, body: Token, counter: int | None) -> None:
        token = Token(body.at, body)
        token.local = None if counter is None else {"loopCounter": counter + 1}
        self.queue.append(token)

    def _finish(self, token: Token, result: Mapping[str, object]) -> None:
        if token.role == "armed":
            self._fire(token, result)
            return
        if token.at.type != "callActivity":
            self._write(result)
        for rival in token.rivals:
            if rival is not token:
                self._cancel(rival)
        self._pass(token)

    def _fire(self, armed: Token, result: Mapping[str, object]) -> None:
        host, event = armed.outer, armed.at
        if event.type == "startEvent":
            self._trigger(armed, result)
            return
        scope = host.outer
        if event.interrupting:
            self._remove(armed)
            self._cancel(host)
        elif event.event == "timer":  # a duration fires once
            self._remove(armed)
        self._write(result)
        self._enter(event, scope)

    def _trigger(self, armed: Token, result: Mapping[str, object]) -> None:
        scope, start = armed.outer, armed.at
        if start.interrupting or start.event == "timer":
            self._remove(armed)
        self._handle(scope, start, result)

    def _handle(self, scope: Token, start: Node, payload: Mapping[str, object]) -> None:
        """An event sub-process of a scope begins; where it interrupts, everything else inside ends."""
        if start.interrupting:
            scope.interrupted = True
            for token in reversed(scope.inner):
                if token.role != "armed" or token.at.type != "boundaryEvent":
                    self._cancel(token)
        self._enter(self.sketch.nodes[str(start.scope)], scope).payload = payload

    def _pass(self, token: Token) -> None:
        """The token leaves its node: along flows, or into nothing."""
        self._note(token.at, "completed")
        if token.around is not None and token.outer.role == "body":
            self._instance_done(token)
        else:
            self._go_on(token)

    def _instance_done(self, token: Token) -> None:
        body, repeat = token.outer, token.at.repeat
        assert repeat is not None
        body.done += 1
        self._remove(token)
        loops = repeat.kind in {"until", "while"}
        if body.done >= body.total or (not loops and repeat.enough is not None and body.done >= repeat.enough):
            for other in reversed(body.running):
                self._cancel(other)
            self._go_on(body)
        elif repeat.kind != "parallel":
            self._instance(body, None if loops else body.done)

    def _go_on(self, token: Token) -> None:
        node, scope = token.at, token.outer
        taken = self._taken(token)
        self._remove(token)
        if node.event == "link" and node.type == "intermediateThrowEvent":
            self._enter(self._linked(node), scope)
        entered = [self._enter(self.sketch.nodes[flow.target], scope, flow) for flow in taken]
        if node.type == "eventBasedGateway":
            for other in entered:
                other.rivals, other.gate = entered, node
        if node.type in {"intermediateThrowEvent", "endEvent"}:
            self._happen(node, scope)
        self._over(scope)

    def _happen(self, node: Node, scope: Token) -> None:
        """A throw or end event takes effect, after its token has moved on."""
        if node.event == "terminate":
            self._terminate(scope)
        if node.event in _LOOKED_FOR:
            self._throw(scope, str(node.reference), str(node.event), inside=True)
        if node.event == "signal":
            self._broadcast(str(node.reference))

    def _taken(self, token: Token) -> list[Flow]:
        flows, node = self.leaving[token.at.id], token.at
        if not flows:
            return []
        variables = self._seen(token.outer)
        true = [flow for flow in flows if flow.when is not None and flow.when.holds(variables)]
        default = [flow for flow in flows if flow.id == node.default]
        if node.type == "exclusiveGateway" and len(flows) > 1:
            return (true or default)[:1]
        fixed = [flow for flow in flows if flow.when is None and flow.id != node.default]
        return fixed + (true or default)

    def _over(self, scope: Token) -> None:
        """A scope without tokens is over."""
        if scope.phase == "gone" or scope.running:
            return
        if scope is self.root:
            self.ended = self.ended or "completed"
            for armed in list(scope.inner):
                self._cancel(armed)
        else:
            self._pass(scope)

    def _terminate(self, scope: Token) -> None:
        if scope is self.root:
            self.ended = self.ended or "terminated"
        for token in reversed(scope.running):
            self._cancel(token)

    def _broadcast(self, name: str) -> None:
        catchers = [t for t in self.root.everything if t.phase == "open" and t.kind == "signal"]
        for token in sorted(
            (t for t in catchers if t.at.reference == name), key=lambda token: (token.depth, token.age)
        ):
            if token.phase == "open":
                self._finish(token, {})

    def _catcher(self, token: Token, code: str, kind: str, *, inside: bool) -> tuple[Token, Node] | None:
        """Return who catches: the scope and the start of its event sub-process, or the activity and its boundary event.

        From inside out; in each scope its event sub-processes first, unless one has interrupted it or is the thrower.
        """
        origin: str | None = None
        at = token
        while True:
            if inside and at.role == "plain" and not at.interrupted:
                starts = [start for start in self._triggers(at) if start.scope != origin]
                found = _best(starts, kind, code)
                if found is not None:
                    return at, found
            if at is self.root:
                return None
            if at.role == "body" or at.at.repeat is None:
                found = _best(self.sketch.attached(at.at.id), kind, code)
                if found is not None:
                    return at, found
            origin, inside = at.at.id, True
            at = at.outer

    def _throw(self, token: Token, code: str, kind: str = "error", *, inside: bool = False) -> None:
        found = self._catcher(token, code, kind, inside=inside)
        if found is None:
            if kind == "error":
                self.ended = self.ended or "error"
                for inner in reversed(self.root.inner):
                    self._cancel(inner)
            return
        holder, event = found
        if event.type == "startEvent":
            self._handle(holder, event, {})
            return
        scope = holder.outer
        if event.interrupting:
            self._cancel(holder)
        self._enter(event, scope)

    # -- leaving and variables --------------------------------------------------------------------------------------

    def _cancel(self, token: Token) -> None:
        if token.phase == "gone":
            return
        for inner in reversed(token.inner):
            self._cancel(inner)
        if token.phase == "open" and token.role == "plain":
            self._note(token.at, "cancelled")
        self._remove(token)

    def _remove(self, token: Token) -> None:
        for inner in list(token.inner):
            self._cancel(inner)
        token.phase = "gone"
        if token in token.outer.inner:
            token.outer.inner.remove(token)

    def _note(self, node: Node, event: str) -> None:
        self.history[node.id, event] += 1

    def _seen(self, token: Token) -> dict[str, object]:
        outer = self._seen(token.around) if token.around is not None else self.variables
        return {**outer, **(token.local or {})}

    def _write(self, values: Mapping[str, object]) -> None:
        """Results go to the process: no model here declares data or collects."""
        self.variables.update(values)


def _best(events: list[Node], kind: str, code: str) -> Node | None:
    """Return the event that catches a code, else the one that catches all."""
    found = [event for event in events if event.event == kind]
    return next((event for wanted in (code, None) for event in found if event.reference == wanted), None)
