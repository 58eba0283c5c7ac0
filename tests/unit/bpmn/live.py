"""The same instance twice: once stored and reloaded around every command, once kept in memory for all its life.

`ZHILI_BPMN_STATE` says how the driver of the element tests holds its state: `both` (default: every command runs in both
ways, and what it did must be the same), `stored` or `live`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.bpmn import runtime
from engine.bpmn.document import dump, load
from engine.bpmn.workflow import TokenWorkflow
from engine.model.step import State, Step

WAYS = ("both", "stored", "live")
_OF_ONE_COMMAND = ("moment", "now", "journal", "changed", "ended", "error", "touched", "fresh", "_asked")


def way() -> str:
    """Return how the driver shall hold its state; anything unknown is refused."""
    chosen = os.environ.get("ZHILI_BPMN_STATE", "both")
    if chosen not in WAYS:
        raise ValueError(f"ZHILI_BPMN_STATE is {chosen!r}: use {', '.join(WAYS)}")
    return chosen


class Live:
    """Runs commands on one workflow that stays in memory: tokens and variables are never read back."""

    def __init__(self) -> None:
        self.workflow: TokenWorkflow | None = None
        self.tokens = b""

    def do(self, command: Callable[..., Step], *arguments: object, **options: object) -> Step:
        """Run a command of the runtime; what it loads is the workflow in memory. After a failure that is lost."""
        with self._in_memory():
            self._kept, self.workflow = self.workflow, None
            return command(*arguments, **options)

    @contextmanager
    def _in_memory(self) -> Iterator[None]:
        stored = runtime.load, runtime.dump
        runtime.load, runtime.dump = self._load, self._dump
        try:
            yield
        finally:
            runtime.load, runtime.dump = stored

    def _load(self, model, tokens, variables, now) -> TokenWorkflow:
        fresh = load(model, tokens, variables, now)
        if self._kept is None or tokens != self.tokens:
            return fresh
        for name in _OF_ONE_COMMAND:
            setattr(self._kept, name, getattr(fresh, name))
        return self._kept

    def _dump(self, workflow: TokenWorkflow) -> bytes:
        self.workflow, self.tokens = workflow, dump(workflow)
        return self.tokens


class Twins:
    """Runs each command on the stored state and on the one in memory, as `way` says; both must do the same."""

    def __init__(self, chosen: str | None = None) -> None:
        self.way = way() if chosen is None else chosen
        self.live = Live()

    def do(self, command: Callable[..., Step], *arguments: object, **options: object) -> Step:
        """Return what the command did."""
        if self.way == "live":
            return self.live.do(command, *arguments, **options)
        stored = command(*arguments, **options)
        if self.way == "both":
            assert_same(stored, self.live.do(command, *arguments, **options))
        return stored


def assert_same(stored: Step, live: Step) -> None:
    """Compare all that two steps say, tokens byte by byte."""
    assert _parts(live) == _parts(stored)


def _parts(step: Step) -> dict[str, object]:
    parts = {name: getattr(step, name) for name in Step.__slots__}
    state: State = step.state
    return {**parts, "state": None, "tokens": bytes(state.tokens), "variables": state.variables}
