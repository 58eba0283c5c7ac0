"""Armed events: boundary events in the activity that they guard, start events of event sub-processes in their scope.

Such an event has two specs: the armed one (`<id>#armed`) waits as long as its activity or scope does. A boundary event
that fires places a token at the plain one, which carries the outgoing flows; a start event that fires places one at its
event sub-process. What catches errors, escalations, compensation or cancellation is never armed: it is looked for.
"""

from collections.abc import Mapping
from datetime import datetime

from engine.bpmn.specs.multiples import Part, Parted
from engine.bpmn.specs.scopes import PAYLOAD, interrupt
from engine.bpmn.specs.waiting import ConditionCatch, MessageCatch, SignalCatch, TimerCatch, Waiting
from engine.bpmn.timers import next_round
from engine.bpmn.tokens import Token
from engine.bpmn.variables import write
from engine.model.step import Opened, TimerOpened


class Armed(Waiting):
    """An event that waits for its moment beside the flow."""

    traced = False
    armed = True

    def _run_hook(self, token: Token) -> None:
        self.announce(token)

    @property
    def guards(self) -> bool:
        """Whether it is a boundary event; else it starts an event sub-process."""
        return self.element.type == "boundaryEvent"

    def finish(self, token: Token, result: Mapping[str, object]) -> None:
        """Fire: end the activity or the scope if the event interrupts it, write the payload, go on."""
        workflow, host = token.workflow, token.scope
        scope, values = host.scope if self.guards else host, self.mapped(token, result)
        if not self.event.interrupting:
            self.fired(token)
        else:
            self.retire(token)
            if self.guards:
                host.cancel()
            else:
                interrupt(host)
        if self.guards:
            write(scope, values)
            workflow.place(self.element_id, scope, {})
        else:
            workflow.place(self.element.scope or "", scope, {PAYLOAD: dict(values)})

    def retire(self, token: Token) -> None:
        """Take the armed event away, since it has come."""
        if self.opens:
            token.workflow.journal.close(token, "completed")
        token.leave()

    def mapped(self, token: Token, result: Mapping[str, object]) -> Mapping[str, object]:
        """Return what the output parameters make of a payload, or without them all of it."""
        return self.handed(token, result)

    def fired(self, token: Token) -> None:
        """Stay armed, for the next time."""


class ArmedMessage(Armed, MessageCatch):
    """A message at the boundary."""


class ArmedSignal(Armed, SignalCatch):
    """A signal at the boundary."""


class ArmedCondition(Armed, ConditionCatch):
    """A condition at the boundary; it fires again when it has been false in between (BPMN 2.0.2 §10.5.5)."""


class ArmedTimer(Armed, TimerCatch):
    """A timer at the boundary; a cycle is armed again, as a new activity, until its repeats are used up."""

    def announce(self, token: Token) -> None:
        """Tell the world of the round that is due; a cycle whose rounds all lie behind waits for nothing."""
        memory = token.memory
        if "text" not in memory:
            due, memory["left"], memory["text"] = self.instant(token)
            memory["due"] = due.isoformat()
        if memory["left"] == 0:
            token.leave()
            return
        super().announce(token)

    def opening(self, token: Token) -> Opened:
        """Return the timer."""
        memory = token.memory
        return TimerOpened(token.number, self.element_id, datetime.fromisoformat(memory["due"]), memory["left"])

    def fired(self, token: Token) -> None:
        """Give way to the next round."""
        host, memory = token.scope, token.memory
        token.workflow.journal.close(token, "completed")
        token.leave()
        due, left = datetime.fromisoformat(memory["due"]), memory["left"]
        following = None if left == 1 else next_round(memory["text"], due, left, token.workflow.now)
        if following is not None:
            memory = {**memory, "due": following[0].isoformat(), "left": following[1]}
            token.workflow.add(self.name, host, memory).run()


class ArmedMultiple(Parted, Armed):
    """Several events at the boundary: one of them is enough, or all must come."""

    opens = False

    def fired(self, token: Token) -> None:
        """Wait again for what came and can come again; all together never come again once a timer was among them."""
        if self.event.parallel and any(part.kind == "timer" for part in self.event.parts):
            self.retire(token)
            return
        self.begin(token, again=True)


class PartMessage(Part, MessageCatch):
    """A message as one of several events."""


class PartSignal(Part, SignalCatch):
    """A signal as one of several events."""


class PartCondition(Part, ConditionCatch):
    """A condition as one of several events."""


class PartTimer(Part, TimerCatch):
    """A timer as one of several events."""
