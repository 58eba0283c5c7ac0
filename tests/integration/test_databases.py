"""The fixtures that every database-backed test stands on."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from engine.persistence.engine import make_engine


def _write(url: str, word: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS note (word VARCHAR(20))"))
        connection.execute(text("INSERT INTO note VALUES (:word)"), {"word": word})
    engine.dispose()


def _read(url: str) -> list[str]:
    engine = make_engine(url)
    with engine.connect() as connection:
        words = connection.execute(text("SELECT word FROM note ORDER BY word")).scalars().all()
    engine.dispose()
    return list(words)


def test_two_databases_of_one_test_do_not_know_each_other(new_database: Callable[..., str]) -> None:
    first, second = new_database(migrated=False), new_database(migrated=False)
    _write(first, "甲")
    _write(second, "乙")
    assert (_read(first), _read(second)) == (["甲"], ["乙"])


def test_a_copy_holds_what_was_committed_and_goes_its_own_way(databases, empty_database_url: str) -> None:
    _write(empty_database_url, "甲")
    copy = databases.clone(empty_database_url)
    _write(copy, "乙")
    assert (_read(empty_database_url), _read(copy)) == (["甲"], ["乙", "甲"])
    databases.drop(copy)


def test_the_address_leads_to_the_database_that_was_asked_for(databases, empty_database_url: str) -> None:
    assert make_engine(empty_database_url).dialect.name == databases.kind


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_test_never_sees_the_rows_of_another(database_url: str, attempt: int) -> None:
    _write(database_url, f"第{attempt}次")
    assert _read(database_url) == [f"第{attempt}次"]


def test_a_test_that_asks_for_a_database_is_run_on_both(request: pytest.FixtureRequest, database_url: str) -> None:
    assert database_url
    assert request.node.get_closest_marker("database") is not None
