"""Walking a shipped diagram with the real tables: people's answers are given, machines answer as they are told."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from engine.bpmn import DecisionSpec, ProcessModel, complete, deliver, fire_timer, read_processes, start, throw_error
from engine.handler import BpmnError
from engine.model.step import CallOpened, Ending, JobOpened, MessageAwaited, Passage, Step, TimerOpened
from tests.unit.rules.shipped import answer

PROCESSES = Path(__file__).resolve().parents[3] / "processes"
NOW = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)
MOST_STEPS = 500


def model_of(key: str) -> ProcessModel:
    file = PROCESSES / f"{key}.bpmn"
    (model,) = read_processes(file.read_bytes(), file.name)
    return model


@dataclass
class Walk:
    """One run of a diagram.

    says     element id → what happens there, one after the other: the form of a user task, the values that a job or a
             call returns (or the BpmnError that it raises), anything for a timer that fires, the payload of a message
             that comes; the last one is repeated for jobs and calls
    """

    model: ProcessModel
    says: Mapping[str, Iterable[Mapping[str, object] | BpmnError]]
    passed: list[str] = field(default_factory=list)
    variables: dict[str, object] = field(default_factory=dict)
    ended: Ending | None = None
    start_event: str | None = None

    def run(self, variables: Mapping[str, object]) -> "Walk":
        waiting = {element: deque(answers) for element, answers in self.says.items()}
        step = start(self.model, variables, now=NOW, start_event=self.start_event)
        self._note(step)
        opened = list(step.opened)
        for _ in range(MOST_STEPS):
            if step.ended is not None:
                break
            step, chosen = self._next(step, opened, waiting)
            self._note(step)
            closed = {one.activity for one in step.closed} | {chosen}
            opened = [one for one in opened if one.activity not in closed] + list(step.opened)
        self.ended = step.ended
        self.variables = step.state.variables
        return self

    def _next(self, step: Step, opened: list, waiting: dict[str, deque]) -> tuple[Step, int]:
        for one in sorted(opened, key=lambda one: not isinstance(one, TimerOpened | MessageAwaited)):
            result = self._answer(one, step, waiting)
            if result is None:
                continue
            if isinstance(result, BpmnError):
                error = throw_error(self.model, step.state, one.activity, result.code, result.message, {}, now=NOW)
                return error, one.activity
            if isinstance(one, TimerOpened):
                return fire_timer(self.model, step.state, one.activity, now=one.due_at), one.activity
            if isinstance(one, MessageAwaited):
                return deliver(self.model, step.state, one.activity, result, now=NOW), one.activity
            return complete(self.model, step.state, one.activity, result, now=NOW), one.activity
        raise AssertionError(f"nobody says what happens at {[one.element_id for one in opened]}")

    def _answer(self, one, step: Step, waiting: dict[str, deque]) -> Mapping[str, object] | BpmnError | None:
        spec = self.model.elements[one.element_id].task
        if isinstance(spec, DecisionSpec):
            value = answer(one.name, step.state.variables)
            return {spec.result_variable: value} if spec.result_variable else value
        said = waiting.get(one.element_id)
        if isinstance(one, JobOpened | CallOpened):
            if not said:
                return {}
            return said.popleft() if len(said) > 1 else said[0]
        if not said:
            return None
        return said.popleft()

    def _note(self, step: Step) -> None:
        self.passed += [one.element_id for one in step.trace if one.event is Passage.COMPLETED]
