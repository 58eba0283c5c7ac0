"""Processes that call each other in a circle: doubtful where a run can go another way, an error where none can."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.bpmn import CallSpec, Element, ProcessModel
from engine.errors import Problem
from engine.model.deployment import Resource

_CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway"})
_SEVERAL = 2


def check_circles(processes: Sequence[tuple[Resource, ProcessModel]]) -> Iterator[Problem]:
    """Yield one finding for each circle of calls, at the call that begins it; calls of a fixed version make none.

    An error      where every way from the start to an end runs through a call of a process for which that holds too:
                  each instance would start another one, for ever
    """
    models = {model.key: model for _, model in processes}
    files = {model.key: file.name for file, model in processes}
    calls = {
        key: {name: found for name, found in _calls(model).items() if name in models} for key, model in models.items()
    }
    lost = _lost(models, calls)
    told: set[str] = set()
    for among, severe in ((lost, True), (frozenset(models), False)):
        for key in models:
            circle = () if key in told or key not in among else _circle(key, calls, among)
            if circle and not told & set(circle):
                told |= set(circle)
                yield _finding(circle, calls, files[key], severe=severe)


def _calls(model: ProcessModel) -> dict[str, Element]:
    """Return the processes that a process calls by name, each with its first call."""
    found: dict[str, Element] = {}
    for element in model.elements.values():
        key = _called(element)
        if key is not None:
            found.setdefault(key, element)
    return found


def _called(element: Element) -> str | None:
    task = element.task
    return task.called.literal if isinstance(task, CallSpec) and task.binding != "version" else None


def _circle(key: str, calls: Mapping[str, Mapping[str, Element]], among: Iterable[str]) -> tuple[str, ...]:
    """Return the shortest circle from a process back to itself, inside some processes; empty where there is none."""
    allowed = set(among)
    before: dict[str, str] = {}
    queue = [key]
    for one in queue:  # grows while it is read
        for name in calls[one]:
            if name == key:
                path = [one]
                while path[-1] != key:
                    path.append(before[path[-1]])
                return tuple(reversed(path))
            if name in allowed and name not in before:
                before[name] = one
                queue.append(name)
    return ()


def _lost(models: Mapping[str, ProcessModel], calls: Mapping[str, Mapping[str, Element]]) -> frozenset[str]:
    """Return the processes that cannot end without calling one of these processes."""
    lost = {key for key in models if _circle(key, calls, models)}
    while True:
        saved = {key for key in lost if _Ways(models[key], lost).lead_past()}
        if not saved:
            return frozenset(lost)
        lost -= saved


def _finding(
    circle: tuple[str, ...], calls: Mapping[str, Mapping[str, Element]], file: str, *, severe: bool
) -> Problem:
    call = calls[circle[0]][circle[1 % len(circle)]]
    shown = " → ".join((*circle, circle[0]))
    params: dict[str, object] = {"process": circle[0], "circle": shown}
    if severe:
        message = f"The process {circle[0]} calls itself in every run, and would without an end: {shown}."
        return Problem("call-circle-endless", call.id, message, params, file, call.line)
    message = f"The process {circle[0]} can call itself: {shown}."
    return Problem("call-circle", call.id, message, params, file, call.line, "warning")


class _Ways:
    """The ways through a process that do not run through a call of some processes."""

    def __init__(self, model: ProcessModel, lost: Iterable[str]) -> None:
        self.model, self.lost = model, frozenset(lost)
        self.inside: dict[str | None, list[Element]] = defaultdict(list)
        self.guards: dict[str, list[str]] = defaultdict(list)
        self.catches: dict[tuple[str | None, str | None], str] = {}
        for element in model.elements.values():
            self.inside[element.scope].append(element)
            event = element.event
            if event is not None and event.attached_to and event.interrupting and event.kind != "compensate":
                self.guards[event.attached_to].append(element.id)
            if event is not None and event.kind == "link" and element.type == "intermediateCatchEvent":
                self.catches[element.scope, event.name] = element.id
        self.out = defaultdict(list)
        self.into = defaultdict(list)
        for flow in model.flows.values():
            self.out[flow.source].append(flow)
            self.into[flow.target].append(flow.source)

    def lead_past(self, scope: str | None = None) -> bool:
        """Tell whether a scope can be left without such a call; who interrupts it from inside may lead past it."""
        rescues = (one for one in self.inside[scope] if one.triggered and self.interrupts(one))
        if any(self.lead_past(one.id) for one in rescues):
            return True
        starts = [one for one in self.inside[scope] if one.type == "startEvent" or one.instantiates]
        plain = [one for one in starts if one.event is not None and one.event.kind == "none"]
        leading = self.leading(scope)
        if starts:
            return any(one.id in leading for one in plain or starts)
        return all(one.id in leading for one in self.inside[scope] if self.begins(one))

    def interrupts(self, element: Element) -> bool:
        """Tell whether an event sub-process ends the scope around it."""
        starts = (one.event for one in self.inside[element.id] if one.type == "startEvent")
        return any(event is not None and event.interrupting for event in starts)

    def begins(self, element: Element) -> bool:
        event = element.event
        apart = element.triggered or element.undoes or element.type == "boundaryEvent"
        return not apart and not self.into[element.id] and not (event is not None and event.kind == "link")

    def leading(self, scope: str | None) -> set[str]:
        """Return the elements of a scope from which an end can be reached without such a call."""
        free = [element for element in self.inside[scope] if not self.calls(element)]
        found: set[str] = set()
        grown = True
        while grown:
            fresh = {one.id for one in reversed(free) if one.id not in found and self.goes_on(one, found)}
            found |= fresh
            grown = bool(fresh)
        return found

    def calls(self, element: Element) -> bool:
        """Tell whether an element certainly calls one of the processes; what repeats may have nothing to do."""
        if element.repeats:
            return False
        if element.id in self.inside:
            return element.ad_hoc is None and not self.lead_past(element.id)
        return _called(element) in self.lost

    def goes_on(self, element: Element, found: set[str]) -> bool:
        event, flows = element.event, self.out[element.id]
        if event is not None and event.kind == "link" and element.type == "intermediateThrowEvent":
            return self.catches.get((element.scope, event.name)) in found
        if any(guard in found for guard in self.guards[element.id]):
            return True
        some = [flow.target in found for flow in flows if flow.condition is not None or flow.default]
        fixed = [flow.target in found for flow in flows if flow.condition is None and not flow.default]
        if element.type in _CHOOSING or (element.type == "complexGateway" and len(flows) >= _SEVERAL):
            return any((*some, *fixed))
        return all(fixed) and (bool(fixed) or not some or any(some))
