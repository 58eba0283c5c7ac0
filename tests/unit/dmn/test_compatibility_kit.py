"""The compatibility kit of DMN, read in place where it is present."""

import importlib.util
from pathlib import Path

import pytest

RUNNER = Path(__file__).parents[3] / "bench" / "dmn_tck.py"


@pytest.fixture(scope="module")
def runner():
    found = importlib.util.spec_from_file_location("dmn_tck", RUNNER)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("level", "floor"), [("compliance-level-2", 126), ("compliance-level-3", 2325)])
def test_the_kit_passes_at_least_as_many_cases_as_were_recorded(runner, level, floor):
    outcome = runner.run_level(runner.HOME, level)
    if not (runner.HOME / level).is_dir():
        assert (outcome.passed, outcome.failed) == (0, 0)
        return
    assert outcome.passed >= floor, str(outcome)
