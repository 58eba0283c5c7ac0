"""The migrations and the table classes say the same."""

from alembic import command
from sqlalchemy import inspect

from engine.persistence import migrate
from engine.persistence.engine import make_engine
from tests.architecture.tables import tables_of_the_code

BOOKKEEPING = {"alembic_version"}


def _tables_of(url: str) -> set[str]:
    engine = make_engine(url)
    tables = set(inspect(engine).get_table_names())
    engine.dispose()
    return tables - BOOKKEEPING


def test_migrations_leave_nothing_to_generate(database_url: str) -> None:
    command.check(migrate.configuration(database_url))


def test_migrations_make_every_table_of_the_code_and_no_other(database_url: str) -> None:
    assert _tables_of(database_url) == tables_of_the_code()


def test_migrations_run_up_down_and_up_again(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    command.downgrade(migrate.configuration(empty_database_url), "base")
    assert _tables_of(empty_database_url) == set()
    migrate.upgrade(empty_database_url)
    assert _tables_of(empty_database_url) == tables_of_the_code()
