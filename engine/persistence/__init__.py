"""The engine's tables and repositories: a room of SQLAlchemy."""
