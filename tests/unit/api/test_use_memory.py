"""Within a minute of a noted use a request needs no writing transaction; after it one writes again."""

from datetime import UTC, datetime, timedelta

from api.use_memory import REMEMBERED, UseMemory

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_nothing_is_noted_in_the_beginning():
    assert not UseMemory().is_noted("a", NOW)


def test_a_use_that_was_just_written_holds_for_a_minute():
    memory = UseMemory()
    memory.note("a", None, NOW)
    assert memory.is_noted("a", NOW + timedelta(seconds=59))
    assert not memory.is_noted("a", NOW + timedelta(seconds=60))


def test_an_older_use_in_the_database_holds_from_then_on():
    memory = UseMemory()
    memory.note("a", NOW - timedelta(seconds=40), NOW)
    assert memory.is_noted("a", NOW + timedelta(seconds=19))
    assert not memory.is_noted("a", NOW + timedelta(seconds=20))


def test_a_use_that_was_due_was_written_now():
    memory = UseMemory()
    memory.note("a", NOW - timedelta(seconds=60), NOW)
    assert memory.is_noted("a", NOW + timedelta(seconds=59))


def test_the_memory_is_bounded():
    memory = UseMemory()
    for number in range(REMEMBERED + 5):
        memory.note(str(number), None, NOW)
    assert not memory.is_noted("0", NOW)
    assert memory.is_noted(str(REMEMBERED), NOW)
