"""Whatever is written: a value of FEEL or a refusal, soon, and the same again. `bench/fuzz_feel.py` runs for longer."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BENCH = str(Path(__file__).resolve().parents[3] / "bench")


@pytest.fixture(scope="module")
def check():
    sys.path.insert(0, BENCH)
    try:
        import fuzz_feel  # noqa: PLC0415  a command of bench/, found by its folder
    finally:
        sys.path.remove(BENCH)
    return fuzz_feel.check


@settings(max_examples=400, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=200))
def test_nothing_that_is_written_breaks_the_evaluation(check, data):
    check(data)
