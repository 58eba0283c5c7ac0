"""Compensation: what has completed is undone by its handlers, newest first, one by one (BPMN 2.0.2 §13.5.5)."""

from collections.abc import Iterable
from typing import Any, cast

from engine.bpmn.completed import UNDO, Record, collect, collect_all, home_of
from engine.bpmn.elements import EventSpec
from engine.bpmn.specs.scopes import RESET, Scope, SubProcess, running
from engine.bpmn.tokens import ROOT, Token
from engine.bpmn.variables import LOCAL
from engine.model.step import Passage

LEFT, NOW = "left", "now"


class Compensating(Scope):
    """Undoes one record after the other: the handlers are tokens inside it.

    It remembers what is still `left` and the record that is undone `now`. When it is cancelled, both can be compensated
    again: their activities have completed and have not been undone.
    """

    def go_on(self, token: Token) -> bool:
        """Begin the next handler; return whether there was none left."""
        while token.memory[LEFT]:
            record, *token.memory[LEFT] = token.memory[LEFT]
            token.memory[NOW] = record
            if self.undo(token, record):
                return False
        token.memory.pop(NOW, None)
        return True

    def given_up(self, token: Token) -> None:
        """Give back what is not undone: to the record of the sub-process that is undone, or to its scope."""
        if LEFT not in token.memory:
            return
        now = token.memory.get(NOW)
        left = [*reversed(token.memory[LEFT]), *([now] if now else ())]
        around = token.scope
        if isinstance(around.task_spec, Compensating) and NOW in around.memory:
            around.memory[NOW] = {**around.memory[NOW], "u": left}
        elif left:
            home = home_of(token)[-1]
            home.memory[UNDO] = [*left, *home.memory.get(UNDO, ())]

    def undo(self, token: Token, record: Record) -> bool:
        """Begin to undo one completed activity; return False when there is nothing to do."""
        spec = token.workflow.spec.task_specs[record["a"]]
        if spec.undoer is not None:
            token.workflow.place(spec.undoer, token, {LOCAL: record["v"]})
            return True
        inner = record.get("u", [])
        if spec.undoing is None and not inner:
            return False
        token.workflow.place(f"{record['a']}#undo", token, {UNDO: inner, LOCAL: record["v"]})
        return True

    def inner_left(self, scope: Token) -> None:
        """Undo the next, or go on; what the handlers themselves completed is not undone again."""
        if scope.is_live and not running(scope) and self.go_on(scope):
            scope.memory.pop(UNDO, None)
            scope.complete()


class CompensationThrow(Compensating):
    """An event that compensates an activity, or all that has completed in its scope; it waits until that is done."""

    def _run_hook(self, token: Token) -> bool | None:
        token.workflow.journal.passed(token, Passage.ENTERED)
        event = cast(EventSpec, self.element.event)
        todo = collect(home_of(token), event.activity)
        if not event.waits:
            token.workflow.place(f"{self.element_id}#aside", token.scope, {LEFT: todo})
            return True
        token.memory[LEFT] = todo
        return self.go_on(token) or None


class Aside(Compensating):
    """Compensation that nobody waits for, beside the flow; also the one of a transaction that is cancelled."""

    traced = False

    def _run_hook(self, token: Token) -> bool | None:
        return self.go_on(token) or None


class Undoing(Compensating):
    """A completed sub-process that is undone: by its own event sub-process, else by undoing what completed inside."""

    traced = False

    def _run_hook(self, token: Token) -> bool | None:
        undoing = token.workflow.spec.task_specs[self.element_id].undoing
        token.memory[LEFT] = [] if undoing else collect([token], None)
        if undoing:
            token.workflow.place(undoing, token, {})
            return None
        return self.go_on(token) or None


def stop_compensating(scope: Token) -> None:
    """Cancel the compensation that runs anywhere inside a scope, so that what it has not undone is on record again."""
    for token in reversed(scope.inner):
        if isinstance(token.task_spec, Compensating):
            token.cancel()
        else:
            stop_compensating(token)


class Transaction(SubProcess):
    """A sub-process that can be cancelled: what completed in it is undone, then its cancel event goes on."""

    def call_off(self, scope: Token) -> None:
        """Stop everything inside, undo what has completed; the cancel event follows when that is done."""
        stop_compensating(scope)
        todo = collect_all(scope)
        scope.memory["off"] = True
        scope.memory.pop(RESET, None)
        for token in reversed(scope.inner):
            if not (token.task_spec.armed and token.task_spec.guards):
                token.cancel()
        scope.workflow.place(f"{self.element_id}#cancel", scope, {LEFT: todo})

    def over(self, scope: Token) -> None:
        """Leave by the normal way, or by the cancel event at the boundary."""
        if not scope.memory.get("off"):
            super().over(scope)
            return
        host = scope  # or the body around it, where the transaction repeats
        while (name := _cancel_event(host.task_spec.catchers)) is None:
            host = host.scope
        around = host.scope
        host.cancel()
        host.workflow.place(name, around, {})


def _cancel_event(catchers: Iterable[Any]) -> str | None:
    return next((one.name for one in catchers if one.event.kind == "cancel"), None)


class CancelEnd(Scope):
    """Cancels the transaction around it."""

    def _on_complete_hook(self, token: Token) -> None:
        scope = token.scope
        super()._on_complete_hook(token)
        while scope.id != ROOT and not isinstance(scope.task_spec, Transaction):
            scope = scope.scope
        cast(Transaction, scope.task_spec).call_off(scope)
