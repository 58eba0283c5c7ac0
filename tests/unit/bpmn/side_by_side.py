"""Two instances of one diagram, one of them renamed and shuffled: the same is done to both, the same must happen."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from engine import bpmn
from engine.bpmn import ProcessModel
from engine.errors import EngineError
from engine.model.step import Position, Step
from tests.unit.bpmn.diagrams import NOW
from tests.unit.bpmn.walks import addresses

INSTANT = "2026-12-01T09:00:00+08:00"
_COMPARED = re.compile(r'\b([a-z_]\w*)\s*=\s*"([^"]*)"')
_NOT_ASKED = frozenset({"join", "scope", "conditional"})


@dataclass
class Side:
    """One of the two instances; what it says is said in the names of the first diagram."""

    model: ProcessModel
    names: dict[str, str]
    step: Step | None = None
    positions: dict[object, Position] = field(default_factory=dict)

    def do(self, command: Callable[..., Step], *arguments: object, **options: object) -> str | None:
        """Run a command; return the code of what went wrong."""
        try:
            self.step = command(self.model, *arguments, now=NOW, **options)
        except EngineError as error:
            return error.code
        found = bpmn.positions(self.model, self.step.state)
        at = addresses(found)
        self.positions = {tuple((self.names[id_], n) for id_, n in at[p.activity]): p for p in found}
        return None

    @property
    def said(self) -> dict[str, object]:
        step = self.step
        assert step is not None
        return {
            "history": [(self.names[trace.element_id], trace.event) for trace in step.trace],
            "flows": [self.names[flow.removesuffix("#link")] for flow in step.flows],
            "positions": {where: (p.kind, p.due_at, p.local) for where, p in self.positions.items()},
            "opened": Counter((type(one), self.names[one.element_id]) for one in step.opened),
            "closed": Counter((self.names[one.element_id], one.outcome) for one in step.closed),
            "thrown": [(one.kind, one.name, one.variables, self.names[one.element_id]) for one in step.thrown],
            "variables": step.state.variables,
            "changed": step.changed,
            "ended": step.ended,
        }


class Results:
    """Plausible results: values that the conditions of a diagram ask for, instants and texts where they are needed."""

    def __init__(self, model: ProcessModel, text: str, chance: random.Random) -> None:
        self.chance = chance
        self.asked: dict[str, list[object]] = {}
        for name, value in _COMPARED.findall(text):
            self.asked.setdefault(name, []).append(value)
        for flow in model.flows.values():
            for name in flow.condition.names if flow.condition else ():
                self.asked.setdefault(name, [True, False])
        self.needed: dict[str, object] = {}
        for element in model.elements.values():
            event = element.event
            if event and event.timer:
                self.needed |= dict.fromkeys(event.timer.names, INSTANT)
            if event and event.correlation_key:
                self.needed |= dict.fromkeys(event.correlation_key.names, "key-1")
            if element.multi and element.multi.collection:
                self.needed |= {name: [{"id": "a"}, {"id": "b"}] for name in element.multi.collection.names}

    def draw(self) -> dict[str, object]:
        """Return a value for some of the names that conditions ask for."""
        chosen = [name for name in sorted(self.asked) if self.chance.random() < 0.5]
        return {name: self.chance.choice(self.asked[name]) for name in chosen if name not in self.needed}


def go_side_by_side(
    first: Side, second: Side, results: Results, start_event: str | None, most: int = 60
) -> Counter[str]:
    """Start both and do what waits, in random order; compare after each step, and return what was passed."""
    chance = results.chance
    passed: Counter[str] = Counter()
    back = {name: id_ for id_, name in second.names.items()}
    starts = (start_event, None if start_event is None else back[start_event])
    given = {**results.needed, **results.draw()}
    codes = [side.do(bpmn.start, given, start_event=start) for side, start in zip((first, second), starts, strict=True)]
    for _ in range(most):
        assert codes[0] == codes[1]
        if codes[0] is not None:
            passed[codes[0]] += 1
            return passed
        assert second.said == first.said
        passed.update(f"{event.value}" for _, event in first.said["history"])
        assert first.step is not None
        assert second.step is not None
        waiting = [where for where, position in first.positions.items() if position.kind not in _NOT_ASKED]
        if first.step.ended or not waiting:
            passed["ended" if first.step.ended else "waiting"] += 1
            return passed
        where = chance.choice(sorted(waiting))
        command, more = _told(first.positions[where], results)
        codes = [side.do(command, side.step.state, side.positions[where].activity, *more) for side in (first, second)]
    return passed


def _told(position: Position, results: Results) -> tuple[Callable[..., Step], tuple[object, ...]]:
    if position.kind == "timer":
        return bpmn.fire_timer, ()
    if position.kind in {"message", "signal"}:
        return bpmn.deliver, (results.draw(),)
    return bpmn.complete, (results.draw(),)
