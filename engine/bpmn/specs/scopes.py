"""Elements that have tokens inside: the process, sub-processes, multi-instance bodies."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from engine.bpmn.catching import INTERRUPTED
from engine.bpmn.completed import TERMINATED
from engine.bpmn.elements import MultiInstanceSpec
from engine.bpmn.failures import ExecutionError
from engine.bpmn.specs.working import Working
from engine.bpmn.tokens import Token
from engine.bpmn.values import Value, evaluate, truth
from engine.bpmn.variables import LOCAL, context_of, write
from engine.model.step import Ending, Passage

MOST_INSTANCES = 1_000
# Complex gateways that have fired and wait for the rest: flows that had a token, by gateway, in the scope's memory.
RESET = "reset"
# The place of an instance among those of its multi-instance, from nought.
AT = "at"
# What began an event sub-process: values for it, or for the scopes around it.
PAYLOAD = "payload"
# A token whose event came before it did: the event that started the instance.
COME = "come"


def running(scope: Token) -> list[Token]:
    """Return the tokens inside a scope that are not armed events."""
    return [token for token in scope.inner if not token.task_spec.armed]


def interrupt(scope: Token) -> None:
    """Cancel what is inside a scope for an event sub-process; the boundary events of the scope itself stay armed."""
    scope.memory[INTERRUPTED] = True
    scope.memory.pop(RESET, None)
    for token in reversed(scope.inner):
        spec = token.task_spec
        if not (spec.armed and spec.guards):
            token.cancel()


class Scope(Working):
    """An element that is over when no token is left inside.

    starts   armed start events of the event sub-processes inside
    entries  specs at which it begins
    """

    kind = "scope"

    starts: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()

    def listen(self, scope: Token) -> None:
        """Arm the start events of the event sub-processes inside."""
        for name in self.starts:
            scope.workflow.add(name, scope, {}).run()

    def begin(self, scope: Token) -> None:
        """Place the first tokens inside: at the start event, or without one wherever no flow leads to."""
        for name in self.entries:
            scope.workflow.place(name, scope, {})

    def inner_left(self, scope: Token) -> None:
        """Go on when the last token inside is gone."""
        if scope.is_live and not running(scope):
            self.over(scope)

    def over(self, scope: Token) -> None:
        """Go on."""
        scope.complete()

    def terminate(self, scope: Token) -> None:
        """Cancel what runs inside; the scope itself then ends as if it had come to its end."""
        for token in reversed(running(scope)):
            token.cancel()


class Process(Scope):
    """The process itself.

    together   by the start points of a parallel event-based gateway: the events that wait beside the first
    """

    plain_starts: frozenset[str] = frozenset()
    together: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def begin_at(self, scope: Token, name: str) -> None:
        """Begin at a start event, at an event that came before its token did, or wherever no flow leads to."""
        if name == self.element_id:
            self.begin(scope)
            return
        memory: dict[str, object] = {} if name in self.plain_starts else {COME: True}
        scope.workflow.place(name, scope, memory)
        for other in self.together.get(name, ()):
            scope.workflow.place(other, scope, {})

    def over(self, scope: Token) -> None:
        """End the instance, unless it has already come to another end."""
        scope.workflow.end(Ending.COMPLETED)
        for token in reversed(scope.inner):
            token.cancel()

    def terminate(self, scope: Token) -> None:
        """End the instance."""
        scope.workflow.end(Ending.TERMINATED)
        super().terminate(scope)


class SubProcess(Scope):
    """A sub-process: embedded, or begun by an event."""

    def _run_hook(self, token: Token) -> bool | None:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        self.arm(token)
        self.listen(token)
        write(token, token.memory.pop(PAYLOAD, {}))
        self.begin(token)
        return None

    def over(self, scope: Token) -> None:
        """Hand the output parameters out and go on; without any, what was kept inside is dropped."""
        if self.element.mapping.outputs:
            self.take(scope, {})
        scope.complete()


class MultiInstance(Scope):
    """The body around the instances: counts, collects, decides when it is enough.

    It remembers `n` instances in all, `done` ones, those `stopped` by a terminate end event, the `items` still to come
    of a sequential one, and the collected `out`. The instances are tokens at the plain element inside it.
    """

    traced = False

    @property
    def multi(self) -> MultiInstanceSpec:
        """What the diagram says."""
        return cast(MultiInstanceSpec, self.element.multi)

    def _run_hook(self, token: Token) -> bool | None:
        items = self.items(token)
        token.memory.update(n=len(items), done=0)
        if self.multi.output:
            token.memory["out"] = [None] * len(items)
        if not items:
            token.workflow.journal.passed(token, Passage.ENTERED)
            token.workflow.journal.passed(token, Passage.COMPLETED)
            self.hand_out(token)
            return True
        self.arm(token)
        if self.multi.sequential:
            token.memory["items"] = items
            self.next_instance(token)
        else:
            for position, item in enumerate(items):
                self.instance(token, position, item)
        return None

    def items(self, token: Token) -> list[object]:
        """Return one item per instance; raise ExecutionError for what is no list, no number or too much."""
        context = context_of(token)
        if self.multi.collection is None:
            count = cast(Value, self.multi.cardinality).evaluate(context, token.workflow.moment)
            if isinstance(count, str) and count.isdecimal():
                count = int(count)
            if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_INSTANCES:
                raise ExecutionError("cardinality-invalid", self.element_id, value=count, limit=MOST_INSTANCES)
            return [None] * count
        items = self.multi.collection.evaluate(context, token.workflow.moment)
        if not isinstance(items, list):
            raise ExecutionError("collection-not-list", self.element_id, value=items)
        if len(items) > MOST_INSTANCES:
            raise ExecutionError("collection-too-large", self.element_id, count=len(items), limit=MOST_INSTANCES)
        return items

    def instance(self, body: Token, position: int, item: object) -> None:
        """Place one instance."""
        local: dict[str, object] = {"loopCounter": position + 1}  # the n-th instance has n (BPMN 2.0.2 table 10.30)
        if self.multi.element:
            local[self.multi.element] = item
        body.workflow.place(self.element_id, body, {LOCAL: local, AT: position})

    def next_instance(self, body: Token) -> None:
        """Place the next instance of a sequential one."""
        items = body.memory["items"]
        position = body.memory["n"] - len(items)
        body.memory["items"] = items[1:]
        self.instance(body, position, items[0])

    def layer(self, token: Token) -> Mapping[str, object]:
        """Return the counters, and what has been collected."""
        memory = token.memory
        if "n" not in memory:
            return {}
        total, done, stopped = memory["n"], memory["done"], memory.get("stopped", 0)
        left = total - done - stopped
        active = min(1, left) if self.multi.sequential else left
        counters: dict[str, object] = {
            "nrOfInstances": total,
            "nrOfActiveInstances": active,
            "nrOfCompletedInstances": done,
            "nrOfTerminatedInstances": stopped,
            "numberOfInstances": total,
            "numberOfActiveInstances": active,
            "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": stopped,
        }
        if self.multi.output:
            counters[self.multi.output] = memory["out"]
        return counters

    def inner_leaves(self, scope: Token, token: Token) -> None:
        """Count the instance and collect its output."""
        memory = scope.memory
        if self.multi.output_element is not None:
            value = evaluate(self.multi.output_element, context_of(token), token.workflow.moment, self.element_id)
            # Instances that an earlier release began have no place of their own: their counter began with nought.
            memory["out"][token.memory.get(AT, token.memory[LOCAL]["loopCounter"])] = value
        scope.workflow.touched += 1
        if TERMINATED in token.memory:
            memory["stopped"] = memory.get("stopped", 0) + 1
        else:
            memory["done"] += 1

    def inner_left(self, scope: Token) -> None:
        """Go on when all are done or the completion condition holds; else start the next of a sequence."""
        if not scope.is_live:
            return
        memory = scope.memory
        if memory["done"] + memory.get("stopped", 0) >= memory["n"] or self.enough(scope):
            self.terminate(scope)
            self.hand_out(scope)
            scope.complete()
        elif self.multi.sequential:
            self.next_instance(scope)

    def enough(self, scope: Token) -> bool:
        """Return whether the completion condition holds; null counts as false."""
        if self.multi.completion is None:
            return False
        context, moment = context_of(scope), scope.workflow.moment
        return truth(self.multi.completion, context, moment, self.element_id, "completion-not-boolean")

    def hand_out(self, body: Token) -> None:
        """Write the collected output into the scope around the body."""
        if self.multi.output:
            write(body.scope, {self.multi.output: body.memory["out"]})
