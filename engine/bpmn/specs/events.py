"""Events that happen in passing: throws and ends."""

from typing import Literal, cast

from engine.bpmn.completed import TERMINATED
from engine.bpmn.elements import EventSpec
from engine.bpmn.specs.correlating import key_sent
from engine.bpmn.specs.working import Working
from engine.bpmn.tokens import ROOT, Token
from engine.bpmn.variables import context_of, local_of, write
from engine.model.step import Passage, Thrown


def payload_of(token: Token) -> dict[str, object]:
    """Return what the input parameters of an event that throws have made."""
    names = {parameter.name for parameter in token.task_spec.element.mapping.inputs}
    return {name: value for name, value in local_of(token).items() if name in names}


class StartEvent(Working):
    """Where a token begins; at the start of the process the output parameters read what the instance starts with."""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.journal.passed(token, Passage.ENTERED)
        if token.scope.id == ROOT and self.element.mapping.isolates:
            parameters = [one for one in self.element.mapping.outputs if not one.standard]
            moment = token.workflow.moment
            write(token.scope, {one.name: one.value.evaluate(context_of(token), moment) for one in parameters})
        return True


class ThrowEvent(Working):
    """Sends messages, signals or escalations and goes on (intermediate event, send task) or ends (end event).

    Its payload is made by its input parameters; without any it is empty.
    """

    def _run_hook(self, token: Token) -> bool:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        if self.element.mapping.outputs:
            self.take(token, {})
        return True

    def _on_complete_hook(self, token: Token) -> None:
        """Throw after the token has moved on, so that whoever interrupts the scope interrupts what follows too."""
        events = [self.thrown(token, event) for event in cast(EventSpec, self.element.event).each]
        scope, workflow = token.scope, token.workflow
        super()._on_complete_hook(token)
        for thrown in events:
            if thrown.kind == "escalation":
                workflow.throw_escalation(scope, thrown)
                continue
            workflow.journal.thrown.append(thrown)
            if thrown.kind == "signal":
                workflow.deliver_signal(thrown)

    def thrown(self, token: Token, event: EventSpec) -> Thrown:
        """Return what is thrown."""
        payload = payload_of(token)
        key = key_sent(token, event, payload) if event.kind == "message" else None
        kind = cast(Literal["message", "signal", "escalation"], event.kind)
        name = event.escalation_code if kind == "escalation" else event.name
        return Thrown(kind, name or "", payload, self.element_id, key)


class ErrorEnd(Working):
    """Throws a BPMN error at the scope that it ends; its payload is made by its input parameters."""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        return True

    def _on_complete_hook(self, token: Token) -> None:
        event = cast(EventSpec, self.element.event)
        payload = payload_of(token)
        message = event.error_message.text_in(context_of(token), token.workflow.moment) if event.error_message else None
        scope, workflow = token.scope, token.workflow
        super()._on_complete_hook(token)
        workflow.throw_error(scope, event.error_code or "", message or "", self.element_id, payload, inside=True)


class TerminateEnd(Working):
    """Ends its scope with everything in it."""

    def _on_complete_hook(self, token: Token) -> None:
        scope = token.scope
        super()._on_complete_hook(token)
        if scope.id != ROOT:
            scope.memory[TERMINATED] = True
        scope.task_spec.terminate(scope)
