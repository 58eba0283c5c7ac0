"""What was expected and what was found: when they agree."""

import pytest

from api.process_tests.expectations import agrees


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("2026-03-02T09:00:00+08:00", "2026-03-02T01:00:00+00:00"),
        ("2026-03-02T09:00+08:00", "2026-03-02T01:00:00Z"),
        ([{"due_at": "2026-03-02T09:00:00+08:00"}], [{"due_at": "2026-03-02T01:00:00+00:00", "colour": "red"}]),
        ("2026-03-02T09:00:00@Asia/Shanghai", "2026-03-02T01:00:00+00:00"),
        ({"a": 1}, {"a": 1, "b": 2}),
        (None, None),
    ],
)
def test_what_means_the_same_agrees(wanted, found):
    assert agrees(wanted, found)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T09:00:00", "2026-03-02T09:00:00+08:00"),
        ("2026-03-02", "2026-03-02T00:00:00+00:00"),
        ("2026-03-02T09:00:00+08:00", None),
        ("gr@230100", "gr@230101"),
        ([1], [1, 2]),
        (True, 1),
        ({"a": None, "b": 1}, {}),
    ],
)
def test_what_means_something_else_does_not(wanted, found):
    assert not agrees(wanted, found)
