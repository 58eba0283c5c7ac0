"""A random walk through a diagram: whatever waits is done in a chosen order, with chosen results."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine import bpmn
from engine.bpmn import ExecutionError, ProcessModel, read_processes
from engine.model.step import Passage, Position, State, Step
from tests.unit.bpmn.diagrams import NOW
from tests.unit.bpmn.drawing import FLAGS
from tests.unit.bpmn.live import Twins
from tests.unit.bpmn.reference import Reference
from tests.unit.bpmn.reference_tokens import Address
from tests.unit.bpmn.sketch import Sketch

MOST_ACTIONS = 600
_DELIVERED = frozenset({"message", "signal"})
_DEFINITION = re.compile(r"<(\w+)EventDefinition")
READY = "ready"
_WATCHING = frozenset({"conditional", "ad_hoc"})
_FAILING = frozenset({"userTask", "serviceTask", "sendTask", "businessRuleTask", "callActivity"})


class Choices:
    """Numbers that decide; when they are used up, the walk goes straight to the end."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = list(reversed(numbers))

    def below(self, limit: int) -> int:
        return self.numbers.pop() % limit if self.numbers else 0

    @property
    def over(self) -> bool:
        return not self.numbers

    def result(self) -> dict[str, object]:
        """Return what a piece of work gives back: nothing, or a new value of a flag."""
        number = self.below(4 * len(FLAGS))
        flag, value = divmod(number, 4)
        return {} if value < 2 else {FLAGS[flag]: value == 2}


@dataclass
class Tally:
    """What was walked: models, commands, and nodes by kind."""

    models: int = 0
    steps: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    passages: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)

    def take(self, sketch: Sketch) -> None:
        self.models += 1
        for node in sketch.nodes.values():
            events = _DEFINITION.findall(node.event or "") or [node.event or ""]
            kind = f"{' + '.join(events)} {node.type}".strip()
            self.nodes[f"{kind} ({node.repeat.kind})" if node.repeat else kind] += 1


def addresses(positions: Sequence[Position]) -> dict[int, Address]:
    """Return for each activity where it is: its element and its number among its like, from outside in."""
    found: dict[int, Address] = {}
    seen: Counter[tuple[int | None, str]] = Counter()
    for position in positions:
        around = position.host if position.host is not None else position.scope
        nth = seen[around, position.element_id]
        seen[around, position.element_id] += 1
        prefix = found[around] if around is not None else ()
        found[position.activity] = (*prefix, (position.element_id, nth))
    return found


class Walk:
    """One instance of a sketch, stored, live and in the reference at once."""

    def __init__(self, sketch: Sketch, choices: Choices, tally: Tally | None = None) -> None:
        self.choices, self.tally = choices, tally or Tally()
        self.tally.take(sketch)
        (self.model,) = read_processes(sketch.xml, "random.bpmn")
        self.twins = Twins("both")
        variables = {name: bool(choice) for name in FLAGS if (choice := choices.below(3)) < 2}
        self.reference = None if sketch.wide else Reference(sketch, variables)
        self.open: set[int] = set()
        self.passed: Counter[str] = Counter()
        self._take(self.twins.do(bpmn.start, self.model, variables, now=NOW))

    def to_the_end(self) -> Step:
        """Go on until the instance ends, comparing after each step; fail when it does not end."""
        for _ in range(MOST_ACTIONS):
            if self.step.ended:
                break
            try:
                self._act()
            except ExecutionError as error:
                # What is sound for one token need not be for two that the same event sent in one after the other.
                if error.key == "stuck-at-join" and self._is_crowded():
                    self.tally.endings["crowded"] += 1
                    return self.step
                raise
        assert self.step.ended, "the instance does not end"
        assert not self.open
        self.tally.endings[self.step.ended.value] += 1
        return self.step

    def _is_crowded(self) -> bool:
        """Whether an event that interrupts nothing has fired more than once."""
        events = ((self.model.elements[name].event, count) for name, count in self.passed.items())
        return any(event is not None and not event.interrupting and count > 1 for event, count in events)

    def _act(self) -> None:
        waiting = [position for position in self.positions if position.kind not in {"join", "scope"}]
        assert waiting, "a token waits that nothing can wake"
        if self.choices.over:
            chosen = min((position for position in waiting if self._leads_on(position)), key=_is_watching)
        else:
            chosen = waiting[self.choices.below(len(waiting))]
        state: State = self.step.state
        at = (self.model, state, chosen.activity)
        if chosen.kind in _WATCHING:
            self._take(self.twins.do(bpmn.set_variables, self.model, state, {READY: self._turned(state)}, now=NOW))
        elif self._fails(chosen):
            self._take(self.twins.do(bpmn.throw_error, *at, "NO_MEDIATOR", now=NOW))
        elif chosen.kind == "timer":
            self._foretell(chosen, {})
            self._take(self.twins.do(bpmn.fire_timer, *at, now=NOW))
        else:
            result = self.choices.result()
            command = bpmn.deliver if chosen.kind in _DELIVERED else bpmn.complete
            self._foretell(chosen, result)
            self._take(self.twins.do(command, *at, result, now=NOW))

    def _leads_on(self, position: Position) -> bool:
        return position.host is None and self.model.elements[position.element_id].type != "startEvent"

    def _turned(self, state: State) -> bool:
        """Return the other value for what conditional events watch; at the end always true."""
        return self.choices.over or not state.variables.get(READY)

    def _foretell(self, chosen: Position, result: dict[str, object]) -> None:
        """Let the reference go first."""
        if self.reference is not None:
            self.reference.finish(self.reference.find(self.addresses[chosen.activity]), result)

    def _fails(self, chosen: Position) -> bool:
        """Whether the work ends in an error here: sometimes, where something catches it."""
        if self.reference is None or chosen.host is not None:
            return False
        token = self.reference.find(self.addresses[chosen.activity])
        if token.at.type not in _FAILING or not self.reference.catches(token, "E") or self.choices.below(4) != 1:
            return False
        self.reference.fail(token, "E")
        return True

    def _take(self, step: Step) -> None:
        self.step = step
        self.tally.steps += 1
        self.positions = bpmn.positions(self.model, step.state)
        self.addresses = addresses(self.positions)
        self._check_trace()
        self._check_reference()

    def _check_trace(self) -> None:
        """Each activity is entered once, then completed or cancelled once."""
        for trace in self.step.trace:
            self.tally.passages[trace.event.value] += 1
            if trace.event is Passage.ENTERED:
                assert trace.activity not in self.open
                self.open.add(trace.activity)
            else:
                self.open.remove(trace.activity)
                self.passed[trace.element_id] += trace.event is Passage.COMPLETED

    def _check_reference(self) -> None:
        """The engine stands where the reference stands, and has passed what it has passed."""
        reference = self.reference
        if reference is None:
            return
        assert Counter((trace.element_id, trace.event.value) for trace in self.step.trace) == reference.history
        standing = Counter((self.addresses[position.activity], position.kind) for position in self.positions)
        assert standing == reference.positions()
        assert self.step.state.variables == reference.variables
        assert (self.step.ended.value if self.step.ended else None) == reference.ended


def _is_watching(position: Position) -> bool:
    return position.kind in _WATCHING


def walk(sketch: Sketch, numbers: Sequence[int], tally: Tally | None = None) -> Step:
    """Walk through a sketch as the numbers say, to the end."""
    return Walk(sketch, Choices(numbers), tally).to_the_end()


def model_of(sketch: Sketch) -> ProcessModel:
    (model,) = read_processes(sketch.xml, "random.bpmn")
    return model
