"""Ways to a sequence flow that no scenario takes: one that comes near is cut where it waits, and goes on otherwise.

From the flow backwards lies one thing at which the process last waited: a task, a timer, a message, a failing service,
or the start. The conditions on the way from there say what must be entered, and what tables must have answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from api.process_tests.library import USER_TASKS, Library
from api.process_tests.model import Given, HandlerStub, Scenario, Step, Stub
from engine.bpmn import CallSpec, DecisionSpec, Element, Flow, JobSpec, ProcessModel, UserTaskSpec
from engine.feel import FeelError, compile_expression, to_json
from engine.feel.errors import FeelSyntaxError

MOST_STEPS_BACK = 40
MOST_ROUTES, MOST_VALUES, MOST_TRIES = 6, 8, 400


Beginning = tuple[Scenario, frozenset[tuple[str, str]]]
"""A scenario that is known, and the flows that it takes."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way: where the process waits last, the flows from there to the one that is wanted."""

    waits_at: Element
    flows: tuple[Flow, ...]


def routes_to(model: ProcessModel, flow: Flow) -> Iterator[Route]:
    """Stream ways to a flow, shortest first."""
    waiting: list[tuple[Flow, ...]] = [(flow,)]
    while waiting:
        flows = waiting.pop(0)
        source = model.elements[flows[0].source]
        if _is_wait(source) or source.type == "startEvent":
            yield Route(source, flows)
        elif len(flows) < MOST_STEPS_BACK:
            seen = {one.source for one in flows}
            before = [one for one in model.flows.values() if one.target == source.id and one.source not in seen]
            waiting += [(one, *flows) for one in before]


def _is_wait(element: Element) -> bool:
    if element.type in USER_TASKS or element.type in {"boundaryEvent", "receiveTask", "callActivity"}:
        return True
    return element.type == "intermediateCatchEvent" and element.event is not None and element.event.kind != "link"


