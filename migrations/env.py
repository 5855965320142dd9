"""Alembic: runs on the connection that core.db.migrate hands over, or on ORIENTA_DATABASE_URL / the embedded server."""

from importlib import import_module

from alembic import context

from core.db import Base, database_url
from core.settings import get_settings

# Every table must be known.
for package in ("conversations", "handoff", "knowledge"):
    import_module(f"{package}.models")


def include_object(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    """procrastinate's tables are its own."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    """Run the migrations."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        from sqlalchemy import create_engine

        with create_engine(database_url(get_settings())).connect() as own:
            _run_on(own)
            own.commit()
        return
    _run_on(connection)


def _run_on(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection, target_metadata=Base.metadata, include_object=include_object, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


run()
