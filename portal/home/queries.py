"""Reads of home: the state of the schema, and the counts of each role's front page."""

from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.database import db

MIGRATIONS = str(Path(__file__).resolve().parent.parent / "migrations")


@cache
def wanted_revision() -> str | None:
    """The revision that the code was written for."""
    return ScriptDirectory(MIGRATIONS).get_current_head()


def schema_state() -> tuple[str | None, str | None]:
    """The revision the database stands at and the one the code wants."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, wanted_revision()
