"""Elements that wait for the world: people, machines, other processes, messages, signals, the clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from engine.bpmn.elements import CallSpec, DecisionSpec, EventSpec, JobSpec, whole_number
from engine.bpmn.failures import ExecutionError
from engine.bpmn.specs.working import Working
from engine.bpmn.timers import TimerTextError, first_due
from engine.bpmn.tokens import Token
from engine.bpmn.values import Value
from engine.bpmn.variables import context_of, local_of
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

    def _run_hook(self, token: Token) -> None:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        token.workflow.journal.open(self.opening(token))
        self.arm(token)

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
        key = spec.business_key.text_in(context, moment) if spec.business_key else None
        return CallOpened(token.number, self.element_id, called, variables, key, local_of(token))

    def take(self, token: Token, result: Mapping[str, object]) -> None:
        """Write what the `out` mappings make of the variables of the called instance; without mappings nothing."""
        spec = cast(CallSpec, self.element.task)
        values = dict(result) if spec.all_out else {}
        for assignment in spec.outs:
            values[assignment.name] = assignment.value.evaluate(result, token.workflow.moment)
        super().take(token, values)


class MessageCatch(Waiting):
    """Waits for a message: receive task or intermediate event."""

    kind = "message"

    def opening(self, token: Token) -> Opened:
        """Return the subscription, its correlation key evaluated."""
        key = self.event.correlation_key
        needed = key.text_in(context_of(token), token.workflow.moment) if key else None
        return MessageAwaited(token.number, self.element_id, self.event.name or "", needed)


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
