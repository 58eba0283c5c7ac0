"""From elements to task specs: the form that the library executes."""

from collections import defaultdict
from collections.abc import Mapping

from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.beginning import is_trigger, outer_name, place_entries, prepare_compensation
from engine.bpmn.catching import Catcher
from engine.bpmn.elements import Element, Flow
from engine.bpmn.specs.ad_hoc import AdHoc
from engine.bpmn.specs.boundary import (
    Armed,
    ArmedCondition,
    ArmedMessage,
    ArmedMultiple,
    ArmedSignal,
    ArmedTimer,
    PartCondition,
    PartMessage,
    PartSignal,
    PartTimer,
)
from engine.bpmn.specs.compensation import Aside, CancelEnd, CompensationThrow, Transaction
from engine.bpmn.specs.events import ErrorEnd, StartEvent, TerminateEnd, ThrowEvent
from engine.bpmn.specs.gateways import (
    ComplexGateway,
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Join,
    LateJoin,
    ParallelGateway,
)
from engine.bpmn.specs.loops import StandardLoop
from engine.bpmn.specs.multiples import MultipleCatch, Part, part_name
from engine.bpmn.specs.node import Node
from engine.bpmn.specs.scopes import MultiInstance, Process, SubProcess
from engine.bpmn.specs.waiting import (
    CallActivity,
    ConditionCatch,
    DecisionTask,
    MessageCatch,
    ServiceTask,
    SignalCatch,
    TimerCatch,
    UserTask,
)
from engine.bpmn.specs.working import PlainTask, ScriptTask
from engine.bpmn.vocabulary import SCOPES, THROWING_EVENTS

_BY_TYPE: dict[str, type[Node]] = {
    "startEvent": StartEvent,
    "task": PlainTask,
    "manualTask": PlainTask,
    "userTask": UserTask,
    "serviceTask": ServiceTask,
    "sendTask": ServiceTask,
    "businessRuleTask": DecisionTask,
    "receiveTask": MessageCatch,
    "callActivity": CallActivity,
    "scriptTask": ScriptTask,
    "subProcess": SubProcess,
    "transaction": Transaction,
    "adHocSubProcess": AdHoc,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "complexGateway": ComplexGateway,
    "eventBasedGateway": EventGateway,
}
_CATCHES: dict[str, type[Node]] = {
    "message": MessageCatch,
    "signal": SignalCatch,
    "timer": TimerCatch,
    "conditional": ConditionCatch,
    "multiple": MultipleCatch,
}
_ARMED: dict[str, type[Armed]] = {
    "message": ArmedMessage,
    "signal": ArmedSignal,
    "timer": ArmedTimer,
    "conditional": ArmedCondition,
    "multiple": ArmedMultiple,
}
_PARTS: dict[str, type[Part]] = {
    "message": PartMessage,
    "signal": PartSignal,
    "timer": PartTimer,
    "conditional": PartCondition,
}
_THROWS: dict[str, type[Node]] = {
    "message": ThrowEvent,
    "signal": ThrowEvent,
    "escalation": ThrowEvent,
    "multiple": ThrowEvent,
    "error": ErrorEnd,
    "compensate": CompensationThrow,
    "cancel": CancelEnd,
    "terminate": TerminateEnd,
}


