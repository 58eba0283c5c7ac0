"""The harness itself: what the stored state forgets is seen, and what says how the state is held is checked."""

import pytest

from engine.bpmn import runtime
from engine.bpmn.document import load
from tests.unit.bpmn.diagrams import Run, end, model_of, node, path, start, user
from tests.unit.bpmn.live import Twins, way

TWICE = (
    '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)


def twice() -> Run:
    return Run(model_of(start(), node("subProcess", "m", user("u") + TWICE), end(), path("s", "m", "e")))


def forgetful(*arguments: object):
    """Restore a state, but not what its scopes remember of their work."""
    workflow = load(*arguments)
    for token in workflow.tasks.values():
        if "done" in token.memory:
            token.memory["done"] += 1
    return workflow


def test_a_stored_state_that_differs_from_the_live_one_is_seen(monkeypatch):
    monkeypatch.setenv("ZHILI_BPMN_STATE", "both")
    run = twice()
    monkeypatch.setattr(runtime, "load", forgetful)

    with pytest.raises(AssertionError):
        run.complete("u")


@pytest.mark.parametrize("chosen", ["stored", "live", "both"])
def test_the_state_is_held_as_it_is_asked_for(chosen, monkeypatch):
    monkeypatch.setenv("ZHILI_BPMN_STATE", chosen)
    run = twice()
    run.complete("u")
    run.complete("u")

    assert run.step.ended
    assert (run.twins.live.workflow is not None) == (chosen != "stored")


def test_an_unknown_way_to_hold_the_state_is_refused(monkeypatch):
    monkeypatch.setenv("ZHILI_BPMN_STATE", "somehow")

    with pytest.raises(ValueError, match="somehow"):
        way()
    with pytest.raises(ValueError, match="somehow"):
        Twins()
