"""Elements that have tokens inside: the process, sub-processes, multi-instance bodies."""

from collections.abc import Mapping
from typing import cast

from engine.bpmn.elements import MultiInstanceSpec
from engine.bpmn.failures import ExecutionError
from engine.bpmn.specs.working import Working
from engine.bpmn.tokens import Token
from engine.bpmn.values import Value, evaluate
from engine.bpmn.variables import LOCAL, context_of, write
from engine.model.step import Ending, Passage

MOST_INSTANCES = 1_000


def running(scope: Token) -> list[Token]:
    """Return the tokens inside a scope that are not armed boundary events of it."""
    armed = scope.task_spec.boundaries
    return [token for token in scope.inner if token.task_spec.name not in armed]


class Scope(Working):
    """An element that is over when no token is left inside."""

    kind = "scope"

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
    """The process itself."""

    def over(self, scope: Token) -> None:
        """End the instance, unless it has already come to another end."""
        scope.workflow.end(Ending.COMPLETED)

    def terminate(self, scope: Token) -> None:
        """End the instance."""
        scope.workflow.end(Ending.TERMINATED)
        super().terminate(scope)


class SubProcess(Scope):
    """An embedded sub-process."""

    start_name: str = ""

    def _run_hook(self, token: Token) -> None:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        self.arm(token)
        token.workflow.place(self.start_name, token, {})

    def over(self, scope: Token) -> None:
        """Hand the output parameters out and go on; without any, what was kept inside is dropped."""
        if self.element.mapping.outputs:
            self.take(scope, {})
        scope.complete()


class MultiInstance(Scope):
    """The body around the instances: counts, collects, decides when it is enough.

    It remembers `n` instances in all, `done` ones, the `items` still to come of a sequential one, and the collected
    `out`. The instances are tokens at the plain element inside it.
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
        local: dict[str, object] = {"loopCounter": position}
        if self.multi.element:
            local[self.multi.element] = item
        body.workflow.place(self.element_id, body, {LOCAL: local})

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
        total, done = memory["n"], memory["done"]
        active = min(1, total - done) if self.multi.sequential else total - done
        counters: dict[str, object] = {
            "nrOfInstances": total,
            "nrOfActiveInstances": active,
            "nrOfCompletedInstances": done,
        }
        if self.multi.output:
            counters[self.multi.output] = memory["out"]
        return counters

    def inner_leaves(self, scope: Token, token: Token) -> None:
        """Count the instance and collect its output."""
        memory = scope.memory
        if self.multi.output_element is not None:
            value = evaluate(self.multi.output_element, context_of(token), token.workflow.moment, self.element_id)
            memory["out"][token.memory[LOCAL]["loopCounter"]] = value
        memory["done"] += 1

    def inner_left(self, scope: Token) -> None:
        """Go on when all are done or the completion condition holds; else start the next of a sequence."""
        if not scope.is_live:
            return
        memory = scope.memory
        if memory["done"] >= memory["n"] or self.enough(scope):
            self.terminate(scope)
            self.hand_out(scope)
            scope.complete()
        elif self.multi.sequential:
            self.next_instance(scope)

    def enough(self, scope: Token) -> bool:
        """Return whether the completion condition holds; null counts as false."""
        if self.multi.completion is None:
            return False
        value = evaluate(self.multi.completion, context_of(scope), scope.workflow.moment, self.element_id)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise ExecutionError("completion-not-boolean", self.element_id, value=value)

    def hand_out(self, body: Token) -> None:
        """Write the collected output into the scope around the body."""
        if self.multi.output:
            write(body.scope, {self.multi.output: body.memory["out"]})
