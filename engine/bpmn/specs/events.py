"""Events that happen in passing: throws and ends."""

from typing import Literal, cast

from engine.bpmn.elements import EventSpec
from engine.bpmn.specs.working import Working
from engine.bpmn.tokens import Token
from engine.bpmn.variables import context_of, local_of
from engine.model.step import Passage, Thrown


class ThrowEvent(Working):
    """Sends a message or signal and goes on (intermediate) or ends (end event).

    Its payload is made by its input parameters; without any it is empty.
    """

    def _run_hook(self, token: Token) -> bool:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        return True

    def _on_complete_hook(self, token: Token) -> None:
        """Throw after the token has moved on, so that whoever interrupts the scope interrupts what follows too."""
        thrown = self.thrown(token)
        workflow = token.workflow
        super()._on_complete_hook(token)
        workflow.journal.thrown.append(thrown)
        if thrown.kind == "signal":
            workflow.deliver_signal(thrown)

    def thrown(self, token: Token) -> Thrown:
        """Return what is thrown."""
        event = cast(EventSpec, self.element.event)
        names = {parameter.name for parameter in self.element.mapping.inputs}
        payload = {name: value for name, value in local_of(token).items() if name in names}
        key = event.correlation_key.text_in(context_of(token), token.workflow.moment) if event.correlation_key else None
        kind: Literal["message", "signal"] = "signal" if event.kind == "signal" else "message"
        return Thrown(kind, event.name or "", payload, self.element_id, key)


class ErrorEnd(Working):
    """Throws a BPMN error at the scope that it ends."""

    def _on_complete_hook(self, token: Token) -> None:
        event = cast(EventSpec, self.element.event)
        message = event.error_message.text_in(context_of(token), token.workflow.moment) if event.error_message else None
        scope, workflow = token.scope, token.workflow
        super()._on_complete_hook(token)
        workflow.throw_error(scope, event.error_code or "", message or "", self.element_id)


class TerminateEnd(Working):
    """Ends its scope with everything in it."""

    def _on_complete_hook(self, token: Token) -> None:
        scope = token.scope
        super()._on_complete_hook(token)
        scope.task_spec.terminate(scope)
