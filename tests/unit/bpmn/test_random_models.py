"""Any sound diagram, worked in any order, ends; storing and reloading after every step changes nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import bpmn
from engine.bpmn import ProcessModel, read_processes
from engine.bpmn.document import dump
from engine.bpmn.journal import Journal
from engine.bpmn.workflow import TokenWorkflow
from engine.model.step import Passage, Position, State, Step
from tests.unit.bpmn.blocks import BLOCKS, Renderer
from tests.unit.bpmn.diagrams import NOW

MOST_ACTIONS = 400


def act(model: ProcessModel, state: State, position: Position) -> Step:
    if position.kind == "timer":
        return bpmn.fire_timer(model, state, position.activity, now=NOW)
    if position.kind in {"message", "signal"}:
        return bpmn.deliver(model, state, position.activity, {}, now=NOW)
    return bpmn.complete(model, state, position.activity, {}, now=NOW)


def choose(data: st.DataObject, waiting: list[Position], turn: int) -> Position:
    """Choose what happens next; after a while only what leads towards the end."""
    if turn > MOST_ACTIONS // 4:
        return next(position for position in waiting if position.host is None)
    return waiting[data.draw(st.integers(0, len(waiting) - 1))]


class InMemory:
    """The same instance, never stored."""

    def __init__(self, model: ProcessModel) -> None:
        self.workflow = TokenWorkflow(model, {}, NOW)
        self.workflow.place(model.start_element(None), self.workflow.root, {})
        self.workflow.settle()

    def act(self, activity: int) -> None:
        self.workflow.journal = Journal()
        token = self.workflow.tasks[activity]
        token.task_spec.finish(token, {})
        self.workflow.settle()

    def agrees(self, step: Step) -> bool:
        journal = self.workflow.journal
        return (
            tuple(journal.trace) == step.trace
            and tuple(journal.closed) == step.closed
            and tuple(journal.opened.values()) == step.opened
            and dump(self.workflow) == step.state.tokens
            and self.workflow.variables == step.state.variables
        )


def check_trace(step: Step, open_activities: set[int]) -> None:
    """Each activity is entered once, then completed or cancelled once."""
    for trace in step.trace:
        if trace.event is Passage.ENTERED:
            assert trace.activity not in open_activities
            open_activities.add(trace.activity)
        else:
            open_activities.remove(trace.activity)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=BLOCKS, data=st.data())
def test_a_sound_model_ends_and_its_stored_state_is_its_live_state(block, data):
    (model,) = read_processes(Renderer().diagram(block), "random.bpmn")
    step, twin = bpmn.start(model, {}, now=NOW), InMemory(model)
    entered: set[int] = set()

    for turn in range(MOST_ACTIONS):
        check_trace(step, entered)
        assert twin.agrees(step)
        if step.ended:
            break
        waiting = [p for p in bpmn.positions(model, step.state) if p.kind not in {"join", "scope"}]
        assert waiting, "a token waits that nothing can wake"
        chosen = choose(data, waiting, turn)
        step = act(model, step.state, chosen)
        twin.act(chosen.activity)

    assert step.ended
    assert not entered
    assert bpmn.positions(model, step.state) == ()


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=BLOCKS)
def test_any_model_can_be_cancelled_and_closes_all_it_opened(block):
    (model,) = read_processes(Renderer().diagram(block), "random.bpmn")
    step = bpmn.start(model, {}, now=NOW)
    if step.ended:
        return
    opened = {waiting.activity for waiting in step.opened}

    last = bpmn.cancel(model, step.state, now=NOW)

    assert {closed.activity for closed in last.closed} == opened
    assert bpmn.positions(model, last.state) == ()
