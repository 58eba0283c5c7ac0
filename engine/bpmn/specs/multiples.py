"""Several events in one: each definition waits by itself inside; one of them is enough, or all must come."""

from collections.abc import Mapping
from typing import cast

from engine.bpmn.elements import EventSpec
from engine.bpmn.specs.waiting import Waiting
from engine.bpmn.tokens import Token
from engine.bpmn.values import json_object


class Parted(Waiting):
    """An event of several definitions; it remembers the numbers of those that `came` and their `payload`."""

    kind = "scope"
    opens = False

    def announce(self, token: Token) -> None:
        """Let each definition wait."""
        self.begin(token)

    def begin(self, token: Token, *, again: bool = False) -> None:
        """Let each definition wait that does not wait yet.

        Again: a timer that has fired does not come back, and a condition must be false before it fires once more.
        """
        waiting = {inner.task_spec.name for inner in token.inner}
        for position, part in enumerate(self.event.parts):
            name = part_name(self.name, position)
            if name not in waiting and not (again and part.kind == "timer"):
                memory: dict[str, object] = {"was": True} if again and part.kind == "conditional" else {}
                token.workflow.add(name, token, memory).run()

    def came(self, token: Token, position: int, result: Mapping[str, object]) -> None:
        """Take one event; go on when that is enough."""
        memory = token.memory
        payload = {**memory.get("payload", {}), **json_object(result)}
        if self.event.parallel:
            memory["payload"] = payload
            memory["came"] = [*memory.get("came", ()), position]
            if len(memory["came"]) < len(self.event.parts):
                return
            del memory["payload"], memory["came"]
        self.finish(token, payload)


class MultipleCatch(Parted):
    """An intermediate event of several definitions."""


class Part(Waiting):
    """One of several definitions of an event."""

    traced = False
    part: EventSpec
    position: int

    @property
    def event(self) -> EventSpec:
        """What this definition catches."""
        return self.part

    def _run_hook(self, token: Token) -> None:
        self.announce(token)

    def finish(self, token: Token, result: Mapping[str, object]) -> None:
        """Tell the event that this definition has come."""
        body = token.scope
        if self.opens:
            token.workflow.journal.close(token, "completed")
        token.leave()
        cast(Parted, body.task_spec).came(body, self.position, result)


def part_name(name: str, position: int) -> str:
    """Return the name of the spec of one definition."""
    return f"{name}#{position}"