def assemble(process: Element, elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> WorkflowSpec:
    """Return the library's specification: one task spec per element, further ones for bodies and armed events.

    watches, feeds, resets   of the specification: whether conditions move it, whether elements wait for their data, and
    whether it has complex gateways that join
    """
    spec = WorkflowSpec(process.id)
    spec.start = Process(spec, "#process", process)
    for element in elements.values():
        _add(spec, element)
    leaving = _leaving(elements, flows)
    for element in elements.values():
        outer = _outer(spec, element)
        outer.flows = tuple(leaving[element.id])
        outer.quantity = element.start_quantity
        for flow in outer.flows:
            outer.connect(spec.task_specs[outer_name(elements[flow.target])])
    _aim(spec, elements, leaving)
    for element in elements.values():
        _attach(spec, element, elements)
        _behind_gateway(spec, element)
    place_entries(spec, elements)
    prepare_compensation(spec, elements)
    _prepare_joins(spec, elements, leaving)
    events = [part for element in elements.values() if element.event for part in element.event.each]
    spec.watches = any(e.kind == "conditional" for e in events) or any(e.ad_hoc for e in elements.values())
    spec.feeds = any(element.mapping.awaited for element in elements.values())
    spec.resets = any(isinstance(node, ComplexGateway) and node.joins for node in spec.task_specs.values())
    return spec


def _outer(spec: WorkflowSpec, element: Element) -> Node:
    node: Node = spec.task_specs[outer_name(element)]
    return node


def _add(spec: WorkflowSpec, element: Element) -> None:
    node = _class_of(element)(spec, element.id, element)
    if element.multi:
        MultiInstance(spec, outer_name(element), element)
    elif element.loop:
        StandardLoop(spec, outer_name(element), element)
    if element.type in SCOPES:
        collects = element.multi is not None and element.multi.output is not None
        node.keeps_variables = collects or element.mapping.isolates
    event = element.event
    if event is None:
        return
    if element.type == "boundaryEvent" or is_trigger(element, spec):
        if event.kind in _ARMED:
            _ARMED[event.kind](spec, f"{element.id}#armed", element)
            _add_parts(spec, f"{element.id}#armed", element)
    elif element.type == "intermediateCatchEvent":
        _add_parts(spec, element.id, element)
    elif event.kind == "compensate" and not event.waits:
        Aside(spec, f"{element.id}#aside", element)


def _add_parts(spec: WorkflowSpec, name: str, element: Element) -> None:
    """Add a spec for each of several definitions of an event that is caught."""
    for position, part in enumerate(element.event.parts if element.event else ()):
        node = _PARTS[part.kind](spec, part_name(name, position), element)
        node.part, node.position = part, position


def _class_of(element: Element) -> type[Node]:
    kind = element.event.kind if element.event else "none"
    if element.type == "intermediateCatchEvent":
        return _CATCHES.get(kind, Node)
    if element.type in THROWING_EVENTS:
        return _THROWS.get(kind, Node)
    if element.type == "sendTask" and element.task is None:
        return ThrowEvent
    return _BY_TYPE.get(element.type, Node)


def _leaving(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> dict[str, list[Flow]]:
    """Return the flows out of each element, in the order of the file; a link counts as a flow to its catch."""
    leaving: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows.values():
        leaving[flow.source].append(flow)
    links = [element for element in elements.values() if element.event and element.event.kind == "link"]
    catches = {(e.scope, e.event.name): e.id for e in links if e.event and e.type == "intermediateCatchEvent"}
    for element in links:
        if element.event and element.type == "intermediateThrowEvent":
            target = catches[element.scope, element.event.name]
            leaving[element.id].append(Flow(f"{element.id}#link", element.id, target))
    return leaving


def _aim(spec: WorkflowSpec, elements: Mapping[str, Element], leaving: Mapping[str, list[Flow]]) -> None:
    """Point the flows at specs: at the body where the target repeats."""
    for element in elements.values():
        node = _outer(spec, element)
        node.targets = {flow.id: outer_name(elements[flow.target]) for flow in leaving.get(element.id, ())}


def _attach(spec: WorkflowSpec, element: Element, elements: Mapping[str, Element]) -> None:
    """Tell an activity of its boundary events, and a scope of the event sub-processes inside."""
    event = element.event
    if event is None:
        return
    armed = f"{element.id}#armed"
    if event.attached_to is not None:
        host = _outer(spec, elements[event.attached_to])
        if event.kind == "compensate":
            return
        if event.kind in _ARMED:
            host.boundaries = (*host.boundaries, armed)
        else:
            host.catchers = (*host.catchers, Catcher(event, element.id))
    elif is_trigger(element, spec):
        within = elements[element.scope or ""].scope
        scope = spec.start if within is None else spec.task_specs[within]
        if event.kind in _ARMED:
            scope.starts = (*scope.starts, armed)
        elif event.kind != "compensate":
            scope.handlers = (*scope.handlers, Catcher(event, element.scope or ""))


def _behind_gateway(spec: WorkflowSpec, element: Element) -> None:
    if element.type == "eventBasedGateway" and not element.instantiates:
        for flow in spec.task_specs[element.id].flows:
            spec.task_specs[flow.target].gate = element.id


def _prepare_joins(spec: WorkflowSpec, elements: Mapping[str, Element], leaving: Mapping[str, list[Flow]]) -> None:
    arriving: dict[str, list[Flow]] = defaultdict(list)
    for flows in leaving.values():
        for flow in flows:
            arriving[flow.target].append(flow)
    hosts = {e.id: e.event.attached_to for e in elements.values() if e.event and e.event.attached_to}
    for name, flows in arriving.items():
        node = spec.task_specs[name]
        if isinstance(node, Join) and len(flows) > 1:
            node.joins = True
            node.incoming = tuple(flow.id for flow in flows)
        if isinstance(node, LateJoin):
            node.reach = {flow.id: _upstream(flow, name, arriving, hosts) for flow in flows}


def _upstream(
    flow: Flow, gateway: str, arriving: Mapping[str, list[Flow]], hosts: Mapping[str, str | None]
) -> frozenset[str]:
    """Return every element from which a flow can be reached without passing the gateway it leads to."""
    found: set[str] = set()
    stack = [flow.source]
    while stack:
        name = stack.pop()
        if name in found or name == gateway:
            continue
        found.add(name)
        stack.extend(before.source for before in arriving.get(name, ()))
        host = hosts.get(name)
        if host is not None:
            stack.append(host)
    return frozenset(found)
