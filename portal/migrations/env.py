"""How migrations run: on the application's own database, in one transaction, in batch mode for SQLite."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Column, Connection
from sqlalchemy.types import TypeDecorator

database = current_app.extensions["migrate"].db


def plain_types(type_: str, obj: Any, autogen_context: Any) -> str | bool:
    """Migrations import nothing from portal: our column types are written as the plain ones they store."""
    if type_ == "type" and isinstance(obj, TypeDecorator):
        return f"sa.{obj.impl!r}"
    return False


def compare_type(
    ctx: Any, column: Column[Any], metadata: Column[Any], found: Any, wanted: Any
) -> bool | None:
    return False if isinstance(wanted, TypeDecorator) else None


def _check_references(connection: Connection, state: str) -> None:
    """On the driver's own connection: inside a transaction, which ours always begin, SQLite ignores this PRAGMA."""
    connection.commit()
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={state}")


def run_migrations() -> None:
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # a batch that rebuilds a table must not trip over references to the table it replaces
            _check_references(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            render_item=plain_types,
            compare_type=compare_type,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            _check_references(connection, "ON")


run_migrations()
