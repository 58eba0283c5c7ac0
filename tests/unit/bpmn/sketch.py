"""A diagram as plain data: what the random models are made of, what the reference reads, what is written as XML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from tests.unit.bpmn.diagrams import HEAD

ACTIVITIES = ("ask", "ctivity", "ubProcess", "transaction")
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass(frozen=True)
class When:
    """A condition: a flag is true, or not; or a counter has come to a number."""

    variable: str
    negated: bool = False
    least: int | None = None

    @property
    def text(self) -> str:
        if self.least is not None:
            return f"{self.variable} >= {self.least}"
        return f"not({self.variable})" if self.negated else self.variable

    def holds(self, variables: Mapping[str, object]) -> bool:
        value = variables.get(self.variable)
        if value is None:
            return False
        if self.least is not None:
            return value >= self.least
        return value is not self.negated


@dataclass(frozen=True)
class Repeat:
    """The same activity several times: `parallel`, `sequential`, `until` (tested after a round), `while` (before).

    enough   of a multi-instance: how many instances are enough
    """

    kind: str
    times: int
    enough: int | None = None

    @property
    def xml(self) -> str:
        if self.kind in {"until", "while"}:
            before = f'testBefore="{str(self.kind == "while").lower()}"'
            condition = f"<loopCondition>loopCounter &lt; {self.times}</loopCondition>"
            return f"<standardLoopCharacteristics {before}>{condition}</standardLoopCharacteristics>"
        inside = f"<loopCardinality>{self.times}</loopCardinality>"
        if self.enough is not None:
            inside += f"<completionCondition>nrOfCompletedInstances &gt;= {self.enough}</completionCondition>"
        sequential = str(self.kind == "sequential").lower()
        opening = f'<multiInstanceLoopCharacteristics isSequential="{sequential}">'
        return f"{opening}{inside}</multiInstanceLoopCharacteristics>"


@dataclass
class Node:
    """A flow node.

    scope     the sub-process around it
    event     what its definition is: `timer`, `message`, `signal`, `error`, `escalation`, `terminate`, `link`, or
              whole XML of a kind that the reference does not know
    reference what it refers to: id of a message, signal or error, name of a link, variable that a script counts
    host      the activity of a boundary event
    triggered whether it is an event sub-process; its start event says whether it interrupts
    more      further attributes as XML
    inside    further children as XML
    """

    id: str
    type: str
    scope: str | None = None
    event: str | None = None
    reference: str | None = None
    host: str | None = None
    interrupting: bool = True
    repeat: Repeat | None = None
    default: str | None = None
    triggered: bool = False
    more: str = ""
    inside: str = ""

    @property
    def is_activity(self) -> bool:
        return self.type.endswith(ACTIVITIES)


@dataclass
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    when: When | None = None


@dataclass
class Sketch:
    """A diagram: nodes and flows in the order in which they are written.

    associations  from a compensation event to its handler
    wide          whether there is something in it that the reference does not know
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    associations: dict[str, tuple[str, str]] = field(default_factory=dict)
    wide: bool = False

    def leaving(self, id_: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.source == id_]

    def arriving(self, id_: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.target == id_]

    def inside(self, scope: str | None) -> list[Node]:
        return [node for node in self.nodes.values() if node.scope == scope]

    def attached(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]

    # -- as XML -----------------------------------------------------------------------------------------------------

    @property
    def xml(self) -> bytes:
        process = f'<process id="p" isExecutable="true">{self._scope(None)}</process>'
        return f"{HEAD}{_CATALOGUE}{process}</definitions>".encode()

    def _scope(self, scope: str | None) -> str:
        nodes = "".join(self._node(node) for node in self.inside(scope))
        ids = {node.id for node in self.inside(scope)}
        flows = "".join(self._flow(flow) for flow in self.flows.values() if flow.source in ids)
        undone = {id_: pair for id_, pair in self.associations.items() if pair[0] in ids}
        return nodes + flows + "".join(_ASSOCIATION.format(id_, *pair) for id_, pair in undone.items())

    def _flow(self, flow: Flow) -> str:
        inside = ""
        if flow.when is not None:
            text = escape(flow.when.text)
            inside = f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>'
        return (
            f'<sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">{inside}</sequenceFlow>'
        )

    def _node(self, node: Node) -> str:
        attributes = f'id="{node.id}"'
        if node.default is not None:
            attributes += f' default="{node.default}"'
        if node.host is not None:
            attributes += f' attachedToRef="{node.host}" cancelActivity="{str(node.interrupting).lower()}"'
        if node.triggered:
            attributes += ' triggeredByEvent="true"'
        if node.type == "startEvent" and node.event is not None:
            attributes += f' isInterrupting="{str(node.interrupting).lower()}"'
        attributes += _ATTRIBUTES.get(node.type, "").format(id=node.id, reference=node.reference) + node.more
        inside = "".join(f"<incoming>{flow.id}</incoming>" for flow in self.arriving(node.id))
        inside += "".join(f"<outgoing>{flow.id}</outgoing>" for flow in self.leaving(node.id))
        if node.event is not None:
            definition = "anyError" if node.event == "error" and node.reference is None else node.event
            inside += _DEFINITIONS.get(definition, definition).format(reference=node.reference)
        inside += node.inside
        if node.repeat is not None:
            inside += node.repeat.xml
        if node.type == "scriptTask":
            inside += f"<script>if {node.reference} = null then 1 else {node.reference} + 1</script>"
        if node.type in SCOPES:
            inside += self._scope(node.id)
        return f"<{node.type} {attributes}>{inside}</{node.type}>"


_CATALOGUE = (
    '<message id="M" name="report"/><signal id="S" name="alarm"/><signal id="S2" name="all clear"/>'
    '<error id="E" errorCode="NO_MEDIATOR"/><escalation id="X" escalationCode="LATE"/>'
)
_ASSOCIATION = '<association id="{}" sourceRef="{}" targetRef="{}" associationDirection="One"/>'
_ATTRIBUTES = {
    "serviceTask": ' camunda:type="external" camunda:topic="case.{id}"',
    "sendTask": ' camunda:type="external" camunda:topic="case.{id}"',
    "businessRuleTask": ' camunda:decisionRef="decide"',
    "callActivity": ' calledElement="another"',
    "receiveTask": ' messageRef="{reference}"',
    "scriptTask": ' scriptFormat="feel" camunda:resultVariable="{reference}"',
}
_DEFINITIONS = {
    "timer": "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    "message": '<messageEventDefinition messageRef="{reference}"/>',
    "signal": '<signalEventDefinition signalRef="{reference}"/>',
    "error": '<errorEventDefinition errorRef="{reference}"/>',
    "escalation": '<escalationEventDefinition escalationRef="{reference}"/>',
    "anyError": "<errorEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
    "link": '<linkEventDefinition name="{reference}"/>',
}
