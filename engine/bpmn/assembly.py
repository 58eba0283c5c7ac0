"""From elements to task specs: the form that the library executes."""

from collections import defaultdict
from collections.abc import Mapping

from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.elements import Element, Flow
from engine.bpmn.specs.boundary import Armed, ArmedMessage, ArmedSignal, ArmedTimer
from engine.bpmn.specs.events import ErrorEnd, TerminateEnd, ThrowEvent
from engine.bpmn.specs.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, Join, ParallelGateway
from engine.bpmn.specs.loops import StandardLoop
from engine.bpmn.specs.node import Node
from engine.bpmn.specs.scopes import MultiInstance, Process, SubProcess
from engine.bpmn.specs.waiting import (
    CallActivity,
    DecisionTask,
    MessageCatch,
    ServiceTask,
    SignalCatch,
    TimerCatch,
    UserTask,
)
from engine.bpmn.specs.working import ScriptTask

_BY_TYPE: dict[str, type[Node]] = {
    "userTask": UserTask,
    "serviceTask": ServiceTask,
    "sendTask": ServiceTask,
    "businessRuleTask": DecisionTask,
    "receiveTask": MessageCatch,
    "callActivity": CallActivity,
    "scriptTask": ScriptTask,
    "subProcess": SubProcess,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
}
_CATCHES: dict[str, type[Node]] = {"message": MessageCatch, "signal": SignalCatch, "timer": TimerCatch}
_ARMED: dict[str, type[Armed]] = {"message": ArmedMessage, "signal": ArmedSignal, "timer": ArmedTimer}
_THROWS: dict[str, type[Node]] = {
    "message": ThrowEvent,
    "signal": ThrowEvent,
    "error": ErrorEnd,
    "terminate": TerminateEnd,
}


def assemble(process: Element, elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> WorkflowSpec:
    """Return the library's specification: one task spec per element, further ones for bodies and armed events."""
    spec = WorkflowSpec(process.id)
    spec.start = Process(spec, "#process", process)
    for element in elements.values():
        _add(spec, element)
    leaving = _leaving(elements, flows)
    for element in elements.values():
        outer = _outer(spec, element)
        outer.flows = tuple(leaving[element.id])
        for flow in outer.flows:
            outer.connect(spec.task_specs[_name(elements[flow.target])])
    _aim(spec, elements, leaving)
    for element in elements.values():
        _attach(spec, element, elements)
        _enter(spec, element)
        _behind_gateway(spec, element)
    _prepare_joins(spec, elements, leaving)
    return spec


def _name(element: Element) -> str:
    """Return the name of the spec that a flow leads to: of what repeats its body."""
    return f"{element.id}#all" if element.repeats else element.id


def _outer(spec: WorkflowSpec, element: Element) -> Node:
    node: Node = spec.task_specs[_name(element)]
    return node


def _add(spec: WorkflowSpec, element: Element) -> None:
    node = _class_of(element)(spec, element.id, element)
    if element.multi:
        MultiInstance(spec, _name(element), element)
    elif element.loop:
        StandardLoop(spec, _name(element), element)
    if isinstance(node, SubProcess):
        node.keeps_variables = bool(element.multi or element.mapping.inputs or element.mapping.outputs)
    kind = element.event.kind if element.event else "none"
    if element.type == "boundaryEvent" and kind in _ARMED:
        _ARMED[kind](spec, f"{element.id}#armed", element)


def _class_of(element: Element) -> type[Node]:
    kind = element.event.kind if element.event else "none"
    if element.type == "intermediateCatchEvent":
        return _CATCHES.get(kind, Node)
    if element.type in {"intermediateThrowEvent", "endEvent"}:
        return _THROWS.get(kind, Node)
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
        node.targets = {flow.id: _name(elements[flow.target]) for flow in leaving.get(element.id, ())}


def _attach(spec: WorkflowSpec, element: Element, elements: Mapping[str, Element]) -> None:
    event = element.event
    if event is None or event.attached_to is None:
        return
    host = _outer(spec, elements[event.attached_to])
    if event.kind == "error":
        host.errors = (*host.errors, (event.error_code, element.id))
    else:
        host.boundaries = (*host.boundaries, f"{element.id}#armed")


def _enter(spec: WorkflowSpec, element: Element) -> None:
    """Tell a sub-process where it starts."""
    if element.type == "startEvent" and element.scope is not None:
        spec.task_specs[element.scope].start_name = element.id


def _behind_gateway(spec: WorkflowSpec, element: Element) -> None:
    if element.type == "eventBasedGateway":
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
        if isinstance(node, InclusiveGateway):
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
