"""Which schema a database has, and which one this release wants."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.persistence.engine import make_engine
from engine.persistence.migrate import configuration


def current(url: str) -> str | None:
    """Return the revision of a database; None for one without any table of ours."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest(url: str) -> str | None:
    """Return the revision that this release brings a database to."""
    return ScriptDirectory.from_config(configuration(url)).get_current_head()
