"""Whatever is in a file: decisions that answer or say why not, or a refusal. `bench/fuzz_dmn.py` runs for longer."""

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
        import fuzz_dmn  # noqa: PLC0415  a command of bench/, found by its folder
    finally:
        sys.path.remove(BENCH)
    return fuzz_dmn.check


@settings(max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=200))
def test_nothing_that_is_in_a_file_breaks_the_reading(check, data):
    check(data)