class Variants:
    """Makes scenarios that go another way than one that is known."""

    def __init__(self, library: Library, model: ProcessModel) -> None:
        """Change scenarios of a diagram."""
        self._library = library
        self._model = model

    def of(self, beginnings: Sequence[Beginning], flow: Flow) -> Iterator[Scenario]:
        """Stream scenarios that may take a flow, likeliest first, from beginnings that come to where a route waits."""
        name = f"走过 {flow.id}" if not flow.name else f"走过{flow.name} {flow.id}"
        for route in islice(routes_to(self._model, flow), MOST_ROUTES):
            near = [scenario for scenario, flows in beginnings if self._comes_to(route, flows)]
            for wanted in islice(self._solutions(route), MOST_VALUES):
                for scenario in near:
                    for steps in self._continued(route, scenario, wanted):
                        given = self._given(route, scenario.given, wanted)
                        yield Scenario(name, given, tuple(steps), scenario.line)
                        agreed = self._with_service(route, given, wanted)
                        if agreed != given:
                            yield Scenario(name, agreed, tuple(steps), scenario.line)

    def needs(self, flow: Flow) -> str:
        """Return the shortest way to a flow in words: elements, and the conditions between them."""
        route = next(routes_to(self._model, flow), None)
        if route is None:
            return flow.id
        words = [route.waits_at.id]
        for one in route.flows:
            words += [] if one.condition is None else [f"[{one.condition.text}]"]
            words.append(one.target)
        return " → ".join(words)

    def _comes_to(self, route: Route, flows: frozenset[tuple[str, str]]) -> bool:
        element = route.waits_at
        host = element.id if element.event is None else element.event.attached_to or element.id
        into = [flow.id for flow in self._model.flows.values() if flow.target == host]
        return not into or any((self._model.key, flow) in flows for flow in into)

    # ----------------------------------------------------------------------------------------- conditions

    def _solutions(self, route: Route) -> Iterator[dict[str, object]]:
        """Stream values of variables under which the gateways on the way send a token along it."""
        choices = [flow for flow in route.flows if len(self._siblings(flow)) > 1]
        names = sorted(
            frozenset[str]().union(*(self._names(sibling) for flow in choices for sibling in self._siblings(flow)))
        )
        values = [self._values(name, choices, route.waits_at) for name in names]
        for combination in islice(product(*values), MOST_TRIES):
            context = dict(zip(names, combination, strict=True))
            if all(self._is_taken(flow, context) for flow in choices):
                yield context

    def _siblings(self, flow: Flow) -> list[Flow]:
        return [one for one in self._model.flows.values() if one.source == flow.source]

    @staticmethod
    def _names(flow: Flow) -> frozenset[str]:
        return frozenset(flow.condition.names) if flow.condition is not None else frozenset()

    def _is_taken(self, wanted: Flow, context: Mapping[str, object]) -> bool:
        default = None
        for flow in self._siblings(wanted):
            if flow.default or flow.condition is None:
                default = flow.id
                continue
            try:
                if flow.condition(context) is True:
                    return flow.id == wanted.id
            except FeelError:
                continue
        return default == wanted.id

    def _values(self, name: str, choices: Sequence[Flow], element: Element) -> list[object]:
        """Return values that a variable may have: what the form offers, and what the conditions name."""
        offered = [one["const"] for one in self._field(element, name).get("oneOf", ())]
        texts = " ".join(
            sibling.condition.text for flow in choices for sibling in self._siblings(flow) if sibling.condition
        )
        found: list[object] = [*offered, *_literals(texts), True, False]
        numbers = [one for one in found if isinstance(one, (int, float)) and not isinstance(one, bool)]
        found += [one + step for one in numbers for step in (1, -1)]
        return [value for place, value in enumerate(found) if value not in found[:place] or isinstance(value, bool)]

    def _field(self, element: Element, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._fields(element).get(name, {})
        return found

    def _fields(self, element: Element) -> Mapping[str, Any]:
        """Return the fields of the form of a user task."""
        form_key = element.task.form_key if isinstance(element.task, UserTaskSpec) else None
        form = self._library.forms.get(form_key.text, {}) if form_key is not None else {}
        found: Mapping[str, Any] = form.get("properties", {})
        return found

    # --------------------------------------------------------------------------------------------- givens

    def _given(self, route: Route, given: Given, wanted: Mapping[str, object]) -> Given:
        """Return where it begins: tables on the way answer as wanted, and a service fails where its error is caught."""
        rules, handlers = dict(given.rules), dict(given.handlers)
        entered = self._fields(route.waits_at)
        for flow in route.flows:
            spec = self._model.elements[flow.source].task
            key = spec.ref.text if isinstance(spec, DecisionSpec) else None
            if key is None or key not in self._library.decisions or not isinstance(spec, DecisionSpec):
                continue
            made = [name for name in wanted if name not in entered or name == spec.result_variable]
            if spec.result_variable in wanted:
                rules[key] = (Stub({}, wanted[str(spec.result_variable)]),)
            elif made and spec.result_variable is None:
                rules[key] = (Stub({}, {name: wanted[name] for name in made}),)
        event = route.waits_at.event
        if event is not None and event.kind == "error" and event.attached_to is not None:
            host = self._model.elements[event.attached_to].task
            if isinstance(host, JobSpec):
                handlers[host.topic] = HandlerStub({}, event.error_code or "ERROR")
        return replace(given, rules=rules, handlers=handlers)

    def _with_service(self, route: Route, given: Given, wanted: Mapping[str, object]) -> Given:
        """Let the last service task on the way give what neither a form nor a table gives."""
        specs = [self._model.elements[flow.source].task for flow in route.flows]
        topics = [spec.topic for spec in specs if isinstance(spec, JobSpec)]
        result = {name: value for name, value in wanted.items() if name not in self._fields(route.waits_at)}
        if not topics or not result:
            return given
        return replace(given, handlers={**given.handlers, topics[-1]: HandlerStub(result)})

    # ---------------------------------------------------------------------------------------------- steps

    def _continued(self, route: Route, scenario: Scenario, wanted: Mapping[str, object]) -> Iterator[list[Step]]:
        """Stream the steps of a scenario up to where it waits there, and the one that goes on."""
        element = route.waits_at
        event = element.event
        if element.type == "startEvent" or (event is not None and event.kind == "error"):
            yield [step for step in scenario.steps if step.verb != "expect"]
            return
        host = element.id if event is None or event.attached_to is None else event.attached_to
        for last in self._last(route, scenario, wanted):
            before: list[Step] = []
            for step in scenario.steps:
                if step.verb == "complete" and self._is_at(step, host):
                    yield [*before, last]
                if step.verb != "expect":
                    before.append(step)
            yield [*before, last]

    def _last(self, route: Route, scenario: Scenario, wanted: Mapping[str, object]) -> Iterator[Step]:
        """Stream what may go on where a route waits."""
        element, event, line = route.waits_at, route.waits_at.event, scenario.line
        if element.type in USER_TASKS:
            fields = self._fields(element)
            data = {name: value for name, value in wanted.items() if name in fields}
            yield Step(verb="complete", line=line, target=element.id, data=data)
        elif isinstance(element.task, CallSpec):
            yield from self._inside(element.task, line)
        elif event is not None and event.kind == "timer":
            yield Step(verb="timer", line=line, target=element.id)
        elif event is not None and event.kind == "message":
            yield Step(verb="message", line=line, target=str(event.name))
        elif event is not None and event.kind == "signal":
            yield Step(verb="signal", line=line, target=str(event.name))

    def _inside(self, call: CallSpec, line: int) -> Iterator[Step]:
        """Stream every action of every task of a called process."""
        model = self._library.models.get(call.called.text)
        for task in model.elements.values() if model is not None else ():
            if task.type in USER_TASKS:
                for one in self._field(task, "action").get("oneOf", ()):
                    data = {"action": one["const"]}
                    yield Step(verb="complete", line=line, target=f"{call.called.text}/{task.id}", data=data)

    def _is_at(self, step: Step, element: str) -> bool:
        return self._library.find_task(step.target, self._model.key) == (self._model.key, element)


def _literals(text: str) -> Iterator[object]:
    """Stream the texts and numbers that stand in conditions."""
    parts = text.split('"')
    yield from parts[1::2]
    for word in " ".join(parts[::2]).replace("(", " ").replace(")", " ").split():
        try:
            value = to_json(compile_expression(word)({}))
        except (FeelError, FeelSyntaxError):
            continue
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield value
