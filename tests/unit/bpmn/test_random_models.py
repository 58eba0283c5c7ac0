"""Any sound diagram, worked in any order, ends; it goes as the reference says, live and stored alike."""

import os

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine import bpmn
from tests.unit.bpmn.blocks import BLOCKS, REGIONS
from tests.unit.bpmn.diagrams import NOW
from tests.unit.bpmn.drawing import drawn
from tests.unit.bpmn.walks import model_of, walk
from tests.unit.bpmn.wide import WIDE, drawn_wide

MODELS = int(os.environ.get("ZHILI_RANDOM_MODELS", "300"))
_TASK = ("task", "userTask")
NUMBERS = st.lists(st.integers(0, 255), max_size=60)

randomly = settings(max_examples=MODELS // 3, deadline=None, suppress_health_check=list(HealthCheck))


@randomly
@example(block=("handled", _TASK, _TASK, True, "message", True), numbers=[0] * 40)
@example(block=("handled", _TASK, _TASK, False, "message", True), numbers=[0] * 40)
@given(block=BLOCKS, numbers=NUMBERS)
def test_a_model_of_blocks_goes_as_the_reference_says_and_ends(block, numbers):
    walk(drawn(block), numbers)


@randomly
@given(block=REGIONS, numbers=NUMBERS)
def test_a_sound_model_that_is_no_block_goes_as_the_reference_says_and_ends(block, numbers):
    walk(drawn(block), numbers)


@randomly
@given(block=WIDE, numbers=NUMBERS)
def test_a_model_of_any_elements_ends_live_and_stored_alike(block, numbers):
    walk(drawn_wide(block), numbers)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=WIDE)
def test_any_model_can_be_cancelled_and_closes_all_it_opened(block):
    model = model_of(drawn_wide(block))
    step = bpmn.start(model, {"f0": True}, now=NOW)
    if step.ended:
        return
    opened = {waiting.activity for waiting in step.opened}

    last = bpmn.cancel(model, step.state, now=NOW)

    assert {closed.activity for closed in last.closed} == opened
    assert bpmn.positions(model, last.state) == ()
