"""How migrations reach the database: the product's own engine, one transaction for the whole upgrade."""

from alembic import context

import registers  # noqa: F401  its tables belong to the metadata
from engine.persistence import deadline_tables, deployment_tables, history_tables, runtime_tables, virtual_clock
from engine.persistence.base import Base
from engine.persistence.engine import make_engine

TABLES = (deployment_tables, runtime_tables, history_tables, deadline_tables, virtual_clock)


def run() -> None:
    """Upgrade or compare the database named in the configuration."""
    engine = make_engine(context.config.attributes["url"])
    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="base.",
        )
        context.run_migrations()
    engine.dispose()


run()
