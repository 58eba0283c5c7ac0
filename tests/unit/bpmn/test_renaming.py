"""The same model under other ids and in another document order gives the same result."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn import read_processes
from tests.unit.bpmn.blocks import BLOCKS, REGIONS
from tests.unit.bpmn.renaming import renamed
from tests.unit.bpmn.side_by_side import Results, Side, go_side_by_side
from tests.unit.bpmn.wide import WIDE, drawn_wide

PROCESSES = sorted((Path(__file__).parents[3] / "processes").glob("*.bpmn"))
MODELS = int(os.environ.get("ZHILI_RANDOM_MODELS", "300")) // 3


def compare(xml: bytes, seed: int) -> None:
    """Walk through every process of a file, from each of its start points, as it is and renamed."""
    other = renamed(xml, seed)
    back = {new: old for old, new in other.names.items()}
    second = {back[model.key]: model for model in read_processes(other.xml, "renamed.bpmn")}
    for model in read_processes(xml, "given.bpmn"):
        same = {id_: id_ for id_ in other.names}
        for start in model.start_events:
            results = Results(model, xml.decode(), random.Random(seed))
            sides = Side(model, same), Side(second[model.key], back)
            go_side_by_side(*sides, results, start.element_id)


@settings(max_examples=MODELS, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=BLOCKS | REGIONS | WIDE, seed=st.integers(0, 2**32))
def test_a_random_model_renamed_and_shuffled_has_the_same_history(block, seed):
    compare(drawn_wide(block).xml, seed)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_a_process_of_ours_renamed_and_shuffled_has_the_same_history(path, seed):
    compare(path.read_bytes(), seed)


def test_a_renamed_diagram_has_none_of_its_names_left_and_another_order():
    xml = PROCESSES[0].read_bytes()

    other = renamed(xml, 1)

    (one,), (two,) = read_processes(xml, "a.bpmn"), read_processes(other.xml, "b.bpmn")
    assert not set(one.elements) & set(two.elements)
    assert [other.names[id_] for id_ in one.elements] != list(two.elements)
    assert {other.names[flow.id] for flow in one.flows.values()} == set(two.flows)
