"""Boundary events: armed inside the activity that they guard, firing into the scope around it.

A boundary event has two specs: the armed one (`<id>#armed`) waits as long as its activity does; each firing places a
token at the plain one, which carries the outgoing flows. Error boundary events are never armed: an error looks for
them.
"""

from collections.abc import Mapping
from datetime import datetime

from engine.bpmn.specs.waiting import MessageCatch, SignalCatch, TimerCatch, Waiting
from engine.bpmn.timers import next_due
from engine.bpmn.tokens import Token
from engine.bpmn.variables import context_of, write
from engine.model.step import Opened, TimerOpened


class Armed(Waiting):
    """A boundary event that waits for its moment."""

    traced = False
    armed = True

    def _run_hook(self, token: Token) -> None:
        token.workflow.journal.open(self.opening(token))

    def finish(self, token: Token, result: Mapping[str, object]) -> None:
        """Fire: end the activity if the event interrupts it, write the payload, go on outside."""
        host = token.scope
        scope, workflow = host.scope, token.workflow
        values = self.mapped(token, result)
        if self.event.interrupting:
            workflow.journal.close(token, "completed")
            token.leave()
            host.cancel()
        else:
            self.fired(token)
        write(scope, values)
        workflow.place(self.element_id, scope, {})

    def mapped(self, token: Token, result: Mapping[str, object]) -> Mapping[str, object]:
        """Return what the output parameters make of a payload, or without them all of it."""
        outputs = self.element.mapping.outputs
        if not outputs:
            return result
        context = {**context_of(token), **result}
        return {parameter.name: parameter.value.evaluate(context, token.workflow.moment) for parameter in outputs}

    def fired(self, token: Token) -> None:
        """Stay armed, for the next time."""


class ArmedMessage(Armed, MessageCatch):
    """A message at the boundary."""


class ArmedSignal(Armed, SignalCatch):
    """A signal at the boundary."""


class ArmedTimer(Armed, TimerCatch):
    """A timer at the boundary; a cycle is armed again, as a new activity, until its repeats are used up."""

    def opening(self, token: Token) -> Opened:
        """Return the timer: its first round, or the next one of a cycle that has fired."""
        memory = token.memory
        if "text" in memory:
            due = next_due(memory["text"], datetime.fromisoformat(memory["due"]), token.workflow.now)
        else:
            due, memory["left"], memory["text"] = self.instant(token)
        memory["due"] = due.isoformat()
        return TimerOpened(token.number, self.element_id, due, memory["left"])

    def fired(self, token: Token) -> None:
        """Give way to the next round."""
        host, left = token.scope, token.memory["left"]
        token.workflow.journal.close(token, "completed")
        token.leave()
        if left is None or left > 1:
            memory = {**token.memory, "left": left and left - 1}
            token.workflow.add(self.name, host, memory).run()
