"""Elements that wait for the world: people, machines, other processes, messages, signals, the clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from engine.bpmn.elements import CallSpec, DecisionSpec, EventSpec, JobSpec, whole_number
from engine.bpmn.failures import ExecutionError
from engine.bpmn.specs.correlating import key_awaited
from engine.bpmn.specs.scopes import COME
from engine.bpmn.specs.working import Working
from engine.bpmn.timers import TimerTextError, first_due
from engine.bpmn.tokens import Token
from engine.bpmn.values import Value, truth
from engine.bpmn.variables import LOCAL, context_of, local_of
from engine.feel import Expression
from engine.model.step import (
    CallOpened,
    JobOpened,
    MessageAwaited,
    Opened,
    Passage,
    SignalAwaited,
    TimerOpened,
    UserTaskOpened,
)


class Waiting(Working):
    """An element that opens something and waits until it is told the result by activity number."""

    opens = True
    waits = True

    def _run_hook(self, token: Token) -> bool | None:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        if token.memory.pop(COME, False):
            if not self.element.mapping.produced:
                self.take(token, {})
            return True
        self.announce(token)
        self.arm(token)
        return None

    def announce(self, token: Token) -> None:
        """Tell the world what is waited for."""
        token.workflow.journal.open(self.opening(token))

    def opening(self, token: Token) -> Opened:
        """Return what the world is told."""
        raise NotImplementedError

    @property
    def event(self) -> EventSpec:
        """What the element catches."""
        return cast(EventSpec, self.element.event)

    def finish(self, token: Token, result: Mapping[str, object]) -> None:
        """Take the result in and let the token go on; its rivals behind an event-based gateway give up."""
        self.take(token, result)
        self.beat_rivals(token)
        token.complete()

    @staticmethod
    def beat_rivals(token: Token) -> None:
        """Cancel the other tokens behind the same event-based gateway."""
        rival = token.memory.get("rival")
        if rival is None:
            return
        for other in token.scope.inner:
            if other is not token and other.memory.get("rival") == rival:
                other.cancel()


class UserTask(Waiting):
    """A person does it."""

    kind = "user_task"

    def opening(self, token: Token) -> Opened:
        """Return the user task."""
        return UserTaskOpened(token.number, self.element_id, local_of(token))


class ServiceTask(Waiting):
    """The handler of a topic does it."""

    kind = "service"

    def opening(self, token: Token) -> Opened:
        """Return the job."""
        spec = cast(JobSpec, self.element.task)
        priority = 0
        if spec.priority is not None:
            priority = whole_number(spec.priority, context_of(token), token.workflow.moment, 0)
        return JobOpened(token.number, self.element_id, "service", spec.topic, local_of(token), priority)


class DecisionTask(Waiting):
    """A decision table answers it."""

    kind = "decision"

    def opening(self, token: Token) -> Opened:
        """Return the job; the key of the decision may be an expression."""
        ref = cast(DecisionSpec, self.element.task).ref
        key = ref.text_in(context_of(token), token.workflow.moment)
        if key is None:
            raise ExecutionError("value-not-text", ref.place, value=None)
        return JobOpened(token.number, self.element_id, "decision", key, local_of(token))


class CallActivity(Waiting):
    """Another process does it, in an instance of its own."""

    kind = "call"

    def opening(self, token: Token) -> Opened:
        """Return the call, its variables evaluated."""
        spec, context, moment = cast(CallSpec, self.element.task), context_of(token), token.workflow.moment
        called = spec.called.text_in(context, moment)
        if called is None:
            raise ExecutionError("value-not-text", spec.called.place, value=None)
        variables = dict(context) if spec.all_in else {}
        for assignment in spec.ins:
            variables[assignment.name] = assignment.value.evaluate(context, moment)
        for one in self.element.mapping.inputs:
            variables[one.name] = token.memory[LOCAL][one.name]
        key = spec.business_key.text_in(context, moment) if spec.business_key else None
        return CallOpened(token.number, self.element_id, called, variables, key, local_of(token))

    def take(self, token: Token, result: Mapping[str, object]) -> None:
        """Write what the `out` mappings and data outputs make of the variables of the called instance, nothing else."""
        spec = cast(CallSpec, self.element.task)
        values = dict(result) if spec.all_out else {}
        for assignment in spec.outs:
            values[assignment.name] = assignment.value.evaluate(result, token.workflow.moment)
        mapping = self.element.mapping
        values |= {name: result[name] for name in (*mapping.produced, *mapping.passed) if name in result}
        super().take(token, values)


class MessageCatch(Waiting):
    """Waits for a message: receive task or intermediate event."""

    kind = "message"

    def opening(self, token: Token) -> Opened:
        """Return the subscription, its correlation key evaluated."""
        return MessageAwaited(token.number, self.element_id, self.event.name or "", key_awaited(token, self.event))


class SignalCatch(Waiting):
    """Waits for a signal."""

    kind = "signal"

    def opening(self, token: Token) -> Opened:
        """Return the subscription."""
        return SignalAwaited(token.number, self.element_id, self.event.name or "")


class TimerCatch(Waiting):
    """Waits for an instant that is fixed when the token enters."""

    kind = "timer"

    def opening(self, token: Token) -> Opened:
        """Return the timer; remember its instant."""
        due, remaining, _text = self.instant(token)
        token.memory["due"] = due.isoformat()
        return TimerOpened(token.number, self.element_id, due, remaining)

    def instant(self, token: Token) -> tuple[datetime, int | None, str]:
        """Return when it is due, how many times it fires, and the text that says so; raise ExecutionError."""
        timer = cast(Value, self.event.timer)
        value = timer.evaluate(context_of(token), token.workflow.moment)
        try:
            due, times = first_due(self.event.timer_kind, value, token.workflow.now)
        except TimerTextError as error:
            raise ExecutionError("timer-value", self.element_id, value=value, reason=str(error)) from error
        return due, times, str(value)


class ConditionCatch(Waiting):
    """Waits until a condition is true; asked whenever something has moved, it remembers what it `was`.

    It opens nothing: no message, no clock, only data decide (BPMN 2.0.2 §10.5.5).
    """

    kind = "conditional"
    opens = False

    def announce(self, token: Token) -> None:
        """Begin to look."""
        token.memory.setdefault("was", False)
        token.workflow.fresh = True

    def becomes_true(self, token: Token) -> bool:
        """Return whether the condition holds and did not when it was last asked; null counts as false."""
        condition = cast(Expression, self.event.condition)
        context, moment = context_of(token), token.workflow.moment
        holds = truth(condition, context, moment, self.element_id, "event-condition-not-boolean")
        was, token.memory["was"] = token.memory["was"], holds
        return holds and not was
