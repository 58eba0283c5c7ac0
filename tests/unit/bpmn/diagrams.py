"""Small diagrams as text, and a driver that stores and reloads the state after every step beside a twin in memory."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import orjson

from engine import bpmn
from engine.bpmn import ProcessModel, read_processes
from engine.model.step import Position, State, Step
from tests.unit.bpmn.live import Twins

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zhili="urn:zhili:bpmn:1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0">'
)
EVENTS = (
    '<message id="M" name="report"/><message id="M2" name="withdraw"/><signal id="S" name="alarm"/>'
    '<error id="E" errorCode="NO_MEDIATOR"/><error id="E2" errorCode="OTHER"/>'
    '<escalation id="X" escalationCode="LATE"/><escalation id="X2" escalationCode="LOUD"/>'
)


def definitions(inside: str) -> bytes:
    return f"{HEAD}{EVENTS}{inside}</definitions>".encode()


def process(*parts: str, attributes: str = "") -> bytes:
    return definitions(f'<process id="p" isExecutable="true" {attributes}>{"".join(parts)}</process>')


def flow(source: str, target: str, when: str | None = None, name: str | None = None) -> str:
    condition = (
        "" if when is None else f'<conditionExpression xsi:type="tFormalExpression">{when}</conditionExpression>'
    )
    id_ = name or f"{source}_{target}"
    return f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def path(*ids: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(ids))


def node(type_: str, id_: str, inside: str = "", attributes: str = "") -> str:
    return f'<{type_} id="{id_}" {attributes}>{inside}</{type_}>'


def start(id_: str = "s", inside: str = "") -> str:
    return node("startEvent", id_, inside)


def end(id_: str = "e", inside: str = "") -> str:
    return node("endEvent", id_, inside)


def user(id_: str, inside: str = "", attributes: str = "") -> str:
    return node("userTask", id_, inside, attributes)


def service(id_: str, inside: str = "", attributes: str = "") -> str:
    return node("serviceTask", id_, inside, f'camunda:type="external" camunda:topic="case.{id_}" {attributes}')


def script(id_: str, text: str, result: str) -> str:
    return node("scriptTask", id_, f"<script>{text}</script>", f'scriptFormat="feel" camunda:resultVariable="{result}"')


def boundary(id_: str, host: str, definition: str, *, interrupting: bool = True, inside: str = "") -> str:
    attributes = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", id_, inside + definition, attributes)


def catch(id_: str, definition: str, attributes: str = "") -> str:
    return node("intermediateCatchEvent", id_, definition, attributes)


def throw(id_: str, definition: str = "", inside: str = "") -> str:
    return node("intermediateThrowEvent", id_, inside + definition)


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    parts = [
        f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>'
        for name, text in (inputs or {}).items()
    ]
    parts += [
        f'<camunda:outputParameter name="{name}">{text}</camunda:outputParameter>'
        for name, text in (outputs or {}).items()
    ]
    return f"<extensionElements><camunda:inputOutput>{''.join(parts)}</camunda:inputOutput></extensionElements>"


MESSAGE = '<messageEventDefinition messageRef="M"/>'
SIGNAL = '<signalEventDefinition signalRef="S"/>'
ERROR = '<errorEventDefinition errorRef="E"/>'
ANY_ERROR = "<errorEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def model_of(*parts: str, attributes: str = "") -> ProcessModel:
    (model,) = read_processes(process(*parts, attributes=attributes), "test.bpmn")
    return model


def start_for(model: ProcessModel, kind: str, name: str) -> str | None:
    """Return the start point of a model for a message or signal, if there is one."""
    found = [start.element_id for start in model.start_events if (start.kind, start.name) == (kind, name)]
    return found[0] if found else None


class Run:
    """One instance; elements are named by id, the state goes through JSON after every command.

    Its twin stays in memory and must do the same (`ZHILI_BPMN_STATE` chooses one way alone).
    """

    def __init__(
        self, model: ProcessModel, variables: dict[str, object] | None = None, start_event: str | None = None
    ) -> None:
        self.model = model
        self.now = NOW
        self.history: list[tuple[str, str]] = []
        self.twins = Twins()
        self.step = self._take(self.twins.do(bpmn.start, model, variables or {}, now=self.now, start_event=start_event))

    def _take(self, step: Step) -> Step:
        variables = orjson.loads(orjson.dumps(step.state.variables))
        self.step = step
        self.state = State(bytes(step.state.tokens), variables)
        self.history += [(trace.element_id, trace.event.value) for trace in step.trace]
        return step

    @property
    def variables(self) -> dict[str, object]:
        return self.state.variables

    @property
    def positions(self) -> tuple[Position, ...]:
        return bpmn.positions(self.model, self.state)

    @property
    def waiting(self) -> list[str]:
        return [position.element_id for position in self.positions if position.kind != "scope"]

    @property
    def trace(self) -> list[tuple[str, str]]:
        return [(trace.element_id, trace.event.value) for trace in self.step.trace]

    @property
    def passed(self) -> list[str]:
        return [element for element, event in self.history if event == "completed"]

    def activity(self, element_id: str, nth: int = 0) -> int:
        found = [p.activity for p in self.positions if p.element_id == element_id and p.kind != "scope"]
        return found[nth]

    def complete(self, element_id: str, result: dict[str, object] | None = None, nth: int = 0) -> Step:
        activity = self.activity(element_id, nth)
        return self._take(self.twins.do(bpmn.complete, self.model, self.state, activity, result or {}, now=self.now))

    def fire(self, element_id: str, after: timedelta | None = None) -> Step:
        if after is not None:
            self.now += after
        return self._take(
            self.twins.do(bpmn.fire_timer, self.model, self.state, self.activity(element_id), now=self.now)
        )

    def deliver(self, element_id: str, payload: dict[str, object] | None = None) -> Step:
        activity = self.activity(element_id)
        return self._take(self.twins.do(bpmn.deliver, self.model, self.state, activity, payload or {}, now=self.now))

    def fail(self, element_id: str, code: str, message: str = "", variables: dict[str, object] | None = None) -> Step:
        activity = self.activity(element_id)
        return self._take(
            self.twins.do(bpmn.throw_error, self.model, self.state, activity, code, message, variables, now=self.now)
        )

    def set_variables(self, changes: dict[str, object]) -> Step:
        return self._take(self.twins.do(bpmn.set_variables, self.model, self.state, changes, now=self.now))

    def begin(self, sub_process: str, element_id: str) -> Step:
        activity = self.activity(sub_process)
        return self._take(
            self.twins.do(bpmn.begin_activity, self.model, self.state, activity, element_id, now=self.now)
        )

    def escalate(self, element_id: str, code: str, variables: dict[str, object] | None = None) -> Step:
        activity = self.activity(element_id)
        return self._take(
            self.twins.do(bpmn.throw_escalation, self.model, self.state, activity, code, variables, now=self.now)
        )

    def cancel(self) -> Step:
        return self._take(self.twins.do(bpmn.cancel, self.model, self.state, now=self.now))
